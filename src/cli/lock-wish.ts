/** How a command asks for the lock: who it is, and how long it waits. */
import process from 'node:process';
import { type Duration, parseDuration, seconds } from '../domain/time.ts';
import type { LockWish } from '../reconcile/state-lock.ts';
import type { Run } from './run.ts';
import { UsageError } from './usage-error.ts';

export function lockTimeoutOf({ options }: Run): Duration {
  if (options.lockTimeout === undefined) return seconds(10);
  const timeout = parseDuration(options.lockTimeout);
  if (timeout === undefined)
    throw new UsageError(`--lock-timeout ${options.lockTimeout} is not a length of time`, 'for example --lock-timeout 60s');
  return timeout;
}

/** `command` without arguments: they may hold anything, and everybody may ask who holds the lock. */
export function lockWishOf(run: Run, command: string, signal: AbortSignal, onWait: LockWish['onWait']): LockWish {
  const { accounts, process: ids } = run.outside;
  const user = accounts.userName(ids.uid) ?? `${ids.uid}`;
  return {
    owner: { user, host: run.hostName, pid: process.pid, command: `certstate ${command}` },
    timeout: lockTimeoutOf(run),
    signal,
    onWait,
  };
}
