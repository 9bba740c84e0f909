import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Plan, PlanOptions } from '../domain/plan.ts';
import { remembersMore } from '../reconcile/apply-pass.ts';
import { completeInterrupted, wasInterrupted } from '../reconcile/complete-interrupted.ts';
import { keepsMore } from '../reconcile/keep-conditions.ts';
import { isNews } from '../reconcile/keep-state.ts';
import { isAsPlanned } from '../reconcile/look-again.ts';
import { type PlanPass, planPass } from '../reconcile/plan-pass.ts';
import { startOf } from '../reconcile/steady-clock.ts';
import type { Agreement, Judgement } from './agreement.ts';
import { progressFor } from './apply-progress.ts';
import { carryOut, hasWork, type Job, show, tellsServices } from './carry-out.ts';
import { askForConsents, askToApply } from './consent.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Interruption } from './interruption.ts';
import { lockTimeoutOf } from './lock-wish.ts';
import { parallelismOf } from './parallelism.ts';
import { planCommand } from './plan-command.ts';
import type { Planned } from './planned.ts';
import { agreementOf } from './read-agreement.ts';
import type { Command } from './run.ts';
import { UsageError } from './usage-error.ts';
import { end, interruptible, lookCompleted, type Writing, withLock } from './writing.ts';

/**
 * `certstate apply [PLAN]`: completes what was interrupted, shows the plan, asks, and carries it out. A plan that was agreed to before is made anew all
 * the same, and carried out if it is still that one: it is compared when it is made, when consents have been given, and once more with the lock.
 * The lock is held while something is written, never while somebody is being asked.
 */
export const applyCommand: Command = async (given) => {
  // A wrong flag is said before anything is looked at, and not only once it would be needed.
  const parallelism = parallelismOf(given);
  lockTimeoutOf(given);
  const read = agreementOf(given);
  if (read.state === 'none' && given.options.dryRun) return planCommand(given);
  if (read.state === 'stale' || read.state === 'unusable')
    return end(progressFor(given), read.state === 'stale' ? exitCodes.stale : exitCodes.error, [read.diagnostic]);
  const agreement = read.state === 'agreed' ? read.agreement : undefined;
  const run = agreement?.run ?? given;
  const begun = startOf(run.outside.clock);
  const progress = progressFor(run);
  const looked = await lookAsAgreed({ run, progress, command: 'apply' }, agreement);
  if ('exit' in looked) return looked.exit;
  const { pass, scope } = looked;
  const job: Job = { run, progress, command: 'apply', scope, parallelism, begun, agreement };
  const first = judged(job, pass, pass.plan);
  if (!first.ok) return end(progress, exitCodes.stale, [first.diagnostic]);
  show(job, pass, first.plan);
  const consents = await askForConsents(run, pass);
  const judgement = judged(job, pass, consents.plan);
  if (!judgement.ok) return end(progress, exitCodes.stale, [judgement.diagnostic]);
  const { plan, notices } = judgement;
  progress.planned(pass, plan);
  progress.diagnostics(notices);
  const consent = hasWork(plan) ? await askToApply(run, plan) : { given: true as const };
  if (!consent.given) return end(progress, exitCodes.declined, consent.because);
  return interruptible(run, (interruption) => {
    // Nothing to write: nothing to keep others away from.
    if (
      !hasWork(plan) &&
      !wasInterrupted(run.outside, scope, pass) &&
      !tellsServices(run, scope, pass, plan) &&
      !remembersMore(pass, plan, run.outside.clock.now()) &&
      !isNews(run.outside, scope, pass.desired, pass.records.records) &&
      !keepsMore(run.outside, scope, { pass, tried: { changes: plan.changes, outcome: nothingTried } }, plan.evaluatedAt)
    )
      return carryOut(job, pass, plan, interruption);
    return withLock(job, interruption, () => carryOutAsPlanned(job, { pass, plan, options: consents.options }, interruption));
  });
};

const nothingTried: Outcome = { resources: [], interrupted: false };

/** Without an agreement the whole plan is what is carried out. */
const judged = ({ agreement }: Pick<Job, 'agreement'>, pass: PlanPass, plan: Plan): Judgement =>
  agreement ? agreement.judge(pass, plan) : { ok: true, plan, notices: [] };

/** What was asked of a plan when it was saved may be impossible to ask by now: then the plan is stale, and nobody has typed anything wrong. */
async function lookAsAgreed(writing: Omit<Writing, 'scope'>, agreement: Agreement | undefined): Promise<Planned> {
  try {
    return await lookCompleted(writing);
  } catch (error) {
    const outdated = error instanceof UsageError ? agreement?.outdated(error) : undefined;
    if (!outdated) throw error;
    return { exit: end(writing.progress, exitCodes.stale, [outdated]) };
  }
}

/** What was looked at and shown, and what was said to it. */
interface Shown {
  readonly pass: PlanPass;
  readonly plan: Plan;
  /** With the consents that were given meanwhile. */
  readonly options: PlanOptions;
}

/** With the lock: somebody may have died over a change, or done this one, since we looked. */
async function carryOutAsPlanned(job: Job, shown: Shown, interruption: Interruption): Promise<ExitCode> {
  const { run, progress, scope } = job;
  const recovery = completeInterrupted(run.outside, scope, shown.pass);
  progress.recovered(recovery);
  if (recovery.completed.length === 0 && isAsPlanned(run.outside, scope, shown.pass, shown.plan))
    return carryOut(job, shown.pass, shown.plan, interruption, recovery);
  const pass = await planPass(run.outside, scope, shown.options, run.outside.clock.now());
  if (!pass.ok) return end(progress, exitCodes.config, pass.diagnostics);
  const judgement = judged(job, pass, pass.plan);
  if (!judgement.ok) return end(progress, exitCodes.stale, [judgement.diagnostic]);
  const { plan } = judgement;
  const asked = run.options.yes !== true && hasWork(shown.plan);
  if (plan.id !== shown.plan.id) {
    if (asked && hasWork(plan)) return end(progress, exitCodes.stale, [changedMeanwhile]);
    show(job, pass, plan);
    progress.planned(pass, plan);
  }
  return carryOut(job, pass, plan, interruption, recovery);
}

const changedMeanwhile: Diagnostic = {
  code: 'changed-since-plan',
  severity: 'error',
  message: 'this host has changed while the plan was being looked at; nothing was changed by it',
  hint: 'run certstate apply again and look at the new plan',
};
