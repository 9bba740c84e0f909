/** `apply --expect ID`: the plan of this host is carried out if its id is ID. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Change, Plan } from '../domain/plan.ts';
import { nothingToAgreeTo, splitByAgreement } from '../plan/plan-id.ts';
import { appliedBefore } from '../reconcile/history.ts';
import { shortPlanId } from '../report/plan-summary.ts';
import { plannedNow } from '../report/planned-now.ts';
import { formatMinute } from '../report/relative-time.ts';
import { someOf } from '../report/some-of.ts';
import type { Agreement, Judgement } from './agreement.ts';
import type { Run } from './run.ts';
import { scopeOf } from './scope.ts';

/** @param digits of the id, at least the first twelve. */
export function byExpectedId(run: Run, digits: string): Agreement {
  return {
    run,
    words: ['--expect', digits.slice(0, 12)],
    outdated: () => undefined,
    judge: (_, plan) => judge(run, digits, plan),
  };
}

function judge(run: Run, digits: string, plan: Plan): Judgement {
  const isEmpty = nothingToAgreeTo.slice('sha256:'.length).startsWith(digits);
  const known = isEmpty ? undefined : appliedBefore(run.outside.reader, scopeOf(run).stateFolder, digits);
  if (known !== undefined) return { ok: false, diagnostic: alreadyApplied(digits, formatMinute(known), plan) };
  if (!hasId(plan, digits)) return { ok: false, diagnostic: anotherPlan(digits, plan) };
  // An id does not speak for what only the calendar asks for, and so neither allows nor forbids it: that is left to whatever renews.
  const { agreed, left } = splitByAgreement(plan);
  return { ok: true, plan: agreed, notices: left.length === 0 ? [] : [renewalsLeft(left)] };
}

const hasId = ({ id }: Plan, digits: string): boolean => id.slice('sha256:'.length).startsWith(digits);

const renewalsLeft = (left: readonly Change[]): Diagnostic => ({
  code: 'renewal-due',
  severity: 'notice',
  message: `${left.length === 1 ? 'a renewal that is due is' : `${left.length} renewals that are due are`} left out: ${someOf(left.map(({ address }) => address))}`,
  hint: 'certstate apply without --expect renews what is due; the id of a plan does not speak for it',
});

function anotherPlan(digits: string, plan: Plan): Diagnostic {
  return {
    code: 'stale-plan',
    severity: 'error',
    message: `what would be done on this host is not plan ${spoken(digits, plan)}; nothing was changed`,
    hint: 'have the plan that certstate plan shows now reviewed, and apply that',
    notes: plannedNow(plan),
  };
}

/** As much of an id as people read, and all of it where that much is the same by chance, or by intent. */
const spoken = (digits: string, plan: Plan): string => (digits.startsWith(shortPlanId(plan)) ? digits : digits.slice(0, 12));

const alreadyApplied = (digits: string, when: string, plan: Plan): Diagnostic => ({
  code: 'plan-applied',
  severity: 'error',
  message: `plan ${digits.slice(0, 12)} was already applied here at ${when}; nothing was changed`,
  hint: 'if the same is to be done again: certstate plan -o plan.json, have it reviewed, certstate apply plan.json',
  notes: plannedNow(plan),
});
