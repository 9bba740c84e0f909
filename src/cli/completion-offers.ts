/** What completions offer, read from the tables once for all shells. A TAB must not start Node, except to list the addresses of a desired state. */
import { codes } from '../domain/codes.ts';
import { formatNames } from '../report/formats/format-table.ts';
import { type CommandName, type CommandRow, commandNames, commandRow } from './command-table.ts';
import { commonOptions, type OptionName, type OptionRow, optionRow } from './option-table.ts';

/** Words, or what the shell finds itself, or the one thing that certstate is asked for. */
export type Offer = 'nothing' | 'file' | 'folder' | 'address' | readonly string[];

export interface OfferedFlag {
  /** `-f`, `--file`. */
  readonly words: readonly string[];
  readonly description: string;
  readonly repeatable: boolean;
  /** Undefined for a flag without a value. */
  readonly value: { readonly name: string; readonly offer: Offer } | undefined;
}

export interface OfferedCommand {
  readonly name: string;
  readonly summary: string;
  /** Its own flags; the common ones stand apart. */
  readonly flags: readonly OfferedFlag[];
  readonly argument: { readonly name: string; readonly repeatable: boolean; readonly offer: Offer } | undefined;
}

export const offeredCommands = (): readonly OfferedCommand[] => [
  ...commandNames.map(commandOf),
  {
    name: 'help',
    summary: 'show examples and flags of a command',
    flags: [],
    argument: { name: 'command', repeatable: false, offer: commandNames },
  },
];

export const commonFlags = (): readonly OfferedFlag[] => [
  ...commonOptions.map(flagOf),
  { words: ['-h', '--help'], description: 'show examples and flags', repeatable: false, value: undefined },
];

/** Flags that say which desired state is meant: the addresses that are offered are those of its files. */
export const scopeFlags = (): readonly string[] => (['file', 'host', 'set', 'root'] as const).flatMap((name) => flagOf(name).words);

/** Every flag of every command that takes a value, once. */
export function valueFlags(): readonly OfferedFlag[] {
  const all = [...commonFlags(), ...offeredCommands().flatMap(({ flags }) => flags)].filter(({ value }) => value !== undefined);
  return [...new Map(all.map((flag) => [flag.words.join(' '), flag])).values()];
}

/** `'it'\''s'`: a word as every one of the three shells reads it back. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

function commandOf(name: CommandName): OfferedCommand {
  const { summary, options, arguments: words, completes } = commandRow(name);
  return {
    name,
    summary,
    flags: options.map(flagOf),
    argument:
      words === undefined
        ? undefined
        : { name: words.replace(/[[\]<>.]/g, ''), repeatable: words.includes('...'), offer: offerOf(completes) },
  };
}

function flagOf(name: OptionName): OfferedFlag {
  const row = optionRow(name);
  const value = /<(.*)>/.exec(row.flags)?.[1];
  return {
    words: row.flags.match(/--?[a-zA-Z-]+/g) ?? [],
    description: row.description,
    repeatable: row.repeatable === true,
    value: value === undefined ? undefined : { name: value, offer: offerOf(row.completes) },
  };
}

function offerOf(source: OptionRow['completes'] | CommandRow['completes']): Offer {
  if (source === undefined) return 'nothing';
  if (source === 'code') return Object.keys(codes);
  return source === 'report' ? formatNames : source;
}
