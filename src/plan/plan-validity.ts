/** How long a plan may be kept before it is carried out: until the calendar would ask for something else, a day at most. */
import { hours, type Instant, instantOf, later } from '../domain/time.ts';
import { type CheckContext, certificateOf } from './check-context.ts';
import { durationOf } from './defaults.ts';
import { leastGain, renewalContext, renewalState } from './renewal.ts';

const atMost = hours(24);

/**
 * The seconds from which on the calendar says something else of a resource: its certificate becomes valid, its window opens, a renewal that brought
 * nothing begins to bring something, it ends. Some of them may lie in the past, or change nothing after all.
 */
export function calendarOf(context: CheckContext): readonly number[] {
  const certificate = certificateOf(context);
  const { desired } = context.view;
  if (!certificate) return [];
  const { notBefore, notAfter } = certificate;
  const ends = [notBefore, notAfter + 1];
  if (desired.kind === 'ca') return ends;
  const { from, window } = renewalState(desired, certificate, renewalContext(context));
  const duration = durationOf(desired);
  return [...ends, from, notAfter + leastGain(window, duration) - duration];
}

/** The last second before the next of them; dates that do not parse are none. */
export function validUntil(calendar: readonly number[], now: Instant): Instant {
  let end: number = later(now, atMost);
  for (const second of calendar) if (second > now && second <= end) end = second - 1;
  return instantOf(end);
}
