/** What a change replaced: kept per resource, the newest ones, so that a pair can be put back and no key is lost. */
import type { FileReader } from '../ports/file-reader.ts';
import { type FileWriter, isFileSystemError, type OpenFolder } from '../ports/file-writer.ts';
import { replaceDurably, sha256Of } from './durable-file.ts';
import type { JournalFile, JournalRecord, JournalSet } from './journal.ts';
import { copyInto, maxBytes } from './keep-predecessor.ts';
import { attempt } from './open-folder.ts';
import { generationsFolder, quarantineFolder, type StateFolder } from './state-folder.ts';
import { Refusal } from './write-problems.ts';

const contentsName = 'files.json';
const format = 'certstate.generation';

export interface GenerationFile {
  /** Where it stood, and where it is now. */
  readonly path: string;
  readonly keptAt: string;
  readonly sha256: string;
}

export interface Generation {
  readonly number: number;
  /** The transaction that replaced it. */
  readonly transaction: string;
  readonly files: readonly GenerationFile[];
}

const numbersIn = (names: readonly string[]): readonly number[] => names.filter((name) => /^[1-9]\d*$/.test(name)).map(Number);

/** Where generations are kept, and the folder that stands for `/` (empty for `/` itself): their paths are kept without it, so that a root can be moved. */
export interface GenerationPlace {
  readonly stateFolder: string;
  readonly root: string;
}

/** The generations of a resource, newest first. One that is not complete is passed over; one whose list of contents is damaged has no files. */
export function generationsOf(reader: FileReader, { stateFolder, root }: GenerationPlace, address: string): readonly Generation[] {
  const folder = `${stateFolder}/${generationsFolder}/${address}`;
  return numbersIn(reader.list(folder) ?? [])
    .toSorted((left, right) => right - left)
    .flatMap((number) => readGeneration(reader, `${folder}/${number}`, number, root));
}

function readGeneration(reader: FileReader, folder: string, number: number, root: string): readonly Generation[] {
  const reading = reader.read(`${folder}/${contentsName}`, { maxBytes });
  if (reading.state !== 'read') return [];
  try {
    const value = JSON.parse(Buffer.from(reading.bytes).toString('utf8')) as {
      transaction: string;
      files: readonly (GenerationFile & { name: string })[];
    };
    return [
      {
        number,
        transaction: value.transaction,
        files: value.files.map(({ path, name, sha256 }) => ({ path: root + path, sha256, keptAt: `${folder}/${name}` })),
      },
    ];
  } catch {
    return [{ number, transaction: '', files: [] }];
  }
}

export const nextGeneration = (reader: FileReader, stateFolder: string, address: string): number =>
  Math.max(0, ...numbersIn(reader.list(`${stateFolder}/${generationsFolder}/${address}`) ?? [])) + 1;

export interface Retirement {
  readonly writer: FileWriter;
  readonly reader: FileReader;
  readonly state: StateFolder;
  readonly record: JournalRecord;
  readonly root: string;
  /** The stage in which a file's predecessor waits; undefined where it is gone. */
  readonly stageOf: (file: JournalFile) => OpenFolder | undefined;
}

/**
 * Puts the predecessors of a set where they are kept, durably. A second name rather than a move: until the stage is taken away they are in both
 * places, so that no crash can find them in neither. May be repeated at any point. Throws `Refusal` or a `FileSystemError`.
 */
export function retire({ writer, reader, state, record, root, stageOf }: Retirement, set: JournalSet): void {
  const predecessors = set.files.filter(({ before, after }) => before !== null && before !== after);
  const aside = predecessors.filter(({ replaced }) => replaced === 'quarantined');
  if (aside.length > 0) {
    const folder = state.below(quarantineFolder);
    for (const file of aside) put(writer, reader, stageOf(file), file, folder, `${record.transaction}-${file.kept}`);
    writer.syncFolder(folder);
  }
  if (set.generation === null) return;
  const place = state.below(generationsFolder, ...set.name.split('/'));
  const folder = state.below(generationsFolder, ...set.name.split('/'), String(set.generation));
  const files = named(set.files.filter(({ before, replaced }) => before !== null && replaced === 'kept'));
  for (const [name, file] of files) put(writer, reader, stageOf(file), file, folder, name);
  const contents = {
    format,
    address: set.name,
    transaction: record.transaction,
    files: [...files].map(([name, { path, before }]) => ({ path: withoutRoot(path, root), name, sha256: before })),
  };
  replaceDurably(writer, folder, contentsName, Buffer.from(`${JSON.stringify(contents, null, 2)}\n`, 'utf8'));
  writer.syncFolder(place);
  prune(writer, place, set.generation, set.keep);
}

const withoutRoot = (path: string, root: string): string => (path.startsWith(`${root}/`) ? path.slice(root.length) : path);

/** By its own name where it can have it: an operator looks here by hand. */
function named(files: readonly JournalFile[]): ReadonlyMap<string, JournalFile> {
  const names = new Map<string, JournalFile>();
  for (const [index, file] of files.entries()) {
    const own = file.path.slice(file.path.lastIndexOf('/') + 1);
    names.set(names.has(own) || own === contentsName ? `${index}-${own}` : own, file);
  }
  return names;
}

function put(writer: FileWriter, reader: FileReader, stage: OpenFolder | undefined, file: JournalFile, to: OpenFolder, name: string): void {
  const there = reader.read(writer.pathIn(to, name), { maxBytes });
  if (there.state === 'read' && sha256Of(there.bytes) === file.before) return;
  if (!stage || file.kept === null || !writer.entry(stage, file.kept))
    throw new Refusal('commit-conflict', `what ${file.path} replaced is no longer in its stage`, 'look for it in a backup');
  if (there.state !== 'absent') writer.removeFile(to, name);
  try {
    writer.link(stage, file.kept, to, name);
  } catch (error) {
    if (!isFileSystemError(error) || !['EXDEV', 'EPERM', 'EMLINK', 'EOPNOTSUPP', 'ENOTSUP', 'ENOSYS'].includes(error.code)) throw error;
    copyInto(writer, reader, writer.pathIn(stage, file.kept), to, name);
  }
}

/** Those beyond the newest `keep` go. What cannot be removed stays: it is no reason to hold a change up. */
function prune(writer: FileWriter, place: OpenFolder, newest: number, keep: number): void {
  const old = numbersIn(writer.list(place))
    .filter((number) => number <= newest)
    .toSorted((left, right) => right - left);
  for (const number of old.slice(Math.max(1, keep)))
    attempt(() => {
      const folder = writer.openFolder(place, String(number));
      try {
        // The list of contents first: without it the generation no longer counts.
        const names = writer.list(folder).toSorted((left, right) => Number(right === contentsName) - Number(left === contentsName));
        for (const name of names) writer.removeFile(folder, name);
      } finally {
        writer.closeFolder(folder);
      }
      writer.removeFolder(place, String(number));
    });
}
