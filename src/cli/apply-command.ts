import { availableParallelism } from 'node:os';
import { isPending, type Plan } from '../domain/plan.ts';
import { applyPass } from '../reconcile/apply-pass.ts';
import type { PlanPass } from '../reconcile/plan-pass.ts';
import { applySummary } from '../report/apply-summary.ts';
import { planText } from '../report/plan-text.ts';
import { applyExit } from './apply-exit.ts';
import { progressFor } from './apply-progress.ts';
import { askForConsents, askToApply } from './consent.ts';
import { exitCodes } from './exit-codes.ts';
import { listenForSignals } from './interruption.ts';
import { planCommand } from './plan-command.ts';
import { planned } from './planned.ts';
import type { Command, Run } from './run.ts';
import { givenFlags } from './scope.ts';
import { UsageError } from './usage-error.ts';

/** `certstate apply`: shows the plan, asks, and carries it out. */
export const applyCommand: Command = async (run) => {
  if (run.options.dryRun) return planCommand(run);
  const parallelism = parallelismOf(run);
  const result = await planned(run, 'nothing was changed');
  if ('exit' in result) return result.exit;
  const { pass, scope } = result;
  const progress = progressFor(run, pass);
  show(run, pass, pass.plan);
  const plan = await askForConsents(run, pass);
  progress.planned(plan);
  const pending = plan.changes.some(isPending);
  const consent = pending ? await askToApply(run, plan) : { given: true as const };
  if (!consent.given) {
    progress.diagnostics(consent.because);
    progress.finished(exitCodes.declined, null);
    return exitCodes.declined;
  }
  const interruption = listenForSignals(run.terminal);
  try {
    const { outcome, diagnostics } = await applyPass(run.outside, scope, {
      pass,
      plan,
      parallelism,
      onEvent: progress.event,
      signal: interruption.signal,
      failFast: run.options.failFast ?? false,
    });
    const forgotten = diagnostics.some(({ severity }) => severity === 'error');
    const exit = applyExit({ outcome, plan, signal: interruption.signalName(), forgotten });
    progress.diagnostics([
      ...diagnostics,
      ...outcome.resources.flatMap((resource) => (resource.result === 'failed' ? [resource.diagnostic] : [])),
    ]);
    if (!run.options.json && (outcome.resources.length > 0 || exit !== exitCodes.ok))
      run.terminal.out(applySummary(outcome, plan, { style: run.terminal.outStyle, ...givenFlags(run.options) }));
    progress.finished(exit, outcome);
    return exit;
  } finally {
    interruption.stop();
  }
};

/** In JSON the plan is an event of the stream. */
function show({ options, terminal }: Run, pass: PlanPass, plan: Plan): void {
  if (options.json) return;
  const { desired, observed } = pass;
  terminal.out(
    planText(plan, {
      desired,
      observed,
      style: { ...terminal.outStyle, hints: false },
      options: pass.options,
      ...givenFlags(options),
      show: { summary: options.summary, all: options.all },
    }),
  );
}

/** Key generation is what takes the time: as many as there are cores, four at most. */
function parallelismOf({ options }: Run): number {
  if (options.parallelism === undefined) return Math.min(availableParallelism(), 4);
  const count = Number(options.parallelism);
  if (!Number.isInteger(count) || count < 1 || count > 64)
    throw new UsageError(`--parallelism ${options.parallelism} is not a number from 1 to 64`, 'for example --parallelism 2');
  return count;
}
