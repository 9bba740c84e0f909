/**
 * One pass of a timer: completes what was interrupted, asks the gates, renews what is due, mends what can be mended without issuing, tells the services. Takes the lock only
 * where something is to be written, and has no terminal: whoever runs it hears of everything through its report.
 */
import type { ConditionNews } from '../domain/condition.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { LockOwner } from '../domain/lock-owner.ts';
import type { ApplyEvent, Outcome } from '../domain/outcome.ts';
import { isPending, type PlanOptions } from '../domain/plan.ts';
import type { ServiceOutcome } from '../domain/service-outcome.ts';
import type { Telling } from '../domain/telling.ts';
import type { Recovery } from '../store-files/recover.ts';
import { remembersMore } from './apply-pass.ts';
import { gatesAsked } from './ask-gates.ts';
import { completeInterrupted, wasInterrupted } from './complete-interrupted.ts';
import type { Scope, WritingEnvironment } from './environment.ts';
import { judgedAgain } from './judged-again.ts';
import { brokenText, type JudgedPass, keepConditions, keepsMore } from './keep-conditions.ts';
import { keepFacts } from './keep-facts.ts';
import { isNews } from './keep-state.ts';
import { isAsPlanned } from './look-again.ts';
import { type Broken, lookToRenew, type RenewLook, type RenewLookResult } from './look-to-renew.ts';
import { servedMarks, servicesToTell } from './open-services.ts';
import { overridden } from './overridden.ts';
import { applyUnlessOvertaken } from './overtaken.ts';
import { servicesRun } from './service-marks.ts';
import { type LockWish, type UnderLock, underLock } from './state-lock.ts';
import type { ClockStart } from './steady-clock.ts';
import { tellServicesPass } from './tell-services-pass.ts';

/** What happens, in the order in which it does. */
export interface RenewReport {
  /** What was seen, before anything is done; again where the world has changed until the lock was there. */
  readonly looked: (look: RenewLook) => void;
  readonly tookOver: (holder: LockOwner) => void;
  readonly recovered: (recovery: Recovery) => void;
  readonly event: (event: ApplyEvent) => void;
  readonly serviceStart: (service: string, telling: Telling) => void;
  readonly serviceEnd: (outcome: ServiceOutcome) => void;
}

export interface RenewRequest {
  readonly options: PlanOptions;
  /** What the clocks showed when it began. */
  readonly begun: ClockStart;
  readonly lock: LockWish;
  readonly signal: AbortSignal;
  readonly parallelism: number;
  /** Whether services are told. */
  readonly tells: boolean;
  readonly report: RenewReport;
}

export type RenewResult =
  | ({ readonly result: 'done' } & Renewed)
  /** There is no desired state to work from: the text is broken, and no good one was kept. */
  | ({ readonly result: 'broken' } & Broken)
  | Exclude<UnderLock<never>, { readonly result: 'done' }>;

export interface Renewed {
  readonly look: RenewLook;
  readonly outcome: Outcome;
  readonly services: readonly ServiceOutcome[];
  /** Of an interrupted change: what could not be completed. It was told when it was found. */
  readonly unfinished: readonly Diagnostic[];
  /** Trouble with the records, and what was overridden. */
  readonly diagnostics: readonly Diagnostic[];
  /** Conditions that began to stand, have changed, or are over. */
  readonly news: readonly ConditionNews[];
}

export async function renewPass(environment: WritingEnvironment, scope: Scope, request: RenewRequest): Promise<RenewResult> {
  const look = await lookNow(environment, scope, request);
  if (!look.ok) return nothingToWorkFrom(environment, scope, request, look);
  if (request.signal.aborted) return { result: 'interrupted' };
  request.report.looked(look);
  if (!writesSomething(environment, scope, request, look)) return { result: 'done', look, ...nothing };
  const done = await underLock(environment, scope, request.lock, (takenOverFrom) => {
    if (takenOverFrom) request.report.tookOver(takenOverFrom);
    return withLock(environment, scope, request, look);
  });
  return done.result === 'done' ? done.value : done;
}

/** A lock that is not to be had is no trouble beside that: the next run keeps what is to be kept. */
async function nothingToWorkFrom(
  environment: WritingEnvironment,
  scope: Scope,
  { lock }: RenewRequest,
  broken: Broken,
): Promise<RenewResult> {
  const keep = brokenText(environment, scope, environment.clock.now());
  if (keep) await underLock(environment, scope, lock, keep);
  return { result: 'broken', diagnostics: broken.diagnostics, texts: broken.texts };
}

