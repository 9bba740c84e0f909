/** One change of many files, from the first staged byte to the commit point. What happens after it is in `complete.ts`. */
import type { FileReader } from '../ports/file-reader.ts';
import type { FileWriter, OpenFolder } from '../ports/file-writer.ts';
import type { FileToPublish, PublicationSet } from '../ports/store.ts';
import { mustBeAsExpected } from './compare-expected.ts';
import { folderPathOf, nameOf, type Site } from './complete.ts';
import { createDurably, sha256Of } from './durable-file.ts';
import { nextGeneration } from './generations.ts';
import { type JournalFile, type JournalRecord, type JournalSet, recordName, removeRecord, writeRecord } from './journal.ts';
import { keepPredecessor, maxBytes } from './keep-predecessor.ts';
import { attempt, type Folders } from './open-folder.ts';
import { guardAgainstOthers, makeStage, removeStage, type Stage, stageName } from './stage.ts';
import { journalFolder, type StateFolder } from './state-folder.ts';
import { Refusal } from './write-problems.ts';

/** One file on its way. */
interface Move {
  readonly file: FileToPublish;
  readonly site: Site & { readonly stage: Stage };
  readonly staged: string;
  /** Where its predecessor is kept, and the inode that it was; undefined where there was none. */
  readonly predecessor: { readonly name: string; readonly inode: bigint } | undefined;
  /** What was there at the last look. */
  before: string | null;
}

export interface TransactionContext {
  readonly writer: FileWriter;
  readonly reader: FileReader;
  readonly state: StateFolder;
  readonly folders: Folders;
  readonly name: string;
  /** Told of each stage that somebody else left behind. */
  readonly leftBehind: (path: string) => void;
}

export class Transaction {
  readonly #context: TransactionContext;
  readonly #sites = new Map<string, Site & { readonly stage: Stage }>();
  readonly #moves = new Map<PublicationSet, Move[]>();
  #count = 0;
  /** What was being worked on, for the message. */
  path = '';

  constructor(context: TransactionContext) {
    this.#context = context;
  }

  /** All of a set, complete and flushed, beside what it replaces; which gets a second name. Throws `Refusal` or a `FileSystemError`. */
  stage(set: PublicationSet): void {
    const { writer, reader } = this.#context;
    const moves: Move[] = [];
    this.#moves.set(set, moves);
    for (const file of set.files) {
      this.path = file.path;
      const site = this.#siteFor(file);
      const name = nameOf(file);
      this.#count += 1;
      // With the name of its target, as far as that fits: recovery, and an operator, can see what it was.
      const staged = Buffer.byteLength(name) <= 200 ? `${this.#count}-${name}` : `${this.#count}`;
      const kept = `old-${staged}`;
      const move: Move = { file, site, staged, predecessor: undefined, before: null };
      moves.push(move);
      createDurably(writer, site.stage.folder, staged, file);
      const found = keepPredecessor(writer, reader, { folder: site.folder, name, stage: site.stage, kept });
      if (found) moves[moves.length - 1] = { ...move, predecessor: { name: kept, inode: found.inode } };
    }
  }

  /** The names in the stages, and of the stages: a durable record must not name what is not there. */
  flush(set: PublicationSet, flushed: Set<OpenFolder>): void {
    for (const { site, file } of this.#movesOf(set)) {
      this.path = file.path;
      for (const folder of [site.stage.folder, site.folder]) {
        if (flushed.has(folder)) continue;
        this.#context.writer.syncFolder(folder);
        flushed.add(folder);
      }
    }
  }

  /** The last look: the targets must still be what the plan saw, and the very files whose second names we hold. */
  lookAgain(set: PublicationSet): void {
    const { writer, reader } = this.#context;
    for (const move of this.#movesOf(set)) {
      const { file, site, predecessor } = move;
      this.path = file.path;
      const seen = mustBeAsExpected(reader.read(writer.pathIn(site.folder, nameOf(file)), { maxBytes }), file.path, file.expected);
      if ((seen.state === 'read' ? seen.status.inode : undefined) !== predecessor?.inode)
        throw new Refusal(
          'changed-since-plan',
          `${file.path} was replaced while its successor was being written`,
          'plan again and look at what differs now',
        );
      if (seen.state === 'absent') continue;
      move.before = sha256Of(seen.bytes);
      seen.bytes.fill(0); // it may have been a key
    }
  }

