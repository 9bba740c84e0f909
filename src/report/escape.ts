/**
 * What may reach a terminal. Subjects, file names and causes come from files that others wrote: an ESC in a common name
 * could repaint the screen, a line feed forge a line of output, U+202E show `gpj.exe` for `exe.jpg`, and the log of a pipeline
 * is read by its runner, for which some lines are commands.
 */

/** Controls, formats (bidi, zero width, tags), line and paragraph separators, halves of surrogate pairs. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const beyondAscii = /[^\x20-\x7e]/gu;

/** Signs of our own sentences that ASCII has words for. */
const asciiWords: Readonly<Record<string, string>> = { '§': 'section ', '…': '...', '–': '-', '’': "'", '“': '"', '”': '"', '→': '->' };

const asCodePoint = (character: string): string => `\\u{${character.codePointAt(0)?.toString(16)}}`;

/** What the runners of GitHub Actions and Azure Pipelines take for a command wherever it stands in a line: `##[set-output name=x]`, `##vso[task…]`. */
export const runnerCommand = /#(?=#(?:vso)?\[)/gi;

/** What GitHub Actions takes for a command at the beginning of a line, blanks aside: `::set-output name=x::`. No IPv6 address has this form. */
const commandLine = /^(\s*):(?=:[a-z][a-z-]*(?:\s.*)?::)/i;

/** The text with every character that does not simply stand where it is written shown as `\u{1b}`; with `ascii`, everything beyond ASCII too. */
export const visible = (text: string, ascii = false): string =>
  (ascii
    ? text.replace(beyondAscii, (character) => asciiWords[character] ?? asCodePoint(character))
    : text.replace(invisible, asCodePoint)
  ).replace(runnerCommand, asCodePoint);

/** A whole line that is visible already: what others wrote may stand at its beginning, where a long sentence was broken. */
export const asNoCommand = (line: string): string => line.replace(commandLine, (_, indent: string) => `${indent}${asCodePoint(':')}`);
