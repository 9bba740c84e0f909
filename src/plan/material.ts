/** Everything apply needs to carry a change out without deciding again. */
import { type KeyEncoding, type KeySpec, keyEncodings, keySizes, keySpecFor, type PublicKeyFacts } from '../domain/keys.ts';
import type { Issuance, KeySource, Material } from '../domain/plan.ts';
import { earliest, endOfTime, type Instant, later } from '../domain/time.ts';
import { authorityUsages } from '../domain/usages.ts';
import type { BlockContext } from './blocks.ts';
import { backdateOf, durationOf } from './defaults.ts';
import { chainBelow } from './issuer-outcome.ts';
import { issues } from './remedies.ts';

/** Null where the change could only be carried out with something that is not here. */
export function materialFor(context: BlockContext): Material | null {
  const { view, issuer, provided, action } = context;
  const { certificate, inCertificateFile } = view.reference;
  const chain = chainBelow(issuer).map(({ address, signer }) => ({ address, certificate: signer.certificate }));
  if (issues(action) && provided.state === 'read') {
    const key: KeySource = provided.key
      ? { from: 'file', path: provided.key.path, spkiSha256: provided.key.facts.spkiSha256, encoding: view.desired.privateKey?.encoding }
      : { from: 'nowhere' };
    return {
      key,
      certificate: { from: 'file', path: provided.certificatePath, sha256: provided.certificate.sha256 },
      chain,
      generations: [],
    };
  }
  const key = keySource(context);
  if (key === null) return null;
  if (issues(action)) return { key, certificate: { from: 'issue', issuance: issuance(context) }, chain, generations: [] };
  if (certificate.state === 'absent') return null;
  const generations = inCertificateFile
    .filter(({ facts }) => facts.sha256 !== certificate.facts.sha256)
    .map(({ path, facts }) => ({ path, sha256: facts.sha256 }));
  return { key, certificate: { from: 'file', path: certificate.path, sha256: certificate.facts.sha256 }, chain, generations };
}

function keySource({ view, newKey }: BlockContext): KeySource | null {
  const { desired, reference, keepsKey } = view;
  if (!keepsKey) return { from: 'nowhere' };
  const existing = reference.key.state === 'present' ? reference.key : undefined;
  if (newKey) {
    const spec = specFor(
      desired.privateKey,
      existing?.facts ?? (reference.certificate.state === 'present' ? reference.certificate.facts.publicKey : undefined),
    );
    const kept =
      existing && (keyEncodings[spec.algorithm] as readonly KeyEncoding[]).includes(existing.facts.encoding)
        ? existing.facts.encoding
        : undefined;
    return { from: 'new', spec, encoding: desired.privateKey?.encoding ?? kept ?? 'PKCS8' };
  }
  return existing
    ? { from: 'file', path: existing.path, spkiSha256: existing.facts.spkiSha256, encoding: desired.privateKey?.encoding }
    : null;
}

/** What the YAML leaves open stays as it is where it can: a renewed RSA 4096 key does not turn into another kind because we like that better. */
function specFor(
  wanted: { algorithm?: KeySpec['algorithm'] | undefined; size?: number | undefined } | undefined,
  existing: PublicKeyFacts | undefined,
): KeySpec {
  if (
    !existing ||
    wanted?.size !== undefined ||
    !isOurs(existing) ||
    (wanted?.algorithm !== undefined && wanted.algorithm !== existing.algorithm)
  )
    return keySpecFor(wanted);
  return keySpecFor({ algorithm: existing.algorithm as KeySpec['algorithm'], size: existing.size });
}

const isOurs = ({ algorithm, size }: PublicKeyFacts): boolean =>
  Object.hasOwn(keySizes, algorithm) &&
  (algorithm === 'Ed25519' || (keySizes[algorithm as keyof typeof keySizes] as readonly number[]).includes(size));

function issuance({ view, issuer, newKey }: BlockContext): Issuance {
  const { desired, reference } = view;
  const existing = reference.certificate.state === 'present' ? reference.certificate.facts : undefined;
  const common = {
    subject: desired.subject,
    names: desired.names,
    issuer: issuer?.signer ?? ('self' as const),
    duration: durationOf(desired),
    backdate: backdateOf(desired),
  };
  if (desired.kind === 'cert') return { ...common, usages: desired.usages };
  const keptUsages = existing && existing.usages.includes('cert sign') ? existing.usages : authorityUsages;
  return {
    ...common,
    usages: desired.usages ?? keptUsages,
    authority: {
      pathLength:
        desired.pathLength ??
        (desired.issuer === undefined ? undefined : existing?.basicConstraints ? existing.basicConstraints.pathLength : 0),
      nameConstraints: desired.nameConstraints,
    },
    subjectKeyIdentifier: newKey ? undefined : existing?.subjectKeyIdentifier,
  };
}

/** When the issued certificate would end, were apply to run now: never after its issuer (RFC 5280 §6.1.3 checks each in turn). */
export function endOfIssued({ view, issuer, provided, now }: BlockContext): Instant {
  if (provided.state === 'read') return provided.certificate.notAfter;
  return earliest(later(now, durationOf(view.desired)), issuer?.notAfter ?? endOfTime, endOfTime);
}
