/** What the holder of a lock writes into its file: who it is for people, and which process for whoever must know whether it is gone. */
import { fstatSync, ftruncateSync, readSync, writeSync } from 'node:fs';
import type { LockOwner } from '../domain/lock-owner.ts';
import { formatInstant, parseInstant } from '../domain/time.ts';
import { ownIdentity, type ProcessIdentity } from './process-identity.ts';

export interface LockRecord {
  readonly owner: LockOwner;
  readonly identity: ProcessIdentity;
}

/** One line, which is what people see who open the file. */
export function encodeLockRecord(owner: LockOwner): Buffer {
  const { start, boot, namespace } = ownIdentity();
  const { user, host, pid, command, since } = owner;
  return Buffer.from(`${JSON.stringify({ user, host, pid, command, since: formatInstant(since), start, boot, namespace })}\n`, 'utf8');
}

/** Undefined for everything that is not such a line: nobody has written, or not yet. */
export function decodeLockRecord(bytes: Uint8Array): LockRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { user, host, pid, command, since, start, boot, namespace } = value as Record<string, unknown>;
  const at = parseInstant(String(since));
  const texts = [user, host, command, start, boot, namespace];
  if (at === undefined || !Number.isSafeInteger(pid) || !texts.every((text) => typeof text === 'string' && text.length < 1024))
    return undefined;
  return {
    owner: { user, host, pid, command, since: at } as LockOwner,
    identity: { pid, start, boot, namespace } as ProcessIdentity,
  };
}

const mostBytes = 8192;

export function readLockRecord(descriptor: number): LockRecord | undefined {
  const buffer = Buffer.alloc(Math.min(fstatSync(descriptor).size, mostBytes));
  return decodeLockRecord(buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, 0)));
}

/** Never flushed: after a loss of power nobody holds anything. */
export function writeLockRecord(descriptor: number, owner: LockOwner): void {
  ftruncateSync(descriptor, 0);
  writeSync(descriptor, encodeLockRecord(owner), 0, null, 0);
}
