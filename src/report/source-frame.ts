/**
 * The stretch of source a diagnostic speaks of, as rustc shows it: line numbers, the lines that carry labels,
 * `^` under the primary one, `-` under the others, `...` where lines are left out.
 */
import type { Label } from '../domain/diagnostic.ts';
import { grouped } from './grouped.ts';
import { type SourceRow, sourceRow } from './source-row.ts';
import { type Line, type Tone, toned } from './style.ts';
import { padLeft, padTo, widthOf, wrap } from './text-width.ts';

export interface FrameLabel extends Label {
  readonly primary: boolean;
}

/** Below this a wide line is not cropped further: a label needs room to be read. */
const leastColumns = 24;
/** A message below its marks stands in from the bar, so that it is not taken for source. */
const leastIndent = 2;

/** The lines of one file. Line feeds separate them, as the YAML parser counts; a BOM and carriage returns are not part of any. */
export const sourceLines = (text: string): readonly string[] =>
  text
    .replace(/^\ufeff/, '')
    .split('\n')
    .map((line) => line.replace(/\r$/, ''));

export interface FrameOptions {
  readonly tone: Tone;
  readonly columns: number;
  /** Digits of the largest line number. */
  readonly gutter: number;
  readonly ascii: boolean;
}

/** A frame of one file, from the empty gutter line to the last label; `labels` all point into `lines`. */
export function frameLines(labels: readonly FrameLabel[], lines: readonly string[], options: FrameOptions): readonly Line[] {
  const rows = [...grouped(labels, ({ place }) => place.line)].sort(([left], [right]) => left - right);
  const bar = toned('dim', `${' '.repeat(options.gutter + 1)}|`);
  const result: Line[] = [[bar]];
  let previous: number | undefined;
  for (const [number, onLine] of rows) {
    if (previous !== undefined && number > previous + 1) result.push([toned('dim', '...')]);
    previous = number;
    const row = sourceRow(
      lines[number - 1] ?? '',
      onLine.map(({ place }) => place),
      { columns: Math.max(leastColumns, options.columns - options.gutter - 3), ascii: options.ascii },
    );
    result.push([toned('dim', `${padLeft(String(number), options.gutter)} |`), row.text === '' ? '' : ` ${row.text}`]);
    for (const label of onLine.toSorted((left, right) => left.place.column - right.place.column))
      result.push(...labelLines(label, row, bar, options));
  }
  return result;
}

/** Carets and message; a message that does not fit beside its carets stands below them, wrapped. */
function labelLines(label: FrameLabel, row: SourceRow, bar: Line[number], { tone, columns, gutter }: FrameOptions): readonly Line[] {
  const { from, to } = row.columnsOf(label.place);
  const shade = label.primary ? tone : 'dim';
  const marks = toned(shade, (label.primary ? '^' : '-').repeat(Math.max(1, to - from)));
  const lead = ` ${' '.repeat(from)}`;
  if (label.message === '') return [[bar, lead, marks]];
  const room = columns - gutter - 3;
  if (Math.max(to, from + 1) + 1 + widthOf(label.message) <= room) return [[bar, lead, marks, ' ', toned(shade, label.message)]];
  // As far to the right as the message allows, in one line if it can be.
  const indent = Math.max(0, Math.min(from, room - Math.min(widthOf(label.message), room - leastIndent)));
  return [
    [bar, lead, marks],
    ...wrap(label.message, Math.max(leastColumns, room - indent)).map((text): Line => [bar, padTo('', indent + 1), toned(shade, text)]),
  ];
}
