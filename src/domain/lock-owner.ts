import type { Instant } from './time.ts';

/** Whoever holds the lock of a state directory, as it wrote itself down: for messages, never for a decision. Public facts only. */
export interface LockOwner {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** `certstate apply`: no arguments, which may hold anything. */
  readonly command: string;
  readonly since: Instant;
}
