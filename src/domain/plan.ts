/** The plan: what differs, what will be done about it, and everything apply needs to do it without deciding again. */
import type { BlockCode, DifferenceCode, EffectCode, FindingCode } from './codes.ts';
import type { FileRole } from './desired-state.ts';
import type { Diagnostic, Place } from './diagnostic.ts';
import type { PublicKeyFacts } from './keys.ts';
import type { Material } from './material.ts';
import type { Address, ResourceKind } from './names.ts';
import type { Telling } from './telling.ts';
import type { Duration, Instant } from './time.ts';

/** Everything a plan can do to a resource. `forget` and `delete` concern what the YAML no longer names. */
export const actions = ['create', 'renew', 'reissue', 'rekey', 'fix', 'forget', 'delete', 'noop'] as const;
export type Action = (typeof actions)[number];

/** Who or what holds a change back. */
export type BlockedBy =
  | 'protect'
  | 'unreadable'
  | 'not-ours'
  | 'authority-lost'
  | 'issuer'
  | 'host'
  | 'time'
  | 'conflict'
  | 'not-converging'
  | 'hold'
  | 'window'
  | 'gate'
  | 'waits';

/** What may keep a certificate from being renewed although nothing is wrong with it: a broken desired state, or somebody's wish. */
export const protections = ['desired-state-broken', 'hold', 'window', 'gate'] as const;
export type Protection = (typeof protections)[number];

/** A protection that stands for one change. */
export interface Standing {
  readonly protection: Protection;
  /** The fact behind it, for the sentence; empty where there is nothing to add. */
  readonly detail: string;
  /** When it ends by itself; null where that is not known. */
  readonly until: Instant | null;
}

export interface Blocked {
  readonly by: BlockedBy;
  readonly code: BlockCode;
  /** The fact behind it, for the sentence: a path, an address, a date. */
  readonly detail: string;
  readonly place?: Place | undefined;
  /** What `--confirm` must be given to lift it; null where no consent can. */
  readonly confirm: Address | null;
}

/** Where a difference came from: the YAML changed, the disk changed, time passed, the issuer changes, somebody asked. */
export type Origin = 'config' | 'drift' | 'time' | 'issuer' | 'request';

/** One way in which observed and desired disagree. A set carries what is added and removed, anything else what was and what will be. */
export interface Difference {
  readonly code: DifferenceCode;
  readonly origin: Origin;
  /** The YAML's words: `['dnsNames']`. */
  readonly path: readonly string[];
  readonly place?: Place | undefined;
  readonly observed?: string | undefined;
  readonly desired?: string | undefined;
  readonly added?: readonly string[] | undefined;
  readonly removed?: readonly string[] | undefined;
  /** What stays, for sets: shown beside what changes. */
  readonly kept?: readonly string[] | undefined;
  /** The file it was seen in, where it concerns one. */
  readonly file?: string | undefined;
  /** The resource whose change causes this one. */
  readonly becauseOf?: Address | undefined;
  readonly forces: 'key' | 'certificate' | null;
  /** When it began to hold, where the calendar says so: the opening of the renewal window. */
  readonly since?: Instant | undefined;
  /** A third of the window is gone: whoever renews has not done it. */
  readonly overdue?: true | undefined;
}

/** A standing fact about a resource that `check` reports and no action mends. */
export interface Finding {
  readonly code: FindingCode;
  readonly detail: string;
  readonly file?: string | undefined;
  readonly place?: Place | undefined;
  /** As of a difference. */
  readonly since?: Instant | undefined;
  readonly overdue?: true | undefined;
  /** When it ends by itself, where that is known: a hold. */
  readonly until?: Instant | undefined;
}

/** What a change means for people and programs beyond the files. */
export interface Effect {
  readonly code: EffectCode;
  readonly detail: string;
}

