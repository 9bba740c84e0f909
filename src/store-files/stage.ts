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

/** Names of the stages that a batch leaves in place, by the path of their folder: making a folder costs more than the files in it (1 to 8 ms on a cold ext4). */
export type KeptStages = Map<string, string>;

/** The stage that the batch has in this folder, else a new one. */
export function takeStage(writer: FileWriter, parent: OpenFolder, kept: KeptStages | undefined): Stage {
  const name = kept?.get(parent.path);
  return (name !== undefined && reopenStage(writer, parent, name)) || makeStage(writer, parent);
}

/** Undefined where it is gone, or is no longer the closed folder that we made. */
function reopenStage(writer: FileWriter, parent: OpenFolder, name: string): Stage | undefined {
  let folder: OpenFolder | undefined;
  const opened = attempt(() => {
    folder = writer.openFolder(parent, name);
  });
  if (!opened || !folder) return undefined;
  const { uid, mode } = writer.folderStatus(folder);
  if (uid === writer.userId() && (mode & 0o777) === 0o700) return { folder, parent, name };
  writer.closeFolder(folder);
  return undefined;
}

function makeStage(writer: FileWriter, parent: OpenFolder): Stage {
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

/** Removes the files that are still in the stage, and the stage, unless the batch has a use for it. False where something stays that should not. */
export function releaseStage(writer: FileWriter, { folder, parent, name }: Stage, files: readonly string[], kept?: KeptStages): boolean {
  const emptied = files.map((file) => attempt(() => writer.removeFile(folder, file))).every(Boolean);
  attempt(() => writer.closeFolder(folder));
  kept?.delete(parent.path);
  if (!kept || !emptied) return attempt(() => writer.removeFolder(parent, name));
  kept.set(parent.path, name);
  return true;
}
