import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LockOwner } from '../domain/lock-owner.ts';
import type { Locking, LockRequest, Locks } from '../ports/lock.ts';
import { errnoWords } from './errno-words.ts';
import { lockByRecord, recordPath } from './exclusive-file.ts';
import type { Flocking } from './flock-program.ts';
import { clearLockFile, isStillAt, namedHolder, openLockFile, recordAt } from './lock-file.ts';
import { readLockRecord, writeLockRecord } from './lock-record.ts';
import { whereabouts } from './process-identity.ts';

/**
 * The lock of the kernel: it lives with our descriptor and needs no judgement about who is dead. Without the program `flock` (a container without
 * util-linux) a file that only one process can make stands in. Each of the two ways respects the other.
 * Programs are started by a part of Node that takes milliseconds to load: only where there is something to lock.
 */
export function nodeLocks(flock?: string | null): Locks {
  return {
    async acquire(request) {
      const program = flock === undefined ? (await import('./flock-program.ts')).findFlock() : (flock ?? undefined);
      return program === undefined ? lockByRecord(request) : lockByKernel(program, request);
    },
    holder: (path) => namedHolder(recordAt(recordPath(path))) ?? namedHolder(recordAt(path)),
  };
}

/** How long somebody may have to wait before it is worth saying. */
const silentFor = 1000;

async function lockByKernel(program: string, request: LockRequest): Promise<Locking> {
  const deadline = performance.now() + request.timeout * 1000;
  for (;;) {
    const descriptor = openLockFile(request.path);
    if (typeof descriptor !== 'number') return { result: 'refused', ...descriptor };
    const locking = await lockOpened(program, descriptor, deadline, request);
    if (locking?.result !== 'locked') closeSync(descriptor);
    if (locking) return locking;
  }
}

/** Undefined where the lock is ours and worth nothing: the file is no longer the one at the path. */
async function lockOpened(program: string, descriptor: number, deadline: number, request: LockRequest): Promise<Locking | undefined> {
  const { path, owner, signal } = request;
  const flocking = await flockFor(program, descriptor, deadline, request);
  if (flocking === 'interrupted') return { result: 'interrupted' };
  if (flocking === 'busy') return { result: 'busy', holder: await holderOf(descriptor), elsewhere: false };
  if (flocking !== 'locked') return { result: 'refused', cause: flocking.cause };
  try {
    if (!isStillAt(path, descriptor)) return signal.aborted ? { result: 'interrupted' } : undefined;
    writeLockRecord(descriptor, owner());
  } catch (error) {
    return { result: 'refused', cause: errnoWords(error) };
  }
  const other = recordAt(recordPath(path));
  const place = other && whereabouts(other.identity);
  if (other && place !== 'gone') {
    clearLockFile(descriptor);
    return { result: 'busy', holder: other.owner, elsewhere: place === 'elsewhere' };
  }
  const release = (): void => {
    clearLockFile(descriptor);
    closeSync(descriptor);
  };
  return { result: 'locked', lock: { takenOverFrom: undefined, release } };
}

async function flockFor(program: string, descriptor: number, deadline: number, request: LockRequest): Promise<Flocking> {
  const { tryFlock, waitForFlock } = await import('./flock-program.ts');
  const first = await tryFlock(program, descriptor, request.signal);
  const left = deadline - performance.now();
  if (first !== 'busy' || left <= 0) return first;
  const timer = setTimeout(() => request.onWait(namedHolder(readLockRecord(descriptor))), silentFor);
  try {
    return await waitForFlock(program, descriptor, left, request.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** Whoever has just obtained it writes itself down in the next moment. */
async function holderOf(descriptor: number): Promise<LockOwner | undefined> {
  for (let look = 0; ; look += 1) {
    const holder = namedHolder(readLockRecord(descriptor));
    if (holder || look === 5) return holder;
    await sleep(20);
  }
}
