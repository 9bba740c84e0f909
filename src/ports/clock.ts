import type { Instant } from '../domain/time.ts';

/** The only source of time. `now` may jump with the wall clock; `elapsed` never goes back. */
export interface Clock {
  now(): Instant;
  /** Milliseconds since some fixed moment of this process. */
  elapsed(): number;
}

/** Resolves after so many milliseconds, or as soon as the signal aborts. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;
