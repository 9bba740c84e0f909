/** From the bytes of a file and the role it has to facts, or to the one class of what is wrong with it. No cause ever quotes the content. */
import { createHash } from 'node:crypto';
import type { ReadProblem } from '../domain/codes.ts';
import type { FileRole } from '../domain/desired-state.ts';
import type { KeyFacts } from '../domain/keys.ts';
import type { CertificateFacts, FileContent } from '../domain/observed-state.ts';
import { isCertificateBlock, isParameterBlock, nameByBeginning, nameOfBlock } from '../formats/content-kind.ts';
import { type PemBlock, readPem } from '../formats/pem.ts';
import type { CertificateUse } from '../x509/certificate-problems.ts';
import { encryptedDerKey, nameOfDer } from '../x509/der-kind.ts';
import { type CertificateReading, readCertificate } from '../x509/read-certificate.ts';
import { isKeyLabel, readPrivateKey } from '../x509/read-private-key.ts';
import type { FactsCache } from './facts-cache.ts';

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
export function classifyContent(bytes: Uint8Array, sha256: string, purpose: Purpose, cache: FactsCache): Classification {
  if (bytes.length === 0) return refused('empty', 'the file is empty');
  const { blocks, faults } = readPem(bytes);
  if (faults.length > 0) return refused('unparsable', faults.join('; '));
  if (blocks.length === 0) return classifyWithoutPem(bytes);
  try {
    return classifyBlocks(
      blocks.filter((block) => !isParameterBlock(block)),
      sha256,
      purpose,
      cache,
    );
  } finally {
    for (const block of blocks) if (!isCertificateBlock(block)) block.der.fill(0);
  }
}

function classifyWithoutPem(bytes: Uint8Array): Classification {
  const name = nameOfDer(bytes) ?? nameByBeginning(bytes);
  if (name === encryptedDerKey) return refused('encrypted', name);
  if (name !== undefined) return refused('wrong-kind', name);
  return refused('unparsable', bytes.every((octet) => octet === 0) ? 'nothing but zero octets' : 'no PEM block in it');
}

function classifyBlocks(blocks: readonly PemBlock[], sha256: string, { role, use }: Purpose, cache: FactsCache): Classification {
  const certificates = blocks.filter(isCertificateBlock);
  const keys = blocks.filter(({ label }) => isKeyLabel(label));
  const foreign = blocks.find((block) => !isCertificateBlock(block) && !isKeyLabel(block.label));
  const misplaced = foreign ? nameOfBlock(foreign) : misplacedIn(role, certificates, keys);
  if (misplaced !== undefined) return refused('wrong-kind', misplaced);

  const read = (der: Uint8Array, as: CertificateUse) =>
    cache.certificate(`${createHash('sha256').update(der).digest('hex')} ${as}`, () => readCertificate(der, as));
  const own = role === 'chain' ? -1 : use === 'authority' ? 0 : firstLeaf(certificates, (der) => read(der, 'authority'));
  const certificateFacts: CertificateFacts[] = [];
  for (const [index, { der }] of certificates.entries()) {
    const reading = read(der, index === own ? use : 'authority');
    if (!reading.ok)
      return refused(reading.problem, certificates.length > 1 ? `certificate ${index + 1}: ${reading.cause}` : reading.cause);
    certificateFacts.push(reading.facts);
  }
  const keyFacts: KeyFacts[] = [];
  for (const block of keys) {
    const reading = cache.privateKey(sha256, () => readPrivateKey(block));
    if (!reading.ok) return refused(reading.problem, reading.cause);
    keyFacts.push(reading.facts);
  }
  return { ok: true, content: { certificates: certificateFacts, keys: keyFacts } };
}

/** Where the authorities of a leaf stand before it (`cat ca.crt leaf.crt`) it is judged as what it is all the same: the first that is no authority, else the first. */
function firstLeaf(certificates: readonly PemBlock[], read: (der: Uint8Array) => CertificateReading): number {
  if (certificates.length < 2) return 0;
  const isLeaf = (reading: CertificateReading) => reading.ok && reading.facts.basicConstraints?.ca !== true;
  return Math.max(
    0,
    certificates.findIndex(({ der }) => isLeaf(read(der))),
  );
}

/** What stands in the file and does not belong there, or is lacking; undefined where all is in its place. */
function misplacedIn(role: FileRole, certificates: readonly PemBlock[], keys: readonly PemBlock[]): string | undefined {
  const want = wanted[role];
  const [certificate, key] = [certificates[0], keys[0]];
  if (!certificate && !key) return 'parameters only';
  if (key && !want.key) return certificate ? `${nameOfBlock(key)} beside the certificate` : nameOfBlock(key);
  if (certificate && !want.certificates) return key ? 'a certificate beside the private key' : nameOfBlock(certificate);
  if (keys.length > 1) return `${keys.length} private keys`;
  if (want.key && !key) return 'a certificate without its private key';
  if (want.certificates && !certificate) return `${nameOfBlock(key as PemBlock)} without its certificate`;
  return undefined;
}
