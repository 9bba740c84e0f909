/** Changes that are committed and not finished: what commands that only read can tell of them, and what nobody may change over them. */
import type { FileReader } from '../ports/file-reader.ts';
import type { PublicationSet } from '../ports/store.ts';
import { readRecord, recordName, recordNames } from './journal.ts';
import { transactionOfStage } from './stage.ts';
import { journalFolder, quarantineFolder, stateIdIn } from './state-folder.ts';
import { Refusal } from './write-problems.ts';

export interface InterruptedChange {
  /** The record, in the state directory. */
  readonly record: string;
  /** What it changes; empty where the record cannot be read. */
  readonly resources: readonly string[];
  readonly paths: readonly string[];
  /** Why the record cannot be used, where it cannot. */
  readonly problem: string | undefined;
}

/** What an interrupted run left to be completed, oldest first. Writes nothing. While a run is at work its own change is among them: ask the lock. */
export function interruptedChanges(reader: FileReader, stateFolder: string): readonly InterruptedChange[] {
  const folder = `${stateFolder}/${journalFolder}`;
  return recordNames(reader.list(folder) ?? []).map((name) => {
    const record = `${folder}/${name}`;
    const decoded = readRecord(reader, record);
    if (!decoded.ok) return { record, resources: [], paths: [], problem: decoded.cause };
    const { sets } = decoded.record;
    return {
      record,
      resources: sets.map(({ name }) => name),
      paths: sets.flatMap(({ files }) => files.map(({ path }) => path)),
      problem: undefined,
    };
  });
}

/** Stages of this state directory beside any of these paths, which recovery would remove. A run that is at work has some; where none is, one died before its commit point. */
export function stagesBeside(reader: FileReader, stateFolder: string, paths: Iterable<string>): readonly string[] {
  const id = stateIdIn(reader, stateFolder);
  if (id === undefined) return [];
  const folders = new Set([...paths].map((path) => path.slice(0, path.lastIndexOf('/')) || '/'));
  // What a person has still to judge is left alone by recovery too.
  const quarantined = reader.list(`${stateFolder}/${quarantineFolder}`) ?? [];
  const isOurs = (transaction: string | undefined): boolean =>
    transaction !== undefined && !quarantined.some((name) => name.endsWith(recordName(transaction)));
  return [...folders].flatMap((folder) =>
    (reader.list(folder) ?? []).filter((name) => isOurs(transactionOfStage(name, id))).map((name) => `${folder}/${name}`),
  );
}

/** By path, the record that names it. */
export const pendingPaths = (reader: FileReader, stateFolder: string): ReadonlyMap<string, string> =>
  new Map(interruptedChanges(reader, stateFolder).flatMap(({ record, paths }) => paths.map((path) => [path, record] as const)));

export function mustNotBePending(pending: ReadonlyMap<string, string>, { name, files }: PublicationSet): void {
  const path = files.map((file) => file.path).find((one) => pending.has(one));
  if (path === undefined) return;
  throw new Refusal(
    'change-unfinished',
    `an earlier change of ${path} is committed and not finished, so ${name} cannot be changed now`,
    'see what the earlier one says; once the file and the stage beside it are put right, move its record away and plan again',
    [`note: its record is ${pending.get(path)}`],
  );
}
