import type { Instant } from '../domain/time.ts';

/** The only source of time. `now` may jump with the wall clock; `elapsed` never goes back. */
export interface Clock {
  now(): Instant;
  /** Milliseconds since some fixed moment of this process. */
  elapsed(): number;
}
