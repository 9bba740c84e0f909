import type { LockOwner } from '../domain/lock-owner.ts';
import type { Duration } from '../domain/time.ts';

export interface LockRequest {
  /** The lock file; its folder is there. */
  readonly path: string;
  /** What is written down once the lock is ours; asked then, so that `since` is true. */
  readonly owner: () => LockOwner;
  /** How long to wait for it; 0 tries once. */
  readonly timeout: Duration;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Called once, after a second of waiting; undefined where the holder has not written itself down. */
  readonly onWait: (holder: LockOwner | undefined) => void;
}

export interface HeldLock {
  /** Whose lock was taken over because its process is certainly gone; only where the kernel keeps no locks for us. */
  readonly takenOverFrom: LockOwner | undefined;
  /** Gives it up; the file stays. A process that ends without it has given it up as well. */
  release(): void;
}

export type Locking =
  | { readonly result: 'locked'; readonly lock: HeldLock }
  /** Not obtained in time. `elsewhere`: the holder cannot be seen from here (another container), so that it may be gone or not. */
  | { readonly result: 'busy'; readonly holder: LockOwner | undefined; readonly elsewhere: boolean }
  | { readonly result: 'interrupted' }
  /** The file cannot be used as a lock: the cause in words. */
  | { readonly result: 'refused'; readonly cause: string };

/**
 * One writer per state directory, across processes, containers and users. While it is held nobody else obtains it, however long that takes
 * and whatever the clock does; once its holder is gone, however it went, the next one obtains it at once.
 */
export interface Locks {
  acquire(request: LockRequest): Promise<Locking>;
  /** Who holds it now, for commands that only read; undefined where nobody does, or nobody who can be seen from here. */
  holder(path: string): LockOwner | undefined;
}
