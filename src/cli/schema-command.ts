import { exitCodes } from './exit-codes.ts';
import type { Command } from './run.ts';
import { schemaNames, schemaText } from './schema-table.ts';
import { UsageError } from './usage-error.ts';

/** `certstate schema NAME`: the contract of a format, for editors and programs. */
export const schemaCommand: Command = async ({ arguments: [wanted = 'config'], terminal }) => {
  const name = schemaNames.find((candidate) => candidate === wanted);
  if (!name) throw new UsageError(`there is no schema ${wanted}`, `it can be ${schemaNames.join(', ')}`);
  terminal.out(await schemaText(name));
  return exitCodes.ok;
};
