/** Opening the file that stands for a lock, and what is in it. It is never removed: who holds a lock on a file without a name holds nothing. */
import { closeSync, constants, fchmodSync, fstatSync, ftruncateSync, lstatSync, openSync } from 'node:fs';
import type { LockOwner } from '../domain/lock-owner.ts';
import { errnoWords } from './errno-words.ts';
import { kindOf } from './file-status.ts';
import { type LockRecord, readLockRecord } from './lock-record.ts';
import { whereabouts } from './process-identity.ts';

const { O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR } = constants;

/** A descriptor, closed in every program we start (Node opens with O_CLOEXEC), or why there is none, in words. */
export function openLockFile(path: string): number | { readonly cause: string } {
  let descriptor: number;
  try {
    descriptor = openSync(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  } catch (error) {
    return { cause: errnoWords(error) };
  }
  try {
    const stats = fstatSync(descriptor, { bigint: true });
    if (stats.isFile()) {
      if ((stats.mode & 0o777n) !== 0o600n && Number(stats.uid) === process.geteuid?.()) fchmodSync(descriptor, 0o600);
      return descriptor;
    }
    closeSync(descriptor);
    return { cause: `it is ${kindOf(stats)}` };
  } catch (error) {
    closeSync(descriptor);
    return { cause: errnoWords(error) };
  }
}

/** Whether the path still leads to the file that was opened: somebody may have put another in its place while we waited. */
export function isStillAt(path: string, descriptor: number): boolean {
  const [opened, found] = [fstatSync(descriptor, { bigint: true }), lstatSync(path, { bigint: true, throwIfNoEntry: false })];
  return found !== undefined && found.ino === opened.ino && found.dev === opened.dev;
}

/** Nobody holds it any more, and it says so. */
export function clearLockFile(descriptor: number): void {
  try {
    ftruncateSync(descriptor, 0);
  } catch {
    // A full or failing disk: the record then names a process that is gone, which is as good.
  }
}

/** What stands in the file at a path; undefined where there is none, or nothing that we know. */
export function recordAt(path: string): LockRecord | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    return fstatSync(descriptor).isFile() ? readLockRecord(descriptor) : undefined;
  } finally {
    closeSync(descriptor);
  }
}

/** For a message: who holds it, unless that is somebody of old who is certainly gone. */
export function namedHolder(record: LockRecord | undefined): LockOwner | undefined {
  return record && whereabouts(record.identity) !== 'gone' ? record.owner : undefined;
}
