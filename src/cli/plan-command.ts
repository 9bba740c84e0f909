import { isChange } from '../domain/plan.ts';
import { certificateDiffs } from '../report/certificate-diff.ts';
import { planJson } from '../report/plan-json.ts';
import { planText } from '../report/plan-text.ts';
import { exitCodes } from './exit-codes.ts';
import { planned } from './planned.ts';
import type { Command } from './run.ts';
import { givenFlags } from './scope.ts';
import { tool } from './tool.ts';

/** `certstate plan`: what apply would change, and why. Succeeds also when something is blocked: only apply refuses. */
export const planCommand: Command = async (run) => {
  const result = await planned(run);
  if ('exit' in result) return result.exit;
  const { plan, desired, observed, diagnostics } = result.pass;
  const { options, terminal } = run;
  const planOptions = result.pass.options;
  if (options.json) {
    terminal.out(
      `${JSON.stringify(planJson({ ...plan, diagnostics: [...plan.diagnostics, ...diagnostics] }, { desired, observed, options: planOptions, tool }), null, 2)}\n`,
    );
  } else {
    const diffs = options.diff ? await certificateDiffs(plan) : undefined;
    terminal.out(
      planText(plan, {
        desired,
        observed,
        style: terminal.outStyle,
        options: planOptions,
        ...givenFlags(options),
        show: { summary: options.summary, all: options.all, diffs },
      }),
    );
  }
  const pending = plan.changes.some((change) => isChange(change) || change.blocked !== null);
  return pending && (options.exitCode || options.detailedExitcode) ? exitCodes.changes : exitCodes.ok;
};
