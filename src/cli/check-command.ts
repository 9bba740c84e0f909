/** `certstate check`: the verdict on this host. Exit code 2 if something fails, and 1 only where that could not be found out. */
import { later } from '../domain/time.ts';
import type { VerdictLine } from '../domain/verdict.ts';
import { unmanagedFiles } from '../observe/unmanaged-files.ts';
import { makePlan } from '../plan/make-plan.ts';
import { neighbourDiagnostics } from '../plan/neighbours.ts';
import { verdictOf } from '../plan/verdict.ts';
import { type StandingConditions, standingConditions } from '../reconcile/keep-conditions.ts';
import type { PlanPass } from '../reconcile/plan-pass.ts';
import { checkJson } from '../report/check-json.ts';
import { checkLines } from '../report/check-lines.ts';
import { reportedProblems } from '../report/check-problems.ts';
import { checkText } from '../report/check-text.ts';
import { inventoryHead } from '../report/inventory-text.ts';
import { type CheckOptions, checkOptionsOf } from './check-options.ts';
import { exitCodes } from './exit-codes.ts';
import { foundInPass } from './found-in-pass.ts';
import { lookedAt } from './planned.ts';
import { report } from './reports.ts';
import type { Command } from './run.ts';
import { flagsOnHost, givenFlags } from './scope.ts';
import { tool } from './tool.ts';

export const checkCommand: Command = async (run) => {
  const wishes = checkOptionsOf(run.options);
  const result = await lookedAt(run, 'nothing was checked');
  if ('exit' in result) return result.exit;
  const { plan, inventory: taken } = result.pass;
  const inventory = taken && { host: taken.host.name, takenAt: taken.takenAt };
  const { flags } = taken ? flagsOnHost(run.options, taken) : givenFlags(run.options);
  const standing = standingConditions(run.outside, result.scope, result, plan.evaluatedAt);
  const lines = checkLines(judge(result.pass, wishes, standing), { now: plan.evaluatedAt, flags });
  const judged = { total: plan.changes.length, leftOut: plan.leftOut };
  return report(run, {
    exit: lines.some(({ fails }) => fails) ? exitCodes.changes : exitCodes.ok,
    evaluatedAt: plan.evaluatedAt,
    from: result.pass.desired.from,
    text: (style) => `${inventory ? `${inventoryHead(inventory)}\n` : ''}${checkText(lines, { style, ...judged, most: wishes.most })}`,
    json: () => checkJson(lines, { tool, evaluatedAt: plan.evaluatedAt, ...judged, inventory, standing }),
    found: () => foundInPass(run, result.pass, reportedProblems(lines), standing),
    plan,
  });
};

/** Everything that was found, and what stands although this look could not see it; of the resources that were asked about and, where that is all of them, beside their files. */
function judge(pass: PlanPass, { failOn, within }: CheckOptions, { unchecked, diagnostics }: StandingConditions): readonly VerdictLine[] {
  const { plan, desired, observed, options } = pass;
  const { records } = pass.records;
  const known = new Set([...records.manifest.values()].flatMap(({ paths }) => paths));
  const isWhole = options.targets.length + options.excludes.length === 0;
  const beside = isWhole ? unmanagedFiles(desired, pass.sight, known) : [];
  return verdictOf({
    plan,
    desired,
    diagnostics: [...plan.diagnostics, ...pass.diagnostics, ...diagnostics, ...neighbourDiagnostics(beside, plan.evaluatedAt)],
    ahead: within === undefined ? undefined : makePlan({ desired, observed, records, options, now: later(plan.evaluatedAt, within) }),
    failOn,
    standing: unchecked,
  });
}
