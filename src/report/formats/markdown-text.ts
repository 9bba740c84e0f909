/** Text of others inside Markdown as GitHub and GitLab render it: shown as written, and nothing else. */
import { plain } from './problem-words.ts';

/** What begins something in a line of GFM: code, emphasis, links, HTML, cells, strikethrough, mathematics, entities, addresses of the web. */
const special = /[\\`*_[\]<>|~$&]|:(?=\/)/g;

/**
 * On one line and safe in a table. A mention (`@team`), a reference (`#12`) and an autolink are recognised in the text that results, where
 * no backslash is left: a space of no width takes them apart.
 */
export const escaped = (text: string): string =>
  plain(text)
    .replace(special, (sign) => `\\${sign}`)
    .replace(/#(?=\d)/g, '#&#8203;')
    .replaceAll('@', '@&#8203;')
    .replace(/\bwww\./gi, (prefix) => `${prefix.slice(0, -1)}&#8203;.`);

/** Code on one line: its fence is longer than any run of backticks in it. For use outside of tables. */
export function codeSpan(text: string): string {
  const shown = plain(text);
  const fence = fenceFor(shown, 1);
  const padding = /^`|`$|^ .* $/.test(shown) ? ' ' : '';
  return `${fence}${padding}${shown}${padding}${fence}`;
}

/** In a cell even the code of a code span ends at a bar, unless a backslash stands before it (GFM §4.10). */
export const codeCell = (text: string): string => codeSpan(text).replaceAll('|', '\\|');

/** A fence of at least so many backticks that nothing in the text closes. */
export function fenceFor(text: string, atLeast: number): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  return '`'.repeat(Math.max(atLeast, ...runs.map((length) => length + 1)));
}

/** Cut at a whole character, before anything is escaped. */
export const shortened = (text: string, most: number): string => {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
};
