/**
 * What *is* on disk, as facts. Each path was read once; nothing secret is in here,
 * so an observed state may be printed, stored and sent.
 */
import type { ObservedNames } from './alternative-names.ts';
import type { CertificateProblemCode, ReadProblem } from './codes.ts';
import type { KeyFacts, PublicKeyFacts } from './keys.ts';
import type { Address } from './names.ts';
import type { Served } from './served.ts';
import type { PendingService } from './service-outcome.ts';
import type { Subject } from './subject.ts';
import type { Instant } from './time.ts';
import type { Usage } from './usages.ts';

/** `NameConstraints` of the desired state, and the kinds of name for which the YAML has no word. IP ranges as CIDR text. */
export interface ObservedNameConstraints {
  readonly permitted: ObservedNames;
  readonly excluded: ObservedNames;
}

export interface CertificateFacts {
  /** SHA-256 of the DER, lower-case hex. */
  readonly sha256: string;
  readonly der: Uint8Array;
  readonly version: number;
  /** Lower-case hex of the INTEGER's magnitude, `-` in front if negative, `0` for zero. */
  readonly serial: string;
  readonly subject: Subject;
  readonly issuer: Subject;
  /** Lower-case hex of the DER of the names: names are compared as they are encoded. */
  readonly subjectDer: string;
  readonly issuerDer: string;
  /** NaN where the date does not parse: compare through `plan/validity.ts`, never with `<`. */
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly names: ObservedNames;
  readonly usages: readonly Usage[];
  /** Extended key usages without a word of ours, as OIDs. */
  readonly otherUsages: readonly string[];
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength?: number | undefined } | undefined;
  readonly nameConstraints?: ObservedNameConstraints | undefined;
  readonly publicKey: PublicKeyFacts;
  /** `sha256WithRSAEncryption`, or the OID where it is unknown. */
  readonly signatureAlgorithm: string;
  /** Lower-case hex. */
  readonly subjectKeyIdentifier?: string | undefined;
  readonly authorityKeyIdentifier?: string | undefined;
  /** What a strict validator rejects, or no operator wants; findings, in code order. */
  readonly problems: readonly CertificateProblem[];
}

export interface CertificateProblem {
  readonly code: CertificateProblemCode;
  /** The fact behind it, for the sentence: `serial 0`, `sha1WithRSAEncryption`. */
  readonly detail: string;
}

export interface FileStatus {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly links: number;
  readonly size: number;
  readonly inode: bigint;
  readonly device: bigint;
  /** When the status last changed: chmod and chown move it, mtime they do not. */
  readonly changedAt: Instant;
}

/** The parts of a PEM file, in the order of the file. */
export interface FileContent {
  readonly certificates: readonly CertificateFacts[];
  readonly keys: readonly KeyFacts[];
}

export type ObservedFile =
  /** Certainly absent (ENOENT). `missingFrom` is the first folder on the way that is not there, if one is not. */
  | { readonly state: 'absent'; readonly path: string; readonly missingFrom?: string | undefined }
  /** Something is there, or may be there, that we could not or would not read. Never absent. */
  | {
      readonly state: 'unreadable';
      readonly path: string;
      readonly problem: ReadProblem;
      readonly cause: string;
      readonly status?: FileStatus | undefined;
      readonly sha256?: string | undefined;
    }
  | {
      readonly state: 'read';
      readonly path: string;
      /** Of the content; absent for a file with a key that was read from an inventory. */
      readonly sha256?: string | undefined;
      readonly status: FileStatus;
      readonly content: FileContent;
    };

/** Why nothing may be written into a folder, if something speaks against it. */
export interface ObservedFolder {
  readonly path: string;
  readonly state: 'usable' | 'absent' | 'unsafe' | 'not-a-directory' | 'unreadable';
  /** For `unsafe`: the ancestor that others can write, and who. */
  readonly cause?: string | undefined;
  readonly ancestor?: string | undefined;
}

/** A user that a service runs as, and where it comes to. */
export interface ServiceUser {
  readonly uid: number;
  /** All of its groups. */
  readonly gids: readonly number[];
  /** Folders, among those that the files of its certificates lie in and above, that it may not enter. */
  readonly closedFolders: readonly string[];
}

export interface ObservedState {
  readonly files: ReadonlyMap<string, ObservedFile>;
  readonly folders: ReadonlyMap<string, ObservedFolder>;
  /** By address of a resource whose certificate was read: the public-key hash of the issuer's certificate that verifies its signature; null where none of them does. */
  readonly signedBy: ReadonlyMap<Address, string | null>;
  /** The same for copies whose certificate is another than the one above, by the hash of that certificate. A copy that is not in here was not verified. */
  readonly copiesSignedBy?: ReadonlyMap<string, string | null> | undefined;
  /**
   * By address of an authority whose provided certificate was read: the public-key hash that verifies its signature, its own for a root, else one of its
   * issuer's (on disk, or provided too); null where none does. One that is not in here has nothing to be verified with.
   */
  readonly providedSignedBy?: ReadonlyMap<Address, string | null> | undefined;
  /** Numeric ids of the names that the desired state uses; undefined where the host has no such name. */
  readonly users: ReadonlyMap<string, number | undefined>;
  readonly groups: ReadonlyMap<string, number | undefined>;
  /** Names of ids, for showing: `0` → `root`. */
  readonly userNames: ReadonlyMap<number, string>;
  readonly groupNames: ReadonlyMap<number, string>;
  /** Folders named by `mount` that are mount points now. */
  readonly mounted: ReadonlySet<string>;
  /** By address of a certificate with a probe: what was seen there. Absent where nobody looked: under another root, or because it was left out. */
  readonly served?: ReadonlyMap<Address, Served> | undefined;
  /** Services that have still to be told of what is on disk, as the state directory remembers them. */
  readonly pendingServices?: readonly PendingService[] | undefined;
  /** By name of the user that a service runs as: what counts for its permissions; undefined where the host has no such user. */
  readonly serviceUsers?: ReadonlyMap<string, ServiceUser | undefined> | undefined;
  /** Names of accounts of which an inventory says nothing: the host may have them. */
  readonly unknownAccounts?: { readonly users: ReadonlySet<string>; readonly groups: ReadonlySet<string> } | undefined;
  /** Who we are: what an omitted owner or group means when creating. */
  readonly process: { readonly uid: number; readonly gid: number };
}

/** What lies beside the managed files, and is named by nobody. Keys are told by their names: only one that everybody can read is opened. */
export type UnmanagedFile =
  | { readonly kind: 'certificate'; readonly path: string; readonly certificate: CertificateFacts }
  | { readonly kind: 'key'; readonly path: string; readonly exposedMode?: number | undefined };
