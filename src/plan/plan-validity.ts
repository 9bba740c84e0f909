/** How long a plan may be kept before it is carried out: until the calendar would ask for something else, a day at most. */
import { holdOn } from '../domain/hold.ts';
import type { Records } from '../domain/records.ts';
import { between, hours, type Instant, instantOf, lastStretch, later } from '../domain/time.ts';
import { type CheckContext, certificateOf } from './check-context.ts';
import { durationOf } from './defaults.ts';
import { leastGain, renewalContext, renewalState } from './renewal.ts';

const atMost = hours(24);

/**
 * The seconds from which on the calendar says something else of a resource: its certificate becomes valid, its window opens, a renewal that brought
 * nothing begins to bring something, it ends; and a hold on it ends, or begins to yield. Some of them may lie in the past, or change nothing after all.
 */
export function calendarOf(context: CheckContext & { readonly records: Pick<Records, 'holds'> }): readonly number[] {
  const certificate = certificateOf(context);
  const { desired } = context.view;
  const hold = holdOn(context.records.holds, desired.address, context.now);
  const released = hold ? [hold.until] : [];
  if (!certificate) return released;
  const { notBefore, notAfter } = certificate;
  const yields = notAfter - lastStretch(between(notBefore, notAfter)) + 1;
  const ends = [notBefore, notAfter + 1, ...released, ...(hold ? [yields] : [])];
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
