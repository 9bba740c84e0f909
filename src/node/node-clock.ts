import { instantOf } from '../domain/time.ts';
import type { Clock } from '../ports/clock.ts';

/** The machine's clocks: wall time for dates, the monotonic one for lengths. */
export const nodeClock: Clock = {
  now: () => instantOf(Date.now() / 1000),
  elapsed: () => performance.now(),
};
