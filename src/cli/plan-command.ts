import { isChange } from '../domain/plan.ts';
import { certificateDiffs } from '../report/certificate-diff.ts';
import { planJson } from '../report/plan-json.ts';
import { planText } from '../report/plan-text.ts';
import { exitCodes } from './exit-codes.ts';
import { foundInPass } from './found-in-pass.ts';
import { planned } from './planned.ts';
import { report } from './reports.ts';
import type { Command } from './run.ts';
import { givenFlags } from './scope.ts';
import { tool } from './tool.ts';

/** `certstate plan`: what apply would change, and why. Succeeds also when something is blocked: only apply refuses. */
export const planCommand: Command = async (run) => {
  const result = await planned(run);
  if ('exit' in result) return result.exit;
  const { plan, desired, observed, diagnostics } = result.pass;
  const { options } = run;
  const planOptions = result.pass.options;
  const diffs = options.diff ? await certificateDiffs(plan) : undefined;
  const pending = plan.changes.some((change) => isChange(change) || change.blocked !== null);
  return report(run, {
    exit: pending && (options.exitCode || options.detailedExitcode) ? exitCodes.changes : exitCodes.ok,
    evaluatedAt: plan.evaluatedAt,
    from: desired.from,
    text: (style) =>
      planText(plan, {
        desired,
        observed,
        style,
        options: planOptions,
        ...givenFlags(options),
        show: { summary: options.summary, all: options.all, diffs },
      }),
    json: () =>
      planJson({ ...plan, diagnostics: [...plan.diagnostics, ...diagnostics] }, { desired, observed, options: planOptions, tool }),
    found: () => foundInPass(run, result.pass),
    plan,
  });
};
