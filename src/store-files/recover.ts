/** The first thing a command does that writes: bring what was interrupted to its end. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { FileReader } from '../ports/file-reader.ts';
import type { FileWriter } from '../ports/file-writer.ts';
import type { Settled } from '../ports/store.ts';
import { type Completing, complete, folderPathOf, type Site } from './complete.ts';
import { unfinishedSuffix } from './durable-file.ts';
import { type JournalFile, type JournalRecord, type JournalSet, readRecord, recordName, recordNames, writeRecord } from './journal.ts';
import { attempt, foldersOf } from './open-folder.ts';
import { openStage, stageName } from './stage.ts';
import { journalFolder, openStateFolder, quarantineFolder, type StateFolder } from './state-folder.ts';
import { sweepStages } from './sweep-stages.ts';
import { problemWith } from './write-problems.ts';

export interface RecoveryOptions {
  readonly writer: FileWriter;
  readonly reader: FileReader;
  readonly root: string;
  readonly stateFolder: string;
  /** What the desired state (or the manifest) names: a record is never a way to have anything else written. */
  readonly allowed: ReadonlySet<string>;
  readonly settled: Settled;
}

export interface RecoveredChange {
  readonly transaction: string;
  /** The resources that are now as their change wanted them. */
  readonly resources: readonly string[];
}

export interface Recovery {
  readonly completed: readonly RecoveredChange[];
  /** Stages that a run left before its commit point, removed. */
  readonly removedStages: readonly string[];
  /** What could not be completed, and what was put aside. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Completes every committed change, oldest first, puts aside records that cannot be used, and removes stages that belong to no record.
 * Repeating it changes nothing. What cannot be completed blocks only the paths that it names.
 */
export function recover(options: RecoveryOptions): Recovery {
  const { writer, reader, stateFolder } = options;
  const nothing: Recovery = { completed: [], removedStages: [], diagnostics: [] };
  if (reader.folder(stateFolder).state === 'absent') return nothing;
  let state: StateFolder | undefined;
  try {
    state = openStateFolder(writer, reader, stateFolder);
    return new RecoveryRun(options, state).all();
  } catch (error) {
    return { ...nothing, diagnostics: [{ ...problemWith(error, stateFolder, []), code: 'state-folder' }] };
  } finally {
    state?.close();
  }
}

class RecoveryRun {
  readonly #options: RecoveryOptions;
  readonly #state: StateFolder;
  readonly #diagnostics: Diagnostic[] = [];
  readonly #completed: RecoveredChange[] = [];
  /** Transactions whose stages are still wanted. */
  readonly #wanted = new Set<string>();

  constructor(options: RecoveryOptions, state: StateFolder) {
    this.#options = options;
    this.#state = state;
  }

