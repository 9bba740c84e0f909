/** Help from the tables: usage, examples first, flags by group, exit codes last. */
import { type CommandName, commandNames, commandRow } from './command-table.ts';
import { exitCodes, exitMeanings } from './exit-codes.ts';
import { commonOptions, type OptionName, optionRow } from './option-table.ts';

/** `certstate` alone and `certstate --help`, for a terminal of so many columns; in a pipe nothing is broken. */
export function programHelp(columns: number | undefined): string {
  const width = Math.max(...commandNames.map((name) => name.length));
  return `${[
    ...broken('certstate keeps the keys and certificates on disk the way a YAML file says they should be.', columns),
    '',
    'Usage: certstate COMMAND [FLAGS]',
    '',
    ...commandNames.flatMap((name) => entry(`  ${name.padEnd(width)}  `, commandRow(name).summary, columns)),
    '',
    ...broken('certstate help COMMAND shows examples and flags. Flags may stand before or after the command.', columns),
  ].join('\n')}\n`;
}

/** `certstate help plan`. */
export function commandHelp(name: CommandName, columns: number | undefined): string {
  const row = commandRow(name);
  const width = Math.max(...row.examples.map(([command]) => command.length));
  return `${[
    ...broken(`certstate ${name}: ${row.summary}`, columns),
    '',
    `Usage: certstate ${[name, row.arguments, '[FLAGS]'].filter(Boolean).join(' ')}`,
    '',
    'Examples:',
    ...row.examples.flatMap(([command, meaning]) => entry(`  ${command.padEnd(width)}   `, meaning, columns)),
    ...flagGroups([...row.options, ...commonOptions], columns),
    '',
    'Exit codes:',
    ...row.exits.flatMap((exit) => entry(`  ${String(exitCodes[exit]).padStart(3)}  `, exitMeanings[exit], columns)),
  ].join('\n')}\n`;
}

function flagGroups(names: readonly OptionName[], columns: number | undefined): readonly string[] {
  const width = Math.max(...names.map((name) => optionRow(name).flags.length));
  return (['Selection', 'Safety', 'Output', 'Global'] as const).flatMap((group) => {
    const rows = names.map(optionRow).filter((row) => row.group === group);
    const help = group === 'Global' ? [`  ${'-h, --help'.padEnd(width)}  show this`] : [];
    return rows.length === 0
      ? []
      : [
          '',
          `${group}:`,
          ...rows.flatMap((row) =>
            entry(`  ${row.flags.padEnd(width)}  `, `${row.description}${row.repeatable ? ' (repeatable)' : ''}`, columns),
          ),
          ...help,
        ];
  });
}

/** Narrower than this nobody reads a column: what it says then goes below. */
const narrowest = 24;

/** What it is, and beside it or below it what it means. */
function entry(what: string, meaning: string, columns: number | undefined): readonly string[] {
  if (columns === undefined || what.length + meaning.length <= columns) return [what + meaning];
  const isNarrow = columns - what.length < narrowest;
  const indent = isNarrow ? ' '.repeat(6) : ' '.repeat(what.length);
  const [first = '', ...rest] = broken(meaning, columns - indent.length);
  return [...(isNarrow ? [what.trimEnd(), indent + first] : [what + first]), ...rest.map((line) => indent + line)];
}

/** At its spaces. Help is ASCII: a character is a column, and nothing that measures text has to be loaded for it. */
function broken(text: string, columns = Number.POSITIVE_INFINITY): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= columns) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
