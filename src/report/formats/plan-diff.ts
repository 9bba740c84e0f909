/** Changes as lines of a `diff` fence: only what stands in column 0 is coloured there (atlantis #1395), so the symbols go there. */
import type { Action, Change } from '../../domain/plan.ts';
import { isWaiting } from '../block-sentences.ts';
import { changeDetails } from '../change-details.ts';
import type { Detail } from '../detail.ts';
import { formatPlace } from '../difference-sentences.ts';
import type { PlanContext } from '../plan-context.ts';
import { planIndex } from '../plan-index.ts';
import type { ReportedPlan } from '../reported.ts';
import { plainStyle } from '../style.ts';
import { padTo } from '../text-width.ts';

// biome-ignore format: table
const symbols = {
  create:  '+',
  renew:   '!',
  reissue: '!',
  rekey:   '-',
  fix:     '!',
  forget:  '#',
  delete:  '-',
  noop:    ' ',
} as const satisfies Record<Action, string>;

const isBlocked = (change: Change): boolean => change.blocked !== null && !isWaiting(change);
export const diffSymbol = (change: Change): string => (isBlocked(change) ? '!' : symbols[change.action]);

/** How lines of the text begin, and what stands in column 0 for it. */
// biome-ignore format: table
const marks: Readonly<Record<string, string>> = { '-/+': '-', '+': '+', '-': '-', '~': '!' };
const markedLine = /^(-\/\+|[+~-]) +(?=\S)/;

/** The blocks of the changes that are told, one for each: its head and everything that `certstate plan` says below it. */
export function planDiff(reported: ReportedPlan, told: readonly Change[]): readonly (readonly string[])[] {
  const { plan } = reported;
  const context: PlanContext = { ...reported, style: plainStyle, show: {} };
  const index = planIndex(plan);
  return told.map((change) => [headLine(change), ...changeDetails(change, plan, index, context).flatMap(detailLines)]);
}

function headLine(change: Change): string {
  const verb = isBlocked(change) ? `BLOCKED  ${change.action === 'noop' ? '' : `${change.action} `}` : padTo(change.action, 9);
  const waits = isWaiting(change) ? `     waits for ${change.blocked?.detail || change.issuer || 'its issuer'}` : '';
  return `${diffSymbol(change)} ${verb}${change.address}${change.place ? `     ${formatPlace(change.place)}` : ''}${waits}`;
}

function detailLines({ label, lines }: Detail): readonly string[] {
  const isMarked = lines.some((line) => markedLine.test(line));
  return lines.map((line, position) => {
    const [start = '', mark = ''] = markedLine.exec(line) ?? [];
    // What stays of a set stands below what comes and goes, without a mark.
    const text = isMarked ? line.slice(start.length).trimStart() : line;
    return `${marks[mark] ?? ' '}   ${padTo(position === 0 ? label : '', 9)}${text}`;
  });
}
