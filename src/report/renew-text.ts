/** What `renew` says beside the lines about what it did: what waits for a person, and when it has something to do again. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import { isPending, type Plan } from '../domain/plan.ts';
import { blockSentence } from './block-sentences.ts';
import { nextDue, nextDueText } from './plan-summary.ts';
import { type Line, renderLines, type Style, toned } from './style.ts';

const most = 20;

/** One line per resource that waits for a person, each ended by a line feed; empty where none does. */
export function waitingText(waiting: readonly Diagnostic[], style: Style): string {
  const rest = waiting.length - most;
  const lines = waiting
    .slice(0, most)
    .map(({ code, severity, message }): Line => [toned(severity, `${severity}[${code}]`), `: ${message}`]);
  return renderLines([...lines, ...(rest > 0 ? [[`... and ${rest} more: certstate plan shows them`]] : [])], style);
}

/** What is due and is not done, and why, for a pass that did nothing else: a line for each, ended by a line feed; empty where there is none. */
export function notDoneText({ changes }: Pick<Plan, 'changes'>, style: Style): string {
  const lines = changes.flatMap((change): readonly Line[] => {
    if (change.blocked === null || change.action === 'noop') return [];
    return [[`${change.address} ${change.action} `, toned('warning', 'blocked'), `: ${blockSentence(change.blocked, change)}`]];
  });
  return renderLines(lines, style);
}

/** For a pass with nothing to do, ended by a line feed. */
export function nothingDueText(plan: Plan): string {
  const next = plan.changes.some(isPending) ? undefined : nextDue(plan);
  return `Nothing is due.${next ? ` Next: ${nextDueText(next, plan.evaluatedAt)}.` : ''}\n`;
}
