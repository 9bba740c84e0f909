/** What completions offer, read from the tables once for all shells. A TAB must not start Node, except to list the addresses of a desired state. */
import { codes } from '../domain/codes.ts';
import { formatNames, formatsOf } from '../report/formats/format-table.ts';
import { type CommandName, type CommandRow, commandNames, commandRow } from './command-table.ts';
import { commonOptions, type OptionName, type OptionRow, optionRow } from './option-table.ts';
import { isReporting } from './wanted-reports.ts';

/** Words, or what the shell finds itself, or the one thing that certstate is asked for. */
export type Offer = 'nothing' | 'file' | 'folder' | 'address' | 'address-or-file' | readonly string[];

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
  ...commonOptions.map((name) => flagOf(name)),
  { words: ['-h', '--help'], description: 'show examples and flags', repeatable: false, value: undefined },
];

/** Flags that say which desired state is meant: the addresses that are offered are those of its files. */
export const scopeFlags = (): readonly string[] => (['file', 'host', 'set', 'root'] as const).flatMap((name) => flagOf(name).words);

export interface ValueFlag {
  readonly words: readonly string[];
  /** What is offered for its value, by the commands that take it; a common flag stands for all of them. */
  readonly offers: readonly { readonly command: string | undefined; readonly offer: Offer }[];
}

/** Every flag of every command that takes a value, once. */
export function valueFlags(): readonly ValueFlag[] {
  const found = new Map<string, ValueFlag>();
  const add = (command: string | undefined, flags: readonly OfferedFlag[]): void => {
    for (const { words, value } of flags) {
      if (value === undefined) continue;
      const earlier = found.get(words.join(' '))?.offers ?? [];
      found.set(words.join(' '), { words, offers: [...earlier, { command, offer: value.offer }] });
    }
  };
  add(undefined, commonFlags());
  for (const { name, flags } of offeredCommands()) add(name, flags);
  return [...found.values()];
}

/** `'it'\''s'`: a word as every one of the three shells reads it back. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

function commandOf(name: CommandName): OfferedCommand {
  const { summary, options, arguments: words, completes } = commandRow(name);
  return {
    name,
    summary,
    flags: options.map((option) => flagOf(option, name)),
    argument:
      words === undefined
        ? undefined
        : { name: words.replace(/[[\]<>.]/g, ''), repeatable: words.includes('...'), offer: offerOf(completes, name) },
  };
}

function flagOf(name: OptionName, command?: CommandName): OfferedFlag {
  const row = optionRow(name);
  const value = /<(.*)>/.exec(row.flags)?.[1];
  return {
    words: row.flags.match(/--?[a-zA-Z-]+/g) ?? [],
    description: row.description,
    repeatable: row.repeatable === true,
    value: value === undefined ? undefined : { name: value, offer: offerOf(row.completes, command) },
  };
}

function offerOf(source: OptionRow['completes'] | CommandRow['completes'], command: CommandName | undefined): Offer {
  if (source === undefined) return 'nothing';
  if (source === 'code') return Object.keys(codes);
  if (source !== 'report') return source;
  return command !== undefined && isReporting(command) ? formatsOf(command) : formatNames;
}
