import type { FileStatus } from '../domain/observed-state.ts';

/** What tells a file from what it was at an earlier look, without opening it. */
export interface Glimpse {
  readonly status: FileStatus;
  /** When the content and the status last changed, in nanoseconds by the clock of the file system. */
  readonly modifiedAt: bigint;
  readonly changedAt: bigint;
}

/** The status of a regular file, a final link not followed unless asked; undefined for anything else, and for what cannot be looked at. */
export type FileGlance = (path: string, options: { readonly followLinks?: boolean }) => Glimpse | undefined;