export interface FileState {
  readonly exists: boolean;
  readonly mode?: number | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

export interface FileChange {
  readonly path: string;
  readonly role: FileRole;
  /** 0 = master, 1… = copies. */
  readonly set: number;
  /** What is different about the file for people; every one of these is carried out as a new file renamed into place. */
  readonly action: 'create' | 'update' | 'chmod' | 'chown';
  readonly before: FileState;
  /** Mode and numeric owner of the file that apply puts there. */
  readonly after: { readonly exists: true; readonly mode: number; readonly uid: number; readonly gid: number };
  /** Folders to be created (0755) on the way, outermost first. */
  readonly newFolders: readonly string[];
}

/** A certificate's public facts as a plan shows them; null is decided at apply. */
export interface CertificateSummary {
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  readonly usages: readonly string[];
  readonly ca: boolean;
  readonly pathLength: number | null;
  readonly notBefore: Instant | null;
  readonly notAfter: Instant | null;
  readonly serial: string | null;
  readonly sha256: string | null;
  readonly key: { readonly algorithm: string; readonly size: number; readonly spkiSha256: string | null } | null;
}

export interface ServiceReload extends Telling {
  readonly service: string;
  readonly when: 'reload' | 'trust-change';
}

/** A service that is to be told although none of its files changes now. */
export interface PlannedReload extends ServiceReload {
  /** A run that changed its files was interrupted or could not tell it (`pending`), or it was seen to serve another certificate than the one on disk (`stale`). */
  readonly because: 'pending' | 'stale';
  /** The certificates that it does not serve, for `stale`. */
  readonly of: readonly Address[];
  /** Told of this generation as often as it is told without being asked, or after one that was. */
  readonly isGivenUp?: true | undefined;
}

export interface Change {
  readonly address: Address;
  readonly kind: ResourceKind;
  readonly name: string;
  /** What is to be done; a blocked change keeps its real action here. */
  readonly action: Action;
  /** The separate answer about the key; `none` where the resource has none on this machine. */
  readonly key: 'new' | 'kept' | 'none';
  readonly blocked: Blocked | null;
  /** What stands in the way of this change and does not count, since its certificate runs out. Absent: nothing. */
  readonly inSpiteOf?: readonly Standing[] | undefined;
  readonly replaces: { readonly key: boolean; readonly certificate: boolean; readonly trustAnchor: boolean };
  readonly differences: readonly Difference[];
  readonly findings: readonly Finding[];
  readonly effects: readonly Effect[];
  /** Null for what the YAML no longer names. */
  readonly place: Place | null;
  readonly issuer: Address | null;
  readonly dependsOn: readonly Address[];
  readonly before: CertificateSummary | null;
  readonly after: CertificateSummary | null;
  /** notAfter of what is issued, were apply to run at `evaluatedAt`; null where nothing is issued. */
  readonly endsAbout: Instant | null;
  /** When the kept or the issued certificate enters its renewal window; null where it never does by itself. */
  readonly renewFrom: Instant | null;
  readonly renewBefore: Duration | null;
  /** The lifetime of what is issued for it; null for what the YAML no longer names. */
  readonly duration: Duration | null;
  readonly files: readonly FileChange[];
  readonly services: readonly ServiceReload[];
  /** What `--confirm` must name before apply may do this, whether or not it has been named. */
  readonly consent: Address | null;
  /** What apply needs; null for `noop`, `forget`, and what is blocked without remedy. */
  readonly material: Material | null;
}

export interface PlanOptions {
  readonly targets: readonly string[];
  readonly excludes: readonly string[];
  readonly renew: readonly Address[];
  readonly rekey: readonly Address[];
  readonly confirm: readonly string[];
  readonly prune: boolean;
  /** `--accept-clock`: a clock behind the high-water mark is taken as right. */
  readonly acceptClock: boolean;
  /** Whose jitter makes renewals due: for whoever acts by the hour, and whoever judges that. */
  readonly machine?: string | undefined;
  /** Only what a timer may carry out is acted on, everything else is found: see `plan/scheduled.ts`. */
  readonly scheduled?: true | undefined;
  /** With `scheduled`: what is done without being asked, where that is not what a timer does. */
  readonly does?: ReadonlySet<Action> | undefined;
  /** With `scheduled`: the gates that were asked and did not say go, each with what is to be said of that. */
  readonly closedGates?: ReadonlyMap<string, string> | undefined;
  /** When this program was made: no right clock shows an earlier time. */
  readonly madeAt?: Instant | undefined;
  /** Empty, or the folder that stands for `/`: then owners are notes and no service runs. */
  readonly root: string;
}

/** The state of a file that a decision rests on; apply looks again and stops at the first difference. */
export interface Precondition {
  readonly path: string;
  readonly exists: boolean;
  /** Of the content; null where it does not exist or could not be read. */
  readonly sha256: string | null;
  /** What is known of a file that holds a private key, or may: then no hash over its content leaves the process. Absent for files without one. */
  readonly key?:
    | { readonly spkiSha256: string | null /** SHA-256 of the certificates beside it. */; readonly certificates?: readonly string[] }
    | undefined;
  /** Of the first certificate in it: what a person knows it by. */
  readonly serial?: string | undefined;
  readonly mode: number | null;
  readonly uid: number | null;
  readonly gid: number | null;
}

export interface Plan {
  /** `sha256:` and 64 hex digits over the meaning, not over times, sentences or positions. */
  readonly id: string;
  readonly evaluatedAt: Instant;
  /** Until then the calendar asks for nothing else, at most for a day: a plan that was saved is carried out only until then. */
  readonly validUntil?: Instant | undefined;
  /** In issuance order: issuers before what they sign. */
  readonly changes: readonly Change[];
  /** The action `reload service/NAME` of its own; services that a change concerns stand with that change. */
  readonly reloads: readonly PlannedReload[];
  /** How many resources `--target` and `--exclude` left out. */
  readonly leftOut: number;
  readonly diagnostics: readonly Diagnostic[];
  readonly preconditions: readonly Precondition[];
  /** How many files were looked at, in how many folders, and how many of the files are there. */
  readonly looked: { readonly files: number; readonly folders: number; readonly present: number };
}

/** What a timer leaves to `certstate apply`, and why it is wanted. */
export interface Waiting extends Pick<Change, 'address' | 'place'> {
  readonly codes: readonly DifferenceCode[];
}

/** Whether apply has something to do for this change and may do it. */
export const isPending = (change: Change): boolean => change.action !== 'noop' && change.blocked === null;
/** Whether apply has something to do. */
export const isApplyable = ({ changes, reloads }: Pick<Plan, 'changes' | 'reloads'>): boolean =>
  changes.some(isPending) || reloads.length > 0;
export const isChange = (change: Change): boolean => change.action !== 'noop';

/** What only time brings about: a renewal is agreed to by its policy, and not plan by plan. */
const byCalendar: ReadonlySet<DifferenceCode> = new Set(['renewal-due', 'expired', 'not-yet-valid']);
export const isByCalendar = ({ code }: Pick<Difference, 'code'>): boolean => byCalendar.has(code);
/** Whether the id of its plan speaks for this change: something is to be done, and not only the calendar asks for it. */
export const isAgreedTo = ({ action, differences }: Pick<Change, 'action' | 'differences'>): boolean =>
  action !== 'noop' && !differences.every(isByCalendar);
/** Whether more or less is asked for than the YAML says: for that an id does not speak, a saved plan does. */
export const asksBesides = ({ targets, excludes, renew, rekey }: Pick<PlanOptions, 'targets' | 'excludes' | 'renew' | 'rekey'>): boolean =>
  targets.length + excludes.length + renew.length + rekey.length > 0;
/** Whether the id of a plan alone says all that is to be done. */
export const isSaidById = ({ changes }: Pick<Plan, 'changes'>, options: Parameters<typeof asksBesides>[0]): boolean =>
  !asksBesides(options) && changes.filter(isChange).every(isAgreedTo);

/** The key of a key source before it exists is unknown; of a kept one it is known. */
export const summaryKey = (key: PublicKeyFacts): NonNullable<CertificateSummary['key']> => ({
  algorithm: key.algorithm,
  size: key.size,
  spkiSha256: key.spkiSha256,
});
