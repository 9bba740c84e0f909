/** From a committed record to a finished change: by what is there, so that it may be done again from any point. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import { encodeLedgerLine } from '../formats/ledger.ts';
import type { FileReader } from '../ports/file-reader.ts';
import type { FileWriter, OpenFolder } from '../ports/file-writer.ts';
import type { Settled } from '../ports/store.ts';
import { sha256Of } from './durable-file.ts';
import { retire } from './generations.ts';
import { type JournalFile, type JournalRecord, type JournalSet, recordName, removeRecord, writeRecord } from './journal.ts';
import { maxBytes } from './keep-predecessor.ts';
import { appendToLedger } from './ledger-file.ts';
import { attempt } from './open-folder.ts';
import { removeStage, type Stage } from './stage.ts';
import { journalFolder, ledgerName, type StateFolder } from './state-folder.ts';
import { Refusal, unfinishedProblem } from './write-problems.ts';

/** Where a file of a record belongs, and where it waits; no stage where that is gone. */
export interface Site {
  readonly folder: OpenFolder;
  readonly stage: Stage | undefined;
}

export interface Completing {
  readonly writer: FileWriter;
  readonly reader: FileReader;
  readonly state: StateFolder;
  readonly settled: Settled;
  readonly root: string;
  /** Throws `Refusal` or a `FileSystemError` where its folder cannot be reached. */
  readonly siteOf: (file: JournalFile) => Site;
}

export interface Completion {
  readonly finished: readonly JournalSet[];
  readonly unfinished: ReadonlyMap<JournalSet, Diagnostic>;
  /** The change is whole, but its record could not be removed: it will be completed once more. */
  readonly recordLeft: boolean;
}

/**
 * Renames what has not got its name yet (unless the caller has just done that), flushes, retires what was replaced, writes the ledger, lets the services be
 * marked and what is put back be held, and only then removes the record. A set, with its group, that cannot be finished stays in the record, and so does its stage.
 */
export function complete(work: Completing, record: JournalRecord, placed: boolean): Completion {
  const unfinished = new Map<JournalSet, Diagnostic>();
  const step = (sets: readonly JournalSet[], body: (at: (path: string) => void) => void): void => {
    if (sets.length === 0) return;
    let path = sets[0]?.files[0]?.path ?? work.state.path;
    try {
      body((reached) => (path = reached));
    } catch (error) {
      const place = `${work.state.path}/${journalFolder}/${recordName(record.transaction)}`;
      for (const set of sets) unfinished.set(set, unfinishedProblem(error, set.name, path, place));
    }
  };
  const remaining = () => record.sets.filter((set) => !unfinished.has(set));

  if (!placed) for (const sets of groupsOf(record.sets)) step(sets, (at) => place(work, sets, at));
  for (const [folder, sets] of byFolder(work, remaining()))
    step(sets, (at) => {
      at(folder.folder.path);
      if (folder.stage) work.writer.syncFolder(folder.stage.folder);
      work.writer.syncFolder(folder.folder);
    });
  const stageOf = (file: JournalFile) => work.siteOf(file).stage?.folder;
  for (const set of remaining()) step([set], () => retire({ ...work, record, stageOf }, set));
  step(remaining(), (at) => {
    at(`${work.state.path}/${ledgerName}`);
    const lines = remaining().flatMap(({ ledger }) => (ledger ? [encodeLedgerLine(ledger, record.transaction)] : []));
    // Whoever completes a change may come upon a line that a crash has torn.
    appendToLedger(work.writer, work.state, lines, { mayBeTorn: !placed });
    at(work.state.path);
    work.settled(remaining().map(({ name, services, hold }) => ({ name, services, hold })));
  });
  return close(work, record, unfinished);
}

/** Sets that go together, in the order of the record. */
export function groupsOf<Set extends { readonly group: string | null }>(sets: readonly Set[]): readonly (readonly Set[])[] {
  const groups = new Map<unknown, Set[]>();
  for (const set of sets) {
    const known = groups.get(set.group ?? set);
    if (known) known.push(set);
    else groups.set(set.group ?? set, [set]);
  }
  return [...groups.values()];
}

/** Nothing is renamed before every file of the group is known to be old or new: whoever wrote after us is not overwritten, not even in part. */
function place({ writer, reader, siteOf }: Completing, sets: readonly JournalSet[], at: (path: string) => void): void {
  const waiting = sets.flatMap(({ files }) =>
    files.filter((file) => {
      at(file.path);
      return isWaiting(writer, reader, file, siteOf(file));
    }),
  );
  for (const file of waiting) {
    at(file.path);
    const { folder, stage } = siteOf(file);
    writer.rename((stage as Stage).folder, file.staged, folder, nameOf(file));
  }
}

/** Whether a file still has to get its name. Throws where what is there is neither what was replaced nor what replaces it. */
function isWaiting(writer: FileWriter, reader: FileReader, file: JournalFile, { folder, stage }: Site): boolean {
  const there = hashAt(reader, writer.pathIn(folder, nameOf(file)));
  const staged = stage && writer.entry(stage.folder, file.staged) ? hashAt(reader, writer.pathIn(stage.folder, file.staged)) : null;
  if (staged === null && there === file.after) return false;
  if (staged === file.after && (there === file.before || there === file.after)) return true;
  const what =
    staged === null
      ? 'what was to be put there is gone'
      : staged !== file.after
        ? 'what was to be put there is damaged'
        : 'somebody else has written it since';
  throw new Refusal(
    'commit-conflict',
    `${file.path} cannot be brought to the end of its change: ${what}`,
    'look at the file and at the stage beside it, and keep what is right',
    ['note: nothing was overwritten; the stage and the record stay'],
  );
}

/** Null where nothing is; what cannot be read has no hash that anything could be equal to. */
function hashAt(reader: FileReader, path: string): string | null {
  const reading = reader.read(path, { maxBytes });
  if (reading.state !== 'read') return reading.state === 'absent' ? null : 'unreadable';
  const hash = sha256Of(reading.bytes);
  reading.bytes.fill(0);
  return hash;
}

export const folderPathOf = ({ path }: { readonly path: string }): string => path.slice(0, path.lastIndexOf('/')) || '/';
export const nameOf = ({ path }: { readonly path: string }): string => path.slice(path.lastIndexOf('/') + 1);

function byFolder({ siteOf }: Completing, sets: readonly JournalSet[]): ReadonlyMap<Site, readonly JournalSet[]> {
  const folders = new Map<Site, JournalSet[]>();
  for (const set of sets)
    for (const site of new Set(set.files.map(siteOf))) {
      const known = folders.get(site);
      if (known) known.push(set);
      else folders.set(site, [set]);
    }
  return folders;
}

function close({ writer, state, siteOf }: Completing, record: JournalRecord, unfinished: ReadonlyMap<JournalSet, Diagnostic>): Completion {
  const finished = record.sets.filter((set) => !unfinished.has(set));
  const pending = [...unfinished.keys()];
  const journal = state.below(journalFolder);
  const closed = attempt(() => {
    if (pending.length === 0) removeRecord(writer, journal, record.transaction);
    else if (finished.length > 0) writeRecord(writer, journal, { ...record, sets: pending });
  });
  const foldersInUse = new Set(pending.flatMap(({ files }) => files.map(folderPathOf)));
  const sites = new Set(finished.flatMap(({ files }) => files.filter((file) => !foldersInUse.has(folderPathOf(file))).map(siteOf)));
  for (const { stage } of sites) if (stage) attempt(() => removeStage(writer, stage, writer.list(stage.folder)));
  return { finished, unfinished, recordLeft: !closed && pending.length === 0 };
}
