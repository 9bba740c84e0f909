/**
 * The lock where the kernel's cannot be had: a file that only one process can make, holding which process that is. It is broken only if that
 * process is certainly gone (`whereabouts`); one in another process namespace cannot be seen from here, so it counts as alive for ever.
 */

import { randomBytes } from 'node:crypto';
import { closeSync, linkSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LockOwner } from '../domain/lock-owner.ts';
import type { HeldLock, Locking, LockRequest } from '../ports/lock.ts';
import { errnoCode, errnoWords } from './errno-words.ts';
import { isStillAt, namedHolder, recordAt } from './lock-file.ts';
import { encodeLockRecord, type LockRecord } from './lock-record.ts';
import { whereabouts } from './process-identity.ts';

export const recordPath = (path: string): string => `${path}.held`;

const tryEvery = 100;
const silentFor = 1000;

export async function lockByRecord(request: LockRequest): Promise<Locking> {
  const begun = performance.now();
  for (let said = false; ; ) {
    if (request.signal.aborted) return { result: 'interrupted' };
    let locking: Locking;
    try {
      locking = tryOnce(request);
    } catch (error) {
      return { result: 'refused', cause: errnoWords(error) };
    }
    const waited = performance.now() - begun;
    if (locking.result !== 'busy' || waited >= request.timeout * 1000) return locking;
    if (!said && waited >= silentFor) {
      request.onWait(locking.holder);
      said = true;
    }
    await sleep(tryEvery);
  }
}

function tryOnce({ path, owner }: LockRequest): Locking {
  const held = recordPath(path);
  const lock = make(held, owner());
  if (lock) return mustBeAlone(path, lock);
  const found = recordAt(held);
  if (!found) return { result: 'busy', holder: undefined, elsewhere: false };
  const place = whereabouts(found.identity);
  if (place !== 'gone') return { result: 'busy', holder: found.owner, elsewhere: place === 'elsewhere' };
  if (!breakLock(held, found)) return { result: 'busy', holder: undefined, elsewhere: false };
  const taken = make(held, owner());
  return taken ? mustBeAlone(path, { ...taken, takenOverFrom: found.owner }) : { result: 'busy', holder: undefined, elsewhere: false };
}

/** Complete before it has the name: whoever finds it finds out whose it is. Undefined where the name is taken. */
function make(held: string, owner: LockOwner): HeldLock | undefined {
  const beside = `${held}.${randomBytes(8).toString('hex')}`;
  const descriptor = openSync(beside, 'wx', 0o600);
  let obtained = false;
  try {
    writeSync(descriptor, encodeLockRecord(owner));
    linkSync(beside, held);
    obtained = true;
    return { takenOverFrom: undefined, release: () => giveUp(held, descriptor) };
  } catch (error) {
    if (errnoCode(error) === 'EEXIST') return undefined;
    throw error;
  } finally {
    if (!obtained) closeSync(descriptor);
    unlinkSync(beside);
  }
}

/**
 * A person may have removed our file meanwhile, and another process made its own: that one stays. The descriptor was open all the time, so that
 * no other file can have got the number of ours.
 */
function giveUp(held: string, descriptor: number): void {
  if (isStillAt(held, descriptor)) unlinkSync(held);
  closeSync(descriptor);
}

/** Somebody else may hold the lock of the kernel, which we cannot ask; what it wrote into its file we can read. */
function mustBeAlone(path: string, lock: HeldLock): Locking {
  const record = recordAt(path);
  const holder = namedHolder(record);
  if (!record || !holder) return { result: 'locked', lock };
  lock.release();
  return { result: 'busy', holder, elsewhere: whereabouts(record.identity) === 'elsewhere' };
}

/** Moved aside first and looked at again: had somebody else broken it and made one of its own meanwhile, that one goes back. */
function breakLock(held: string, found: LockRecord): boolean {
  const aside = `${held}.${randomBytes(8).toString('hex')}`;
  try {
    renameSync(held, aside);
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return false;
    throw error;
  }
  try {
    const moved = recordAt(aside);
    if (JSON.stringify(moved) === JSON.stringify(found)) return true;
    linkSync(aside, held);
    return false;
  } catch (error) {
    if (errnoCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(aside);
  }
}
