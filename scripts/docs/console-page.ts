/**
 * Pages whose examples are run. Two kinds of fenced block count:
 *
 * - a block whose fence names a file after its language (three backticks, `yaml pki.yaml`) is that file, written when its turn comes;
 * - a `console` block holds commands behind `$ ` (continued behind `> `) and what they print. `…` alone on a line stands for any lines.
 *   A command that ends otherwise than with 0 says so in a last line, `(exit code 2)`. `needs=etcd,etcdctl` leaves a block out
 *   where these programs are missing.
 *
 * All blocks of a page are run in order, in one shell, in one empty folder.
 */
export interface ShownCommand {
  readonly command: string;
  readonly output: readonly string[];
  /** Indices of the first and of the behind-last line of the output in the page. */
  readonly from: number;
  readonly to: number;
}

export type Block =
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  | { readonly kind: 'console'; readonly needs: readonly string[]; readonly commands: readonly ShownCommand[] };

/** The blocks of a page that count, in order. Throws where a fence is not closed or output stands before the first command. */
export function blocksOf(page: string): readonly Block[] {
  const lines = page.split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const [, language, rest = ''] = /^```(\w+)(?: +(\S.*))?$/.exec(lines[at] as string) ?? [];
    if (language === undefined) continue;
    const end = lines.indexOf('```', at + 1);
    if (end === -1) throw new Error(`the fence in line ${at + 1} is not closed`);
    if (language === 'console') blocks.push({ kind: 'console', needs: needsOf(rest), commands: commandsOf(lines, at + 1, end) });
    else if (rest !== '') blocks.push({ kind: 'file', path: rest, text: `${lines.slice(at + 1, end).join('\n')}\n` });
    at = end;
  }
  return blocks;
}

const needsOf = (rest: string): readonly string[] => /^needs=(\S+)$/.exec(rest)?.[1]?.split(',') ?? [];

function commandsOf(lines: readonly string[], start: number, end: number): readonly ShownCommand[] {
  const commands: ShownCommand[] = [];
  for (let at = start; at < end; ) {
    if (!lines[at]?.startsWith('$ ')) throw new Error(`line ${at + 1} of the page stands before a command`);
    const words = [(lines[at] as string).slice(2)];
    for (at += 1; at < end && lines[at]?.startsWith('> '); at += 1) words.push((lines[at] as string).slice(2));
    const from = at;
    while (at < end && !lines[at]?.startsWith('$ ')) at += 1;
    commands.push({ command: words.join('\n'), output: lines.slice(from, at), from, to: at });
  }
  return commands;
}

/** What differs from run to run, by a word that says what stood there. */
// biome-ignore format: table
const varying: readonly (readonly [RegExp, string])[] = [
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.\d+)?Z/g,  'TIME'],
  [/\b\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?Z)?/g,      'DATE'],
  [/\b[0-9a-f]{12,}\b/g,                                 'HEX'],
  [/\b\d+(?:\.\d+)?m?s\b/g,                              'TOOK'],
  [/\b\d+(?:\.\d+)? +(?:y|d|h|min|s|days?|hours?)\b/g,   'SPAN'],
  [/\b(?:[\w-]+ as )?[\w.-]+@[\w.-]+\b/g,               'SOMEBODY'],
  [/\s+/g,                                               ' '],
];

/** Texts that say the same thing become equal: dates, hashes, serial numbers, spans of time and line breaks do not count. */
export const normalised = (text: string): string => varying.reduce((rest, [pattern, word]) => rest.replace(pattern, word), text).trim();

/** Whether a command printed what the page shows. */
export function isAsShown(shown: readonly string[], printed: string): boolean {
  const pieces = shown.join('\n').split(/^…$/m).map(normalised);
  const actual = normalised(printed);
  if (pieces.length === 1) return actual === pieces[0];
  const [first = '', ...rest] = pieces;
  const last = rest.pop() ?? '';
  if (!actual.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = actual.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return actual.length - last.length >= at && actual.endsWith(last);
}

/** The page with what was printed in place of what is shown, where that is no longer the same. */
export function refreshed(page: string, ran: readonly { readonly shown: ShownCommand; readonly printed: string }[]): string {
  const lines = page.split('\n');
  for (const { shown, printed } of [...ran].reverse())
    if (!isAsShown(shown.output, printed)) lines.splice(shown.from, shown.to - shown.from, ...(printed === '' ? [] : printed.split('\n')));
  return lines.join('\n');
}
