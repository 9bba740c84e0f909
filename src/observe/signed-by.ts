/** Which key of the issuer made each certificate: by the signature, since names and key identifiers can be copied. */
import type { DesiredResource, DesiredState, FileRole, FileSet } from '../domain/desired-state.ts';
import type { Address } from '../domain/names.ts';
import type { CertificateFacts, CertificateProblem, ObservedFile } from '../domain/observed-state.ts';
import { certificateProblemCodes, problemsUnder } from '../x509/certificate-problems.ts';
import { isSignedBy } from '../x509/verify-signature.ts';
import type { FactsCache } from './facts-cache.ts';

type Files = ReadonlyMap<string, ObservedFile>;

/** Roles in which a resource's own certificate stands first. */
const ownRoles: readonly FileRole[] = ['certificate', 'fullChain', 'combined'];
const keyRoles: readonly FileRole[] = ['privateKey', 'combined'];

/** The file in which the resource's own certificate was read, and all certificates of its `certificate` file (generations of an authority). Master first. */
function ownCertificates(
  resource: DesiredResource,
  files: Files,
): { readonly path: string; readonly certificates: readonly [CertificateFacts, ...CertificateFacts[]] } | undefined {
  for (const set of resource.fileSets) {
    for (const role of ownRoles) {
      const path = set.files.find((file) => file.role === role)?.path;
      const file = path === undefined ? undefined : files.get(path);
      if (file?.state !== 'read' || path === undefined) continue;
      const [first] = file.content.certificates;
      if (!first) continue;
      // As in the plan: of several certificates the one counts whose key is here, else the first.
      const { certificates } = file.content;
      if (certificates.length === 1) return { path, certificates: [first] };
      const key = keyOf(set, files);
      const own = certificates.find(({ publicKey }) => publicKey.spkiSha256 === key) ?? first;
      const others = certificates.filter((certificate) => certificate !== own);
      return { path, certificates: [own, ...(role === 'certificate' ? others : [])] };
    }
  }
  return undefined;
}

const keyOf = ({ files: ofSet }: FileSet, files: Files): string | undefined =>
  keyRoles
    .map((role) => files.get(ofSet.find((file) => file.role === role)?.path ?? ''))
    .flatMap((file) => (file?.state === 'read' ? file.content.keys : []))[0]?.spkiSha256;

export interface Signature {
  readonly address: Address;
  /** The file that holds the certificate, and the certificate. */
  readonly path: string;
  readonly certificate: CertificateFacts;
  /** The certificate of the issuer that verifies it; null where none does. */
  readonly signer: CertificateFacts | null;
}

/** The signature of one resource's certificate; undefined where the certificate, or all of its issuer's, could not be read: then nothing is known. */
export function signatureOf(
  resource: DesiredResource,
  issuer: DesiredResource | undefined,
  files: Files,
  cache: FactsCache,
): Signature | undefined {
  const own = ownCertificates(resource, files);
  const candidates = issuer ? ownCertificates(issuer, files)?.certificates : own?.certificates;
  if (!own || !candidates) return undefined;
  const [certificate] = own.certificates;
  return { address: resource.address, path: own.path, certificate, signer: signerAmong(candidates, certificate, cache) };
}

const signerAmong = (candidates: readonly CertificateFacts[], certificate: CertificateFacts, cache: FactsCache): CertificateFacts | null =>
  candidates.find((candidate) => cache.signature(certificate, candidate, () => isSignedBy(certificate, candidate))) ?? null;

/**
 * The key that signed the certificate which an authority is to be installed from: its own for a root, else one of its issuer's, as it is on disk or is
 * itself to be installed. Null where none of them did; undefined where there is nothing to judge, or nothing to judge it by.
 */
export function providedSignerOf(
  resource: DesiredResource,
  issuer: DesiredResource | undefined,
  files: Files,
  cache: FactsCache,
): string | null | undefined {
  const certificate = providedCertificate(resource, files);
  if (!certificate) return undefined;
  const ofIssuer = () => [providedCertificate(issuer, files) ?? [], ownCertificates(issuer as DesiredResource, files)?.certificates ?? []];
  const candidates = issuer ? ofIssuer().flat() : [certificate];
  if (candidates.length === 0) return undefined;
  return signerAmong(candidates, certificate, cache)?.publicKey.spkiSha256 ?? null;
}

function providedCertificate(resource: DesiredResource | undefined, files: Files): CertificateFacts | undefined {
  const file = resource?.kind === 'ca' && resource.provided ? files.get(resource.provided.certificate) : undefined;
  return file?.state === 'read' ? file.content.certificates[0] : undefined;
}

/** The signatures of copies that hold another certificate than the one that `signatureOf` looks at: which of two is right, only a signature tells. */
export function copySignaturesOf(
  resource: DesiredResource,
  issuer: DesiredResource | undefined,
  files: Files,
  cache: FactsCache,
): readonly (readonly [sha256: string, signedBy: string | null])[] {
  if (resource.fileSets.length === 1) return [];
  const first = ownCertificates(resource, files)?.certificates[0];
  return resource.fileSets.slice(1).flatMap((copy) => {
    const alone = { ...resource, fileSets: [copy] as const };
    const own = ownCertificates(alone, files)?.certificates[0];
    const signature = own && own.sha256 !== first?.sha256 ? signatureOf(alone, issuer, files, cache) : undefined;
    return signature ? [[signature.certificate.sha256, signature.signer?.publicKey.spkiSha256 ?? null] as const] : [];
  });
}

/** The issuer of a resource: itself undefined for a root. */
export const issuersOf = (desired: DesiredState): ((resource: DesiredResource) => DesiredResource | undefined) => {
  const byAddress = new Map<Address, DesiredResource>(desired.resources.map((resource) => [resource.address, resource]));
  return ({ issuer }) => (issuer === undefined ? undefined : byAddress.get(issuer));
};

/** The file with the problems added that only the issuer's certificate shows; the same file where there are none. */
export function withIssuerProblems(file: ObservedFile, { certificate, signer }: Signature): ObservedFile {
  const problems = signer ? problemsUnder(certificate, signer) : [];
  if (problems.length === 0 || file.state !== 'read') return file;
  const certificates = file.content.certificates.map((found) =>
    found === certificate ? { ...found, problems: [...found.problems, ...problems].sort(inCodeOrder) } : found,
  );
  return { ...file, content: { ...file.content, certificates } };
}

const inCodeOrder = (left: CertificateProblem, right: CertificateProblem): number =>
  certificateProblemCodes.indexOf(left.code) - certificateProblemCodes.indexOf(right.code);
