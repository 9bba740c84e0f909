import type { Diagnostic } from '../domain/diagnostic.ts';
import type { FileStatus } from '../domain/observed-state.ts';
import type { Precondition } from '../domain/plan.ts';

/** One file to be put in place, whole. */
export interface FileToPublish {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Folders to create on the way (0755), outermost first. */
  readonly newFolders: readonly string[];
  /** What must still be there when it is replaced; the publication is refused otherwise. */
  readonly expected: Precondition;
}

export type Publication =
  | { readonly result: 'published'; readonly statuses: ReadonlyMap<string, FileStatus> }
  | { readonly result: 'refused' | 'failed'; readonly diagnostic: Diagnostic };

/** Where the material of a resource lives. A pair of files today; a kubeconfig or a Secret tomorrow. */
export interface Store {
  /**
   * Puts all files of one resource in place, in the order given: callers put keys first. Each file is replaced durably: beside, exclusively created, all bytes, owner, mode,
   * fsync, rename, fsync of the folder. After `published` each path holds its bytes even if power is lost; after `refused` nothing was touched.
   */
  publish(files: readonly FileToPublish[]): Publication;
  /** For many publications: what they can share is set up once, and taken away when the body has ended, however it ends. */
  inBatch<Value>(body: () => Promise<Value>): Promise<Value>;
}
