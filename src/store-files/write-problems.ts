import type { Code } from '../domain/codes.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import { isFileSystemError } from '../ports/file-writer.ts';

interface Errno {
  readonly code?: Code;
  readonly words: string;
  readonly hint: string;
}

// biome-ignore format: table
const errnos: Readonly<Record<string, Errno>> = {
  EACCES:       { words: 'permission denied', hint: 'run certstate as a user who may write in this folder' },
  EPERM:        { words: 'operation not permitted', hint: 'run certstate as root, or look for an immutable attribute with lsattr' },
  EROFS:        { code: 'file-system-read-only', words: 'the file system is mounted read-only', hint: 'remount it for writing, then apply again; in a service of systemd, add the folder to its ReadWritePaths' },
  ENOSPC:       { code: 'disk-full', words: 'no space left on the device', hint: 'free space or inodes (df, df -i), then apply again' },
  EDQUOT:       { code: 'disk-full', words: 'the disk quota is used up', hint: 'free space or raise the quota, then apply again' },
  EIO:          { words: 'input/output error', hint: 'look for disk errors in the kernel log before anything else' },
  EMFILE:       { words: 'too many open files in this process', hint: 'raise the limit on open files (ulimit -n), then apply again' },
  ENFILE:       { words: 'too many open files on this host', hint: 'close programs or raise fs.file-max, then apply again' },
  EBUSY:        { code: 'file-mounted', words: 'it is in use, most likely as a mount point of its own', hint: 'mount the folder rather than the single file: a mounted file cannot be replaced' },
  EXDEV:        { words: 'another file system is mounted in between', hint: 'unmount what hides the folder, then apply again' },
  ELOOP:        { words: 'a symbolic link is in the way', hint: 'name the folder that the link leads to in the desired state' },
  ENOTDIR:      { words: 'something on the way is not a folder', hint: 'move it away or correct the path in the desired state' },
  EISDIR:       { words: 'a folder is in its place', hint: 'move it away or correct the path in the desired state' },
  ENOENT:       { words: 'a folder on the way is not there', hint: 'plan again: the disk has changed' },
  EEXIST:       { words: 'something is there already', hint: 'plan again: the disk has changed' },
  ENAMETOOLONG: { words: 'the path is too long for the file system', hint: 'shorten the path in the desired state' },
  ENOTSUP:      { words: '/proc is not mounted, and without it a folder could be swapped unnoticed', hint: 'mount /proc, then apply again' },
};

export const describeErrno = (code: string): string => (errnos[code] ? `${code}, ${errnos[code].words}` : code);

/** The diagnostic for what was thrown while `path` was worked on. Anything but a refusal or a refused system call is a bug and is thrown on. */
export function problemWith(error: unknown, path: string, notes: readonly string[]): Diagnostic {
  if (error instanceof Refusal) return { ...error.diagnostic, notes: [...(error.diagnostic.notes ?? []), ...notes] };
  if (!isFileSystemError(error)) throw error;
  const errno = errnos[error.code];
  return {
    code: errno?.code ?? 'write-failed',
    severity: 'error',
    message: `cannot write ${path}`,
    hint: errno?.hint ?? 'put the cause right, then apply again: finished work is not repeated',
    notes: [`cause: ${describeErrno(error.code)}`, ...notes],
  };
}

/** A change that is committed and could not be finished: what happens next, rather than what has to be done again. */
export function unfinishedProblem(error: unknown, set: string, path: string, record: string): Diagnostic {
  const { code, message, notes, hint } = problemWith(error, path, []);
  if (code === 'commit-conflict')
    return {
      code,
      severity: 'error',
      message,
      hint: `${hint}; then ${recordAside(record)}`,
      notes: [...(notes ?? []), `note: its record is ${record}`],
    };
  return {
    code: 'change-unfinished',
    severity: 'error',
    message: `the change of ${set} is committed, but ${message}`,
    hint: `${hint}; the next apply or renew completes the change before it does anything else`,
    notes: [...(notes ?? []), `note: what is still to be done is in ${record}`],
  };
}

/** Only a person can say that a change is not to be completed. */
const recordAside = (record: string): string => `mv ${record} ${record}.aside, and plan again`;

/** Thrown inside the room where the disk is not, or no longer, what it must be; `publish` turns it into its answer. */
export class Refusal extends Error {
  readonly diagnostic: Diagnostic;
  constructor(code: Code, message: string, hint: string, notes: readonly string[] = []) {
    super(message);
    this.diagnostic = { code, severity: 'error', message, hint, notes };
  }
}
