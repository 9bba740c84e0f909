/** What a child needs to know about its issuer: what it is on disk, what this plan makes of it, and whether it may sign. */
import { type DesiredAuthority, type FileRole, filesOf } from '../domain/desired-state.ts';
import type { Signer } from '../domain/material.ts';
import type { Address } from '../domain/names.ts';
import type { CertificateFacts } from '../domain/observed-state.ts';
import type { Change } from '../domain/plan.ts';
import type { Instant } from '../domain/time.ts';
import { type Refusal, refusalOf, refusalOnceMade } from './issuer-refusal.ts';
import { issues } from './remedies.ts';
import type { ResourceView } from './resource-view.ts';
import { certificateRoles, keyRoles } from './set-view.ts';

export interface IssuerOutcome {
  readonly address: Address;
  /** The certificate on disk that counts, if there is one. */
  readonly current: CertificateFacts | undefined;
  /** All certificates in its file, in their order: older or newer generations verify children too. */
  readonly generations: readonly CertificateFacts[];
  /** The public keys that verify what it signed: those of its file, or the one it is given by this plan; none while that one does not exist. */
  readonly keys: readonly string[];
  /** Its name, as it is or will be; undefined where neither is known. */
  readonly subject: string | undefined;
  /** Why a child cannot be signed as things are or will be; null when it can. */
  readonly refusal: Refusal | null;
  /** It is not there, and this plan is to make it: what is there was signed by somebody else. */
  readonly created: boolean;
  /** This plan gives it another key or subject, so that what it signed before no longer leads to it. */
  readonly replaced: boolean;
  /** Its replacement is wanted but held back: children that need only that wait, others are signed by what is on disk. */
  readonly replacementHeldBack: boolean;
  /** It is to be issued anew, with or without its key, and that is held back: the chains below it follow only then. */
  readonly reissueHeldBack: boolean;
  /** This plan issues its certificate anew, with or without its key. */
  readonly reissued: boolean;
  /** When the certificate that will sign ends: on disk, or at the earliest after this plan. */
  readonly notAfter: Instant | undefined;
  readonly signer: Signer;
  /** Whether its own certificate belongs into chain files (intermediates do, roots do not). */
  readonly intermediate: boolean;
  /** The issuers above it, nearest first. */
  readonly above: readonly IssuerOutcome[];
}

/** Draws from an authority's change what its children go by. */
export function issuerOutcome(
  desired: DesiredAuthority,
  view: ResourceView,
  change: Change,
  above: IssuerOutcome | undefined,
  now: Instant,
): IssuerOutcome {
  const { certificate, inCertificateFile } = view.reference;
  const current = certificate.state === 'present' ? certificate.facts : undefined;
  const reissued = issues(change.action) && change.blocked === null;
  const replacing = replaces(change);
  const generations = inCertificateFile.length > 0 ? inCertificateFile.map(({ facts }) => facts) : current ? [current] : [];
  return {
    address: desired.address,
    current,
    generations,
    keys: keysOf(change, generations),
    subject: (change.blocked ? change.before : (change.after ?? change.before))?.subject ?? change.after?.subject,
    refusal: reissued ? refusalOnceMade(desired, view) : refusalOf(desired, view, change, now),
    created: change.action === 'create',
    replaced: replacing && reissued,
    replacementHeldBack: replacing && isHeldBack(change),
    reissueHeldBack: issues(change.action) && isHeldBack(change),
    reissued,
    notAfter: reissued ? (change.endsAbout ?? undefined) : current?.notAfter,
    signer: signerOf(desired, view),
    intermediate: desired.issuer !== undefined,
    above: above ? [above, ...above.above] : [],
  };
}

/** One that is absent, and waits for consent or for the hour, counts as what it will be. */
function keysOf(change: Change, generations: readonly CertificateFacts[]): readonly string[] {
  const made = issues(change.action) && (change.blocked === null || generations.length === 0);
  const after = change.after?.key?.spkiSha256;
  return made ? (after ? [after] : []) : generations.map(({ publicKey }) => publicKey.spkiSha256);
}

/** Another key or another name; new dates and other limits leave what it signed as it was. */
const replaces = ({ action, before, after }: Change): boolean =>
  issues(action) &&
  before !== null &&
  after !== null &&
  (after.key?.spkiSha256 !== before.key?.spkiSha256 || after.subject !== before.subject);

/** Held back for now. What no consent can bring about will not happen, and nobody waits for it. */
const isHeldBack = ({ blocked }: Change): boolean =>
  blocked !== null && (blocked.confirm !== null || !['unreadable', 'not-ours', 'conflict'].includes(blocked.by));

/** Where its certificate and key are read, else where they will be. */
function signerOf(desired: DesiredAuthority, { reference: { certificate, key } }: ResourceView): Signer {
  const pathOf = (roles: readonly FileRole[]) => filesOf(desired).find(({ role }) => roles.includes(role))?.path;
  const certificatePath = certificate.state === 'present' ? certificate.path : pathOf(certificateRoles);
  if (certificatePath === undefined) throw new Error(`${desired.address} has no place for its certificate`);
  const privateKey = key.state === 'present' ? key.path : pathOf(keyRoles);
  return { address: desired.address, certificate: certificatePath, privateKey: privateKey ?? null };
}

/** The intermediates a leaf under this issuer is sent with, nearest first, no root. */
export const chainBelow = (issuer: IssuerOutcome | undefined): readonly IssuerOutcome[] =>
  issuer ? [issuer, ...issuer.above].filter(({ intermediate }) => intermediate) : [];
