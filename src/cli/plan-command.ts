import type { Diagnostic } from '../domain/diagnostic.ts';
import { isChange, isSaidById } from '../domain/plan.ts';
import { certificateDiffs } from '../report/certificate-diff.ts';
import { diagnosticText } from '../report/diagnostic-text.ts';
import { inventoryHints } from '../report/inventory-text.ts';
import { planText } from '../report/plan-text.ts';
import { savedPlanText } from '../report/saved-plan-text.ts';
import { exitCodes } from './exit-codes.ts';
import { foundInPass } from './found-in-pass.ts';
import { planDocument } from './plan-document.ts';
import { savePlan } from './plan-output.ts';
import { planned } from './planned.ts';
import { report } from './reports.ts';
import type { Command, Run } from './run.ts';
import { flagsOnHost, givenFlags } from './scope.ts';
import { UsageError } from './usage-error.ts';
import { stdoutFormat } from './wanted-reports.ts';

/** `certstate plan`: what apply would change, and why. Succeeds also when something is blocked: only apply refuses. */
export const planCommand: Command = async (given) => {
  const run = withPlanOnStdout(given);
  const result = await planned(run);
  if ('exit' in result) return result.exit;
  const { pass } = result;
  const { plan, desired, observed, options: planOptions } = pass;
  const { options } = run;
  const { inventory } = pass;
  const { flags, requests } = inventory ? flagsOnHost(options, inventory) : givenFlags(options);
  const diffs = options.diff ? await certificateDiffs(plan) : undefined;
  const pending = plan.reloads.length > 0 || plan.changes.some((change) => isChange(change) || change.blocked !== null);
  const file = options.out;
  const unsaved = file === undefined || file === '-' ? undefined : savePlan(run, file, planDocument(run, pass), result);
  const exit = await report(run, {
    exit: pending && (options.exitCode || options.detailedExitcode) ? exitCodes.changes : exitCodes.ok,
    evaluatedAt: plan.evaluatedAt,
    from: desired.from,
    text: (style) => {
      const isSaved = file !== undefined && file !== '-' && unsaved === undefined;
      const show = { summary: options.summary, all: options.all, diffs };
      const text = planText(plan, {
        desired,
        observed,
        style: isSaved || inventory ? { ...style, hints: false } : style,
        options: planOptions,
        inventory: inventory && { host: inventory.host.name, takenAt: inventory.takenAt },
        flags,
        requests,
        show,
      });
      if (!isSaved)
        return inventory ? `${text}${inventoryHints(plan, { host: inventory.host.name, flags, options: planOptions }, style)}` : text;
      const byId = isSaidById(plan, planOptions);
      return `${text}${savedPlanText(plan, { file, validUntil: plan.validUntil ?? null, byId, flags, quiet: options.quiet }, style)}`;
    },
    json: () => planDocument(run, pass),
    found: () => foundInPass(run, pass),
    plan,
  });
  return unsaved === undefined ? exit : sayUnsaved(run, unsaved);
};

/** `-o -` is `--json` by another name. */
function withPlanOnStdout(run: Run): Run {
  if (run.options.out !== '-') return run;
  const onStdout = stdoutFormat(run.reports);
  if (onStdout !== 'text' && onStdout !== 'json')
    throw new UsageError(`-o - and --report ${onStdout} cannot both go to stdout`, 'give one of them a file');
  const others = run.reports.filter(({ file }) => file !== undefined);
  return { ...run, options: { ...run.options, json: true }, reports: [{ format: 'json', file: undefined }, ...others] };
}

/** The plan was made and shown, and yet what was asked for is not there. */
function sayUnsaved({ terminal }: Run, problem: Diagnostic): typeof exitCodes.error {
  terminal.err(diagnosticText([problem], { style: terminal.errStyle, texts: new Map() }));
  return exitCodes.error;
}
