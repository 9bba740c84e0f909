/** What one set of files holds: a certificate, a key, and whether they make a pair is for others to say. */
import { compact } from '../domain/compact.ts';
import type { DesiredFile, FileRole } from '../domain/desired-state.ts';
import type { KeyFacts } from '../domain/keys.ts';
import type { Address } from '../domain/names.ts';
import type { CertificateFacts, FileContent, ObservedFile, ObservedState } from '../domain/observed-state.ts';

export interface ViewedFile {
  readonly desired: DesiredFile;
  /** 0 = master, 1… = copies. */
  readonly set: number;
  readonly observed: ObservedFile;
}

export type Part<Facts> = { readonly state: 'absent' } | { readonly state: 'present'; readonly facts: Facts; readonly path: string };

/** What one set of files holds. `inCertificateFile` is everything in the `certificate` file, several generations of an authority for example. */
export interface SetView {
  readonly set: number;
  readonly certificate: Part<CertificateFacts>;
  readonly key: Part<KeyFacts>;
  readonly inCertificateFile: readonly { readonly path: string; readonly facts: CertificateFacts }[];
}

/** Where a certificate or key may stand, in the order of asking: the file of its own before the one that holds more. */
export const certificateRoles: readonly FileRole[] = ['certificate', 'fullChain', 'combined'];
export const keyRoles: readonly FileRole[] = ['privateKey', 'combined'];

export function viewSet(set: number, files: readonly ViewedFile[]): SetView {
  const ofSet = files.filter((file) => file.set === set);
  const parts = <Facts>(roles: readonly FileRole[], pick: (content: FileContent) => readonly Facts[]) =>
    roles.flatMap((role) => {
      const file = ofSet.find(({ desired }) => desired.role === role)?.observed;
      return file?.state === 'read' ? pick(file.content).map((facts) => ({ facts, path: file.path })) : [];
    });
  const [key] = parts(keyRoles, ({ keys }) => keys);
  // Of several certificates the one counts whose key is here, else the first; it should stand before those of its issuers, and may not.
  const certificates = parts(certificateRoles, (content) => content.certificates);
  const certificate = certificates.find(({ facts }) => facts.publicKey.spkiSha256 === key?.facts.spkiSha256) ?? certificates[0];
  return {
    set,
    certificate: certificate ? { state: 'present', facts: certificate.facts, path: certificate.path } : { state: 'absent' },
    key: key ? { state: 'present', facts: key.facts, path: key.path } : { state: 'absent' },
    inCertificateFile: compact(parts(['certificate'], (content) => content.certificates)),
  };
}

/** The key of the issuer's that signed the certificate of a set; null: none of them did, undefined: it is not known. */
export function signerOfSet(
  address: Address,
  { certificate }: SetView,
  { signedBy, copiesSignedBy }: ObservedState,
): string | null | undefined {
  const ofCopy = certificate.state === 'present' ? copiesSignedBy?.get(certificate.facts.sha256) : undefined;
  return ofCopy === undefined ? signedBy.get(address) : ofCopy;
}
