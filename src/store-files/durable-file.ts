/** Small files of our own: written beside, flushed, renamed over, flushed again. After it returned, the file survives a loss of power. */
import { createHash } from 'node:crypto';
import type { FileWriter, OpenFile, OpenFolder } from '../ports/file-writer.ts';
import { attempt } from './open-folder.ts';

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What a file is called until it is whole. Found at a start, it is what a crash left, and worth nothing. */
export const unfinishedSuffix = '.tmp';

export interface Content {
  readonly bytes: Uint8Array;
  readonly mode: number;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/**
 * A new file, complete and flushed, with owner and mode; its name is not yet flushed.
 * The owner first: chown may take mode bits away. A failed fsync is never tried again on the same file, whose pages may be lost by then.
 */
export function createDurably(writer: FileWriter, folder: OpenFolder, name: string, { bytes, mode, uid, gid }: Content): void {
  const file = writer.createFile(folder, name);
  let closed = false;
  try {
    writeAll(writer, file, bytes);
    if (uid !== undefined && gid !== undefined) writer.setOwner(file, uid, gid);
    writer.setMode(file, mode);
    writer.syncFile(file);
    closed = true;
    writer.closeFile(file);
  } finally {
    if (!closed) attempt(() => writer.closeFile(file));
  }
}

export function replaceDurably(writer: FileWriter, folder: OpenFolder, name: string, bytes: Uint8Array): void {
  const beside = `${name}${unfinishedSuffix}`;
  if (writer.entry(folder, beside)) writer.removeFile(folder, beside);
  try {
    createDurably(writer, folder, beside, { bytes, mode: 0o600 });
    writer.rename(folder, beside, folder, name);
  } catch (error) {
    attempt(() => writer.removeFile(folder, beside));
    throw error;
  }
  writer.syncFolder(folder);
}

export function writeAll(writer: FileWriter, file: OpenFile, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length; ) {
    const written = writer.write(file, bytes, offset);
    if (written <= 0) throw Object.assign(new Error('EIO: nothing was written'), { code: 'EIO' });
    offset += written;
  }
}
