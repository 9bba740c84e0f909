import type { FileWriter, OpenFolder } from '../ports/file-writer.ts';
import { attempt } from './open-folder.ts';
import { Refusal } from './write-problems.ts';

const prefix = '.certstate-';

/**
 * A folder of our own (0700) inside a target folder: on the same file system, closed to others while modes and owners are still being set, and a folder
 * rather than files beside the targets, so that who globs `*.pem` never sees what is in it. Its name says whose it is and of which change.
 */
export interface Stage {
  readonly folder: OpenFolder;
  readonly parent: OpenFolder;
  readonly name: string;
  /** Of the folder that it is in. */
  readonly device: bigint;
  readonly inode: bigint;
}

export const stageName = (stateId: string, transaction: string): string => `${prefix}${stateId}-${transaction}`;

/** The transaction of a stage of this state directory; undefined for everything else. */
export function transactionOfStage(name: string, stateId: string): string | undefined {
  const own = `${prefix}${stateId}-`;
  return name.startsWith(own) ? name.slice(own.length) : undefined;
}

export function makeStage(writer: FileWriter, parent: OpenFolder, name: string): Stage {
  writer.makeFolder(parent, name, 0o700);
  try {
    const { device, inode } = writer.folderStatus(parent);
    return { folder: writer.openFolder(parent, name), parent, name, device, inode };
  } catch (error) {
    attempt(() => writer.removeFolder(parent, name));
    throw error;
  }
}

/** A stage that is there; undefined where it is gone, or is no longer the closed folder that we made. */
export function openStage(writer: FileWriter, parent: OpenFolder, name: string): Stage | undefined {
  let folder: OpenFolder | undefined;
  if (!attempt(() => (folder = writer.openFolder(parent, name))) || !folder) return undefined;
  const { uid, mode } = writer.folderStatus(folder);
  const { device, inode } = writer.folderStatus(parent);
  if (uid === writer.userId() && (mode & 0o077) === 0) return { folder, parent, name, device, inode };
  writer.closeFolder(folder);
  return undefined;
}

/** Removes these files and the stage; whoever opened it closes it. False where something stays that should not. */
export function removeStage(writer: FileWriter, { folder, parent, name }: Stage, files: readonly string[]): boolean {
  for (const file of files) attempt(() => writer.removeFile(folder, file));
  return attempt(() => writer.removeFolder(parent, name));
}

/** Seconds after which a stage of somebody else is more likely forgotten than in use. */
const patience = 3_600;

/**
 * Two state directories over one folder must not write there at the same time. Each makes its stage first and looks for others then: whoever is second
 * sees the first. Ages are told by the clock of the file system, which is the same for both. Returns the stages that somebody left behind.
 */
export function guardAgainstOthers(writer: FileWriter, stage: Stage, stateId: string): readonly string[] {
  const { parent } = stage;
  const others = writer
    .list(parent)
    .filter(
      (name) => name.startsWith(prefix) && transactionOfStage(name, stateId) === undefined && writer.entry(parent, name)?.type === 'folder',
    );
  const now = writer.folderStatus(stage.folder).changedAt;
  const young = others.find((name) => now - (writer.entry(parent, name)?.changedAt ?? Number.NEGATIVE_INFINITY) < patience);
  if (young === undefined) return others.map((name) => `${parent.path}/${name}`);
  throw new Refusal(
    'another-instance',
    `another certstate, with a state directory of its own, is at work in ${parent.path}`,
    `wait until it is done; what it left behind, if it died, counts as forgotten after an hour: ${young}`,
  );
}
