/**
 * The events of `apply --json`: one object per line, `hello` first and `summary` last, whatever happens in between.
 * Every event has a `message` for people, so that a reader can show types it does not know.
 */
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Hold } from '../domain/hold.ts';
import type { LockOwner } from '../domain/lock-owner.ts';
import type { ApplyEvent, Outcome, ResourceOutcome } from '../domain/outcome.ts';
import type { Plan } from '../domain/plan.ts';
import type { Restoration, RestorePlan } from '../domain/restoration.ts';
import type { ServiceOutcome } from '../domain/service-outcome.ts';
import { type Telling, tellingJson } from '../domain/telling.ts';
import { formatInstant, type Instant } from '../domain/time.ts';
import { heldBackText } from './apply-text.ts';
import { blockSentence } from './block-sentences.ts';
import { instantJson } from './change-json.ts';
import { diagnosticJson } from './diagnostic-json.ts';
import { holdJson } from './hold-json.ts';
import { lockOwnerJson } from './lock-text.ts';
import { type PlanJsonContext, planJson, type Tool } from './plan-json.ts';
import { countText, shortPlanId } from './plan-summary.ts';
import { type RecoveredWords, recoveredSentence } from './recovered-text.ts';
import { restorationJson } from './restore-json.ts';

export const eventsFormatVersion = '1.0';

/** Where an event stands in its stream. */
export interface EventStamp {
  readonly at: Instant;
  /** 1, 2, … */
  readonly seq: number;
}

type Level = 'info' | 'warn' | 'error';

const stamped = (type: string, { at, seq }: EventStamp, level: Level, message: string) => ({
  type,
  at: formatInstant(at),
  seq,
  level,
  message,
});

const levels = { error: 'error', warning: 'warn', notice: 'info' } as const satisfies Record<Diagnostic['severity'], Level>;

export const helloEvent = (
  stamp: EventStamp,
  { tool, pid, from }: { readonly tool: Tool; readonly pid: number; readonly from: readonly string[] },
) => ({
  ...stamped('hello', stamp, 'info', `certstate ${tool.version}`),
  format: 'certstate.events' as const,
  format_version: eventsFormatVersion,
  tool,
  pid,
  config: from,
});

export const planEvent = (stamp: EventStamp, plan: Plan, context: PlanJsonContext) => ({
  ...stamped('plan', stamp, 'info', `plan ${shortPlanId(plan)}: ${countText(plan) || 'no changes'}`),
  plan: planJson(plan, context),
});

export const diagnosticEvent = (stamp: EventStamp, diagnostic: Diagnostic) => ({
  ...stamped('diagnostic', stamp, levels[diagnostic.severity], diagnostic.message),
  diagnostic: diagnosticJson(diagnostic),
});

const lockMessages = {
  waiting: 'waiting for another certstate',
  refused: 'another certstate is working on this PKI',
  taken_over: 'took over the lock of a process that is gone',
} as const;

/** Another certstate is at work: we wait for it, or do not wait any longer; or it died. `owner` is null where it has not written itself down. */
export const lockEvent = (stamp: EventStamp, state: keyof typeof lockMessages, owner: LockOwner | undefined) => ({
  ...stamped('lock', stamp, 'warn', lockMessages[state]),
  state,
  owner: lockOwnerJson(owner),
});

export const recoveredEvent = (stamp: EventStamp, words: RecoveredWords) => ({
  ...stamped('recovered', stamp, 'warn', recoveredSentence(words)),
  resources: words.resources,
  removed_stages: words.removedStages,
});

/** A service is being told, and what came of it. */
export const serviceStartEvent = (stamp: EventStamp, service: string, telling: Telling) => ({
  ...stamped('service_start', stamp, 'info', `telling service/${service}`),
  service,
  ...tellingJson(telling),
});

export function serviceDoneEvent(stamp: EventStamp, outcome: ServiceOutcome) {
  const { service, when, result } = outcome;
  const level = result === 'failed' || result === 'stale' || result === 'unreachable' ? 'error' : result === 'held-back' ? 'warn' : 'info';
  return {
    ...stamped('service_done', stamp, level, `service/${service}: ${result === 'held-back' ? 'held back' : result}`),
    service,
    when: when === 'reload' ? 'reload' : 'trust_change',
    result: result === 'held-back' ? 'held_back' : result,
    argv: 'argv' in outcome ? outcome.argv : null,
    ...('staticPod' in outcome && outcome.staticPod !== undefined && { static_pod: outcome.staticPod }),
    cause: 'failure' in outcome ? outcome.detail : 'because' in outcome ? outcome.because : null,
    elapsed_ms: 'milliseconds' in outcome ? outcome.milliseconds : null,
    not_served:
      'notServed' in outcome
        ? outcome.notServed.map(({ address, onDisk, served }) => ({
            address,
            endpoint: served.endpoint,
            on_disk: onDisk.sha256,
            served: served.state === 'served' ? served.certificate.sha256 : null,
            cause: served.state === 'failed' ? served.cause : null,
          }))
        : [],
  };
}

