/** Widths in terminal columns: CJK takes two, combining marks none, escaped characters as many as their escape. */
import stringWidth from 'string-width';
import { visible } from './escape.ts';

export const widthOf = (text: string): number => (/^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(visible(text)));

export const padTo = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - widthOf(text)));
export const padLeft = (text: string, columns: number): string => ' '.repeat(Math.max(0, columns - widthOf(text))) + text;

export const widest = (texts: Iterable<string>): number => {
  let most = 0;
  for (const text of texts) most = Math.max(most, widthOf(text));
  return most;
};

/** Breaks at single spaces, so that each piece fits; a word that is too long stays whole (paths and commands are copied). Runs of spaces are kept. */
export function wrap(text: string, columns: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const word of text.split(/(?<=\S) (?=\S)/)) {
    const longer = piece === '' ? word : `${piece} ${word}`;
    if (piece !== '' && widthOf(longer) > columns) {
      pieces.push(piece);
      piece = word;
    } else piece = longer;
  }
  return [...pieces, piece];
}

/** Cut to fit, with `...` where something is missing. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = '';
  for (const character of text) {
    if (widthOf(kept + character) > columns - 3) break;
    kept += character;
  }
  return `${kept}...`;
}
