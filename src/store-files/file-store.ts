import type { Diagnostic } from '../domain/diagnostic.ts';
import type { FileStatus } from '../domain/observed-state.ts';
import { instantOf } from '../domain/time.ts';
import type { FileReader } from '../ports/file-reader.ts';
import type { FileWriter, OpenFolder } from '../ports/file-writer.ts';
import type { Publication, PublicationSet, Settled, Store } from '../ports/store.ts';
import { type Completing, complete, groupsOf, nameOf } from './complete.ts';
import { type FollowUp, followUps, withoutFollowUps } from './copies-elsewhere.ts';
import { nextTransaction } from './journal.ts';
import { type Folders, foldersOf } from './open-folder.ts';
import { mustNotBePending, pendingPaths } from './pending.ts';
import { journalFolder, openStateFolder, type StateFolder } from './state-folder.ts';
import { Transaction } from './transaction.ts';
import { problemWith, Refusal } from './write-problems.ts';

export interface StoreOptions {
  readonly writer: FileWriter;
  readonly reader: FileReader;
  /** The folder that stands for `/`, or empty: links below it are never followed. */
  readonly root: string;
  readonly stateFolder: string;
  readonly settled: Settled;
  /** What does not make a publication fail, and should be known. */
  readonly warn: (diagnostic: Diagnostic) => void;
}

/** What the transactions of one call have in common. */
interface Run extends StoreOptions {
  readonly state: StateFolder;
  readonly folders: Folders;
  /** The names in the journal. */
  readonly records: readonly string[];
}

/**
 * Files on this host, changed by transactions.
 *
 * 1. Everything is staged: complete, on the disk, with owner and mode, beside what it replaces, which gets a second name.
 * 2. The stages are flushed, and the targets looked at once more.
 * 3. A record of the change is made durable: the commit point. Whatever fails before leaves everything as it was; what fails after is completed later.
 * 4. The renames follow one another with no other I/O in between, keys first, and are flushed.
 * 5. What was replaced is put where it is kept, the services that must reload are marked, and then the record goes, and the stages.
 */
export function createFileStore(options: StoreOptions): Store {
  return {
    publish(sets) {
      if (sets.length === 0) return [];
      const { writer, reader, root, stateFolder } = options;
      let state: StateFolder | undefined;
      let records: readonly string[];
      try {
        state = openStateFolder(writer, reader, stateFolder);
        records = writer.list(state.below(journalFolder));
      } catch (error) {
        state?.close();
        const diagnostic = problemWith(error, stateFolder, [nothingTouched]);
        return sets.map(() => ({ result: 'failed', diagnostic: { ...diagnostic, code: 'state-folder' } }));
      }
      const folders = foldersOf(writer, root);
      try {
        const run: Run = { ...options, state, folders, records };
        const copies = followUps(writer, folders, sets);
        const publications = inOneTransaction(run, withoutFollowUps(sets, copies));
        for (const later of copies)
          publishLater(
            run,
            later.filter(({ of }) => publications[of]?.result === 'published'),
          );
        return publications;
      } finally {
        folders.close();
        state.close();
      }
    },
  };
}

const nothingTouched = 'note: the old files, if any, are untouched; nothing half-written remains';

/** What is true of the disk when a change has not come to its commit point. */
const untouchedBut = (left: readonly string[]): string =>
  left.length === 0
    ? nothingTouched
    : `note: the old files, if any, are untouched; what could not be removed is safe to delete: ${left.join(', ')}`;

function publishLater(run: Run, copies: readonly FollowUp[]): void {
  if (copies.length === 0) return;
  const publications = inOneTransaction(
    run,
    copies.map(({ set }) => set),
  );
  for (const [index, publication] of publications.entries())
    if ('diagnostic' in publication)
      run.warn({
        ...publication.diagnostic,
        severity: 'warning',
        notes: [
          ...(publication.diagnostic.notes ?? []),
          `note: ${copies[index]?.set.name} itself is in place; the next apply brings its copy`,
        ],
      });
}

function inOneTransaction(run: Run, sets: readonly PublicationSet[]): readonly Publication[] {
  const { writer, records, warn, folders } = run;
  const leftBehind = (path: string) => warn(stageLeftBehind(path));
  const transaction = new Transaction({ ...run, name: nextTransaction(records, writer.randomName()), leftBehind });
  const results = new Map<PublicationSet, Publication>();
  try {
    const ready = prepare(run, transaction, sets, results);
    if (ready.length > 0) carryThrough(run, transaction, ready, results);
    if (ready.length < sets.length) folders.removeMade();
    return sets.map((set) => results.get(set) as Publication);
  } finally {
    transaction.close();
  }
}

