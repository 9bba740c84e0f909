/** What the state directory remembers. Losing it loses no certificate; empty records only make a plan more careful. */
import type { DifferenceCode } from './codes.ts';
import type { Holds } from './hold.ts';
import type { Address } from './names.ts';
import type { Instant } from './time.ts';

export interface ManifestEntry {
  readonly address: Address;
  /** The `-f` arguments it was read from: it is an orphan only when those are read again, in full. */
  readonly source: readonly string[];
  readonly paths: readonly string[];
  /** Public-key hash of what we last published or found in order. */
  readonly spkiSha256: string | null;
  /** Hash of the content of each path as we wrote it; in records that came with an inventory, `asFound` or `changedSince` instead. */
  readonly written: Readonly<Record<string, string>>;
  /** Hash over the meaning of the desired resource when it was last applied: tells a changed YAML from a changed disk. */
  readonly desired: string;
  readonly protect: boolean;
  /** The differences because of which it was last issued: found again on what we wrote then, issuing once more would not help either. */
  readonly issuedFor?: readonly DifferenceCode[] | undefined;
  readonly appliedAt: Instant;
}

/** In records that travel: the file was as we wrote it, or was not. Hashes of files with keys stay where they are. */
export const asFound = 'as-found';
export const changedSince = 'changed-since';

export interface Records {
  readonly manifest: ReadonlyMap<Address, ManifestEntry>;
  /** The latest instant at which we issued something: a clock behind it is wrong. */
  readonly highWater: Instant | null;
  /** What somebody wants left alone for now. Absent: nothing. */
  readonly holds?: Holds | undefined;
}

export const noRecords: Records = { manifest: new Map(), highWater: null };
