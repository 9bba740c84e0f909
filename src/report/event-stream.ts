/**
 * `apply --json`: NDJSON, one object per line, `hello` first and `summary` last, whatever happens in between.
 * Every event has a `message` for people, so that a reader can show types it does not know.
 */
import type { DesiredState } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { ApplyEvent, ResourceOutcome } from '../domain/outcome.ts';
import { formatInstant, type Instant } from '../domain/time.ts';
import { heldBackText } from './apply-text.ts';
import { blockSentence } from './block-sentences.ts';
import { instantJson } from './change-json.ts';
import { diagnosticJson } from './diagnostic-json.ts';
import type { PlanJson, Tool } from './plan-json.ts';

export const eventsFormatVersion = '1.0';

type Level = 'info' | 'warn' | 'error';

/** What stands in every event, and what its type adds. */
interface Event {
  readonly type: string;
  readonly level: Level;
  readonly message: string;
  readonly more: object;
}

export interface EventStream {
  hello(desired: DesiredState): object;
  plan(document: PlanJson): object;
  apply(event: ApplyEvent): readonly object[];
  diagnostic(diagnostic: Diagnostic): object;
  /** The last line, always. */
  summary(exit: number): object;
}

/** One run's events; numbers them and counts what came of each resource. */
export function eventStream({ tool, now }: { readonly tool: Tool; readonly now: () => Instant }): EventStream {
  let seq = 0;
  const counts: Record<ResourceOutcome['result'], number> = { done: 0, failed: 0, 'held-back': 0, blocked: 0 };
  const stamped = ({ type, level, message, more }: Event): object => {
    seq += 1;
    return { type, at: formatInstant(now()), seq, level, message, ...more };
  };
  return {
    hello: (desired) => stamped(helloEvent(desired, tool)),
    plan: (plan) => stamped(planEvent(plan)),
    apply(event) {
      if (event.type === 'end') counts[event.outcome.result] += 1;
      return [stamped(applyEvent(event))];
    },
    diagnostic: (diagnostic) => stamped(diagnosticEvent(diagnostic)),
    summary: (exit) => stamped(summaryEvent(counts, exit)),
  };
}

const helloEvent = ({ host, from }: DesiredState, tool: Tool): Event => ({
  type: 'hello',
  level: 'info',
  message: `certstate ${tool.version} on ${host}`,
  more: { format: 'certstate.events', format_version: eventsFormatVersion, tool, host, config: { from } },
});

const planEvent = (plan: PlanJson): Event => ({
  type: 'plan',
  level: 'info',
  message: `plan ${plan.id.slice('sha256:'.length, 'sha256:'.length + 12)}: ${plan.summary.changed} of ${plan.summary.total} change`,
  more: { plan },
});

const levels = { error: 'error', warning: 'warn', notice: 'info' } as const satisfies Record<Diagnostic['severity'], Level>;

const diagnosticEvent = (diagnostic: Diagnostic): Event => ({
  type: 'diagnostic',
  level: levels[diagnostic.severity],
  message: diagnostic.message,
  more: { diagnostic: diagnosticJson(diagnostic) },
});

const summaryEvent = (counts: Readonly<Record<ResourceOutcome['result'], number>>, exit: number): Event => ({
  type: 'summary',
  level: exit === 0 ? 'info' : 'error',
  message: `${counts.done} done, ${counts.failed} failed, ${counts['held-back']} held back, ${counts.blocked} blocked`,
  more: { counts: { done: counts.done, failed: counts.failed, held_back: counts['held-back'], blocked: counts.blocked }, exit_code: exit },
});

function applyEvent(event: ApplyEvent): Event {
  if (event.type === 'end') return outcomeEvent(event.outcome);
  const { address, action } = event;
  if (event.type === 'start') return { type: 'apply_start', level: 'info', message: `${action} ${address}`, more: { address, action } };
  const more = { address, action, doing: event.doing, elapsed_ms: Math.round(event.milliseconds) };
  return { type: 'apply_progress', level: 'info', message: `${address}: ${event.doing}`, more };
}

function outcomeEvent(outcome: ResourceOutcome): Event {
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
      const until = published ? `, expires ${formatInstant(published.notAfter)}` : '';
      return {
        type: 'apply_done',
        level: 'info',
        message: `applied ${address}: ${action}${until}`,
        more: { address, action, elapsed_ms: Math.round(milliseconds), result },
      };
    }
    case 'failed':
      return {
        type: 'apply_failed',
        level: 'error',
        message: outcome.diagnostic.message,
        more: { address, action, diagnostic: diagnosticJson(outcome.diagnostic) },
      };
    case 'held-back':
      return {
        type: 'held_back',
        level: 'warn',
        message: `${address}: ${heldBackText(outcome.because)}`,
        more: { address, action, because_of: outcome.because },
      };
    case 'blocked': {
      const { blocked } = outcome.change;
      const why = blocked ? blockSentence(blocked, outcome.change) : action;
      return {
        type: 'blocked',
        level: 'warn',
        message: `blocked ${address}: ${why}`,
        more: { address, action, by: blocked?.by ?? null, code: blocked?.code ?? null, confirm: blocked?.confirm ?? null },
      };
    }
  }
}
