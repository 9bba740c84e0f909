/** How long a plan may be kept before it is carried out: until the calendar would ask for something else, a day at most. */
import type { Change } from '../domain/plan.ts';
import { hours, type Instant, instantOf, later } from '../domain/time.ts';

const atMost = hours(24);

/**
 * The last second at which the plan is still the one that the calendar asks for. A renewal decision can flip where a certificate becomes valid, where
 * its window opens, where it ends, and, for one that its issuer cuts short, where a new one would end an hour later than the old.
 */
export function validUntil(changes: readonly Change[], now: Instant): Instant {
  let end: number = later(now, atMost);
  for (const { kind, before, renewFrom, duration, after } of changes) {
    if (kind === 'ca' || before === null) continue;
    const { notBefore, notAfter } = before;
    const flips = [
      notBefore,
      // Of what is issued now, the window lies in the future and is not judged by this plan.
      after === null ? renewFrom : null,
      notAfter === null ? null : notAfter + 1,
      notAfter === null || duration === null ? null : notAfter + 3600 - duration,
    ];
    for (const flip of flips) if (flip !== null && flip > now && flip - 1 < end) end = flip - 1;
  }
  return instantOf(end);
}
