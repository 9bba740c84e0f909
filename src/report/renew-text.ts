/** What `renew` says beside the lines about what it did: what waits for a person, and when it has something to do again. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import { isPending, type Plan, type Waiting } from '../domain/plan.ts';
import { nextDue, nextDueText } from './plan-summary.ts';
import { shellWords } from './shell-words.ts';

const sentence = ({ address, codes }: Waiting): string => `${address} waits for certstate apply: ${codes.join(', ')}`;

/** The same for programs: one notice per resource. */
export const waitingDiagnostics = (waiting: readonly Waiting[]): readonly Diagnostic[] =>
  waiting.map((each) => ({
    code: 'waits-for-apply',
    severity: 'notice',
    address: each.address,
    place: each.place ?? undefined,
    message: sentence(each),
    hint: `${shellWords(['certstate', 'plan', '--target', each.address])} shows what it would do`,
  }));

const most = 20;

/** Ended by a line feed; empty where nothing waits. */
export function waitingText(waiting: readonly Waiting[]): string {
  const rest = waiting.length - most;
  const lines = [...waiting.slice(0, most).map(sentence), ...(rest > 0 ? [`... and ${rest} more: certstate plan shows them`] : [])];
  return lines.map((line) => `${line}\n`).join('');
}

/** For a pass with nothing to do, ended by a line feed. */
export function nothingDueText(plan: Plan): string {
  const next = plan.changes.some(isPending) ? undefined : nextDue(plan);
  return `Nothing is due.${next ? ` Next: ${nextDueText(next, plan.evaluatedAt)}.` : ''}\n`;
}
