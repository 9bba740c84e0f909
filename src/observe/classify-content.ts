/** From what is in a file and the role it has to facts, or to the one class of what is wrong with it. No cause ever quotes the content. */
import { hash } from 'node:crypto';
import type { ReadProblem } from '../domain/codes.ts';
import { compact } from '../domain/compact.ts';
import type { FileRole } from '../domain/desired-state.ts';
import type { KeyFacts } from '../domain/keys.ts';
import type { FilePart, FileParts } from '../domain/looked-file.ts';
import type { CertificateFacts, FileContent } from '../domain/observed-state.ts';
import type { CertificateUse } from '../x509/certificate-problems.ts';
import { type CertificateReading, readCertificate } from '../x509/read-certificate.ts';
import type { FactsCache } from './facts-cache.ts';
import { partsOf } from './file-parts.ts';

export type Classification =
  | { readonly ok: true; readonly content: FileContent }
  | { readonly ok: false; readonly problem: ReadProblem; readonly cause: string };

export interface Purpose {
  readonly role: FileRole;
  /** What the file's own certificate is there for, which should be the first; those beside it are authorities. */
  readonly use: CertificateUse;
}

/** What has to be in a file of each role. Certificates are one or more: a second one in a `certificate` file is a fact, not a fault. */
// biome-ignore format: table
const wanted: Readonly<Record<FileRole, { readonly certificates: boolean; readonly key: boolean }>> = {
  certificate: { certificates: true,  key: false },
  privateKey:  { certificates: false, key: true },
  chain:       { certificates: true,  key: false },
  fullChain:   { certificates: true,  key: false },
  combined:    { certificates: true,  key: true },
};

const refused = (problem: ReadProblem, cause: string): Classification => ({ ok: false, problem, cause });

/** Classifies the content of one file. `sha256` is the hash of `bytes`. */
export const classifyContent = (bytes: Uint8Array, sha256: string, purpose: Purpose, cache: FactsCache): Classification =>
  classifyParts(partsOf(bytes, sha256, cache), purpose, cache);

type Certificate = Extract<FilePart, { kind: 'certificate' }>;
type Key = Extract<FilePart, { kind: 'key' }>;

/** The same for a file that was taken apart already. */
export function classifyParts(held: FileParts, { role, use }: Purpose, cache: FactsCache): Classification {
  if (!held.ok) return refused(held.problem, held.cause);
  const certificates = held.parts.filter((part): part is Certificate => part.kind === 'certificate');
  const keys = held.parts.filter((part): part is Key => part.kind === 'key');
  const foreign = held.parts.find((part) => part.kind === 'other');
  const misplaced = foreign ? foreign.name : misplacedIn(role, certificates, keys);
  if (misplaced !== undefined) return refused('wrong-kind', misplaced);

  const read = (der: Uint8Array, as: CertificateUse) =>
    cache.certificate(`${hash('sha256', der)} ${as}`, der, () => readCertificate(der, as));
  const own = role === 'chain' ? -1 : use === 'authority' ? 0 : firstLeaf(certificates, (der) => read(der, 'authority'));
  const certificateFacts: CertificateFacts[] = [];
  for (const [index, { der }] of certificates.entries()) {
    const reading = read(der, index === own ? use : 'authority');
    if (!reading.ok)
      return refused(reading.problem, certificates.length > 1 ? `certificate ${index + 1}: ${reading.cause}` : reading.cause);
    certificateFacts.push(reading.facts);
  }
  const keyFacts: KeyFacts[] = [];
  for (const { key } of keys) {
    if (!key) continue;
    if (!key.ok) return refused(key.problem, key.cause);
    keyFacts.push(key.facts);
  }
  return { ok: true, content: { certificates: compact(certificateFacts), keys: compact(keyFacts) } };
}

/** Where the authorities of a leaf stand before it (`cat ca.crt leaf.crt`) it is judged as what it is all the same: the first that is no authority, else the first. */
function firstLeaf(certificates: readonly Certificate[], read: (der: Uint8Array) => CertificateReading): number {
  if (certificates.length < 2) return 0;
  const isLeaf = (reading: CertificateReading) => reading.ok && reading.facts.basicConstraints?.ca !== true;
  return Math.max(
    0,
    certificates.findIndex(({ der }) => isLeaf(read(der))),
  );
}

/** What stands in the file and does not belong there, or is lacking; undefined where all is in its place. */
function misplacedIn(role: FileRole, certificates: readonly Certificate[], keys: readonly Key[]): string | undefined {
  const want = wanted[role];
  const [certificate, key] = [certificates[0], keys[0]];
  if (!certificate && !key) return 'parameters only';
  if (key && !want.key) return certificate ? `${key.name} beside the certificate` : key.name;
  if (certificate && !want.certificates) return key ? 'a certificate beside the private key' : 'a certificate';
  if (keys.length > 1) return `${keys.length} private keys`;
  if (want.key && !key) return 'a certificate without its private key';
  if (want.certificates && !certificate) return `${key?.name} without its certificate`;
  return undefined;
}
