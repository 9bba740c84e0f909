import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Hold } from '../domain/hold.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import type { FileStatus } from '../domain/observed-state.ts';
import type { Precondition, ServiceReload } from '../domain/plan.ts';

/** What becomes of the file that is replaced: a generation to go back to, something broken that is put aside, or nothing worth keeping. */
export type Replaced = 'kept' | 'quarantined' | 'dropped';

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
  readonly replaced: Replaced;
  /** One of the copies of a pair: on another mount than the first file it goes in a transaction of its own, after the pair. */
  readonly copy: boolean;
}

/** A service that reads what was published. What it is told comes from the desired state of the day, never from here. */
export type ServiceMark = Pick<ServiceReload, 'service' | 'when'>;

/** What belongs to one resource: put in place whole, or not at all. */
export interface PublicationSet {
  /** Its address: where its generations are kept, and what messages call it. */
  readonly name: string;
  /** In the order in which they get their names: keys first. */
  readonly files: readonly FileToPublish[];
  /** How many replaced generations are kept. */
  readonly keep: number;
  /** Sets of the same group go together or not at all. */
  readonly group: string | null;
  readonly services: readonly ServiceMark[];
  /** What is held from then on, so that no timer undoes it. */
  readonly hold?: Hold | undefined;
  readonly ledger: LedgerEntry | null;
}

/** A set whose files are in place for good. */
export type SettledSet = Pick<PublicationSet, 'name' | 'services' | 'hold'>;

/**
 * Called when the files of these sets survive a loss of power, and before their change counts as finished. Whoever must reload is marked durably here, and what
 * is put back is held; once more where a change is completed once more.
 */
export type Settled = (sets: readonly SettledSet[]) => void;

export type Publication =
  | { readonly result: 'published'; readonly statuses: ReadonlyMap<string, FileStatus> }
  /** `refused`: the disk is not what it must be. `failed`: the system said no. Untouched, unless the diagnostic says that the change is committed. */
  | { readonly result: 'refused' | 'failed'; readonly diagnostic: Diagnostic }
  /** Untouched, because another set of its group could not be published. */
  | { readonly result: 'held-back'; readonly because: string };

/** Where the material of a resource lives. A pair of files today; a kubeconfig or a Secret tomorrow. */
export interface Store {
  /**
   * Puts sets in place in one transaction; one answer for each, in their order. A set (or group) that cannot be published drops out and the
   * others go on. After `published` each path holds its bytes even if power is lost; a process that dies on the way leaves each set as it was
   * or a record from which the next one completes it.
   */
  publish(sets: readonly PublicationSet[]): readonly Publication[];
}
