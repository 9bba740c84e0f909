/** What a look found, for the reports of commands that give no verdict: each thing as `check` would judge it. */
import type { Condition } from '../domain/condition.ts';
import { verdictOf } from '../plan/verdict.ts';
import type { StandingConditions } from '../reconcile/keep-conditions.ts';
import type { PlanPass } from '../reconcile/plan-pass.ts';
import { checkLines } from '../report/check-lines.ts';
import { reportedProblems } from '../report/check-problems.ts';
import type { Reported, ReportedProblem } from '../report/reported.ts';
import type { Run } from './run.ts';
import { flagsOnHost, givenFlags } from './scope.ts';

type Found = Pick<Reported, 'problems' | 'resources' | 'texts' | 'plan' | 'conditions'>;

/** @param standing the conditions of commands that look at them. */
export function foundInPass({ options }: Run, pass: PlanPass, problems?: readonly ReportedProblem[], standing?: StandingConditions): Found {
  const { plan, desired, observed, texts, inventory } = pass;
  const given = inventory
    ? { ...flagsOnHost(options, inventory), inventory: { host: inventory.host.name, takenAt: inventory.takenAt } }
    : givenFlags(options);
  return {
    problems: problems ?? judged(pass, givenFlags(options).flags, standing?.unchecked),
    conditions: standing,
    resources: plan.changes.map(({ address, place }) => ({ address, place: place ?? undefined })),
    texts,
    plan: { plan, desired, observed, options: pass.options, ...given },
  };
}

function judged(
  { plan, desired, diagnostics }: PlanPass,
  flags: readonly string[],
  standing?: readonly Condition[],
): readonly ReportedProblem[] {
  const lines = verdictOf({ plan, desired, diagnostics: [...plan.diagnostics, ...diagnostics], standing });
  return reportedProblems(checkLines(lines, { now: plan.evaluatedAt, flags }));
}
