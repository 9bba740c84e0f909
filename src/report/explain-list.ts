/** `explain` without a code: every code there is. */
import { codes } from '../domain/codes.ts';
import { type Style, renderLines, toned } from './style.ts';
import { padTo, widest } from './text-width.ts';

export function explainList({ style }: { readonly style: Style }): string {
  const rows = Object.entries(codes);
  const columns = widest(rows.map(([code]) => code));
  return renderLines(rows.map(([code, { severity, as }]) => [`${padTo(code, columns)}  `, toned(severity, padTo(severity, 7)), `  ${as.join(', ')}`]), style);
}
