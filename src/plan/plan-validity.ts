/** How long a plan may be kept before it is carried out: until the calendar would ask for something else, a day at most. */
import type { Change } from '../domain/plan.ts';
import { hours, type Instant, instantOf, later } from '../domain/time.ts';
import { leastGain } from './renewal.ts';

const atMost = hours(24);

/** When a new certificate would end enough later than the one on disk, were its issuer no hindrance. */
function worthwhileFrom({ before, duration, renewBefore }: Change): number | null {
  const notAfter = before?.notAfter ?? null;
  if (notAfter === null || duration === null || renewBefore === null) return null;
  return notAfter + leastGain(renewBefore, duration) - duration;
}

/**
 * The last second at which the plan is still the one that the calendar asks for. A renewal decision can flip where a certificate becomes valid, where
 * its window opens, where it ends, and where a renewal that brought nothing begins to bring something.
 */
export function validUntil(changes: readonly Change[], now: Instant): Instant {
  let end: number = later(now, atMost);
  for (const change of changes) {
    const { kind, before, renewFrom, after } = change;
    if (kind === 'ca' || before === null) continue;
    const { notBefore, notAfter } = before;
    const flips = [
      notBefore,
      // Of what is issued now, the window lies in the future and is not judged by this plan.
      after === null ? renewFrom : null,
      notAfter === null ? null : notAfter + 1,
      renewFrom !== null && renewFrom <= now ? worthwhileFrom(change) : null,
    ];
    for (const flip of flips) if (flip !== null && flip > now && flip - 1 < end) end = flip - 1;
  }
  return instantOf(end);
}
