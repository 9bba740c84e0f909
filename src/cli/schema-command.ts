import { jsonText } from '../report/json-text.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './run.ts';
import { schemaDescription, schemaFile, schemaNames, schemaText } from './schema-table.ts';
import { UsageError } from './usage-error.ts';

/** `certstate schema [NAME]`: the contract of a format, for editors and programs; without a name, which there are. */
export const schemaCommand: Command = async ({ arguments: [wanted], options, terminal }) => {
  const name = schemaNames.find((candidate) => candidate === wanted);
  if (wanted !== undefined && !name) throw new UsageError(`there is no schema ${wanted}`, `it can be ${schemaNames.join(', ')}`);
  terminal.out(name ? await schemaText(name) : options.json ? listJson() : listText());
  return exitCodes.ok;
};

function listText(): string {
  const width = Math.max(...schemaNames.map((name) => name.length));
  return schemaNames.map((name) => `${name.padEnd(width)}  ${schemaDescription(name)}\n`).join('');
}

const listJson = (): string => jsonText(schemaNames.map((name) => ({ name, file: schemaFile(name), describes: schemaDescription(name) })));
