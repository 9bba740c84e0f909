/** What text and JSON of `watch` both say. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import { type Duration, formatDay, formatDuration, formatInstant, type Instant } from '../domain/time.ts';
import type { Backoff, Heartbeat, StandingFact } from '../domain/watch-event.ts';
import { type CheckLine, checkLines } from './check-lines.ts';
import { shortLength } from './relative-time.ts';

export type Level = 'info' | 'warn' | 'error';

export const lineOf = ({ line }: StandingFact, now: Instant): CheckLine => checkLines([line], { now })[0] as CheckLine;

const levels = { error: 'error', warning: 'warn', notice: 'info' } as const satisfies Record<Diagnostic['severity'], Level>;
export const levelOf = ({ line }: StandingFact): Level => levels[line.severity];

export function worstLevel(diagnostics: readonly Diagnostic[]): Level {
  const found = diagnostics.map(({ severity }) => levels[severity]);
  return found.includes('error') ? 'error' : found.includes('warn') ? 'warn' : 'info';
}

export const resolvedPhrase = ({ line }: StandingFact, since: Instant, now: Instant): string =>
  `${line.code} is over after ${shortLength(Math.max(0, now - since))}`;

export function resolvedSentence(fact: StandingFact, since: Instant, now: Instant): string {
  const { address } = lineOf(fact, now);
  return `${address === null ? '' : `${address}: `}${resolvedPhrase(fact, since, now)}`;
}

export const steppedSentence = (by: number): string =>
  `the clock went ${shortLength(Math.abs(by))} ${by > 0 ? 'forwards' : 'backwards'} at once: it was set, or the machine slept; everything is looked at again`;

/** `1 folder cannot be listened to: …; changes in it are found within 60s`. */
export function deafSentence(deaf: ReadonlyMap<string, string>, interval: Duration): string {
  const [first] = deaf;
  if (first === undefined) return 'every folder is listened to again';
  const [folder, cause] = first;
  const folders = deaf.size === 1 ? folder : `${folder} and ${deaf.size - 1} more folders`;
  return `nothing is heard of ${folders}: ${cause}; changes are found within ${formatDuration(interval)}`;
}

/** `2 of 4 in sync, 1 drift, 1 due; next due 2027-06-02`. */
export function heartbeatSentence({ resources, inSync, counts, nextDue }: Heartbeat): string {
  const others = Object.entries(counts).flatMap(([kind, count]) => (count > 0 ? [`${count} ${kind}`] : []));
  return `${[`${inSync} of ${resources} in sync`, ...others].join(', ')}${nextDue ? `; next due ${formatDay(nextDue.at)}` : ''}`;
}

/** `private-key-mode of /etc/etcd/ca.key was put right 3 times and is back: left alone until 2026-11-23T17:20:00Z. Another program changes it`. */
export function backoffSentence({ why, code, file, times }: Backoff, until: Instant): string {
  const what = `${code ?? 'it'}${file === undefined ? '' : ` of ${file}`}`;
  const often = times === 1 ? 'once' : `${times} times`;
  switch (why) {
    case 'came-back':
      return `${what} was put right ${often} and is back: left alone until ${formatInstant(until)}. Another program changes ${file ?? 'it'}`;
    case 'too-many':
      return `${what} is back, and ${times} such repairs were made on this host within an hour: left alone until ${formatInstant(until)}`;
    case 'failed':
      return `tried in vain ${often}, and again at ${formatInstant(until)}`;
  }
}
