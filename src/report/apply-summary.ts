/** How an apply ended, in one or two sentences: what was done, what was not, and what to do about the rest. */
import type { Outcome, ResourceOutcome } from '../domain/outcome.ts';
import { actions, type Plan } from '../domain/plan.ts';
import { doneWords } from './action-words.ts';
import { isWaiting } from './block-sentences.ts';
import type { PlanContext } from './plan-context.ts';
import { type Line, renderLines } from './style.ts';
import { wrap } from './text-width.ts';
import { wayLines, waysOut } from './ways-out.ts';

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
const of = <Result extends ResourceOutcome['result']>(resources: readonly ResourceOutcome[], result: Result) =>
  resources.filter((resource): resource is Extract<ResourceOutcome, { result: Result }> => resource.result === result);

/** The final sentences, ended by a line feed. */
export function applySummary(
  outcome: Outcome,
  plan: Plan,
  { style, command = 'apply', ...asked }: Pick<PlanContext, 'style' | 'flags' | 'requests'> & { readonly command?: 'apply' | 'renew' },
): string {
  const columns = Math.max(60, Math.min(100, style.width));
  // Where nothing came of the plan, it stands right above with its ways out; a timer has shown none.
  const isFarFromPlan = command === 'renew' || outcome.resources.some(({ result }) => result !== 'blocked');
  const ways = isFarFromPlan && of(outcome.resources, 'blocked').length > 0 ? waysOut(plan, asked) : [];
  const lines: Line[] = [
    ...wrap(resultText(outcome, command), columns).map((text) => [text]),
    ...(ways.length === 0 ? [] : [[], ...wayLines(ways, columns)]),
  ];
  return renderLines(lines, style);
}

/** `Applied 3 of 4: 3 created, 1 failed. …` */
function resultText({ resources, interrupted }: Outcome, command: string): string {
  const done = of(resources, 'done');
  const failed = of(resources, 'failed').length;
  const heldBack = of(resources, 'held-back').length;
  const blocked = of(resources, 'blocked').length;
  if (resources.length === 0) return 'Nothing to do.';
  const counts = [
    ...actions.flatMap((action) => {
      const count = done.filter((resource) => resource.action === action).length;
      return count === 0 ? [] : [`${count} ${doneWords[action]}`];
    }),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(heldBack > 0 ? [`${heldBack} held back`] : []),
    ...(blocked > 0 ? [blockedText(resources)] : []),
  ].join(', ');
  const files = new Set(done.flatMap(({ paths }) => paths)).size;
  const written = files > 0 ? `, ${counted(files, 'file')} written` : '';
  const verdict =
    done.length === resources.length
      ? `Applied: ${counts}${written}.`
      : done.length === 0
        ? `Nothing was applied: ${counts}.`
        : `Applied ${done.length} of ${resources.length}: ${counts}${written}.`;
  const next = interrupted || failed > 0 ? ` Run certstate ${command} again to continue; finished work is not repeated.` : '';
  return `${interrupted ? 'Interrupted. ' : ''}${verdict}${next}`;
}

function blockedText(resources: readonly ResourceOutcome[]): string {
  const all = of(resources, 'blocked');
  const waiting = all.filter(({ change }) => isWaiting(change)).length;
  return [...(all.length > waiting ? [`${all.length - waiting} blocked`] : []), ...(waiting > 0 ? [`${waiting} waiting`] : [])].join(', ');
}
