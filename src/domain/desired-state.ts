/**
 * What should be on disk: the YAML after defaults and variables, before any default of ours.
 * A field that the YAML leaves out is absent here too; what that means is decided in the plan.
 */
import type { AlternativeNames } from './alternative-names.ts';
import type { Code } from './codes.ts';
import type { Place } from './diagnostic.ts';
import type { KeyAlgorithm, KeyEncoding, RotationPolicy } from './keys.ts';
import type { Address } from './names.ts';
import type { Subject } from './subject.ts';
import type { Duration, Instant } from './time.ts';
import type { Usage } from './usages.ts';
import type { DesiredGate, DesiredWindow } from './windows.ts';

export type FileRole = 'certificate' | 'privateKey' | 'chain' | 'fullChain' | 'combined';
export const fileRoles: readonly FileRole[] = ['certificate', 'privateKey', 'chain', 'fullChain', 'combined'];
/** Whether the file of this role holds a private key, and so has a key's mode. */
export const holdsPrivateKey = (role: FileRole): boolean => role === 'privateKey' || role === 'combined';

/** One file of a resource; mode, owner and group are the file's own, else the resource's, else the defaults', else absent (open). */
export interface DesiredFile {
  readonly role: FileRole;
  /** Absolute, normalised, `--root` already in front. */
  readonly path: string;
  /** Permission bits, for example 0o600. */
  readonly mode?: number | undefined;
  /** A name, or a number as text. */
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  readonly place: Place;
}

/** A set of files with the same key and certificate. The first set of a resource is the master, the others are its copies. */
export interface FileSet {
  readonly files: readonly DesiredFile[];
  /** Only while this folder is a mount point; else the set is "not here": no drift, no write. */
  readonly mount?: string | undefined;
}

export interface PrivateKeyWish {
  readonly algorithm?: KeyAlgorithm | undefined;
  readonly size?: number | undefined;
  readonly encoding?: KeyEncoding | undefined;
  readonly rotationPolicy?: RotationPolicy | undefined;
}

/** `permittedDNSDomains` and the like, RFC 5280 §4.2.1.10; IP ranges as CIDR text. */
export interface NameConstraints {
  readonly permitted: AlternativeNames;
  readonly excluded: AlternativeNames;
}

export interface AcceptedFinding {
  readonly code: Code;
  readonly reason: string;
  readonly until: Instant;
  readonly place: Place;
}

/** Where each field stands, by dotted path (`dnsNames`, `privateKey.size`); a field taken from `defaults` points there. */
export type FieldPlaces = Pick<ReadonlyMap<string, Place>, 'get' | 'has'>;

/** The place of this host among those that the file is for, by their names, from 0 on. */
export interface HostTurn {
  readonly index: number;
  readonly of: number;
}

interface DesiredCommon {
  readonly name: string;
  /** The resource's key in the YAML. */
  readonly place: Place;
  readonly places: FieldPlaces;
  readonly subject: Subject;
  readonly names: AlternativeNames;
  readonly issuer?: Address | undefined;
  readonly duration?: Duration | undefined;
  readonly warnBefore?: Duration | undefined;
  readonly backdate?: Duration | undefined;
  readonly privateKey?: PrivateKeyWish | undefined;
  /** Master first, then the copies. */
  readonly fileSets: readonly [FileSet, ...FileSet[]];
  readonly manage?: 'full' | 'observe' | undefined;
  readonly optional?: boolean | undefined;
  readonly protect?: boolean | undefined;
  /** Unattended work is done while one of them is open. Absent or none: at any time. When it is done is no part of what is wanted on disk. */
  readonly windows?: readonly DesiredWindow[] | undefined;
  /** Each is asked before unattended work. As little a part of what is wanted on disk. */
  readonly gates?: readonly DesiredGate[] | undefined;
  /** Absent where the file names no hosts. As little a part of what is wanted on disk. */
  readonly turn?: HostTurn | undefined;
  readonly accept: readonly AcceptedFinding[];
}

export interface DesiredAuthority extends DesiredCommon {
  readonly kind: 'ca';
  readonly address: `ca/${string}`;
  /** Absent: open. */
  readonly usages?: readonly Usage[] | undefined;
  readonly pathLength?: number | undefined;
  readonly nameConstraints?: NameConstraints | undefined;
  readonly provided?: { readonly certificate: string; readonly privateKey?: string | undefined; readonly place: Place } | undefined;
  readonly external?: boolean | undefined;
  /** SHA-256 of the public key, lower-case hex. */
  readonly fingerprint?: string | undefined;
  readonly trustedBy: readonly string[];
}

export interface DesiredCertificate extends DesiredCommon {
  readonly kind: 'cert';
  readonly address: `cert/${string}`;
  readonly issuer: Address;
  /** Closed: exactly these. */
  readonly usages: readonly Usage[];
  readonly renewBefore?: Duration | undefined;
  readonly services: readonly string[];
  readonly probe?: DesiredProbe | undefined;
}

export interface DesiredProbe {
  /** `host:port`. */
  readonly tls: string;
  readonly serverName?: string | undefined;
  readonly starttls?: 'postgres' | 'smtp' | undefined;
  readonly within?: Duration | undefined;
}

export type DesiredResource = DesiredAuthority | DesiredCertificate;

export interface DesiredService {
  readonly name: string;
  readonly place: Place;
  /** A unit of systemd: what is not written below is said to it through systemctl. */
  readonly systemd?: string | undefined;
  /** A static pod of kubelet, named as its manifest has it: what is not written below is done through crictl. */
  readonly staticPod?: string | undefined;
  /** Who it runs as and reads its files as; what is written below is run as that user too. */
  readonly user?: string | undefined;
  /** How long each of its commands may take. */
  readonly timeout?: Duration | undefined;
  /** Run before a reload: where it fails, the service is left as it is. */
  readonly test?: readonly string[] | undefined;
  readonly activeIf?: readonly string[] | undefined;
  readonly reload?: readonly string[] | undefined;
  readonly onTrustChange?: readonly string[] | undefined;
  readonly after: readonly string[];
}

export interface DesiredState {
  /** Authorities and certificates in the order of the YAML. */
  readonly resources: readonly DesiredResource[];
  readonly services: readonly DesiredService[];
  /** The files that were read, with the SHA-256 of each. */
  readonly sources: readonly { readonly file: string; readonly sha256: string }[];
  /** The `-f` arguments, as given: what manifest entries carry as their source. */
  readonly from: readonly string[];
  readonly host: string;
}

export const isAuthority = (resource: DesiredResource): resource is DesiredAuthority => resource.kind === 'ca';

/** Owned files, master and copies, each with the number of its set (0 = master). */
export const filesOf = (resource: DesiredResource): readonly (DesiredFile & { readonly set: number })[] =>
  resource.fileSets.flatMap(({ files }, set) => files.map((file) => ({ ...file, set })));
