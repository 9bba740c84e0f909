/** A certificate's public facts before and after, as a plan shows them. */
import { type AlternativeNames, labelledNames } from '../domain/alternative-names.ts';
import type { Material } from '../domain/material.ts';
import type { CertificateFacts } from '../domain/observed-state.ts';
import { type CertificateSummary, summaryKey } from '../domain/plan.ts';
import { formatSubject } from '../domain/subject.ts';
import type { BlockContext } from './block-context.ts';

const named = (names: AlternativeNames & { readonly otherNames?: readonly string[] }): readonly string[] => [
  ...labelledNames(names),
  ...(names.otherNames ?? []),
];

export const summaryOf = (certificate: CertificateFacts): CertificateSummary => ({
  subject: formatSubject(certificate.subject),
  issuer: formatSubject(certificate.issuer),
  names: named(certificate.names),
  usages: [...certificate.usages, ...certificate.otherUsages],
  ca: certificate.basicConstraints?.ca === true,
  pathLength: certificate.basicConstraints?.pathLength ?? null,
  notBefore: Number.isNaN(certificate.notBefore) ? null : certificate.notBefore,
  notAfter: Number.isNaN(certificate.notAfter) ? null : certificate.notAfter,
  serial: certificate.serial,
  sha256: certificate.sha256,
  key: summaryKey(certificate.publicKey),
});

/** What the certificate will be; null fields are decided at apply. */
export function summaryAfter({ view, issuer, provided }: BlockContext, material: Material | null): CertificateSummary | null {
  const { certificate: existing, key } = view.reference;
  if (provided.state === 'read' && material?.certificate.from === 'file' && material.certificate.sha256 === provided.certificate.sha256)
    return summaryOf(provided.certificate);
  if (material?.certificate.from !== 'issue') return existing.state === 'present' ? summaryOf(existing.facts) : null;
  const { issuance } = material.certificate;
  return {
    subject: formatSubject(issuance.subject),
    issuer: issuance.issuer === 'self' ? formatSubject(issuance.subject) : (issuer?.subject ?? issuance.issuer.address),
    names: named(issuance.names),
    usages: issuance.usages,
    ca: issuance.authority !== undefined,
    pathLength: issuance.authority?.pathLength ?? null,
    notBefore: null,
    notAfter: null,
    serial: null,
    sha256: null,
    key:
      material.key.from === 'new'
        ? { algorithm: material.key.spec.algorithm, size: 'size' in material.key.spec ? material.key.spec.size : 0, spkiSha256: null }
        : key.state === 'present'
          ? summaryKey(key.facts)
          : null,
  };
}
