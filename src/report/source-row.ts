/** One line of source as it can be shown: tabs and controls made visible, too wide lines cropped around their labels. */
import type { Place } from '../domain/diagnostic.ts';
import { visible } from './escape.ts';
import { widthOf } from './text-width.ts';

export interface SourceRow {
  readonly text: string;
  /** Columns of the shown text under which a label stands, counted from 0, the end not included. */
  readonly columnsOf: (place: Place) => { readonly from: number; readonly to: number };
}

const dots = '...';
const tab = '    ';

/** How much room a line has, and whether only ASCII may be shown. */
export interface RowStyle {
  readonly columns: number;
  readonly ascii: boolean;
}

/** `places` all start in `line`; one that ends in a later line is taken to the end of this one. */
export function sourceRow(line: string, places: readonly Place[], { columns, ascii }: RowStyle): SourceRow {
  const shown = (text: string): string => visible(text.replaceAll('\t', tab), ascii);
  const whole = shown(line).trimEnd();
  const span = (place: Place) => {
    const from = widthOf(shown(line.slice(0, place.column - 1)));
    const end = place.endLine > place.line ? line.trimEnd().length : place.endColumn - 1;
    return { from, to: Math.max(from + 1, widthOf(shown(line.slice(0, end)))) };
  };
  if (widthOf(whole) <= columns) return { text: whole, columnsOf: span };

  const spans = places.map(span);
  const first = Math.min(...spans.map(({ from }) => from));
  const last = Math.max(...spans.map(({ to }) => to));
  // A third of the room stands before the label; where the label is wider than the room, its beginning is what counts.
  const wantedStart = Math.min(first - Math.floor(columns / 3), Math.max(0, widthOf(whole) - columns));
  const start = Math.max(
    0,
    last - wantedStart > columns ? Math.min(first - dots.length - 1, Math.max(wantedStart, last - columns + dots.length)) : wantedStart,
  );
  const { text, from } = crop(whole, start, columns);
  const clamp = (column: number) => Math.max(0, Math.min(columns, column));
  return {
    text,
    columnsOf: (place) => {
      const { from: left, to: right } = span(place);
      return { from: clamp(left - from), to: Math.max(clamp(left - from) + 1, clamp(right - from)) };
    },
  };
}

/** Columns `start` to `start + columns` of a text, with dots in place of what is cut. `from` is the column at which the result begins. */
function crop(text: string, start: number, columns: number): { readonly text: string; readonly from: number } {
  const [before, behind] = [start > 0 ? dots : '', widthOf(text) - start > columns ? dots : ''];
  let column = 0;
  let kept = '';
  let from: number | undefined;
  for (const character of text) {
    const width = widthOf(character);
    if (column >= start + before.length) {
      if (column + width > start + columns - behind.length) break;
      from ??= column;
      kept += character;
    }
    column += width;
  }
  return { text: `${before}${kept}${behind}`, from: (from ?? start + before.length) - before.length };
}
