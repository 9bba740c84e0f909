/** The events of `watch --json`, in the stream that `apply --json` speaks too. */
import { formatInstant, type Instant } from '../domain/time.ts';
import type { FactKind, StandingFact, WatchEvent } from '../domain/watch-event.ts';
import { instantJson } from './change-json.ts';
import { conditionEvent } from './condition-json.ts';
import { diagnosticJson, placeJson } from './diagnostic-json.ts';
import { applyEventJson, diagnosticEvent, type EventStamp, recoveredEvent, serviceDoneEvent } from './events-json.ts';
import {
  backoffSentence,
  deafSentence,
  heartbeatSentence,
  levelOf,
  lineOf,
  resolvedSentence,
  steppedSentence,
  worstLevel,
} from './watch-words.ts';

const types = { drift: 'drift', pending: 'drift', due: 'due', finding: 'finding', trouble: 'trouble' } as const satisfies Record<
  FactKind,
  string
>;

export function watchEventJson({ at, seq }: EventStamp, event: WatchEvent) {
  const stamped = (type: string, level: 'info' | 'warn' | 'error', message: string) => ({
    type,
    at: formatInstant(at),
    seq,
    level,
    message,
  });
  switch (event.event) {
    case 'stands': {
      const { fact, since } = event;
      return { ...stamped(types[fact.kind], levelOf(fact), lineOf(fact, at).sentence), ...factJson(fact, since, at) };
    }
    case 'resolved': {
      const { fact, since } = event;
      return {
        ...stamped('resolved', 'info', resolvedSentence(fact, since, at)),
        ...factJson(fact, since, at),
        after_seconds: Math.max(0, at - since),
      };
    }
    case 'config': {
      const { sha256, changed, diagnostics } = event;
      const isBroken = diagnostics.some(({ severity }) => severity === 'error');
      const said = isBroken
        ? 'the desired state cannot be used; the last good one stays in force'
        : `the desired state has changed: ${changed.join(', ') || 'nothing in it means something else'}`;
      return { ...stamped('config_changed', worstLevel(diagnostics), said), sha256, changed, diagnostics: diagnostics.map(diagnosticJson) };
    }
    case 'clock':
      return { ...stamped('clock_stepped', 'warn', steppedSentence(event.by)), seconds: event.by };
    case 'hearing': {
      const { deaf, interval } = event;
      const folders = [...deaf].map(([path, cause]) => ({ path, cause }));
      return {
        ...stamped('watch_degraded', deaf.size > 0 ? 'warn' : 'info', deafSentence(deaf, interval)),
        degraded: deaf.size > 0,
        folders,
      };
    }
    case 'condition':
      return conditionEvent({ at, seq }, event.news, event.isKept);
    case 'heartbeat': {
      const { resources, inSync, counts, nextCheck, nextDue } = event;
      return {
        ...stamped('heartbeat', 'info', heartbeatSentence(event)),
        resources,
        in_sync: inSync,
        standing: counts,
        next_check: formatInstant(nextCheck),
        next_due: nextDue && { address: nextDue.address, renew_from: instantJson(nextDue.at) },
      };
    }
    case 'applied':
      return applyEventJson({ at, seq }, { type: 'end', outcome: event.outcome });
    case 'service':
      return serviceDoneEvent({ at, seq }, event.outcome);
    case 'recovered':
      return recoveredEvent({ at, seq }, event);
    case 'said':
      return diagnosticEvent({ at, seq }, event.diagnostic);
    case 'backoff': {
      const { backoff, until } = event;
      const { address, why, code, file, times } = backoff;
      const said = `${address ?? 'what is unfinished'}: ${backoffSentence(backoff, until)}`;
      return {
        ...stamped('backoff', 'warn', said),
        address,
        why: why.replaceAll('-', '_'),
        code: code ?? null,
        file: file ?? null,
        times,
        until: formatInstant(until),
      };
    }
  }
}

/** Facts, whatever their kind: what it is of, which code, where, and since when its field has been wrong. */
function factJson(fact: StandingFact, since: Instant, now: Instant) {
  const { address, code, severity, hint, file, place, sentence } = lineOf(fact, now);
  const { about, failClass } = fact.line;
  const difference = 'difference' in about ? about.difference : undefined;
  return {
    address,
    code,
    severity,
    class: failClass,
    reasons: [
      {
        code,
        message: sentence,
        origin: difference?.origin ?? null,
        paths: difference && difference.path.length > 0 ? [difference.path] : [],
        observed: difference?.observed ?? null,
        desired: difference?.desired ?? null,
        added: difference?.added ?? null,
        removed: difference?.removed ?? null,
      },
    ],
    hint,
    files: file === undefined ? [] : [file],
    where: placeJson(place),
    since: formatInstant(since),
    not_after: instantJson('change' in about ? about.change.before?.notAfter : null),
    renew_from: instantJson('change' in about ? about.change.renewFrom : null),
  };
}