  all(): Recovery {
    const { writer } = this.#options;
    const journal = this.#state.below(journalFolder);
    const names = writer.list(journal);
    for (const name of names) if (name.endsWith(unfinishedSuffix)) attempt(() => writer.removeFile(journal, name));
    for (const name of recordNames(names)) this.#guarded(name, () => this.#record(name));
    for (const name of this.#quarantined()) this.#wanted.add(name);
    const swept = sweepStages({ ...this.#options, state: this.#state, wanted: this.#wanted });
    return { completed: this.#completed, removedStages: swept.removed, diagnostics: [...this.#diagnostics, ...swept.diagnostics] };
  }

  /** One record that cannot be handled must not keep the others from being completed. */
  #guarded(name: string, body: () => void): void {
    try {
      body();
    } catch (error) {
      this.#wanted.add(name.slice(0, -'.json'.length));
      this.#diagnostics.push(problemWith(error, `${this.#state.path}/${journalFolder}/${name}`, []));
    }
  }

  #record(name: string): void {
    const { reader, allowed } = this.#options;
    const decoded = readRecord(reader, `${this.#state.path}/${journalFolder}/${name}`);
    const foreign = decoded.ok ? decoded.record.sets.filter(({ files }) => files.some(({ path }) => !allowed.has(path))) : [];
    const fault = decoded.ok ? this.#faultOf(decoded.record, name, foreign) : decoded.cause;
    if (fault !== undefined) this.#putAside(name, fault, decoded.ok ? decoded.record.transaction : undefined);
    if (fault !== undefined || !decoded.ok) return;
    const { record } = decoded;
    if (foreign.length > 0) this.#splitOff(record, foreign);
    this.#complete({ ...record, sets: record.sets.filter((set) => !foreign.includes(set)) });
  }

  /** Why a record is not for us to carry out. */
  #faultOf(record: JournalRecord, name: string, foreign: readonly JournalSet[]): string | undefined {
    if (recordName(record.transaction) !== name) return 'it was written under another name';
    if (record.stateId !== this.#state.id) return 'it was written by another state directory';
    return foreign.length === record.sets.length ? namesOthers(foreign, this.#options.allowed) : undefined;
  }

  #complete(record: JournalRecord): void {
    const { writer, reader, root, settled } = this.#options;
    const folders = foldersOf(writer, root);
    const sites = new Map<string, Site>();
    const siteOf = (file: Pick<JournalFile, 'path'>): Site => {
      const path = folderPathOf(file);
      const known = sites.get(path);
      if (known) return known;
      const folder = folders.open(path, []);
      const { device, inode } = writer.folderStatus(folder);
      const same = [...sites.values()].find(({ stage }) => stage?.device === device && stage.inode === inode);
      const site = same ?? { folder, stage: openStage(writer, folder, stageName(record.stateId, record.transaction)) };
      sites.set(path, site);
      return site;
    };
    const work: Completing = { writer, reader, state: this.#state, root, settled, siteOf };
    try {
      const { finished, unfinished, recordLeft } = complete(work, record, false);
      if (unfinished.size > 0 || recordLeft) this.#wanted.add(record.transaction);
      this.#diagnostics.push(...new Set(unfinished.values()));
      if (finished.length > 0) this.#completed.push({ transaction: record.transaction, resources: finished.map(({ name }) => name) });
    } finally {
      for (const { stage } of new Set(sites.values())) if (stage) attempt(() => writer.closeFolder(stage.folder));
      folders.close();
    }
  }

  /** What no command may write is taken out of the record, and kept where a person can look at it. */
  #splitOff(record: JournalRecord, foreign: readonly JournalSet[]): void {
    const { writer, allowed } = this.#options;
    writeRecord(writer, this.#state.below(quarantineFolder), { ...record, sets: foreign });
    writeRecord(writer, this.#state.below(journalFolder), { ...record, sets: record.sets.filter((set) => !foreign.includes(set)) });
    this.#diagnostics.push(
      putAside(`${this.#state.path}/${quarantineFolder}/${recordName(record.transaction)}`, namesOthers(foreign, allowed)),
    );
  }

  /** Under the name of its transaction, if it has a good one: its stages are then known by it. */
  #putAside(name: string, cause: string, transaction: string | undefined): void {
    const { writer } = this.#options;
    const [journal, quarantine] = [this.#state.below(journalFolder), this.#state.below(quarantineFolder)];
    const wanted = transaction !== undefined && /^\d{8}-[0-9a-f]{16}$/.test(transaction) ? recordName(transaction) : name;
    const free = writer.entry(quarantine, wanted) === undefined ? wanted : `${writer.randomName()}-${wanted}`;
    writer.rename(journal, name, quarantine, free);
    writer.syncFolder(quarantine);
    writer.syncFolder(journal);
    this.#diagnostics.push(putAside(`${this.#state.path}/${quarantineFolder}/${free}`, cause));
  }

  /** Transactions of records that were put aside, in this run or an earlier one: only a person can say whether their stages are worth something. */
  #quarantined(): readonly string[] {
    const path = `${this.#state.path}/${quarantineFolder}`;
    return recordNames(this.#options.reader.list(path) ?? []).flatMap((name) =>
      [name, name.slice(17)].map((one) => one.slice(0, -'.json'.length)),
    );
  }
}

function namesOthers(sets: readonly JournalSet[], allowed: ReadonlySet<string>): string {
  const path = sets.flatMap(({ files }) => files).find((file) => !allowed.has(file.path))?.path;
  return `it names ${path}, which the desired state does not`;
}

const putAside = (path: string, cause: string): Diagnostic => ({
  code: 'journal-unusable',
  severity: 'warning',
  message: `the record of an interrupted change was put aside, as ${path}`,
  hint: 'look at the files it names and at the folders called .certstate-* beside them: both are as the interruption left them',
  notes: [`cause: ${cause}`],
});
