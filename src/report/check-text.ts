/** `check`: one line per finding, what fails first, then the verdict. */
import type { Code } from '../domain/codes.ts';
import type { Change } from '../domain/plan.ts';
import type { Instant } from '../domain/time.ts';
import { formatPlace } from './difference-sentences.ts';
import { type Line, renderLines, type Style, toned } from './style.ts';
import { padTo, widest } from './text-width.ts';

export interface CheckLine {
  readonly change: Change;
  readonly code: Code;
  readonly failClass: string;
  readonly fails: boolean;
  /** Stands alone. */
  readonly sentence: string;
  /** The same beside the address of its resource. */
  readonly phrase: string;
}

/** A table of findings and a closing sentence; one line where all is well. */
export function checkText(lines: readonly CheckLine[], total: number, { style }: { readonly style: Style; readonly now: Instant }): string {
  const resources = `${total} ${total === 1 ? 'resource' : 'resources'}`;
  const failures = lines.filter(({ fails }) => fails).length;
  if (lines.length === 0) return renderLines([[toned('good', 'All good'), `: ${resources} as desired, nothing due.`]], style);
  const sorted = [...lines.filter(({ fails }) => fails), ...lines.filter(({ fails }) => !fails)];
  const [classes, addresses] = [widest(sorted.map(({ failClass }) => failClass)), widest(sorted.map(({ change }) => change.address))];
  const rows = sorted.map(
    ({ change, code, failClass, fails, phrase }): Line => [
      toned(fails ? 'danger' : 'dim', padTo(failClass, classes)),
      `  ${padTo(change.address, addresses)}  ${phrase}  `,
      toned('dim', `${code}${change.place ? `  ${formatPlace(change.place)}` : ''}`),
    ],
  );
  const counted = `${lines.length} ${lines.length === 1 ? 'finding' : 'findings'} in ${resources}`;
  const verdict =
    failures === 0
      ? `${counted}, none of which fails the check.`
      : `${counted}, ${failures} of which ${failures === 1 ? 'fails' : 'fail'} the check. certstate plan shows what would be done.`;
  return renderLines([...rows, [], [verdict]], style);
}
