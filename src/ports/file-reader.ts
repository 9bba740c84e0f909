import type { FileStatus } from '../domain/observed-state.ts';

/** What came of reading one path. Only ENOENT and ENOTDIR-free certainty is `absent`; everything else that is not the content is `refused`. */
export type FileReading =
  | { readonly state: 'absent'; readonly missingFrom?: string | undefined }
  | {
      readonly state: 'refused';
      readonly problem: 'unreadable' | 'symlink' | 'not-regular' | 'too-large';
      readonly cause: string;
      readonly status?: FileStatus | undefined;
    }
  | { readonly state: 'read'; readonly bytes: Uint8Array; readonly status: FileStatus };

export type FolderReading =
  | {
      readonly state: 'present';
      readonly uid: number;
      readonly gid: number;
      readonly mode: number;
      readonly device: bigint;
      readonly inode: bigint;
    }
  | { readonly state: 'absent' }
  | { readonly state: 'not-a-directory' | 'symlink' }
  | { readonly state: 'unreadable'; readonly cause: string };

/** Reading the disk. Synchronous: a read of a small file is cheaper than a turn of the event loop (measured 0.03 ms against 0.1). */
export interface FileReader {
  /**
   * Reads a regular file of at most `maxBytes`, once: opened without blocking and (unless `followLinks`) without following a final link,
   * checked by its descriptor, read in full. Never throws for anything the disk can do.
   * `within` is the folder that stands for `/`: what links among the ancestors lead out of it is refused as `symlink`.
   */
  read(
    path: string,
    options: { readonly maxBytes: number; readonly followLinks?: boolean; readonly within?: string | undefined },
  ): FileReading;
  /** The status of a folder itself, links not followed unless asked. */
  folder(path: string, options?: { readonly followLinks?: boolean }): FolderReading;
  /** Where a path leads once every link on the way is followed; undefined where it leads nowhere, or cannot be told. */
  realPath(path: string): string | undefined;
  /** The names in a folder, sorted; undefined where it cannot be listed. */
  list(path: string): readonly string[] | undefined;
  /** Whether a folder is a mount point, be it of a part of the same file system. */
  isMountPoint(path: string): boolean;
}
