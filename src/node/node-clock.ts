import { uptime } from 'node:os';
import { earliest, endOfTime, instantOf } from '../domain/time.ts';
import type { Clock } from '../ports/clock.ts';

/** The machine's clocks: wall time for dates, the monotonic one for lengths. */
export const nodeClock: Clock = {
  // No certificate holds a later date, and no format of ours a year of five digits.
  now: () => earliest(instantOf(Date.now() / 1000), endOfTime),
  elapsed: () => performance.now(),
};

/** Seconds since the machine was started; unlike `elapsed` it goes on while the machine sleeps (CLOCK_BOOTTIME). */
export const sinceBoot = (): number => uptime();
