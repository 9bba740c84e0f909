import type { FileStatus } from '../domain/observed-state.ts';
import { instantOf } from '../domain/time.ts';
import type { FileReader } from '../ports/file-reader.ts';
import type { FileWriter, OpenFolder } from '../ports/file-writer.ts';
import type { FileToPublish, Publication, Store } from '../ports/store.ts';
import { mustBeAsExpected } from './compare-expected.ts';
import { attempt, type Folders, foldersOf } from './open-folder.ts';
import { type KeptStages, releaseStage, type Stage, stageFile, takeStage } from './stage.ts';
import { Refusal, writeProblem } from './write-problems.ts';

/** Larger than anything we write, records of many thousand resources included. */
const maxBytes = 64 * 1024 * 1024;

/** One file on its way: where it goes, where it waits, and where its predecessor is kept until all of its siblings are in place. */
interface Move {
  readonly file: FileToPublish;
  readonly folder: OpenFolder;
  readonly name: string;
  readonly stage: Stage;
  readonly staged: string;
  readonly kept: string;
  hasPredecessor: boolean;
  placed: boolean;
}

/**
 * Files on this host, each replaced durably.
 *
 * 1. Everything is staged first: complete, on the disk, with owner and mode.
 * 2. The targets must still be what the plan saw.
 * 3. The renames follow one another with no other I/O in between, in the order given: a reader of a pair has the smallest window there can be.
 * 4. The folders are flushed, then the stages go.
 *
 * Until the last rename every error puts back what was there. `root` is the folder that stands for `/`, or empty; links below it are never followed.
 */
export function createFileStore(writer: FileWriter, reader: FileReader, root = ''): Store {
  let kept: KeptStages | undefined;
  return {
    publish(files) {
      if (files.length === 0) return { result: 'published', statuses: new Map() };
      const publication = new FilePublication(writer, reader, foldersOf(writer, root), kept);
      try {
        publication.stage(files);
        publication.place();
        return publication.flush();
      } catch (error) {
        return publication.giveUp(error);
      } finally {
        publication.close();
      }
    },
    async inBatch(body) {
      kept = new Map();
      try {
        return await body();
      } finally {
        removeKept(writer, root, kept);
        kept = undefined;
      }
    },
  };
}

function removeKept(writer: FileWriter, root: string, kept: KeptStages): void {
  for (const [path, name] of kept) {
    const folders = foldersOf(writer, root);
    try {
      attempt(() => writer.removeFolder(folders.open(path, []), name));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error; // the folder is gone or was swapped, and the stage with it
    } finally {
      folders.close();
    }
  }
}

class FilePublication {
  readonly #writer: FileWriter;
  readonly #reader: FileReader;
  readonly #folders: Folders;
  readonly #kept: KeptStages | undefined;
  readonly #stages = new Map<OpenFolder, Stage>();
  readonly #moves: Move[] = [];
  /** What was being worked on, for the message. */
  #path = '';

  constructor(writer: FileWriter, reader: FileReader, folders: Folders, kept: KeptStages | undefined) {
    this.#writer = writer;
    this.#reader = reader;
    this.#folders = folders;
    this.#kept = kept;
  }

