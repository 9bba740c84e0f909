import { availableParallelism } from 'node:os';
import type { Diagnostic } from '../domain/diagnostic.ts';
import { isPending, type Plan, type PlanOptions } from '../domain/plan.ts';
import { applyPass, remembersMore } from '../reconcile/apply-pass.ts';
import { completeInterrupted } from '../reconcile/complete-interrupted.ts';
import type { Scope } from '../reconcile/environment.ts';
import { isAsPlanned } from '../reconcile/look-again.ts';
import { type PlanPass, planPass } from '../reconcile/plan-pass.ts';
import { pendingServices } from '../reconcile/service-marks.ts';
import { type ClockStart, startOf } from '../reconcile/steady-clock.ts';
import { tellServicesPass } from '../reconcile/tell-services-pass.ts';
import { applySummary } from '../report/apply-summary.ts';
import { planText } from '../report/plan-text.ts';
import { servicesSummary } from '../report/service-text.ts';
import { applyExit } from './apply-exit.ts';
import { progressFor } from './apply-progress.ts';
import { askForConsents, askToApply } from './consent.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Interruption } from './interruption.ts';
import { lockTimeoutOf } from './lock-wish.ts';
import { planCommand } from './plan-command.ts';
import type { Command, Run } from './run.ts';
import { givenFlags } from './scope.ts';
import { UsageError } from './usage-error.ts';
import { end, interruptible, lookCompleted, type Writing, withLock } from './writing.ts';

/**
 * `certstate apply`: completes what was interrupted, shows the plan, asks, and carries it out.
 * The lock is held while something is written, never while somebody is being asked.
 */
export const applyCommand: Command = async (run) => {
  if (run.options.dryRun) return planCommand(run);
  // A wrong flag is said before anything is looked at, and not only once it would be needed.
  const parallelism = parallelismOf(run);
  lockTimeoutOf(run);
  const begun = startOf(run.outside.clock);
  const progress = progressFor(run);
  const looked = await lookCompleted({ run, progress, command: 'apply' });
  if ('exit' in looked) return looked.exit;
  const { pass, scope } = looked;
  show(run, pass, pass.plan);
  const { plan, options } = await askForConsents(run, pass);
  progress.planned(pass, plan);
  const consent = plan.changes.some(isPending) ? await askToApply(run, plan) : { given: true as const };
  if (!consent.given) return end(progress, exitCodes.declined, consent.because);
  const job: Job = { run, progress, command: 'apply', scope, parallelism, begun };
  return interruptible(run, (interruption) => {
    const todo = { pass, plan, options };
    // Nothing to write: nothing to keep others away from.
    if (!plan.changes.some(isPending) && !tellsServices(run, scope, pass) && !remembersMore(pass, plan, run.outside.clock.now()))
      return carryOut(job, todo, interruption);
    return withLock(job, interruption, () => carryOutAsPlanned(job, todo, interruption));
  });
};

interface Job extends Writing {
  readonly parallelism: number;
  readonly begun: ClockStart;
}

interface Todo {
  readonly pass: PlanPass;
  readonly plan: Plan;
  /** With the consents that were given meanwhile. */
  readonly options: PlanOptions;
}

/** With the lock: somebody may have died over a change, or done this one, since we looked. */
async function carryOutAsPlanned(job: Job, todo: Todo, interruption: Interruption): Promise<ExitCode> {
  const { run, progress, scope } = job;
  const recovery = completeInterrupted(run.outside, scope, todo.pass);
  progress.recovered(recovery);
  if (recovery.completed.length === 0 && isAsPlanned(run.outside, scope, todo.pass, todo.plan)) return carryOut(job, todo, interruption);
  const pass = await planPass(run.outside, scope, todo.options, run.outside.clock.now());
  if (!pass.ok) return end(progress, exitCodes.config, pass.diagnostics);
  const { plan } = pass;
  const asked = run.options.yes !== true && todo.plan.changes.some(isPending);
  if (plan.id !== todo.plan.id) {
    if (asked && plan.changes.some(isPending)) return end(progress, exitCodes.stale, [changedMeanwhile]);
    show(run, pass, plan);
    progress.planned(pass, plan);
  }
  return carryOut(job, { pass, plan, options: todo.options }, interruption);
}

const changedMeanwhile: Diagnostic = {
  code: 'changed-since-plan',
  severity: 'error',
  message: 'this host has changed while the plan was being looked at; nothing was changed by it',
  hint: 'run certstate apply again and look at the new plan',
};

async function carryOut(
  { run, progress, scope, parallelism, begun }: Job,
  { pass, plan }: Todo,
  interruption: Interruption,
): Promise<ExitCode> {
  const { outcome, diagnostics } = await applyPass(run.outside, scope, {
    pass,
    plan,
    begun,
    parallelism,
    onEvent: progress.event,
    signal: interruption.signal,
    failFast: run.options.failFast ?? false,
  });
  const services = tellsServices(run, scope, pass)
    ? await tellServicesPass(run.outside, scope, {
        desired: pass.desired,
        onStart: progress.serviceStart,
        onEnd: progress.serviceEnd,
        signal: interruption.signal,
      })
    : [];
  const forgotten = diagnostics.some(({ severity }) => severity === 'error');
  const exit = applyExit({ outcome, plan, signal: interruption.signalName(), forgotten, services });
  progress.diagnostics([
    ...diagnostics,
    ...outcome.resources.flatMap((resource) => (resource.result === 'failed' ? [resource.diagnostic] : [])),
  ]);
  if (!run.options.json && (outcome.resources.length > 0 || exit !== exitCodes.ok))
    run.terminal.out(applySummary(outcome, plan, { style: run.terminal.outStyle, ...givenFlags(run.options) }));
  const told = servicesSummary(services);
  if (!run.options.json && told !== undefined) run.terminal.out(`${told}\n`);
  progress.finished(exit, outcome);
  return exit;
}

/** Whether a service has still to be told, of this change or an earlier one, and may be. */
const tellsServices = (run: Run, scope: Scope, { desired }: PlanPass): boolean =>
  run.options.reload !== false && pendingServices(run.outside, scope, desired).length > 0;

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
