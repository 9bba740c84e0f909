/** Whether the clock can be right. Time is an input, and distrusted: what is dated by a wrong clock is wrong everywhere else. */
import type { PlanOptions } from '../domain/plan.ts';
import type { Records } from '../domain/records.ts';
import { days, endOfTime, formatDay, formatInstant, type Instant, later } from '../domain/time.ts';
import { clockTolerance } from './defaults.ts';

export interface ClockDoubt {
  readonly code: 'clock-behind' | 'clock-ahead';
  /** What the clock says, and what speaks against it. */
  readonly detail: string;
}

/**
 * Behind what was issued here, or behind the making of this program: a certificate dated by such a clock is not yet valid anywhere else, and
 * everything on disk seems not yet valid to it. `--accept-clock` settles that. Ahead is no doubt by itself (a machine may have been off for
 * years), unless no certificate could be dated so late (RFC 5280 §4.1.2.5). Written so that a time that is none (NaN) is doubted.
 */
export function clockDoubt({ highWater }: Pick<Records, 'highWater'>, options: PlanOptions, now: Instant): ClockDoubt | undefined {
  if (!(now < endOfTime)) return { code: 'clock-ahead', detail: `it says ${formatDay(endOfTime)} or later` };
  if (options.acceptClock) return undefined;
  if (highWater !== null && !(later(now, clockTolerance) >= highWater))
    return { code: 'clock-behind', detail: `it says ${formatInstant(now)}, and something was issued at ${formatInstant(highWater)}` };
  if (options.madeAt !== undefined && !(later(now, days(1)) >= options.madeAt))
    return { code: 'clock-behind', detail: `it says ${formatInstant(now)}, and this program was made on ${formatDay(options.madeAt)}` };
  return undefined;
}
