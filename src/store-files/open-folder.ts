import { type FileWriter, isFileSystemError, type OpenFolder } from '../ports/file-writer.ts';
import { Refusal } from './write-problems.ts';

/** As many as Linux follows on the way to a file (path_resolution(7)). */
const maxLinks = 40;

interface Step {
  readonly name: string;
  /** The path so far in the words of the desired state; undefined for what a link brought in. */
  readonly asked?: string | undefined;
}

/** The folders of one publication: each opened once, those that had to be made remembered, all closed at the end. */
export interface Folders {
  open(path: string, newFolders: readonly string[]): OpenFolder;
  /** Takes away the folders that were made, as far as they are empty. */
  removeMade(): void;
  close(): void;
}

/**
 * Folders are reached one component at a time without following links, so that nobody who may write on the way can lead us elsewhere.
 * Below a `root` other than `/` no link is passed at all; the way to it is the caller's own. On the host itself a link is passed where it belongs to
 * root or to us, in a folder that nobody else can change.
 * Throws `Refusal` or a `FileSystemError`.
 */
export function foldersOf(writer: FileWriter, root: string): Folders {
  const opened: OpenFolder[] = [];
  const made: { readonly parent: OpenFolder; readonly name: string }[] = [];
  const known = new Map<string, OpenFolder>();

  const keep = (folder: OpenFolder): OpenFolder => {
    opened.push(folder);
    return folder;
  };

  const make = (parent: OpenFolder, name: string): OpenFolder => {
    const isNew = makeUnlessThere(writer, parent, name, 0o755);
    const folder = keep(writer.openFolder(parent, name));
    if (!isNew) return folder;
    made.push({ parent, name });
    writer.setMode(folder, 0o755);
    writer.syncFolder(parent);
    return folder;
  };

  const step = (parent: OpenFolder, { name, asked }: Step, newFolders: readonly string[]): OpenFolder | readonly Step[] => {
    try {
      return keep(writer.openFolder(parent, name));
    } catch (error) {
      if (!isFileSystemError(error)) throw error;
      if (error.code === 'ENOENT' && asked !== undefined && newFolders.includes(asked)) return make(parent, name);
      if (error.code === 'ENOENT')
        throw new Refusal(
          'changed-since-plan',
          `the folder ${join(parent, name)} is gone`,
          'plan again: the disk has changed since the plan was made',
        );
      if (error.code !== 'ENOTDIR' && error.code !== 'ELOOP') throw error;
      return behindLink(writer, parent, name, trustOf(asked, root));
    }
  };

  const walk = (steps: readonly Step[], newFolders: readonly string[]): OpenFolder => {
    let current = keep(writer.openRoot());
    const ahead = [...steps];
    for (let links = 0; ahead.length > 0; ) {
      const next = ahead.shift() as Step;
      if (next.name === '..') {
        current = walk(stepsOf(current.path).slice(0, -1), []);
        continue;
      }
      const found = step(current, next, newFolders);
      if (!isSteps(found)) {
        current = found;
        continue;
      }
      links += 1;
      if (links > maxLinks) throw Object.assign(new Error('ELOOP'), { code: 'ELOOP' });
      if (found[0]?.name === '') current = keep(writer.openRoot());
      ahead.unshift(...found.filter(({ name }) => name !== '' && name !== '.'));
    }
    return current;
  };

  return {
    open(path, newFolders) {
      const folder = known.get(path) ?? walk(stepsOf(path), newFolders);
      known.set(path, folder);
      return folder;
    },
    removeMade() {
      for (const { parent, name } of made.toReversed()) attempt(() => writer.removeFolder(parent, name));
    },
    close() {
      for (const folder of opened.toReversed()) attempt(() => writer.closeFolder(folder));
    },
  };
}

/** False where somebody was faster: what is there then is judged like any other. */
export function makeUnlessThere(writer: FileWriter, parent: OpenFolder, name: string, mode: number): boolean {
  try {
    writer.makeFolder(parent, name, mode);
    return true;
  } catch (error) {
    if (isFileSystemError(error) && error.code === 'EEXIST') return false;
    throw error;
  }
}

const isSteps = (found: OpenFolder | readonly Step[]): found is readonly Step[] => Array.isArray(found);

function stepsOf(path: string): readonly Step[] {
  const names = path.split('/').filter((name) => name !== '');
  return names.map((name, index) => ({ name, asked: `/${names.slice(0, index + 1).join('/')}` }));
}

/** Whether the links met on the way are to be followed. */
type Trust = 'always' | 'never' | 'if-ours';

function trustOf(asked: string | undefined, root: string): Trust {
  if (root === '' || root === '/') return 'if-ours';
  return asked !== undefined && !asked.startsWith(`${root}/`) ? 'always' : 'never';
}

/** Where a link leads; its first step is empty if it leads there from `/`. */
function behindLink(writer: FileWriter, parent: OpenFolder, name: string, trust: Trust): readonly Step[] {
  const path = join(parent, name);
  const found = writer.entry(parent, name);
  if (found?.type !== 'link')
    throw new Refusal('folder-not-usable', `${path} is not a folder`, 'move it away, or correct the path in the desired state');
  const target = writer.readLink(parent, name);
  if (trust === 'never' || (trust === 'if-ours' && !(isOurs(writer, found.uid) && onlyWeCanChange(writer, parent)))) {
    throw new Refusal(
      'symlink',
      `${path} is a symbolic link to ${target}, and nothing is written through it`,
      'name the folder it leads to in the desired state, or replace the link by a folder',
    );
  }
  return target.split('/').map((part) => ({ name: part, asked: trust === 'always' ? '' : undefined }));
}

const isOurs = (writer: FileWriter, uid: number): boolean => uid === 0 || uid === writer.userId();

/** Root's or ours, and not writable by others; in a sticky folder nobody else can replace our link either. */
function onlyWeCanChange(writer: FileWriter, folder: OpenFolder): boolean {
  const self = writer.folderStatus(folder);
  return isOurs(writer, self.uid) && ((self.mode & 0o022) === 0 || (self.mode & 0o1000) !== 0);
}

const join = (parent: OpenFolder, name: string): string => (parent.path === '/' ? `/${name}` : `${parent.path}/${name}`);

/** Tidying up must not hide what went wrong before it. */
export function attempt(tidy: () => void): boolean {
  try {
    tidy();
    return true;
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    return false;
  }
}
