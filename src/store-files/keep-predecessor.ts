import type { FileReader } from '../ports/file-reader.ts';
import { type Entry, type FileWriter, isFileSystemError, type OpenFolder } from '../ports/file-writer.ts';
import { createDurably } from './durable-file.ts';
import type { Stage } from './stage.ts';
import { Refusal } from './write-problems.ts';

/** Larger than anything that is replaced. */
export const maxBytes = 64 * 1024 * 1024;

/**
 * Gives what is about to be replaced a second name in the stage. Linking is also how it is found out, before anything is committed, whether the file
 * can be replaced at all: a mounted file cannot be linked (EXDEV within one folder), and neither can an immutable one (EPERM).
 * A copy is made where there are no links, where the file is somebody else's (fs.protected_hardlinks), and where it has further names,
 * through which it could still be changed.
 */
export function keepPredecessor(
  writer: FileWriter,
  reader: FileReader,
  { folder, name, stage, kept }: { folder: OpenFolder; name: string; stage: Stage; kept: string },
): Entry | undefined {
  const found = writer.entry(folder, name);
  if (found?.type !== 'file') return found;
  const path = `${folder.path}/${name}`;
  try {
    writer.link(folder, name, stage.folder, kept);
    if (found.links === 1) return found;
    writer.removeFile(stage.folder, kept);
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    if (error.code === 'EXDEV') throw mounted(path);
    if (error.code === 'EPERM' && isImmutable(writer, folder, name)) throw immutable(path);
    if (!['EPERM', 'EMLINK', 'EOPNOTSUPP', 'ENOTSUP', 'ENOSYS'].includes(error.code)) throw error;
  }
  copyInto(writer, reader, writer.pathIn(folder, name), stage.folder, kept);
  return found;
}

/** A durable copy of a file under another name, with its mode, and its owner where we may give it. */
export function copyInto(writer: FileWriter, reader: FileReader, from: string, to: OpenFolder, name: string): void {
  const reading = reader.read(from, { maxBytes });
  if (reading.state !== 'read')
    throw Object.assign(new Error('EIO: it cannot be read'), { code: reading.state === 'absent' ? 'ENOENT' : 'EIO' });
  const { bytes, status } = reading;
  createDurably(writer, to, name, { bytes, mode: status.mode, ...(writer.userId() === 0 && { uid: status.uid, gid: status.gid }) });
  bytes.fill(0); // it may have been a key
}

/** Opening for writing changes nothing, and an immutable file refuses it with EPERM, where a missing right would be EACCES. */
function isImmutable(writer: FileWriter, folder: OpenFolder, name: string): boolean {
  try {
    writer.closeFile(writer.openExisting(folder, name));
    return false;
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    return error.code === 'EPERM';
  }
}

const mounted = (path: string) =>
  new Refusal(
    'file-mounted',
    `${path} is a mount point of its own, and a mounted file cannot be replaced`,
    'mount its folder rather than the single file',
    ['cause: EXDEV, another mount stands between the folder and its file'],
  );
const immutable = (path: string) =>
  new Refusal(
    'file-immutable',
    `${path} has the immutable or the append-only attribute`,
    `look at it with lsattr, and take it away with chattr -i (or -a) ${path} if that is right`,
    ['cause: EPERM, operation not permitted'],
  );
