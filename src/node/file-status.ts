import type { BigIntStats } from 'node:fs';
import type { FileStatus } from '../domain/observed-state.ts';
import { instantOf } from '../domain/time.ts';

export function statusOf(stats: BigIntStats): FileStatus {
  return {
    mode: Number(stats.mode) & 0o7777,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    links: Number(stats.nlink),
    size: Number(stats.size),
    inode: stats.ino,
    device: stats.dev,
    changedAt: instantOf(Number(stats.ctimeMs) / 1000),
  };
}

/** What stands there, in words; it is no regular file. */
export function kindOf(stats: BigIntStats | undefined): string {
  if (stats?.isDirectory()) return 'a folder';
  if (stats?.isFIFO()) return 'a FIFO';
  if (stats?.isSocket()) return 'a socket';
  if (stats?.isCharacterDevice() || stats?.isBlockDevice()) return 'a device';
  return 'no regular file';
}
