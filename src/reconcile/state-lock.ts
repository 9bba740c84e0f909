/** Everything that writes does it under the lock of its state directory. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { LockOwner } from '../domain/lock-owner.ts';
import type { Duration, Instant } from '../domain/time.ts';
import type { HeldLock } from '../ports/lock.ts';
import { lockOwnerText } from '../report/lock-text.ts';
import { ensureStateFolder } from '../store-files/state-folder.ts';
import { problemWith } from '../store-files/write-problems.ts';
import type { Scope, WritingEnvironment } from './environment.ts';

export interface LockWish {
  /** Who we are; `since` is known once we have it. */
  readonly owner: Omit<LockOwner, 'since'>;
  readonly timeout: Duration;
  readonly signal: AbortSignal;
  readonly onWait: (holder: LockOwner | undefined) => void;
}

export type UnderLock<Value> =
  | { readonly result: 'done'; readonly value: Value }
  | { readonly result: 'locked' | 'state-folder'; readonly diagnostic: Diagnostic; readonly holder: LockOwner | undefined }
  | { readonly result: 'interrupted' };

export const lockPath = (stateFolder: string): string => `${stateFolder}/lock`;

/**
 * Runs the body with the lock, and gives it up however the body ends. The body is not run where the lock is not to be had; it is told whose lock this was
 * that was never given up, because its process is gone.
 */
export async function underLock<Value>(
  { locks, clock, writer, reader }: WritingEnvironment,
  { stateFolder }: Scope,
  { owner, timeout, signal, onWait }: LockWish,
  body: (takenOverFrom: LockOwner | undefined) => Promise<Value> | Value,
): Promise<UnderLock<Value>> {
  try {
    ensureStateFolder(writer, reader, stateFolder);
  } catch (error) {
    return refused({ ...problemWith(error, stateFolder, [untouched]), code: 'state-folder', hint: otherStateFolder });
  }
  const path = lockPath(stateFolder);
  const locking = await locks.acquire({ path, owner: () => ({ ...owner, since: clock.now() }), timeout, signal, onWait });
  switch (locking.result) {
    case 'interrupted':
      return { result: 'interrupted' };
    case 'refused':
      return refused(unusable(path, locking.cause));
    case 'busy':
      return { result: 'locked', diagnostic: lockedBy(locking.holder, locking.elsewhere, path, clock.now()), holder: locking.holder };
    case 'locked':
      return holding(locking.lock, body);
  }
}

async function holding<Value>(
  lock: HeldLock,
  body: (takenOverFrom: LockOwner | undefined) => Promise<Value> | Value,
): Promise<UnderLock<Value>> {
  try {
    return { result: 'done', value: await body(lock.takenOverFrom) };
  } finally {
    lock.release();
  }
}

const refused = (diagnostic: Diagnostic): UnderLock<never> => ({ result: 'state-folder', diagnostic, holder: undefined });

const untouched = 'nothing was changed';
const otherStateFolder =
  'see that the user that runs certstate owns and can write the state directory and what is in it, or name another with --state-dir';

const unusable = (path: string, cause: string): Diagnostic => ({
  code: 'state-folder',
  severity: 'error',
  message: `${path} cannot be used as a lock: ${cause}`,
  hint: otherStateFolder,
  notes: [untouched],
});

function lockedBy(holder: LockOwner | undefined, elsewhere: boolean, path: string, now: Instant): Diagnostic {
  const remedy = `if that process is certainly gone, remove ${path}.held`;
  return {
    code: 'locked',
    severity: 'error',
    message: 'another certstate is working on this PKI',
    hint: elsewhere ? `wait with --lock-timeout 60s; ${remedy}` : 'wait with --lock-timeout 60s',
    notes: [
      ...(holder ? [`owner: ${lockOwnerText(holder, now)}`] : []),
      `the lock: ${path}`,
      ...(elsewhere ? ['it runs in another container, so that nobody here can see whether it still does'] : []),
    ],
  };
}
