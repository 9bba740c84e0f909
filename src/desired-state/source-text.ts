/** A file of the desired state as text, and the way from an offset in it to a place that a person can find. */
import type { Place } from '../domain/diagnostic.ts';

export interface SourceText {
  /** As the user would type it. */
  readonly file: string;
  /** Without a byte order mark: columns count from the first visible character. */
  readonly text: string;
  /** Offset of the first character of each line. */
  readonly lineStarts: readonly number[];
}

export function sourceText(file: string, text: string): SourceText {
  const lineStarts = [0];
  for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) lineStarts.push(index + 1);
  return { file, text, lineStarts };
}

/** The place of a stretch of text. One that runs over several lines is shown to the end of its first: carets fit on one line. */
export function placeAt(source: SourceText, start: number, end: number): Place {
  const from = Math.min(Math.max(start, 0), source.text.length);
  const line = lineOf(source.lineStarts, from);
  const lineStart = source.lineStarts[line] as number;
  const nextLine = source.lineStarts[line + 1] ?? source.text.length + 1;
  let to = Math.max(from, Math.min(end, nextLine - 1, source.text.length));
  while (to > from && /\s/.test(source.text[to - 1] as string)) to -= 1;
  return {
    file: source.file,
    line: line + 1,
    column: from - lineStart + 1,
    endLine: line + 1,
    endColumn: Math.max(to, from) - lineStart + 1,
  };
}

/** The first character of a file, for what concerns the whole of it. */
export const startOf = (file: string): Place => ({ file, line: 1, column: 1, endLine: 1, endColumn: 1 });

/** Whether a stretch of text runs over the end of a line. */
export const isMultiLine = (source: SourceText, start: number, end: number): boolean =>
  source.text.slice(start, end).trimEnd().includes('\n');

/** Index of the last line that starts at or before the offset. */
function lineOf(lineStarts: readonly number[], offset: number): number {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
