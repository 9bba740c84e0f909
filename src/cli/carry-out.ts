/** The last stretch of `apply`: a plan that was agreed to is carried out, its services are told, and it is said what became of it. */
import { isPending, type Plan } from '../domain/plan.ts';
import { applyPass } from '../reconcile/apply-pass.ts';
import type { Scope } from '../reconcile/environment.ts';
import { judgedAgain } from '../reconcile/judged-again.ts';
import { type JudgedPass, keepConditions } from '../reconcile/keep-conditions.ts';
import { keepFacts } from '../reconcile/keep-facts.ts';
import { servicesToTell } from '../reconcile/open-services.ts';
import { overridden } from '../reconcile/overridden.ts';
import type { PlanPass } from '../reconcile/plan-pass.ts';
import { servicesRun } from '../reconcile/service-marks.ts';
import type { ClockStart } from '../reconcile/steady-clock.ts';
import { tellServicesPass } from '../reconcile/tell-services-pass.ts';
import { applySummary } from '../report/apply-summary.ts';
import { planText } from '../report/plan-text.ts';
import { servicesSummary, staleSummary } from '../report/service-text.ts';
import type { Recovery } from '../store-files/recover.ts';
import type { Agreement } from './agreement.ts';
import { applyExit } from './apply-exit.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Interruption } from './interruption.ts';
import type { Run } from './run.ts';
import { givenFlags } from './scope.ts';
import type { Writing } from './writing.ts';

export interface Job extends Writing {
  readonly parallelism: number;
  readonly begun: ClockStart;
  /** What was agreed to before, if anything was. */
  readonly agreement: Agreement | undefined;
}

/** @param recovery what the lock was taken for besides; absent without the lock: then nothing is to be written, conditions included. */
export async function carryOut(
  job: Job,
  pass: PlanPass,
  plan: Plan,
  interruption: Interruption,
  recovery?: Pick<Recovery, 'diagnostics'>,
): Promise<ExitCode> {
  const { run, progress, scope, parallelism, begun } = job;
  const { outcome, diagnostics } = await applyPass(run.outside, scope, {
    pass,
    plan,
    begun,
    parallelism,
    onEvent: progress.event,
    signal: interruption.signal,
    failFast: run.options.failFast ?? false,
  });
  const services = tellsServices(run, scope, pass, plan)
    ? await tellServicesPass(run.outside, scope, {
        seen: pass,
        who: 'person',
        reloads: plan.reloads,
        published: outcome.resources.flatMap((resource) => (resource.result === 'done' && resource.published ? [resource.address] : [])),
        onStart: progress.serviceStart,
        onEnd: progress.serviceEnd,
        signal: interruption.signal,
      })
    : [];
  const kept =
    recovery && !interruption.signal.aborted
      ? await keptBy(job, { pass, tried: { changes: plan.changes, outcome }, services, diagnostics: recovery.diagnostics })
      : undefined;
  if (recovery && !interruption.signal.aborted) await keepFacts(run.outside, scope, pass, outcome);
  const forgotten = [...diagnostics, ...(recovery?.diagnostics ?? [])].some(({ severity }) => severity === 'error');
  const exit = applyExit({
    outcome,
    plan,
    signal: interruption.signalName(),
    forgotten,
    services,
    looksOnly: run.options.reload === false,
  });
  progress.diagnostics([
    ...diagnostics,
    ...overridden(outcome, ({ inSpiteOf = [] }) => inSpiteOf, plan.evaluatedAt),
    ...(kept?.diagnostics ?? []),
    ...outcome.resources.flatMap((resource) => (resource.result === 'failed' ? [resource.diagnostic] : [])),
  ]);
  if (!run.options.json && (outcome.resources.length > 0 || (exit !== exitCodes.ok && exit !== exitCodes.unverified)))
    run.terminal.out(applySummary(outcome, plan, { style: run.terminal.outStyle, ...flagsOf(job) }));
  const told = servicesSummary(services) ?? (exit === exitCodes.unverified ? staleSummary : undefined);
  if (!run.options.json && told !== undefined) run.terminal.out(`${told}\n`);
  progress.conditions(kept?.news ?? []);
  progress.finished(exit, outcome);
  return exit;
}

const keptBy = async ({ run: { outside }, scope }: Job, judged: JudgedPass): Promise<ReturnType<typeof keepConditions>> =>
  keepConditions(outside, scope, await judgedAgain(outside, scope, judged), outside.clock.now());

/** Whether a service has still to be told, of this change or an earlier one, or to be looked at after it, and may be. */
export const tellsServices = ({ options, outside }: Run, scope: Scope, pass: PlanPass, plan: Plan): boolean =>
  options.reload !== false &&
  (plan.reloads.length > 0 ||
    servicesToTell(outside, scope, pass, 'person').length > 0 ||
    (servicesRun(scope) && plan.changes.some(isPending)));

/** In JSON the plan is an event of the stream. */
export function show(job: Job, pass: PlanPass, plan: Plan): void {
  const { options, terminal } = job.run;
  if (options.json) return;
  const { desired, observed } = pass;
  terminal.out(
    planText(plan, {
      desired,
      observed,
      style: { ...terminal.outStyle, hints: false },
      options: pass.options,
      ...flagsOf(job),
      show: { summary: options.summary, all: options.all },
    }),
  );
}

/** For commands to be typed next: what was agreed to stands for what was asked. */
function flagsOf({ run: { options }, agreement }: Pick<Job, 'run' | 'agreement'>): ReturnType<typeof givenFlags> {
  const given = givenFlags(options);
  if (!agreement) return given;
  return { ...given, requests: [...agreement.words, ...(options.confirm ?? []).flatMap((address) => ['--confirm', address])] };
}

/** Whether there is something to be asked about: what a service was marked for was agreed to when it was changed, until it was given up. */
export const hasWork = (plan: Plan): boolean =>
  plan.changes.some(isPending) || plan.reloads.some(({ because, isGivenUp }) => because === 'stale' || isGivenUp);
