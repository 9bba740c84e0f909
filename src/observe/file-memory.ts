/**
 * What was seen of files, for a process that looks at them again and again: a file is opened again only when something speaks for its being another one.
 *
 * Nobody but root can write a file, change its mode or owner, or put another one in its place without giving it another device, inode, size or time of change
 * (ctime, which no call sets). Two things are seen to besides. A change within one tick of the file system's clock leaves that time as it was: a file is taken
 * to be known only once it was read some time after it was first seen so, by our own monotonic clock, whatever the file system's clock says. And the way to it
 * may lead elsewhere: the real path of its folder must be the same. What could not be read is never remembered, and the caller forgets everything once in a
 * while, so that in the end nothing rests on this.
 *
 * Kept are public facts, never bytes.
 */
import { posix } from 'node:path';
import type { FileStatus, ObservedFile } from '../domain/observed-state.ts';
import type { FileGlance, Glimpse } from '../ports/file-glance.ts';
import type { FileReader } from '../ports/file-reader.ts';
import type { Purpose } from './classify-content.ts';
import type { LookOptions } from './sight.ts';

/** One file in one look: as it was seen before, else as `look` sees it now. */
export type Recall = (path: string, purpose: Purpose, options: LookOptions, look: () => ObservedFile) => ObservedFile;

export interface FileMemory {
  /** Begins a look at some files; folders are asked for their real path once in it. */
  readonly begin: () => Recall;
  readonly forget: () => void;
}

export interface Surroundings {
  readonly glance: FileGlance;
  readonly realPath: FileReader['realPath'];
  /** Milliseconds of a clock that nobody sets. */
  readonly elapsed: () => number;
}

/** Longer than a tick of any file system's clock: FAT counts in steps of two seconds. */
export const settlingMilliseconds = 2500;

interface Remembered {
  readonly glimpse: Glimpse;
  readonly realPath: string | undefined;
  readonly purpose: Purpose;
  readonly file: ObservedFile;
  /** When it was first seen so, and whether it was read long enough after that. */
  readonly since: number;
  readonly isSettled: boolean;
}

export function fileMemory({ glance, realPath, elapsed }: Surroundings): FileMemory {
  const known = new Map<string, Remembered>();
  return {
    forget: () => known.clear(),
    begin() {
      const folders = new Map<string, string | undefined>();
      const realFolder = (path: string): string | undefined => {
        const folder = posix.dirname(path);
        if (!folders.has(folder)) folders.set(folder, realPath(folder));
        return folders.get(folder);
      };
      return (path, purpose, options, look) => {
        // Asked before the file is read: what changes in between is seen to have changed next time.
        const glimpse = glance(path, options);
        const real = options.followLinks ? realPath(path) : realFolder(path);
        const before = known.get(path);
        const isSame = before !== undefined && glimpse !== undefined && isSameGlimpse(before, glimpse, real) && isFor(before, purpose);
        if (isSame && before.isSettled) return before.file;
        const now = elapsed();
        const seen = look();
        const file = before && isSameFile(before.file, seen) ? before.file : seen;
        const since = isSame ? before.since : now;
        if (!glimpse || !isContent(file)) known.delete(path);
        else
          known.set(path, {
            glimpse: sharing(glimpse, file),
            realPath: real,
            purpose,
            file,
            since,
            isSettled: now - since >= settlingMilliseconds,
          });
        return file;
      };
    },
  };
}

/** The status is kept once, where the file was the same when it was read. */
const sharing = (glimpse: Glimpse, file: ObservedFile): Glimpse =>
  file.state !== 'absent' && file.status && isSameStatus(glimpse.status, file.status) ? { ...glimpse, status: file.status } : glimpse;

/** The content decided what was seen, and not whether we might look. */
const isContent = (file: ObservedFile): boolean => file.state !== 'absent' && file.sha256 !== undefined && file.status !== undefined;

const isFor = ({ purpose }: Remembered, { role, use }: Purpose): boolean => purpose.role === role && purpose.use === use;

const isSameGlimpse = (before: Remembered, glimpse: Glimpse, realPath: string | undefined): boolean =>
  realPath !== undefined &&
  before.realPath === realPath &&
  before.glimpse.changedAt === glimpse.changedAt &&
  before.glimpse.modifiedAt === glimpse.modifiedAt &&
  isSameStatus(before.glimpse.status, glimpse.status);

const isSameStatus = (one: FileStatus | undefined, other: FileStatus | undefined): boolean =>
  one !== undefined &&
  other !== undefined &&
  one.inode === other.inode &&
  one.device === other.device &&
  one.size === other.size &&
  one.mode === other.mode &&
  one.uid === other.uid &&
  one.gid === other.gid &&
  one.links === other.links &&
  one.changedAt === other.changedAt;

/** Whether two looks at one path, as the same kind of file, saw the same. */
export function isSameFile(before: ObservedFile, seen: ObservedFile): boolean {
  if (before === seen) return true;
  if (before.state === 'absent') return seen.state === 'absent' && before.missingFrom === seen.missingFrom;
  if (seen.state !== before.state || before.sha256 !== seen.sha256) return false;
  if (before.state === 'unreadable' && seen.state === 'unreadable')
    return (
      before.problem === seen.problem &&
      before.cause === seen.cause &&
      ((before.status === undefined && seen.status === undefined) || isSameStatus(before.status, seen.status))
    );
  return before.sha256 !== undefined && isSameStatus(before.status, seen.status);
}
