/**
 * Changing the disk, in steps of about one system call each, so that a file system in memory can stand behind the same port and fail, or lose
 * power, at every one of them. Synchronous: the order of the calls of a commit must not depend on a thread pool.
 *
 * Every call throws a `FileSystemError` when the system refuses it. Nothing here retries, and nothing follows a link in the last component.
 */

/** What the system said, in its own word (`ENOSPC`); the message never holds content. */
export interface FileSystemError extends Error {
  readonly code: string;
}

export const isFileSystemError = (error: unknown): error is FileSystemError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code);

/** An open folder. Whatever happens to its path, names are looked up in the folder that was opened. */
export interface OpenFolder {
  readonly descriptor: number;
  /** As it was reached: for messages only. */
  readonly path: string;
}

/** A file that is being written. */
export interface OpenFile {
  readonly descriptor: number;
}

export interface Entry {
  readonly type: 'file' | 'folder' | 'link' | 'other';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly links: number;
  readonly size: number;
  readonly inode: bigint;
  readonly device: bigint;
  /** Seconds since 1970, whole. */
  readonly changedAt: number;
}

export interface FileWriter {
  /** 64 random bits in hex: a name that nobody can have planted. */
  randomName(): string;
  /** Who we are: the effective user id. */
  userId(): number;
  /** Opens `/`. */
  openRoot(): OpenFolder;
  /** Opens a folder in a folder (`O_DIRECTORY|O_NOFOLLOW`): ENOTDIR or ELOOP where the name is a link or no folder, ENOENT where it is absent. */
  openFolder(parent: OpenFolder, name: string): OpenFolder;
  closeFolder(folder: OpenFolder): void;
  /** The status of an open folder itself. */
  folderStatus(folder: OpenFolder): Entry;
  /** A path that leads to `name` in this very folder even if the folder's own path leads elsewhere by now; for the `FileReader`. */
  pathIn(folder: OpenFolder, name: string): string;
  /** The status of a name, links not followed; undefined where there is none. */
  entry(folder: OpenFolder, name: string): Entry | undefined;
  /** The names in an open folder, in no order. */
  list(folder: OpenFolder): readonly string[];
  readLink(folder: OpenFolder, name: string): string;
  /** Makes a folder with these permission bits, whatever the umask. EEXIST where the name is taken, be it by a link. */
  makeFolder(parent: OpenFolder, name: string, mode: number): void;
  removeFolder(parent: OpenFolder, name: string): void;
  /** Makes an empty file for writing (`O_WRONLY|O_CREAT|O_EXCL|O_NOFOLLOW`, 0600): EEXIST where the name is taken, be it by a link. */
  createFile(folder: OpenFolder, name: string): OpenFile;
  /** Opens a file that is there for writing, without changing it (`O_WRONLY|O_NOFOLLOW|O_NONBLOCK`): EPERM where it is immutable or append-only. */
  openExisting(folder: OpenFolder, name: string): OpenFile;
  /** Opens a file for writing at its end, made 0600 where it is not there; no link is followed. */
  appendTo(folder: OpenFolder, name: string): OpenFile;
  /** Writes the bytes from `offset` on, after what was written before; returns how many bytes the system took, which may be fewer. */
  write(file: OpenFile, bytes: Uint8Array, offset: number): number;
  setOwner(file: OpenFile | OpenFolder, uid: number, gid: number): void;
  setMode(file: OpenFile | OpenFolder, mode: number): void;
  /** After it returns, content and attributes survive a loss of power. After an error the pages may be lost for good: never retry on this file. */
  syncFile(file: OpenFile): void;
  closeFile(file: OpenFile): void;
  /** Replaces what `toName` is, a link itself rather than its target. Atomic for everybody who looks. */
  rename(from: OpenFolder, fromName: string, to: OpenFolder, toName: string): void;
  /** A second name for the same file. */
  link(from: OpenFolder, fromName: string, to: OpenFolder, toName: string): void;
  removeFile(folder: OpenFolder, name: string): void;
  /** After it returns, the names in this folder survive a loss of power. */
  syncFolder(folder: OpenFolder): void;
}
