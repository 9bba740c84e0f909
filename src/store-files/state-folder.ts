/**
 * The state directory as the commit protocol sees it, ours alone:
 *
 *     state-id                        random, made once: whose stages and records these are
 *     journal/<transaction>.json      changes that are committed and not yet finished
 *     generations/<kind>/<name>/<n>/  what was replaced
 *     quarantine/                     what was broken, or is not ours to judge; never deleted
 *     ledger.jsonl                    what was put in place, line by line
 */
import type { FileReader } from '../ports/file-reader.ts';
import type { FileWriter, OpenFolder } from '../ports/file-writer.ts';
import { replaceDurably } from './durable-file.ts';
import { type Folders, foldersOf, makeUnlessThere } from './open-folder.ts';
import { Refusal } from './write-problems.ts';

export const journalFolder = 'journal';
export const generationsFolder = 'generations';
export const quarantineFolder = 'quarantine';
export const ledgerName = 'ledger.jsonl';
const idName = 'state-id';

export interface StateFolder {
  readonly path: string;
  /** 16 hex digits. */
  readonly id: string;
  readonly own: OpenFolder;
  /** A folder below, made 0700 where it is not there, its name flushed. */
  below(...names: readonly string[]): OpenFolder;
  close(): void;
}

/** Opens the state directory, made where it is not there (0700). Throws `Refusal` (`state-folder`) or a `FileSystemError`. */
export function openStateFolder(writer: FileWriter, reader: FileReader, path: string): StateFolder {
  const folders = foldersOf(writer, '');
  const opened = new Map<string, OpenFolder>();
  const below = (...names: readonly string[]): OpenFolder => {
    const key = names.join('/');
    const known = opened.get(key);
    if (known) return known;
    const parent = names.length === 1 ? own : below(...names.slice(0, -1));
    const folder = openOrMake(writer, parent, names.at(-1) as string);
    opened.set(key, folder);
    return folder;
  };
  const close = (): void => {
    for (const folder of [...opened.values()].toReversed()) writer.closeFolder(folder);
    folders.close();
  };
  let own: OpenFolder;
  try {
    own = openOwn(writer, folders, path);
    opened.set('', own);
    const id = readId(writer, reader, own) ?? makeId(writer, own);
    return { path, id, own, below, close };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * Makes the state directory where it is not there, and refuses one that cannot be ours. Others may do the same at this moment: there is no lock before there is
 * a folder for it. The identity is therefore made later, by whoever has the lock. Throws as `openStateFolder`.
 */
export function ensureStateFolder(writer: FileWriter, reader: FileReader, path: string): void {
  const folders = foldersOf(writer, '');
  let own: OpenFolder | undefined;
  try {
    own = openOwn(writer, folders, path);
    readId(writer, reader, own);
  } finally {
    if (own) writer.closeFolder(own);
    folders.close();
  }
}

function openOwn(writer: FileWriter, folders: Folders, path: string): OpenFolder {
  const cut = path.lastIndexOf('/');
  const above = path.slice(0, cut) || '/';
  return openOrMake(writer, folders.open(above, prefixesOf(above)), path.slice(cut + 1));
}

function openOrMake(writer: FileWriter, parent: OpenFolder, name: string): OpenFolder {
  if (writer.entry(parent, name) === undefined) {
    makeUnlessThere(writer, parent, name, 0o700);
    writer.syncFolder(parent);
  }
  const folder = writer.openFolder(parent, name);
  const { uid, mode } = writer.folderStatus(folder);
  // Whoever can write here can have us put files in place: nobody else may.
  if (uid === writer.userId() && (mode & 0o022) === 0) return folder;
  writer.closeFolder(folder);
  throw new Refusal(
    'state-folder',
    uid === writer.userId() ? `${folder.path} can be written by others` : `${folder.path} belongs to another user, with the number ${uid}`,
    `let it belong to the user that runs certstate, with mode 0700, or name another with --state-dir`,
  );
}

/** Every folder on the way, outermost first. */
const prefixesOf = (path: string): readonly string[] =>
  path
    .split('/')
    .filter((part) => part !== '')
    .map((_, index, parts) => `/${parts.slice(0, index + 1).join('/')}`);

function readId(writer: FileWriter, reader: FileReader, own: OpenFolder): string | undefined {
  const reading = reader.read(writer.pathIn(own, idName), { maxBytes: 1024 });
  if (reading.state === 'absent') return undefined;
  const id = reading.state === 'read' ? Buffer.from(reading.bytes).toString('latin1').trim() : '';
  if (/^[0-9a-f]{16}$/.test(id)) return id;
  throw new Refusal(
    'state-folder',
    `${own.path}/${idName} does not hold the identity of this state directory`,
    'it is 16 hexadecimal digits: take it from a backup; else look for folders named .certstate-* beside your certificates, then move it away',
  );
}

/** The identity of a state directory; undefined where it has none yet, or none that can be read. */
export function stateIdIn(reader: FileReader, path: string): string | undefined {
  const reading = reader.read(`${path}/${idName}`, { maxBytes: 1024 });
  const id = reading.state === 'read' ? Buffer.from(reading.bytes).toString('latin1').trim() : '';
  return /^[0-9a-f]{16}$/.test(id) ? id : undefined;
}

function makeId(writer: FileWriter, own: OpenFolder): string {
  const id = writer.randomName();
  replaceDurably(writer, own, idName, Buffer.from(`${id}\n`, 'latin1'));
  return id;
}