/** What a restore would put back; `refused` says what cannot be. */
export const restorePlanEvent = (stamp: EventStamp, { id, items, refusals }: RestorePlan) => ({
  ...stamped('restore_plan', stamp, 'info', `${items.length} to put back`),
  id,
  resources: items.map(restorationJson),
  refused: refusals.map(diagnosticJson),
});

export const restoredEvent = (stamp: EventStamp, { address, generation, files }: Restoration) => ({
  ...stamped('restored', stamp, 'info', `put back ${address}`),
  address,
  generation,
  files: files.map(({ path }) => path),
});

/** What a restore has put on hold, so that no timer undoes it. */
export const heldEvent = (stamp: EventStamp, hold: Hold) => ({
  ...stamped('held', stamp, 'info', `${hold.address} is on hold until ${formatInstant(hold.until)}: ${hold.reason}`),
  ...holdJson(hold),
});

/** One event of apply. */
export function applyEventJson(stamp: EventStamp, event: ApplyEvent) {
  if (event.type === 'end') return outcomeEvent(stamp, event.outcome);
  const { address, action } = event;
  if (event.type === 'start') return { ...stamped('apply_start', stamp, 'info', `${action} ${address}`), address, action };
  const { doing, milliseconds } = event;
  return {
    ...stamped('apply_progress', stamp, 'info', `${address}: ${doing}`),
    address,
    action,
    doing,
    elapsed_ms: Math.round(milliseconds),
  };
}

function outcomeEvent(stamp: EventStamp, outcome: ResourceOutcome) {
  const { address, action } = outcome;
  switch (outcome.result) {
    case 'done': {
      const { published, paths, milliseconds } = outcome;
      const result = {
        serial: published?.serial ?? null,
        not_after: instantJson(published?.notAfter),
        fingerprint_sha256: published?.sha256 ?? null,
        spki_sha256: published?.spkiSha256 ?? null,
        files: paths,
      };
      const said = `applied ${address}: ${action}${published ? `, expires ${formatInstant(published.notAfter)}` : ''}`;
      return { ...stamped('apply_done', stamp, 'info', said), address, action, elapsed_ms: Math.round(milliseconds), result };
    }
    case 'failed': {
      const { diagnostic } = outcome;
      return { ...stamped('apply_failed', stamp, 'error', diagnostic.message), address, action, diagnostic: diagnosticJson(diagnostic) };
    }
    case 'held-back': {
      const said = `${address}: ${heldBackText(outcome.because)}`;
      return { ...stamped('held_back', stamp, 'warn', said), address, action, because_of: outcome.because };
    }
    case 'blocked': {
      const { blocked } = outcome.change;
      const said = `blocked ${address}: ${blocked ? blockSentence(blocked, outcome.change) : action}`;
      const { by = null, code = null, confirm = null } = blocked ?? {};
      return { ...stamped('blocked', stamp, 'warn', said), address, action, by, code, confirm };
    }
  }
}

/** The last line, always, after an error too; `outcome` is null where apply was not reached, `restored` counts what a restore put back. */
export function summaryEvent(
  stamp: EventStamp,
  outcome: Outcome | null,
  {
    exitCode,
    milliseconds,
    restored = 0,
  }: { readonly exitCode: number; readonly milliseconds: number; readonly restored?: number | undefined },
) {
  const count = (result: ResourceOutcome['result']) => outcome?.resources.filter((resource) => resource.result === result).length ?? 0;
  const counts = { done: count('done') + restored, failed: count('failed'), held_back: count('held-back'), blocked: count('blocked') };
  const said =
    outcome === null && restored === 0
      ? 'nothing was applied'
      : `${counts.done} done, ${counts.failed} failed, ${counts.held_back} held back, ${counts.blocked} blocked`;
  return {
    ...stamped('summary', stamp, exitCode === 0 ? 'info' : 'error', said),
    counts,
    interrupted: outcome?.interrupted ?? false,
    exit_code: exitCode,
    elapsed_ms: Math.round(milliseconds),
  };
}
