/** Six ways in which a commit protocol is got wrong, each put between the protocol and the disk. A simulation that cannot tell them from the real one proves nothing. */
import type { FileWriter, OpenFile, OpenFolder } from '../../src/ports/file-writer.ts';
import type { Mutant } from './crash-simulation.ts';

const inStage = ({ path }: OpenFolder): boolean => path.includes('/.certstate-');
const inState = ({ path }: OpenFolder): boolean => path.startsWith('/state');
const inJournal = ({ path }: OpenFolder): boolean => path.startsWith('/state/journal');

/** The protocol without flushing the folders that `which` names. */
const withoutFolderFlush =
  (which: (folder: OpenFolder) => boolean): Mutant =>
  (writer) => ({
    ...writer,
    syncFolder: (folder) => (which(folder) ? undefined : writer.syncFolder(folder)),
  });

/** The record's own content is not flushed, nor is its name. */
const withoutRecordFlush: Mutant = (writer) => {
  const records = new Set<OpenFile>();
  return {
    ...withoutFolderFlush(inJournal)(writer),
    createFile(folder, name) {
      const file = writer.createFile(folder, name);
      if (inJournal(folder)) records.add(file);
      return file;
    },
    syncFile: (file) => (records.has(file) ? undefined : writer.syncFile(file)),
  };
};

/** After the renames nothing is flushed: success is reported of what may be lost. Before them the folder was flushed for the stage, as it should be. */
const withoutPublishFlush: Mutant = (writer) => {
  let placed = false;
  return {
    ...writer,
    rename(from, fromName, to, toName) {
      placed ||= inStage(from) && !inStage(to);
      writer.rename(from, fromName, to, toName);
    },
    syncFolder: (folder) => (placed && !inState(folder) ? undefined : writer.syncFolder(folder)),
  };
};

/** Certificates get their names before the record exists. */
const certificateBeforeRecord: Mutant = (writer) => {
  const staged: { readonly stage: OpenFolder; readonly name: string; readonly parent: OpenFolder; readonly target: string }[] = [];
  const parents = new Map<OpenFolder, OpenFolder>();
  const early = new Set<string>();
  return {
    ...writer,
    openFolder(parent, name) {
      const folder = writer.openFolder(parent, name);
      parents.set(folder, parent);
      return folder;
    },
    createFile(folder, name) {
      const target = /^\d+-(.+\.crt)$/.exec(name)?.[1];
      const parent = parents.get(folder);
      if (inStage(folder) && parent && target) staged.push({ stage: folder, name, parent, target });
      if (inJournal(folder))
        for (const { stage, name: from, parent: to, target: toName } of staged.splice(0)) {
          writer.rename(stage, from, to, toName);
          early.add(from);
        }
      return writer.createFile(folder, name);
    },
    rename: (from, fromName, to, toName) => (early.has(fromName) ? undefined : writer.rename(from, fromName, to, toName)),
  };
};

/** What the system did not take is believed to be written. */
const withoutLoop: Mutant = (writer): FileWriter => ({
  ...writer,
  write(file, bytes, offset) {
    writer.write(file, bytes, offset);
    return bytes.length - offset;
  },
});

export const mutants: Readonly<Record<string, { readonly mutant?: Mutant; readonly recovers?: false }>> = {
  'the stage is not flushed': { mutant: withoutFolderFlush(inStage) },
  'the record is not flushed': { mutant: withoutRecordFlush },
  'the renames are not flushed': { mutant: withoutPublishFlush },
  'the certificate is renamed before the record is there': { mutant: certificateBeforeRecord },
  'a short write is taken for a whole one': { mutant: withoutLoop },
  'nobody recovers': { recovers: false },
};
