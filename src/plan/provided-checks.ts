/** Authorities that come from somewhere else: pinned by the hash of their key, or provided as a pair to be installed. */
import type { DesiredAuthority, DesiredResource } from '../domain/desired-state.ts';
import type { KeyFacts } from '../domain/keys.ts';
import type { CertificateFacts, ObservedState } from '../domain/observed-state.ts';
import { formatSubject, sameSubject } from '../domain/subject.ts';
import { days, formatDay, type Instant, later } from '../domain/time.ts';
import { type CheckContext, certificateOf, type Found, statesSubject } from './check-context.ts';
import type { IssuerOutcome } from './issuer-outcome.ts';

/** Another key than the pinned one in that place: never repaired, renewed or copied. */
export function findPinned(context: CheckContext): readonly Found[] {
  const { desired, reference } = context.view;
  if (desired.kind !== 'ca' || desired.fingerprint === undefined) return [];
  const keys = [
    certificateOf(context)?.publicKey.spkiSha256,
    reference.key.state === 'present' ? reference.key.facts.spkiSha256 : undefined,
  ];
  const foreign = keys.find((hash) => hash !== undefined && hash !== desired.fingerprint);
  return foreign === undefined ? [] : [{ observed: `sha256:${foreign}`, desired: `sha256:${desired.fingerprint}` }];
}

export type ProvidedPair =
  /** Nothing is to be provided, or its source is not there (any more). */
  | { readonly state: 'none' | 'gone' }
  | { readonly state: 'unreadable'; readonly path: string; readonly cause: string }
  | {
      readonly state: 'read';
      readonly certificate: CertificateFacts;
      readonly certificatePath: string;
      readonly certificates: number;
      readonly key: { readonly facts: KeyFacts; readonly path: string } | undefined;
    };

/** The pair that the YAML tells us to install, as it lies at its source. */
export function providedPair(desired: DesiredResource, observed: ObservedState): ProvidedPair {
  const provided = desired.kind === 'ca' ? desired.provided : undefined;
  if (!provided) return { state: 'none' };
  const paths = [provided.certificate, ...(provided.privateKey === undefined ? [] : [provided.privateKey])];
  const files = paths.map((path) => observed.files.get(path));
  const unreadable = files.find((file) => file?.state === 'unreadable');
  if (unreadable?.state === 'unreadable') return { state: 'unreadable', path: unreadable.path, cause: unreadable.cause };
  const [certificateFile, keyFile] = files;
  const certificate = certificateFile?.state === 'read' ? certificateFile.content.certificates[0] : undefined;
  if (!certificateFile || !certificate) return { state: 'gone' };
  const key = keyFile?.state === 'read' ? keyFile.content.keys[0] : undefined;
  if (provided.privateKey !== undefined && !key) return { state: 'gone' };
  return {
    state: 'read',
    certificate,
    certificatePath: certificateFile.path,
    certificates: certificateFile.state === 'read' ? certificateFile.content.certificates.length : 0,
    key: key && keyFile ? { facts: key, path: keyFile.path } : undefined,
  };
}

/** Installed, and the source is there and says something else. A source that is gone leaves what is installed in order. */
export function findProvided(context: CheckContext): readonly Found[] {
  const { desired } = context.view;
  const certificate = certificateOf(context);
  if (desired.kind !== 'ca' || !certificate) return [];
  const pair = providedPair(desired, context.observed);
  if (pair.state !== 'read' || pair.certificate.sha256 === certificate.sha256) return [];
  return [{ observed: certificate.publicKey.spkiSha256, desired: pair.certificate.publicKey.spkiSha256, file: pair.certificatePath }];
}

/** StarlingX asks three years of an imported authority; the leaves it will sign need them. */
const leastLife = days(3 * 365);

type ReadPair = Extract<ProvidedPair, { state: 'read' }>;

/**
 * What speaks against installing a provided pair, in the order of facts that StarlingX checks for its strictest authority, then what the YAML states
 * otherwise: installed all the same it would be a difference that nothing mends. Empty: nothing.
 */
export function providedFaults(
  pair: ReadPair,
  desired: DesiredAuthority,
  { issuer, observed, now }: Pick<CheckContext, 'issuer' | 'observed' | 'now'>,
): readonly string[] {
  const { certificate, key, certificates } = pair;
  const { publicKey } = certificate;
  const strongEnough =
    publicKey.algorithm === 'Ed25519' ||
    (publicKey.algorithm === 'RSA' ? publicKey.size >= 4096 : publicKey.algorithm === 'ECDSA' && publicKey.size >= 384);
  const unsigned = signatureFault(certificate, issuer, observed.providedSignedBy?.get(desired.address));
  const pathLength = certificate.basicConstraints?.pathLength;
  const faults: readonly (readonly [boolean, string])[] = [
    [certificates === 1, `the file holds ${certificates} certificates, not one`],
    [strongEnough, `its key is ${publicKey.algorithm} ${publicKey.size}, weaker than RSA 4096 or ECDSA 384`],
    [key === undefined || key.facts.spkiSha256 === publicKey.spkiSha256, 'certificate and key do not belong together'],
    [certificate.basicConstraints?.ca === true, 'it is no authority (basic constraints without CA:TRUE)'],
    [certificate.usages.includes('cert sign'), 'its key usage does not let it sign certificates'],
    [unsigned === undefined, unsigned ?? ''],
    [desired.fingerprint === undefined || desired.fingerprint === publicKey.spkiSha256, 'its key is not the pinned one (fingerprint)'],
    [now >= certificate.notBefore, `it is not valid before ${dayOf(certificate.notBefore)}`],
    [certificate.notAfter >= later(now, leastLife), `it ends ${dayOf(certificate.notAfter)}, in less than three years`],
    [
      !statesSubject(desired) || sameSubject(certificate.subject, desired.subject),
      `its subject is ${formatSubject(certificate.subject)}, the YAML says ${formatSubject(desired.subject)}`,
    ],
    [
      desired.pathLength === undefined || desired.pathLength === pathLength,
      `its path length is ${pathLength ?? 'none'}, the YAML says ${desired.pathLength}`,
    ],
  ];
  return faults.filter(([holds]) => !holds).map(([, fault]) => fault);
}

/** Names can be copied: what counts is whose key verifies the signature (RFC 5280 §6.1.3). */
function signatureFault(
  certificate: CertificateFacts,
  issuer: IssuerOutcome | undefined,
  signedBy: string | null | undefined,
): string | undefined {
  if (!issuer) {
    if (!sameSubject(certificate.subject, certificate.issuer)) return 'it is not self-signed, and the YAML names no issuer';
    return signedBy === certificate.publicKey.spkiSha256 ? undefined : 'its own key did not make its signature';
  }
  if (signedBy === undefined) return `no certificate of ${issuer.address} is here that could verify its signature`;
  if (signedBy === null || !issuer.keys.includes(signedBy)) return `it is not signed by ${issuer.address}`;
  const name = formatSubject(certificate.issuer);
  return issuer.subject === undefined || name === issuer.subject
    ? undefined
    : `it names ${name} as its issuer, and ${issuer.address} is ${issuer.subject}`;
}

const dayOf = (instant: Instant): string => (Number.isNaN(instant) ? 'at a date that does not parse' : formatDay(instant));
