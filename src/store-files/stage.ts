import type { FileWriter, OpenFile, OpenFolder } from '../ports/file-writer.ts';
import type { FileToPublish } from '../ports/store.ts';
import { attempt } from './open-folder.ts';

/** What a stage is called; the rest of the name is random. A folder rather than files beside the targets: who globs `*.pem` never sees it. */
export const stagePrefix = '.certstate-';

/** A folder of our own (0700) inside a target folder: on the same file system, and closed to others while modes and owners are still being set. */
export interface Stage {
  readonly folder: OpenFolder;
  readonly parent: OpenFolder;
  readonly name: string;
}

export function makeStage(writer: FileWriter, parent: OpenFolder): Stage {
  const name = `${stagePrefix}${writer.randomName()}`;
  writer.makeFolder(parent, name, 0o700);
  try {
    return { folder: writer.openFolder(parent, name), parent, name };
  } catch (error) {
    attempt(() => writer.removeFolder(parent, name));
    throw error;
  }
}

export type StagedContent = Pick<FileToPublish, 'bytes' | 'mode' | 'uid' | 'gid'>;

/**
 * Writes a file into the stage so that it is complete on the disk, with its owner and mode, before it gets its final name.
 * The owner first: chown may take mode bits away. A failed fsync is never tried again on the same file, whose pages may be lost by then.
 */
export function stageFile(writer: FileWriter, stage: Stage, name: string, content: StagedContent): void {
  const file = writer.createFile(stage.folder, name);
  let closed = false;
  try {
    writeAll(writer, file, content.bytes);
    writer.setOwner(file, content.uid, content.gid);
    writer.setMode(file, content.mode);
    writer.syncFile(file);
    closed = true;
    writer.closeFile(file);
  } finally {
    if (!closed) attempt(() => writer.closeFile(file));
  }
}

function writeAll(writer: FileWriter, file: OpenFile, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length; ) {
    const written = writer.write(file, bytes, offset);
    if (written <= 0) throw Object.assign(new Error('EIO: nothing was written'), { code: 'EIO' });
    offset += written;
  }
}

/** Removes the files that are still in the stage, and the stage. What cannot be removed stays: it is closed to others, and named for what it is. */
export function removeStage(writer: FileWriter, stage: Stage, names: Iterable<string>): boolean {
  for (const name of names) attempt(() => writer.removeFile(stage.folder, name));
  attempt(() => writer.closeFolder(stage.folder));
  return attempt(() => writer.removeFolder(stage.parent, stage.name));
}