  /**
   * The commit point. If the record cannot be made durable it is taken back, and nothing has changed; if even that cannot be made sure, the stages are left
   * so that the record, should it turn up again, can be completed: then false is returned along with the error.
   */
  commit(sets: readonly PublicationSet[]): { readonly record: JournalRecord } | { readonly error: unknown; readonly takenBack: boolean } {
    const { writer, state, name } = this.#context;
    const record: JournalRecord = { stateId: state.id, transaction: name, sets: sets.map((set) => this.#journalSet(set)) };
    this.path = `${state.path}/${journalFolder}/${recordName(name)}`;
    const journal = state.below(journalFolder);
    try {
      writeRecord(writer, journal, record);
      return { record };
    } catch (error) {
      const takenBack = writer.entry(journal, recordName(name)) === undefined || attempt(() => removeRecord(writer, journal, name));
      return { error, takenBack };
    }
  }

  /** Adjacent, with no other I/O in between: a reader of a pair has the smallest window there can be. */
  place(sets: readonly PublicationSet[]): void {
    const { writer } = this.#context;
    for (const { file, site, staged } of sets.flatMap((set) => this.#movesOf(set))) {
      this.path = file.path;
      writer.rename(site.stage.folder, staged, site.folder, nameOf(file));
    }
  }

  siteOf(file: { readonly path: string }): Site {
    const site = this.#sites.get(folderPathOf(file));
    if (!site) throw new Error(`${file.path} is in no folder of this transaction`);
    return site;
  }

  /**
   * Takes a set out before the commit point, with what it has staged: its room on a full disk is for the others. A stage in which nothing else waits goes too,
   * so that whoever comes next to its folder looks for others there again. Returns the stages that could not be removed.
   */
  drop(set: PublicationSet): readonly string[] {
    for (const { site, staged, predecessor } of this.#movesOf(set))
      for (const name of [staged, ...(predecessor ? [predecessor.name] : [`old-${staged}`])])
        attempt(() => this.#context.writer.removeFile(site.stage.folder, name));
    this.#moves.delete(set);
    const used = new Set([...this.#moves.values()].flatMap((moves) => moves.map(({ site }) => site.stage)));
    return this.#remove((stage) => !used.has(stage));
  }

  /** Removes every stage, instead of the commit point. Returns those that could not be removed. */
  removeStages(): readonly string[] {
    return this.#remove(() => true);
  }

  #remove(which: (stage: Stage) => boolean): readonly string[] {
    const { writer } = this.#context;
    const left: string[] = [];
    for (const stage of new Set([...this.#sites.values()].map((site) => site.stage).filter(which))) {
      let names: readonly string[] = [];
      attempt(() => (names = writer.list(stage.folder)));
      if (!removeStage(writer, stage, names)) left.push(stage.folder.path);
      attempt(() => writer.closeFolder(stage.folder));
    }
    for (const [path, { stage }] of [...this.#sites]) if (which(stage)) this.#sites.delete(path);
    return left;
  }

  close(): void {
    for (const { stage } of new Set(this.#sites.values())) attempt(() => this.#context.writer.closeFolder(stage.folder));
  }

  #movesOf(set: PublicationSet): readonly Move[] {
    return this.#moves.get(set) ?? [];
  }

  /** One stage per folder, by whatever path the folder was reached. */
  #siteFor(file: FileToPublish): Site & { readonly stage: Stage } {
    const { writer, folders, state, name, leftBehind } = this.#context;
    const path = folderPathOf(file);
    const known = this.#sites.get(path);
    if (known) return known;
    const folder = folders.open(path, file.newFolders);
    const { device, inode } = writer.folderStatus(folder);
    const same = [...this.#sites.values()].find(({ stage }) => stage.device === device && stage.inode === inode);
    const site = same ?? { folder, stage: makeStage(writer, folder, stageName(state.id, name)) };
    this.#sites.set(path, site);
    if (!same) for (const left of guardAgainstOthers(writer, site.stage, state.id)) leftBehind(left);
    return site;
  }

  #journalSet(set: PublicationSet): JournalSet {
    const { reader, state } = this.#context;
    const files = this.#movesOf(set).map(
      ({ file: { path, bytes, mode, uid, gid, replaced }, staged, predecessor, before }): JournalFile => ({
        path,
        staged,
        kept: predecessor?.name ?? null,
        before,
        after: sha256Of(bytes),
        mode,
        uid,
        gid,
        replaced,
      }),
    );
    const retires = files.some(({ before, after, replaced }) => before !== null && before !== after && replaced === 'kept');
    const { name, group, keep, services, hold, ledger } = set;
    const generation = retires ? nextGeneration(reader, state.path, name) : null;
    return { name, group, keep, services, ...(hold && { hold }), ledger, files, generation };
  }
}
