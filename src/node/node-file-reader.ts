/** Reading the disk through node:fs. A plain file costs one open, fstat, read and close; everything else is looked at only when that did not go through. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import type { FileStatus } from '../domain/observed-state.ts';
import type { FileReader, FileReading, FolderReading } from '../ports/file-reader.ts';
import { errnoCode, errnoWords } from './errno-words.ts';
import { kindOf, statusOf } from './file-status.ts';
import { isWithin, linkDestination, realPath } from './links.ts';
import { isMountPoint } from './mount-points.ts';
import { explainFailure, leadsOut } from './open-failure.ts';

const { O_RDONLY, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW } = constants;
/** Without O_NONBLOCK a FIFO without a writer would hold us for ever; without O_NOCTTY a terminal could become ours. */
const openFlags = O_RDONLY | O_NONBLOCK | O_NOCTTY;

type ReadOptions = Parameters<FileReader['read']>[1];
type Refusal = Extract<FileReading, { state: 'refused' }>;

/** The disk of this machine, as `ports/file-reader.ts` promises it. */
export const nodeFileReader: FileReader = { read, folder, realPath, list, isMountPoint };

function read(path: string, options: ReadOptions): FileReading {
  let descriptor: number;
  try {
    descriptor = openSync(path, options.followLinks ? openFlags : openFlags | O_NOFOLLOW);
  } catch (error) {
    return explainFailure(path, options, error);
  }
  try {
    return readOpen(descriptor, path, options);
  } catch (error) {
    return { state: 'refused', problem: 'unreadable', cause: errnoWords(error) };
  } finally {
    closeSync(descriptor);
  }
}

function readOpen(descriptor: number, path: string, { maxBytes, within }: ReadOptions): FileReading {
  const stats = fstatSync(descriptor, { bigint: true });
  const status = statusOf(stats);
  if (!stats.isFile()) return { state: 'refused', problem: 'not-regular', cause: kindOf(stats), status };
  if (within !== undefined && !isWithin(openedPath(descriptor, path), within)) return { ...leadsOut(within), status };
  if (status.size > maxBytes) return tooLarge(status, maxBytes);
  // Memory of its own, not a slice of Node's shared pool: a key can be wiped from it, and what lives on elsewhere does not keep it.
  // One octet more than the file has: a read that comes back short has met the end, and a file that grew meanwhile is noticed.
  let buffer = Buffer.allocUnsafeSlow(Math.min(status.size, maxBytes) + 1);
  let filled = 0;
  for (;;) {
    const count = readSync(descriptor, buffer, filled, buffer.length - filled, null);
    filled += count;
    if (count === 0 || (filled === status.size && filled < buffer.length)) break;
    if (filled > maxBytes) return tooLarge(status, maxBytes);
    if (filled === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(Math.min(buffer.length, maxBytes - filled) + 1)]);
  }
  return { state: 'read', bytes: buffer.subarray(0, filled), status };
}

const tooLarge = (status: FileStatus, maxBytes: number): Refusal => ({
  state: 'refused',
  problem: 'too-large',
  cause: `${status.size} bytes, where at most ${maxBytes} are read`,
  status,
});
/** The path of an open file as the kernel knows it: true even if somebody swaps a folder meanwhile. Where there is no /proc, the path is resolved. */
function openedPath(descriptor: number, path: string): string | undefined {
  return linkDestination(`/proc/self/fd/${descriptor}`) ?? realPath(path);
}

function folder(path: string, options: { readonly followLinks?: boolean } = {}): FolderReading {
  try {
    const stats = (options.followLinks ? statSync : lstatSync)(path, { bigint: true });
    if (stats.isSymbolicLink()) return { state: 'symlink' };
    if (!stats.isDirectory()) return { state: 'not-a-directory' };
    const { mode, uid, gid, device, inode } = statusOf(stats);
    return { state: 'present', uid, gid, mode, device, inode };
  } catch (error) {
    const code = errnoCode(error);
    if (code === 'ENOENT') return { state: 'absent' };
    if (code === 'ENOTDIR') return { state: 'not-a-directory' };
    return { state: 'unreadable', cause: errnoWords(error) };
  }
}

function list(path: string): readonly string[] | undefined {
  try {
    return readdirSync(path).sort();
  } catch {
    return undefined;
  }
}
