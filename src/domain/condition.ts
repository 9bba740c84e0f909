/**
 * Conditions: what is wrong and stands until the thing itself is right, with the time at which it began. A row of this table is a type of condition: what raises
 * it, which check has to pass before it is cleared, and what a person can do. Nothing else has to be changed for a new one, but what the compiler asks for.
 */
import { differenceCodes } from './codes/differences.ts';
import { readProblemCodes } from './codes/read-problems.ts';
import type { Code, DifferenceCode } from './codes.ts';
import type { ResourceKind } from './names.ts';
import { type Severity, worstOf } from './severity.ts';
import { between, type Duration, days, type Instant, seconds } from './time.ts';

/**
 * What has to pass before a condition is cleared. A look that did not make the check says nothing about it.
 *
 * - files: the files of the resource were looked at, and are as desired
 * - dates: a certificate is there, its dates parse, and the clock they are held against is not in doubt
 * - keys: the files of the resource were looked at, and all of them could be read
 * - served: somebody connected and saw what is on disk being served; or a service that had still to be told was told
 * - renewed: another certificate is there than the one that could not be renewed, and it is in order
 * - convergence: a plan was made for the resource that no other reason holds back
 * - clock, listening, journal, services, text: of the host and of the `-f`, each made by whoever says so
 */
export type ConditionCheck = 'files' | 'dates' | 'keys' | 'served' | 'renewed' | 'convergence' | HostCheck;
/** Of services: none that this desired state speaks of has still to be told. */
export const hostChecks = ['clock', 'listening', 'journal', 'services', 'text'] as const;
export type HostCheck = (typeof hostChecks)[number];

/** Which difference, finding, block or diagnostic raises it: by code, for one kind of resource, or only once it is overdue. */
export interface Raising {
  readonly code: Code;
  readonly kind?: ResourceKind;
  readonly overdue?: true;
}

export interface ConditionRow {
  /** What stands, in few words, beside what it is of. */
  readonly title: string;
  /** What it is of: a resource or service, the host, or the desired state that was named with `-f`. */
  readonly of: 'resource' | 'host' | 'desired-state';
  readonly raisedBy: readonly Raising[];
  readonly clearedBy: ConditionCheck;
  /** With less than so much of its certificate's life left, and at most a tenth of it, it is an error whatever it was before. */
  readonly growsBelow: Duration | null;
  /**
   * What to do. @param address what it is of, empty for the host. @param hint what was said beside that which raised it, empty where nothing was.
   */
  readonly repair: (address: string, hint: string) => string;
}

const raised = (...codes: readonly Code[]): readonly Raising[] => codes.map((code) => ({ code }));
const asSaid = (_: string, hint: string): string => hint;

/** Every way in which the disk can be otherwise than it was left: what the calendar brings about, and what nobody manages any more, is none. */
const driftCodes = (Object.keys({ ...differenceCodes, ...readProblemCodes }) as DifferenceCode[]).filter((code) => {
  const { failOn } = { ...differenceCodes, ...readProblemCodes }[code];
  return failOn === 'drift' || failOn === 'insecure';
});

const leafStretch = days(3);
const authorityStretch = days(30);

