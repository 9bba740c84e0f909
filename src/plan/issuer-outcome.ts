/** What a child needs to know about its issuer: what it is on disk, what this plan makes of it, and whether it may sign. */
import type { BlockCode } from '../domain/codes.ts';
import type { DesiredAuthority } from '../domain/desired-state.ts';
import type { Address } from '../domain/names.ts';
import type { CertificateFacts } from '../domain/observed-state.ts';
import type { BlockedBy, Change, Signer } from '../domain/plan.ts';
import { formatDay, type Instant } from '../domain/time.ts';
import { issues } from './remedies.ts';
import type { ResourceView } from './resource-view.ts';
import { validityOf } from './validity.ts';

export interface IssuerOutcome {
  readonly address: Address;
  /** The certificate on disk that counts, if there is one. */
  readonly current: CertificateFacts | undefined;
  /** Why a child cannot be signed as things are or will be; null when it can. */
  readonly refusal: { readonly by: BlockedBy; readonly code: BlockCode; readonly detail: string } | null;
  /** This plan gives it another key or subject, so that what it signed before no longer leads to it. */
  readonly replaced: boolean;
  /** Its replacement is wanted but held back: children that need only that wait, others are signed by what is on disk. */
  readonly replacementHeldBack: boolean;
  /** This plan issues its certificate anew, with or without its key. */
  readonly reissued: boolean;
  /** When the certificate that will sign ends: on disk, or at the earliest after this plan. */
  readonly notAfter: Instant | undefined;
  readonly signer: Signer;
  /** Whether its own certificate belongs into chain files (intermediates do, roots do not). */
  readonly intermediate: boolean;
  /** The issuers above it, nearest first. */
  readonly above: readonly IssuerOutcome[];
  /** Its certificate files and their hashes decide its children too. */
  readonly paths: readonly string[];
}

/** Draws from an authority's change what its children go by. */
export function issuerOutcome(
  desired: DesiredAuthority,
  view: ResourceView,
  change: Change,
  above: IssuerOutcome | undefined,
  now: Instant,
): IssuerOutcome {
  const { certificate, key } = view.reference;
  const current = certificate.state === 'present' ? certificate.facts : undefined;
  const carriedOut = change.action !== 'noop' && change.blocked === null;
  const replaced = change.replaces.trustAnchor;
  const issuedAnew = carriedOut && issues(change.action);
  const path = (role: 'certificate' | 'privateKey') => view.files.find(({ desired: file }) => file.role === role)?.desired.path;
  const outcome = {
    address: desired.address,
    current,
    replaced: carriedOut && replaced,
    replacementHeldBack: !carriedOut && replaced,
    reissued: issuedAnew,
    notAfter: issuedAnew ? (change.endsAbout ?? undefined) : current?.notAfter,
    signer: {
      address: desired.address,
      certificate: path('certificate') ?? (certificate.state === 'present' ? certificate.path : (view.files[0]?.desired.path ?? '')),
      privateKey: path('privateKey') ?? (key.state === 'present' ? key.path : (path('certificate') ?? '')),
    },
    intermediate: desired.issuer !== undefined,
    above: above ? [above, ...above.above] : [],
    paths: view.files.map(({ desired: file }) => file.path),
  };
  return { ...outcome, refusal: issuedAnew ? null : refusalOf(desired, view, change, now) };
}

/** An authority that is absent, foreign, torn, expired or without its key signs nothing. */
function refusalOf(desired: DesiredAuthority, view: ResourceView, change: Change, now: Instant): IssuerOutcome['refusal'] {
  const { certificate, key } = view.reference;
  const name = desired.address;
  const problem = view.problems[0];
  if (problem) return { by: 'issuer', code: 'issuer-unreadable', detail: problem.desired.path };
  if (view.disagree) return { by: 'issuer', code: 'issuer-blocked', detail: name };
  if (change.findings.some(({ code }) => code === 'foreign-authority')) return { by: 'issuer', code: 'issuer-foreign', detail: name };
  if (certificate.state === 'absent') {
    return change.action === 'create'
      ? { by: 'waits', code: 'issuer-blocked', detail: name }
      : { by: 'issuer', code: 'issuer-absent', detail: name };
  }
  if (desired.external) return { by: 'issuer', code: 'external-authority', detail: name };
  if (key.state === 'absent') return { by: 'issuer', code: 'issuer-key-absent', detail: name };
  if (key.facts.spkiSha256 !== certificate.facts.publicKey.spkiSha256) return { by: 'issuer', code: 'issuer-mismatch', detail: name };
  const validity = validityOf(certificate.facts, now);
  if (validity === 'expired' || validity === 'undated')
    return { by: 'issuer', code: 'issuer-expired', detail: dayOf(certificate.facts.notAfter) };
  if (validity === 'not-yet-valid') return { by: 'issuer', code: 'issuer-not-yet-valid', detail: dayOf(certificate.facts.notBefore) };
  if (certificate.facts.basicConstraints?.ca !== true) return { by: 'issuer', code: 'issuer-mismatch', detail: name };
  return null;
}

const dayOf = (instant: Instant): string => (Number.isNaN(instant) ? 'a date that does not parse' : formatDay(instant));

/** The intermediates a leaf under this issuer is sent with, nearest first, no root. */
export const chainBelow = (issuer: IssuerOutcome | undefined): readonly IssuerOutcome[] =>
  issuer ? [issuer, ...issuer.above].filter(({ intermediate }) => intermediate) : [];
