import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import process from 'node:process';
import type { Entry, FileWriter, OpenFolder } from '../ports/file-writer.ts';

const { O_APPEND, O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = fs.constants;
/** open(2): a descriptor to pass through a folder that may be entered but not listed. Node does not name it; Linux gives it this number. */
const O_PATH = 0o10000000;

/**
 * The real disk. Node has no `openat`; `/proc/self/fd/N/name` does the same: it stays in the folder that was opened, even after somebody has put
 * a link in the place of its path (measured for open, rename, link, mkdir, unlink, rmdir).
 *
 * Throws ENOTSUP where /proc is not mounted: without it a folder swapped for a link would lead root's writes elsewhere.
 */
export function nodeFileWriter(): FileWriter {
  const at = (folder: OpenFolder, name: string) => `/proc/self/fd/${folder.descriptor}/${checkedName(name)}`;
  return {
    openRoot() {
      const descriptor = fs.openSync('/', O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      if (isSameFolder(descriptor)) return { descriptor, path: '/' };
      fs.closeSync(descriptor);
      throw Object.assign(new Error('ENOTSUP: /proc is not mounted'), { code: 'ENOTSUP' });
    },
    openFolder(parent, name) {
      const descriptor = openFolderAt(at(parent, name));
      return { descriptor, path: parent.path === '/' ? `/${name}` : `${parent.path}/${name}` };
    },
    randomName: () => randomBytes(8).toString('hex'),
    userId: () => process.geteuid?.() ?? 0,
    closeFolder: (folder) => fs.closeSync(folder.descriptor),
    folderStatus: (folder) => entryOf(fs.fstatSync(folder.descriptor, { bigint: true })),
    pathIn: at,
    entry(folder, name) {
      const found = fs.lstatSync(at(folder, name), { bigint: true, throwIfNoEntry: false });
      return found && entryOf(found);
    },
    list: (folder) => fs.readdirSync(`/proc/self/fd/${folder.descriptor}/.`),
    readLink: (folder, name) => fs.readlinkSync(at(folder, name)),
    makeFolder(parent, name, mode) {
      // mkdir passes its mode through the umask, and a folder made with 000 could not even be opened to mend it.
      const umask = process.umask(0);
      try {
        fs.mkdirSync(at(parent, name), mode);
      } finally {
        process.umask(umask);
      }
    },
    removeFolder: (parent, name) => fs.rmdirSync(at(parent, name)),
    createFile: (folder, name) => ({ descriptor: fs.openSync(at(folder, name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600) }),
    openExisting: (folder, name) => ({ descriptor: fs.openSync(at(folder, name), O_WRONLY | O_NOFOLLOW | O_NONBLOCK) }),
    appendTo: (folder, name) => ({
      descriptor: fs.openSync(at(folder, name), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600),
    }),
    write: (file, bytes, offset) => fs.writeSync(file.descriptor, bytes, offset, bytes.length - offset),
    setOwner: (file, uid, gid) => fs.fchownSync(file.descriptor, uid, gid),
    setMode: (file, mode) => fs.fchmodSync(file.descriptor, mode),
    syncFile: (file) => fs.fsyncSync(file.descriptor),
    closeFile: (file) => fs.closeSync(file.descriptor),
    rename: (from, fromName, to, toName) => fs.renameSync(at(from, fromName), at(to, toName)),
    link: (from, fromName, to, toName) => fs.linkSync(at(from, fromName), at(to, toName)),
    removeFile: (folder, name) => fs.unlinkSync(at(folder, name)),
    syncFolder: (folder) => fs.fsyncSync(folder.descriptor),
  };
}

/** One component, nothing that leads anywhere: a caller that passes more has a bug. */
function checkedName(name: string): string {
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name))
    throw new RangeError(`not the name of a file: ${JSON.stringify(name)}`);
  return name;
}

function openFolderAt(path: string): number {
  try {
    return fs.openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    return fs.openSync(path, O_PATH | O_DIRECTORY | O_NOFOLLOW);
  }
}

function isSameFolder(descriptor: number): boolean {
  const opened = fs.fstatSync(descriptor, { bigint: true });
  const found = fs.statSync(`/proc/self/fd/${descriptor}/.`, { bigint: true, throwIfNoEntry: false });
  return found !== undefined && found.ino === opened.ino && found.dev === opened.dev;
}

const entryOf = (found: fs.BigIntStats): Entry => ({
  type: found.isFile() ? 'file' : found.isDirectory() ? 'folder' : found.isSymbolicLink() ? 'link' : 'other',
  mode: Number(found.mode & 0o7777n),
  uid: Number(found.uid),
  gid: Number(found.gid),
  links: Number(found.nlink),
  size: Number(found.size),
  inode: found.ino,
  device: found.dev,
  changedAt: Number(found.ctimeNs / 1_000_000_000n),
});
