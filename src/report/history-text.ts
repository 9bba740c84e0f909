/** `history`: what was put in place, when, why and by which plan, as a table. */
import { type HoldEntry, isHoldEntry, type LedgerLine, type WrittenLedgerEntry } from '../domain/ledger.ts';
import { formatDay, formatInstant } from '../domain/time.ts';
import { type Line, renderLines, type Style, toned } from './style.ts';
import { cut, padTo, widest } from './text-width.ts';

interface Column {
  readonly head: string;
  readonly text: (entry: WrittenLedgerEntry) => string;
  /** Of a hold or a release, which put nothing in place. */
  readonly ofHold: (entry: HoldEntry) => string;
}

// biome-ignore format: table
const columns: readonly Column[] = [
  { head: 'WHEN',     text: ({ at }) => formatInstant(at).replace('T', ' '), ofHold: ({ at }) => formatInstant(at).replace('T', ' ') },
  { head: 'RESOURCE', text: ({ address }) => address, ofHold: ({ address }) => address },
  { head: 'ACTION',   text: ({ action }) => action, ofHold: ({ action }) => action },
  { head: 'VALID',    text: ({ notBefore, notAfter }) => `${notBefore === undefined ? '' : formatDay(notBefore)} .. ${formatDay(notAfter)}`, ofHold: ({ until }) => until === undefined ? '' : `until ${formatInstant(until).replace('T', ' ')}` },
  { head: 'SERIAL',   text: ({ serial }) => serial.slice(0, 12), ofHold: () => '' },
  { head: 'PLAN',     text: ({ plan }) => plan.replace(/^sha256:/, '').slice(0, 12), ofHold: () => '' },
  { head: 'BECAUSE',  text: ({ because }) => because.join(', '), ofHold: ({ reason, by }) => `${reason === '' ? '' : `${reason} `}(${by})` },
];

/** Oldest first, so that the newest stands where reading begins on a terminal; there, and only there, reasons are cut to its width. */
export function historyText(lines: readonly LedgerLine[], style: Style, pattern?: string): string {
  if (lines.length === 0)
    return renderLines(
      [[pattern === undefined ? 'Nothing was put in place here yet.' : `Nothing was put in place here for ${pattern}.`]],
      style,
    );
  const cells = lines.map((line) => columns.map(({ text, ofHold }) => (isHoldEntry(line) ? ofHold(line) : text(line))));
  const widths = columns.map(({ head }, index) => widest([head, ...cells.map((row) => row[index] ?? '')]));
  const last = columns.length - 1;
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + 2, 0);
  const fitted = (cell: string, index: number): string =>
    index < last ? padTo(cell, (widths[index] as number) + 2) : style.hints ? cut(cell, Math.max(12, style.width - before)) : cell;
  const head: Line = columns.map(({ head: word }, index) => fitted(word, index));
  const rows = cells.map(
    (row): Line => row.map((cell, index) => (index === last ? toned('dim', fitted(cell, index)) : fitted(cell, index))),
  );
  return renderLines([head, ...rows], style);
}
