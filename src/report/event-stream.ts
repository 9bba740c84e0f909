/** `apply --json`: NDJSON, an object a line. Every one has `type`, `at`, `seq`, `level` and a `message`, so that unknown types can still be shown. */
import type { DesiredState } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { ApplyEvent, ResourceOutcome } from '../domain/outcome.ts';
import { formatInstant, type Instant } from '../domain/time.ts';
import { diagnosticJson } from './diagnostic-json.ts';
import type { planJson, Tool } from './plan-json.ts';

export const eventsFormatVersion = '1.0';

type Level = 'info' | 'warn' | 'error';

export interface EventStream {
  hello(desired: DesiredState): object;
  plan(document: ReturnType<typeof planJson>): object;
  apply(event: ApplyEvent): readonly object[];
  diagnostic(diagnostic: Diagnostic): object;
  /** The last line, always. */
  summary(exit: number): object;
}

/** One run's events; numbers them and counts what came of each resource. */
export function eventStream({ tool, now }: { readonly tool: Tool; readonly now: () => Instant }): EventStream {
  let seq = 0;
  const counts: Record<ResourceOutcome['result'], number> = { done: 0, failed: 0, 'held-back': 0, blocked: 0 };
  const event = (type: string, level: Level, message: string, more: object) => {
    seq += 1;
    return { type, at: formatInstant(now()), seq, level, message, ...more };
  };
  return {
    hello: ({ host, from }) => event('hello', 'info', `certstate ${tool.version} on ${host}`, { format: 'certstate.events', format_version: eventsFormatVersion, tool, host, config: { from } }),
    plan: (plan) => event('plan', 'info', `plan ${plan.id.slice(7, 19)}: ${plan.summary.changed} of ${plan.summary.total} change`, { plan }),
    apply(applied) {
      if (applied.type === 'start') return [event('apply_start', 'info', `${applied.address}: ${applied.action}`, { address: applied.address, action: applied.action })];
      if (applied.type === 'progress') {
        const { address, action, doing, milliseconds } = applied;
        return [event('apply_progress', 'info', `${address}: ${doing}`, { address, action, elapsed_ms: Math.round(milliseconds) })];
      }
      counts[applied.outcome.result] += 1;
      return [ended(applied.outcome, event)];
    },
    diagnostic: (diagnostic) => event('diagnostic', diagnostic.severity === 'error' ? 'error' : diagnostic.severity === 'warning' ? 'warn' : 'info', diagnostic.message, { diagnostic: diagnosticJson(diagnostic) }),
    summary: (exit) => event('summary', exit === 0 ? 'info' : 'error', `exit code ${exit}`, { counts: { done: counts.done, failed: counts.failed, held_back: counts['held-back'], blocked: counts.blocked }, exit_code: exit }),
  };
}

function ended(outcome: ResourceOutcome, event: (type: string, level: Level, message: string, more: object) => object): object {
  const { address, action, result } = outcome;
  switch (result) {
    case 'done': {
      const { published, paths, milliseconds } = outcome;
      const facts = published && { serial: published.serial, not_after: formatInstant(published.notAfter), fingerprint_sha256: published.sha256, spki_sha256: published.spkiSha256 };
      return event('apply_done', 'info', `${address}: ${action} done`, { address, action, elapsed_ms: Math.round(milliseconds), result: { ...facts, files: paths } });
    }
    case 'failed':
      return event('apply_failed', 'error', outcome.diagnostic.message, { address, action, diagnostic: diagnosticJson(outcome.diagnostic) });
    case 'held-back':
      return event('held_back', 'warn', `${address}: not tried`, { address, action, because_of: outcome.because });
    case 'blocked':
      return event('blocked', 'warn', `${address}: blocked`, { address, action, code: outcome.change.blocked?.code ?? null, by: outcome.change.blocked?.by ?? null });
  }
}
