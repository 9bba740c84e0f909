/** Copies on another mount: a transaction of their own each, so that one that hangs there holds up nothing but itself. */
import type { FileWriter } from '../ports/file-writer.ts';
import type { FileToPublish, PublicationSet } from '../ports/store.ts';
import { folderPathOf } from './complete.ts';
import { attempt, type Folders } from './open-folder.ts';
import { Refusal } from './write-problems.ts';

export interface FollowUp {
  /** Index of the set it belongs to. */
  readonly of: number;
  readonly set: PublicationSet;
}

/** The copies that are not on the mount of their pair, one list per mount. */
export function followUps(writer: FileWriter, folders: Folders, sets: readonly PublicationSet[]): readonly (readonly FollowUp[])[] {
  const byDevice = new Map<bigint, FollowUp[]>();
  for (const [of, set] of sets.entries()) {
    const main = set.files.find(({ copy }) => !copy);
    if (!main || !set.files.some(({ copy }) => copy)) continue;
    const home = deviceOf(writer, folders, main);
    const elsewhere = new Map<bigint, FileToPublish[]>();
    for (const file of set.files.filter(({ copy }) => copy)) {
      const device = deviceOf(writer, folders, file);
      if (device !== undefined && home !== undefined && device !== home) elsewhere.set(device, [...(elsewhere.get(device) ?? []), file]);
    }
    for (const [device, files] of elsewhere)
      byDevice.set(device, [...(byDevice.get(device) ?? []), { of, set: { ...set, files: files.map(asCopy), keep: 0, ledger: null } }]);
  }
  return [...byDevice.values()];
}

export const withoutFollowUps = (sets: readonly PublicationSet[], copies: readonly (readonly FollowUp[])[]): readonly PublicationSet[] =>
  sets.map((set, index) => {
    const later = new Set(
      copies
        .flat()
        .filter(({ of }) => of === index)
        .flatMap((copy) => copy.set.files.map(({ path }) => path)),
    );
    return later.size === 0 ? set : { ...set, files: set.files.filter(({ path }) => !later.has(path)) };
  });

/** The pair that was replaced is the generation; what a copy was beyond that is put aside rather than lost. */
const asCopy = (file: FileToPublish): FileToPublish => ({ ...file, replaced: file.replaced === 'kept' ? 'quarantined' : file.replaced });

/** Undefined where the folder cannot be reached, or is still to be made: then the file stays with its pair, and the problem is met there. */
function deviceOf(writer: FileWriter, folders: Folders, file: FileToPublish): bigint | undefined {
  let device: bigint | undefined;
  try {
    attempt(() => (device = writer.folderStatus(folders.open(folderPathOf(file), [])).device));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  return device;
}
