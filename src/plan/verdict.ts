/** The verdict that `check` gives: everything a plan found, whether or not it would act, each with the class that decides about the exit code. */

import type { FailClass } from '../domain/codes/code-row.ts';
import { type Code, codes } from '../domain/codes.ts';
import type { Blocked, Change, Difference, Finding, Plan } from '../domain/plan.ts';

export interface VerdictLine {
  readonly change: Change;
  readonly code: Code;
  readonly failClass: FailClass;
  readonly fails: boolean;
  readonly about: { readonly difference: Difference } | { readonly finding: Finding } | { readonly blocked: Blocked };
}

/** What fails a check unless somebody says otherwise. `due` is a notice: renewing it is a timer's work, not a person's. */
const failing: ReadonlySet<FailClass> = new Set(['expired', 'drift', 'insecure', 'error']);

/** In plan order; the difference that caused a block speaks for it, a block without one speaks for itself. */
export function verdictOf(plan: Plan): readonly VerdictLine[] {
  return plan.changes.flatMap((change) => {
    const lines = [
      ...change.differences.map((difference) => line(change, difference.code, { difference })),
      ...change.findings.map((finding) => line(change, finding.code, { finding })),
    ];
    return lines.length === 0 && change.blocked ? [line(change, change.blocked.code, { blocked: change.blocked })] : lines;
  });
}

function line(change: Change, code: Code, about: VerdictLine['about']): VerdictLine {
  const { failOn } = codes[code];
  return { change, code, failClass: failOn, fails: failing.has(failOn), about };
}
