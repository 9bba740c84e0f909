/**
 * What a plan needs to know of a host, as public facts: what was seen of its disk, its accounts and its records at one time.
 * From it, a plan is made without the host's files, and is the plan that the host itself would make.
 */
import type { Diagnostic } from './diagnostic.ts';
import type { LookedFile } from './looked-file.ts';
import type { Address } from './names.ts';
import type { ServiceUser } from './observed-state.ts';
import type { Records } from './records.ts';
import type { Served } from './served.ts';
import type { PendingService } from './service-outcome.ts';
import type { Instant } from './time.ts';

/** One path as it was seen. */
export interface InventoryFile {
  readonly path: string;
  /** Links not followed. */
  readonly seen: LookedFile;
  /** Where a link stands and was followed (`manage: observe`): what it leads to. */
  readonly followed?: LookedFile | undefined;
}

export interface InventoryFolder {
  readonly path: string;
  readonly state: 'present' | 'absent' | 'not-a-directory' | 'symlink' | 'unreadable';
  /** For `present`. */
  readonly mode?: number | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** For `unreadable`. */
  readonly cause?: string | undefined;
  /** Where it leads, for links and for the root; null: nowhere. */
  readonly realPath?: string | null | undefined;
  /** Whether it is a mount point; absent where nobody asked. */
  readonly mount?: boolean | undefined;
  /** All names in it, sorted: what is not among them is certainly absent. Absent where they were not listed, or are too many. */
  readonly names?: readonly string[] | undefined;
}

export interface InventoryHost {
  readonly name: string;
  /** Empty for `/`, as in `Scope`. */
  readonly root: string;
  readonly stateFolder: string;
  readonly uid: number;
  readonly gid: number;
}

export interface Inventory {
  readonly host: InventoryHost;
  readonly takenAt: Instant;
  /** The `-f` arguments that were read there. */
  readonly from: readonly string[];
  readonly files: readonly InventoryFile[];
  readonly folders: readonly InventoryFolder[];
  readonly users: ReadonlyMap<string, number | undefined>;
  readonly groups: ReadonlyMap<string, number | undefined>;
  readonly userNames: ReadonlyMap<number, string>;
  readonly groupNames: ReadonlyMap<number, string>;
  /** Without hashes: `written` says `asFound` for a file that is as it was written, and `changedSince` for any other. */
  readonly records: Records;
  /** What services were seen to serve. */
  readonly served: ReadonlyMap<Address, Served>;
  /** Services that have still to be told, and those that were told in vain. */
  readonly pendingServices: readonly PendingService[];
  /** What the users of services may come to there. */
  readonly serviceUsers: ReadonlyMap<string, ServiceUser | undefined>;
  /** What that host had to say of itself: an interrupted change, services that have still to be told. */
  readonly warnings: readonly Diagnostic[];
}