  stage(files: readonly FileToPublish[]): void {
    for (const [index, file] of files.entries()) {
      this.#path = file.path;
      const cut = file.path.lastIndexOf('/');
      const folder = this.#folders.open(file.path.slice(0, cut) || '/', file.newFolders);
      const stage = this.#stageIn(folder);
      const move: Move = {
        file,
        folder,
        name: file.path.slice(cut + 1),
        stage,
        staged: `${index}`,
        kept: `old-${index}`,
        hasPredecessor: false,
        placed: false,
      };
      this.#moves.push(move);
      stageFile(this.#writer, stage, move.staged, file);
    }
    for (const move of this.#moves) this.#keepPredecessor(move);
  }

  #stageIn(folder: OpenFolder): Stage {
    const stage = this.#stages.get(folder) ?? takeStage(this.#writer, folder, this.#kept);
    this.#stages.set(folder, stage);
    return stage;
  }

  /** The last look at the target. With siblings, what is there gets a second name, so that it can be put back if a sibling's rename fails. */
  #keepPredecessor(move: Move): void {
    const { file, folder, name, stage, kept } = move;
    this.#path = file.path;
    const seen = mustBeAsExpected(this.#reader.read(this.#writer.pathIn(folder, name), { maxBytes }), file.path, file.expected);
    if (seen.state === 'absent') return;
    move.hasPredecessor = this.#moves.length > 1;
    // A file of somebody else's may not be linked (fs.protected_hardlinks), and some file systems have no links: then a copy.
    if (move.hasPredecessor && !attempt(() => this.#writer.link(folder, name, stage.folder, kept))) {
      stageFile(this.#writer, stage, kept, { bytes: seen.bytes, ...seen.status });
    }
    seen.bytes.fill(0); // it may have been a key
  }

  place(): void {
    for (const move of this.#moves) {
      this.#path = move.file.path;
      this.#writer.rename(move.stage.folder, move.staged, move.folder, move.name);
      move.placed = true;
    }
  }

  /** The predecessors stay until the new names are on the disk: whatever happens before, one of the two is there. */
  flush(): Publication {
    const flushed: OpenFolder[] = [];
    for (const { folder, file } of this.#moves) {
      if (flushed.includes(folder)) continue;
      this.#path = file.path;
      this.#writer.syncFolder(folder);
      flushed.push(folder);
    }
    for (const stage of this.#stages.values()) this.#release(stage, this.#kept);
    return { result: 'published', statuses: new Map(this.#moves.map((move) => [move.file.path, this.#statusOf(move)])) };
  }

  #statusOf({ folder, name, file }: Move): FileStatus {
    this.#path = file.path;
    const found = this.#writer.entry(folder, name);
    if (!found) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    const { type: _, changedAt, ...status } = found;
    return { ...status, changedAt: instantOf(changedAt) };
  }

  giveUp(error: unknown): Publication {
    const complete = this.#moves.length > 0 && this.#moves.every(({ placed }) => placed);
    const stuck = complete ? [] : this.#moves.toReversed().filter((move) => move.placed && !this.#putBack(move));
    const wanted = stuck.map(({ stage }) => stage);
    const left = [...this.#stages.values()].filter((stage) => !wanted.includes(stage) && !this.#release(stage));
    const notes = [
      ...stuck.map(
        ({ file, stage, kept }) => `${file.path} is new and could not be put back; what it replaced is ${stage.folder.path}/${kept}`,
      ),
      ...(stuck.length > 0 ? [] : [complete ? mayBeLost : untouched(left)]),
    ];
    if (!complete) this.#folders.removeMade();
    if (error instanceof Refusal) return { result: 'refused', diagnostic: { ...error.diagnostic, notes } };
    return { result: 'failed', diagnostic: writeProblem(error, this.#path, notes) };
  }

  #putBack({ stage, folder, name, kept, hasPredecessor }: Move): boolean {
    return attempt(() => (hasPredecessor ? this.#writer.rename(stage.folder, kept, folder, name) : this.#writer.removeFile(folder, name)));
  }

  #release(stage: Stage, kept?: KeptStages): boolean {
    this.#stages.delete(stage.parent);
    const ofStage = this.#moves.filter((move) => move.stage === stage);
    const names = ofStage.flatMap((move) => [...(move.placed ? [] : [move.staged]), ...(move.hasPredecessor ? [move.kept] : [])]);
    return releaseStage(this.#writer, stage, names, kept);
  }

  close(): void {
    for (const stage of this.#stages.values()) attempt(() => this.#writer.closeFolder(stage.folder));
    this.#folders.close();
  }
}

const mayBeLost = 'the new files are in place, but they may not survive a loss of power';
const untouched = (left: readonly Stage[]): string =>
  left.length === 0
    ? 'the old files, if any, are untouched; nothing half-written remains'
    : `the old files, if any, are untouched; what could not be removed is safe to delete: ${left.map(({ folder }) => folder.path).join(', ')}`;
