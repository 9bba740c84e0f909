/** Help from the tables: usage, examples first, flags by group, exit codes last. */
import { type CommandName, commandNames, commandRow } from './command-table.ts';
import { exitCodes, exitMeanings } from './exit-codes.ts';
import { commonOptions, type OptionName, optionRow } from './option-table.ts';

/** `certstate` alone and `certstate --help`. */
export function programHelp(): string {
  const width = Math.max(...commandNames.map((name) => name.length));
  return `${[
    'certstate keeps the keys and certificates on disk the way a YAML file says they should be.',
    '',
    'Usage: certstate COMMAND [FLAGS]',
    '',
    ...commandNames.map((name) => `  ${name.padEnd(width)}  ${commandRow(name).summary}`),
    '',
    'certstate help COMMAND shows examples and flags. Flags may stand before or after the command.',
  ].join('\n')}\n`;
}

/** `certstate help plan`. */
export function commandHelp(name: CommandName): string {
  const row = commandRow(name);
  const width = Math.max(...row.examples.map(([command]) => command.length));
  return `${[
    `certstate ${name}: ${row.summary}`,
    '',
    `Usage: certstate ${[name, row.arguments, '[FLAGS]'].filter(Boolean).join(' ')}`,
    '',
    'Examples:',
    ...row.examples.map(([command, meaning]) => `  ${command.padEnd(width)}   ${meaning}`),
    ...flagGroups([...row.options, ...commonOptions]),
    '',
    'Exit codes:',
    ...row.exits.map((exit) => `  ${String(exitCodes[exit]).padStart(3)}  ${exitMeanings[exit]}`),
  ].join('\n')}\n`;
}

function flagGroups(names: readonly OptionName[]): readonly string[] {
  const width = Math.max(...names.map((name) => optionRow(name).flags.length));
  return (['Selection', 'Safety', 'Output', 'Global'] as const).flatMap((group) => {
    const rows = names.map(optionRow).filter((row) => row.group === group);
    const help = group === 'Global' ? [`  ${'-h, --help'.padEnd(width)}  show this`] : [];
    return rows.length === 0
      ? []
      : [
          '',
          `${group}:`,
          ...rows.map((row) => `  ${row.flags.padEnd(width)}  ${row.description}${row.repeatable ? ' (repeatable)' : ''}`),
          ...help,
        ];
  });
}