// biome-ignore format: table
export const conditionTypes = {
  'renewal-failed':       { title: 'renewal failed',                of: 'resource',      clearedBy: 'renewed',     growsBelow: leafStretch,      raisedBy: raised('renewal-failed'), repair: (address, hint) => `put the cause right, then certstate renew --target ${address}${hint === '' ? '' : ` (${hint})`}` },
  'service-stale':        { title: 'service stale',                 of: 'resource',      clearedBy: 'served',      growsBelow: null,             raisedBy: raised('service-stale', 'service-pending'), repair: asSaid },
  'drifted':              { title: 'drifted',                       of: 'resource',      clearedBy: 'files',       growsBelow: null,             raisedBy: raised(...driftCodes), repair: asSaid },
  'expiring':             { title: 'expiring',                      of: 'resource',      clearedBy: 'dates',       growsBelow: leafStretch,      raisedBy: [{ code: 'expiring', kind: 'cert' }, { code: 'renewal-due', kind: 'cert', overdue: true }], repair: asSaid },
  'expired':              { title: 'expired',                       of: 'resource',      clearedBy: 'dates',       growsBelow: null,             raisedBy: raised('expired'), repair: (address, hint) => (address.startsWith('ca/') ? `certstate apply --renew ${address}` : hint) },
  'ca-expiring':          { title: 'authority expiring',            of: 'resource',      clearedBy: 'dates',       growsBelow: authorityStretch, raisedBy: [{ code: 'expiring', kind: 'ca' }, { code: 'issuer-ends-first', kind: 'ca' }, { code: 'renewal-due', kind: 'ca', overdue: true }], repair: (address) => `certstate apply --renew ${address}: key and subject stay, so what it signed stays valid` },
  'key-exposed':          { title: 'private key exposed',           of: 'resource',      clearedBy: 'keys',        growsBelow: null,             raisedBy: raised('key-exposed'), repair: (_, hint) => `certstate apply restores its mode; ${hint}` },
  'time-suspect':         { title: 'clock in doubt',                of: 'host',          clearedBy: 'clock',       growsBelow: null,             raisedBy: raised('clock-behind', 'clock-ahead', 'clock-jumped'), repair: asSaid },
  'watch-degraded':       { title: 'watch degraded',                of: 'host',          clearedBy: 'listening',   growsBelow: null,             raisedBy: raised('watch-degraded'), repair: asSaid },
  'commit-conflict':      { title: 'a change cannot be completed',  of: 'host',          clearedBy: 'journal',     growsBelow: null,             raisedBy: raised('commit-conflict', 'change-unfinished'), repair: asSaid },
  'not-converging':       { title: 'not converging',                of: 'resource',      clearedBy: 'convergence', growsBelow: null,             raisedBy: raised('not-converging', 'self-check-failed'), repair: asSaid },
  'desired-state-broken': { title: 'desired state broken',          of: 'desired-state', clearedBy: 'text',        growsBelow: null,             raisedBy: raised('desired-state-broken'), repair: asSaid },
} as const satisfies Partial<Record<Code, ConditionRow>>;

/** A type of condition is a code too: `explain`, `accept` and `--fail-on` know it by the same word. */
export type ConditionType = keyof typeof conditionTypes;
export const conditionTypeNames = Object.keys(conditionTypes) as readonly ConditionType[];
export const conditionRow = (type: ConditionType): ConditionRow => conditionTypes[type];
export const isConditionType = (text: string): text is ConditionType => Object.hasOwn(conditionTypes, text);

/** The certificate that was on disk when the condition was last seen. */
export interface ConditionCertificate {
  /** SHA-256 of the DER, lower-case hex. */
  readonly sha256: string;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
}

export interface Condition {
  readonly type: ConditionType;
  /** `ca/NAME`, `cert/NAME`, `service/NAME`; null: of the host, or of the desired state. */
  readonly address: string | null;
  /** When it was first seen; never moved while it stands. */
  readonly since: Instant;
  /** When anything below was last another. */
  readonly changedAt: Instant;
  readonly severity: Severity;
  /** What raised it, each once. */
  readonly codes: readonly Code[];
  /** What is wrong: a sentence without a full stop that stays true while nothing changes. */
  readonly reason: string;
  readonly repair: string;
  /** The `-f` of the desired state it was seen under. */
  readonly source: readonly string[];
  readonly certificate: ConditionCertificate | null;
}

/** Whether nothing about it is another: however it came, from a file or from a look. */
export const isSameCondition = (one: Condition, other: Condition): boolean => JSON.stringify(allOf(one)) === JSON.stringify(allOf(other));

const allOf = ({
  type,
  address,
  since,
  changedAt,
  severity,
  codes,
  reason,
  repair,
  source,
  certificate,
}: Condition): readonly unknown[] => [
  [type, address, since, changedAt, severity, codes, reason, repair, source],
  certificate && [certificate.sha256, certificate.notBefore, certificate.notAfter],
];

/** Why a condition is over: its check has passed; the YAML tolerates what raised it; or the YAML no longer asks for what was looked at. */
export type ClearedBecause = 'passed' | 'accepted' | 'not-managed';

export type ConditionNews =
  | { readonly status: 'raised' | 'changed'; readonly condition: Condition }
  | { readonly status: 'cleared'; readonly condition: Condition; readonly because: ClearedBecause };

/** By what a condition is known again. */
export const conditionKey = ({ type, address, source }: Pick<Condition, 'type' | 'address' | 'source'>): string =>
  JSON.stringify([type, address, conditionRow(type).of === 'desired-state' ? source.toSorted() : null]);

/** As severe as what raised it, and an error in the last stretch of the certificate's life. Never less for lack of a certificate. */
export function conditionSeverity(type: ConditionType, found: Severity, certificate: ConditionCertificate | null, now: Instant): Severity {
  const { growsBelow } = conditionRow(type);
  if (growsBelow === null || certificate === null) return found;
  const { notBefore, notAfter } = certificate;
  const stretch = Math.min(growsBelow, Math.floor(between(notBefore, notAfter) / 10));
  return between(now, notAfter) < seconds(stretch) ? worstOf([found, 'error']) : found;
}
