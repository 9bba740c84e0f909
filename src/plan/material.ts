/** Everything apply needs to carry a change out without deciding again. */
import type { Issuance, Material } from '../domain/material.ts';
import { sameSubject } from '../domain/subject.ts';
import { earliest, endOfTime, type Instant, later } from '../domain/time.ts';
import { authorityUsages } from '../domain/usages.ts';
import type { BlockContext } from './block-context.ts';
import { certificateOf } from './check-context.ts';
import { backdateOf, durationOf, pathLengthOf } from './defaults.ts';
import { chainBelow } from './issuer-outcome.ts';
import { keySource } from './key-source.ts';
import { issues } from './remedies.ts';
import { writesChain } from './wanted-chain.ts';

/** Null where nothing is done, or where it could only be done with something that is not here. */
export function materialFor(context: BlockContext): Material | null {
  const { view, issuer, provided, action, files } = context;
  const { certificate, inCertificateFile } = view.reference;
  if (action === 'none') return null;
  const chain = writesChain(files) ? chainBelow(issuer).map(({ address, signer }) => ({ address, certificate: signer.certificate })) : [];
  if (issues(action) && provided.state === 'read') return { ...providedMaterial(view.desired.privateKey?.encoding, provided), chain };
  // What stands in the file of an authority beside its certificate is trusted by somebody: nobody asked to take it away.
  const others = certificate.state === 'present' && (view.desired.kind === 'ca' || !issues(action)) ? inCertificateFile : [];
  const beside = others.some(({ facts }) => facts.sha256 === certificateOf(context)?.sha256) ? others : [];
  const generations = beside
    .filter(({ facts }) => facts.sha256 !== certificateOf(context)?.sha256)
    .map(({ path, facts }) => ({ path, sha256: facts.sha256 }));
  const key = keySource(context);
  if (issues(action)) return { key, certificate: { from: 'issue', issuance: issuance(context) }, chain, generations };
  if (certificate.state === 'absent') return null;
  return { key, certificate: { from: 'file', path: certificate.path, sha256: certificate.facts.sha256 }, chain, generations };
}

function providedMaterial(
  encoding: Extract<Material['key'], { from: 'file' }>['encoding'],
  { key, certificate, certificatePath }: Extract<BlockContext['provided'], { state: 'read' }>,
): Omit<Material, 'chain'> {
  return {
    key: key ? { from: 'file', path: key.path, spkiSha256: key.facts.spkiSha256, encoding } : { from: 'nowhere' },
    certificate: { from: 'file', path: certificatePath, sha256: certificate.sha256 },
    generations: [],
  };
}

function issuance(context: BlockContext): Issuance {
  const { view, issuer, newKey } = context;
  const { desired } = view;
  const existing = certificateOf(context);
  const common = {
    subject: desired.subject,
    names: desired.names,
    issuer: issuer?.signer ?? ('self' as const),
    duration: durationOf(desired),
    backdate: backdateOf(desired),
  };
  if (desired.kind === 'cert') return { ...common, usages: desired.usages };
  // The usages of an authority are open: what it has and can sign with stays.
  const kept = existing?.usages.includes('cert sign') ? existing.usages : authorityUsages;
  return {
    ...common,
    usages: desired.usages ?? kept,
    authority: { pathLength: pathLengthOf(desired, existing), nameConstraints: desired.nameConstraints },
    subjectKeyIdentifier: newKey ? undefined : existing?.subjectKeyIdentifier,
    // Its children carry this name octet for octet, and some verifiers compare it so (Go): another encoding of the same text is another name.
    subjectDer: existing && sameSubject(existing.subject, desired.subject) ? existing.subjectDer : undefined,
  };
}

/** When the issued certificate would end, were apply to run now: never after its issuer. Null where a date on the way does not parse. */
export function endOfIssued({ view, issuer, provided, now }: BlockContext): Instant | null {
  const end =
    provided.state === 'read'
      ? provided.certificate.notAfter
      : earliest(later(now, durationOf(view.desired)), issuer?.notAfter ?? endOfTime, endOfTime);
  return Number.isNaN(end) ? null : end;
}