/** Everything up to the commit point. What fails drops out, with its group; returns what is left. */
function prepare(
  { reader, state }: Run,
  transaction: Transaction,
  sets: readonly PublicationSet[],
  results: Map<PublicationSet, Publication>,
): readonly PublicationSet[] {
  const flushed = new Set<OpenFolder>();
  const pending = pendingPaths(reader, state.path);
  const steps: readonly ((set: PublicationSet) => void)[] = [
    (set) => mustNotBePending(pending, set),
    (set) => transaction.stage(set),
    (set) => transaction.flush(set, flushed),
    (set) => transaction.lookAgain(set),
  ];
  let ready = groupsOf(sets);
  for (const step of steps)
    ready = ready.filter((group) => {
      for (const set of group) {
        try {
          transaction.path = set.files[0]?.path ?? '';
          step(set);
        } catch (error) {
          const result = error instanceof Refusal ? 'refused' : 'failed';
          const { path } = transaction;
          const left = group.flatMap((other) => transaction.drop(other));
          for (const other of group) results.set(other, { result: 'held-back', because: set.name });
          results.set(set, { result, diagnostic: problemWith(error, path, [untouchedBut(left)]) });
          return false;
        }
      }
      return true;
    });
  const left = new Set(ready.flat());
  return sets.filter((set) => left.has(set));
}

function carryThrough(
  { writer, reader, root, settled, warn, state }: Run,
  transaction: Transaction,
  sets: readonly PublicationSet[],
  results: Map<PublicationSet, Publication>,
): void {
  const committed = transaction.commit(sets);
  if ('error' in committed) {
    const note = committed.takenBack
      ? untouchedBut(transaction.removeStages())
      : 'note: the old files, if any, are in place; whether the change is recorded cannot be told: the next apply or renew finds out and completes it if it is';
    const diagnostic = problemWith(committed.error, transaction.path, [note]);
    for (const set of sets) results.set(set, { result: 'failed', diagnostic });
    return;
  }
  const work: Completing = { writer, reader, state, root, settled, siteOf: (file) => transaction.siteOf(file) };
  const { finished, unfinished, recordLeft } = complete(work, committed.record, isPlaced(transaction, sets));
  for (const [index, set] of committed.record.sets.entries()) {
    const diagnostic = unfinished.get(set);
    const statuses = diagnostic ? undefined : statusesOf(work, set.files);
    results.set(
      sets[index] as PublicationSet,
      diagnostic ? { result: 'failed', diagnostic } : { result: 'published', statuses: statuses ?? new Map() },
    );
  }
  if (recordLeft && finished.length > 0) warn(recordStays(state.path));
}

/** If a rename fails, what is there decides how to go on. */
function isPlaced(transaction: Transaction, sets: readonly PublicationSet[]): boolean {
  try {
    transaction.place(sets);
    return true;
  } catch (error) {
    problemWith(error, transaction.path, []);
    return false;
  }
}

function statusesOf(
  { writer, siteOf }: Completing,
  files: readonly Parameters<Completing['siteOf']>[0][],
): ReadonlyMap<string, FileStatus> {
  const statuses = new Map<string, FileStatus>();
  for (const file of files) {
    const found = writer.entry(siteOf(file).folder, nameOf(file));
    if (!found) continue; // somebody has removed it again: the next look will say so
    const { type: _, changedAt, ...status } = found;
    statuses.set(file.path, { ...status, changedAt: instantOf(changedAt) });
  }
  return statuses;
}

const stageLeftBehind = (path: string): Diagnostic => ({
  code: 'stage-left-behind',
  severity: 'warning',
  message: `${path} was left behind by another certstate, more than an hour ago`,
  hint: 'if no other machine or state directory writes into this folder any more, remove it; it may hold private keys',
});

const recordStays = (statePath: string): Diagnostic => ({
  code: 'change-unfinished',
  severity: 'warning',
  message: `the change is in place, but its record in ${statePath}/${journalFolder} could not be removed`,
  hint: 'the next apply or renew removes it; services may be reloaded once more than needed',
});
