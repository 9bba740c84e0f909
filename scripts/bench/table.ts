/** The figures as a table: for a terminal, and for a page. */
import type { Spread } from './measure.ts';
import type { Row } from './works.ts';

const heads = ['work', 'ours', 'compared with', 'theirs', 'ratio', 'target', 'met'] as const;

export const ratioOf = ({ ours, other }: Row): number => ours.median / other.spread.median;
export const isMet = (row: Row): boolean | undefined => (row.atMost === undefined ? undefined : ratioOf(row) <= row.atMost);

const cellsOf = (row: Row): readonly string[] => [
  row.work,
  figure(row.ours, row.unit),
  row.other.note === undefined ? row.other.name : `${row.other.name} (${row.other.note})`,
  figure(row.other.spread, row.unit),
  `${ratioOf(row).toFixed(2)} x`,
  row.atMost === undefined ? '' : `at most ${row.atMost} x`,
  { true: 'yes', false: 'NO', undefined: '' }[`${isMet(row)}`] ?? '',
];

/** The median, and where it was measured more than once the least and the most. */
function figure({ median, min, max, runs }: Spread, unit: Row['unit']): string {
  const digits = median < 100 ? (median < 10 ? 2 : 1) : 0;
  return `${median.toFixed(digits)} ${unit}${runs > 1 ? ` (${min.toFixed(digits)}-${max.toFixed(digits)})` : ''}`;
}

export function tableText(rows: readonly Row[]): string {
  const lines = [heads, ...rows.map(cellsOf)];
  const widths = heads.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export const tableMarkdown = (rows: readonly Row[]): string =>
  [heads, heads.map(() => '---'), ...rows.map(cellsOf)].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
