/** Reading the disk through node:fs. A plain file costs one open, fstat, read and close; everything else is looked at only when that did not go through. */
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { FileStatus } from '../domain/observed-state.ts';
import { instantOf } from '../domain/time.ts';
import type { FileReader, FileReading, FolderReading } from '../ports/file-reader.ts';
import { errnoCode, errnoWords } from './errno-words.ts';

const { O_RDONLY, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW } = constants;
/** Without O_NONBLOCK a FIFO without a writer would hold us for ever; without O_NOCTTY a terminal could become ours. */
const openFlags = O_RDONLY | O_NONBLOCK | O_NOCTTY;

type ReadOptions = Parameters<FileReader['read']>[1];
type Refusal = Extract<FileReading, { state: 'refused' }>;

export const nodeFileReader: FileReader = { read, folder, realPath, list, isMountPoint };

function read(path: string, options: ReadOptions): FileReading {
  let descriptor: number;
  try {
    descriptor = openSync(path, options.followLinks ? openFlags : openFlags | O_NOFOLLOW);
  } catch (error) {
    return explain(path, options, error);
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
const leadsOut = (within: string): Refusal => ({ state: 'refused', problem: 'symlink', cause: `a link on the way leads out of ${within}` });

/** Why a file could not be opened. Only ENOENT with a parent that is looked into is absence. */
function explain(path: string, options: ReadOptions, error: unknown): FileReading {
  switch (errnoCode(error)) {
    case 'ENOENT':
      return explainAbsence(path, options);
    case 'ELOOP': {
      const destination = linkDestination(path);
      return {
        state: 'refused',
        problem: 'symlink',
        cause: destination === undefined ? 'too many links on the way' : `a link to ${shown(destination)}`,
      };
    }
    case 'ENXIO':
    case 'ENODEV': // a socket, or a device without a driver
      return { state: 'refused', problem: 'not-regular', cause: kindAt(path) };
    case 'ENOTDIR':
      return { state: 'refused', problem: 'unreadable', cause: 'something on the way is no folder (ENOTDIR)' };
    default:
      return { state: 'refused', problem: 'unreadable', cause: errnoWords(error) };
  }
}

function explainAbsence(path: string, { followLinks, within }: ReadOptions): FileReading {
  try {
    // A link that points nowhere is not absence: writing there would follow or destroy it.
    if (followLinks && linkDestination(path) !== undefined)
      return { state: 'refused', problem: 'symlink', cause: `a link to ${shown(linkDestination(path) ?? '')}, where nothing is` };
    let missingFrom: string | undefined;
    for (let folderPath = dirname(path); ; folderPath = dirname(folderPath)) {
      const stats = lstatSync(folderPath, { throwIfNoEntry: false });
      if (stats === undefined) {
        missingFrom = folderPath;
        continue;
      }
      const real = realPath(folderPath);
      if (real === undefined)
        return {
          state: 'refused',
          problem: 'symlink',
          cause: `${folderPath} is a link to ${shown(linkDestination(folderPath) ?? 'itself')}, where nothing is`,
        };
      // Where the root itself is missing, nothing inside it can lead out.
      if (within !== undefined && realPath(within) !== undefined && !isWithin(real, within)) return leadsOut(within);
      return missingFrom === undefined ? { state: 'absent' } : { state: 'absent', missingFrom };
    }
  } catch (failure) {
    return { state: 'refused', problem: 'unreadable', cause: errnoWords(failure) };
  }
}

/** The path of an open file as the kernel knows it: true even if somebody swaps a folder meanwhile. Where there is no /proc, the path is resolved. */
function openedPath(descriptor: number, path: string): string | undefined {
  return linkDestination(`/proc/self/fd/${descriptor}`) ?? realPath(path);
}

/** The real path of a root, kept: it is asked for with every file. */
const realRoots = new Map<string, string>();

function isWithin(real: string | undefined, root: string): boolean {
  const realRoot = realRoots.get(root) ?? realPath(root);
  if (real === undefined || realRoot === undefined) return false;
  realRoots.set(root, realRoot);
  return real === realRoot || real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep);
}

function linkDestination(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** A destination was chosen by whoever made the link: no control characters from there, and no novel either. */
const shown = (text: string): string =>
  (text.length > 200 ? `${text.slice(0, 200)}…` : text).replace(
    /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g,
    '?',
  );

function statusOf(stats: BigIntStats): FileStatus {
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

function kindAt(path: string): string {
  try {
    return kindOf(lstatSync(path, { bigint: true, throwIfNoEntry: false }));
  } catch {
    return kindOf(undefined);
  }
}

function kindOf(stats: BigIntStats | undefined): string {
  if (stats?.isDirectory()) return 'a folder';
  if (stats?.isFIFO()) return 'a FIFO';
  if (stats?.isSocket()) return 'a socket';
  if (stats?.isCharacterDevice() || stats?.isBlockDevice()) return 'a device';
  return 'no regular file';
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

function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

function list(path: string): readonly string[] | undefined {
  try {
    return readdirSync(path).sort();
  } catch {
    return undefined;
  }
}

/** A bind mount within one device is not seen: what `mount` is for (a replicated volume, a stick) has a device of its own. */
function isMountPoint(path: string): boolean {
  const here = folder(path, { followLinks: true });
  if (here.state !== 'present') return false;
  const above = folder(join(path, '..'), { followLinks: true });
  if (above.state !== 'present') return false;
  return here.device !== above.device || here.inode === above.inode;
}