const nothing = {
  outcome: { resources: [], interrupted: false },
  services: [],
  unfinished: [],
  diagnostics: [],
  news: [],
} as const satisfies Omit<Renewed, 'look'>;

/**
 * An answer of a gate goes with the look that it was asked for: asked before the lock, so that nobody waits for it; and again where the world has changed
 * meanwhile.
 */
async function lookNow(environment: WritingEnvironment, scope: Scope, { options, signal }: RenewRequest): Promise<RenewLookResult> {
  const look = await lookToRenew(environment, scope, options, environment.clock.now());
  return look.ok ? { ok: true, ...(await gatesAsked(environment, scope, look, signal)) } : look;
}

const knownOf = ({ pass }: RenewLook) => ({ desired: pass.desired, records: pass.records });

function writesSomething(environment: WritingEnvironment, scope: Scope, request: RenewRequest, look: RenewLook): boolean {
  const { pass, plan, read } = look;
  return (
    plan.changes.some(isPending) ||
    wasInterrupted(environment, scope, knownOf(look)) ||
    tellsSomebody(environment, scope, request, look) ||
    remembersMore(pass, plan, environment.clock.now()) ||
    isNews(environment, scope, read.desired, pass.records.records) ||
    keepsMore(environment, scope, judgedBy(look, nothing, []), look.today.plan.evaluatedAt)
  );
}

/** What a pass over this look has to say of conditions, once something came of it. */
const judgedBy = (
  { today, plan, broken }: RenewLook,
  { outcome, services }: Pick<Renewed, 'outcome' | 'services'>,
  said: readonly Diagnostic[],
): JudgedPass => ({
  pass: today,
  tried: { changes: plan.changes, outcome },
  services,
  diagnostics: [...(broken?.diagnostics ?? []), ...said],
});

/** Whether a service has still to be told, of this change or an earlier one, or to be looked at after it. */
const tellsSomebody = (environment: WritingEnvironment, scope: Scope, { tells }: RenewRequest, { pass, plan }: RenewLook): boolean =>
  tells &&
  (plan.reloads.length > 0 ||
    servicesToTell(environment, scope, pass, 'schedule').length > 0 ||
    servedMarks(environment, scope, pass).length > 0 ||
    (servicesRun(scope) && plan.changes.some(isPending)));

/** With the lock: somebody may have died over a change, or done this one, since we looked. */
async function withLock(environment: WritingEnvironment, scope: Scope, request: RenewRequest, first: RenewLook): Promise<RenewResult> {
  const { report } = request;
  const recovery = completeInterrupted(environment, scope, knownOf(first));
  report.recovered(recovery);
  if (recovery.completed.length === 0 && isAsPlanned(environment, scope, first.pass, first.plan))
    return carryOut(environment, scope, request, first, recovery);
  const look = await lookNow(environment, scope, request);
  if (!look.ok) return { result: 'broken', diagnostics: look.diagnostics, texts: look.texts };
  report.looked(look);
  return carryOut(environment, scope, request, look, recovery);
}

async function carryOut(
  environment: WritingEnvironment,
  scope: Scope,
  request: RenewRequest,
  first: RenewLook,
  recovery: Recovery,
): Promise<RenewResult> {
  const done = await applyUnlessOvertaken(environment, scope, request, first, () => lookNow(environment, scope, request));
  const { outcome, look } = done;
  const { pass, plan, standingFor } = look;
  const { signal, report } = request;
  const tells = tellsSomebody(environment, scope, request, look);
  const services = !tells
    ? []
    : await tellServicesPass(environment, scope, {
        seen: pass,
        who: 'schedule',
        reloads: plan.reloads,
        published: outcome.resources.flatMap((resource) => (resource.result === 'done' && resource.published ? [resource.address] : [])),
        onStart: report.serviceStart,
        onEnd: report.serviceEnd,
        signal,
      });
  const judged = judgedBy(look, { outcome, services }, recovery.diagnostics);
  // What was interrupted says nothing of what it would have come to.
  const kept = signal.aborted
    ? undefined
    : keepConditions(environment, scope, await judgedAgain(environment, scope, judged), environment.clock.now());
  if (!signal.aborted) await keepFacts(environment, scope, pass, outcome);
  return {
    result: 'done',
    look,
    outcome,
    services,
    unfinished: recovery.diagnostics.filter(({ severity }) => severity === 'error'),
    diagnostics: [...done.diagnostics, ...overridden(outcome, standingFor, plan.evaluatedAt), ...(kept?.diagnostics ?? [])],
    news: kept?.news ?? [],
  };
}
