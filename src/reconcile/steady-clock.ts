import { ApplyProblem } from '../apply/apply-problem.ts';
import { formatInstant, type Instant, instantOf } from '../domain/time.ts';
import { clockTolerance } from '../plan/defaults.ts';
import type { Clock } from '../ports/clock.ts';

/** What both clocks showed at one moment. */
export interface ClockStart {
  readonly wall: Instant;
  /** Milliseconds, as `Clock.elapsed` gives them. */
  readonly elapsed: number;
}

export const startOf = (clock: Clock): ClockStart => ({ wall: clock.now(), elapsed: clock.elapsed() });

/**
 * A clock that is held against the monotonic one since `start`: where the two come apart by more than five minutes, somebody has set the time
 * (or the machine was asleep) while we were at work, and nothing more is issued by it. `now` throws `ApplyProblem` then.
 */
export function steadyClock(clock: Clock, start: ClockStart): Clock {
  return {
    elapsed: () => clock.elapsed(),
    now() {
      const [now, expected] = [clock.now(), instantOf(start.wall + (clock.elapsed() - start.elapsed) / 1000)];
      if (Math.abs(now - expected) <= clockTolerance) return now;
      throw new ApplyProblem(
        'clock-jumped',
        `the clock went from ${formatInstant(expected)} to ${formatInstant(now)} while certstate was at work`,
        'see that the clock is right, then run certstate apply again; finished work is not repeated',
        ['nothing was written for this resource'],
      );
    },
  };
}

/** What may be remembered as the latest time at which something was issued: never more than the time that has really passed since `start`. */
export const highestTime = (start: ClockStart, clock: Clock) =>
  instantOf(Math.min(clock.now(), start.wall + (clock.elapsed() - start.elapsed) / 1000));
