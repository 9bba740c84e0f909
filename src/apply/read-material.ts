/** Keys and certificates out of files, by the identity that the plan gives them. */
import type { KeyObject } from 'node:crypto';
import type { KeyFacts } from '../domain/keys.ts';
import type { CertificateFacts } from '../domain/observed-state.ts';
import { type PemBlock, readPem } from '../formats/pem.ts';
import type { CertificateUse } from '../x509/certificate-problems.ts';
import { openPrivateKey } from '../x509/key-encoding.ts';
import { readCertificate } from '../x509/read-certificate.ts';
import { isKeyLabel, readPrivateKey } from '../x509/read-private-key.ts';
import { changedSincePlan } from './apply-problem.ts';
import type { SourceFiles } from './source-files.ts';

export interface OpenKey {
  readonly privateKey: KeyObject;
  readonly facts: KeyFacts;
}

/** The first private key of a file whose public half has one of these hashes, or undefined. The bytes it was read from are wiped. */
export function findKeyIn(files: SourceFiles, path: string, spkiSha256: readonly string[]): OpenKey | undefined {
  const blocks = blocksOf(files, path);
  try {
    for (const block of blocks.filter(({ label }) => isKeyLabel(label))) {
      const reading = readPrivateKey(block);
      if (reading.ok && spkiSha256.includes(reading.facts.spkiSha256)) return { privateKey: openPrivateKey(block), facts: reading.facts };
    }
    return undefined;
  } finally {
    for (const { der } of blocks) der.fill(0);
  }
}

export function readKeyFrom(files: SourceFiles, path: string, spkiSha256: string): OpenKey {
  const key = findKeyIn(files, path, [spkiSha256]);
  if (!key) throw changedSincePlan(`${path} no longer holds the private key that the plan saw`);
  return key;
}

/** All certificates of a file, in its order. */
export function readCertificatesFrom(files: SourceFiles, path: string, use: CertificateUse): readonly CertificateFacts[] {
  return blocksOf(files, path).flatMap(({ label, der }) => {
    if (label !== 'CERTIFICATE') {
      if (isKeyLabel(label)) der.fill(0);
      return [];
    }
    const reading = readCertificate(der, use);
    return reading.ok ? [reading.facts] : [];
  });
}

/** The certificate with this hash. */
export function readCertificateFrom(files: SourceFiles, path: string, sha256: string, use: CertificateUse): CertificateFacts {
  const found = readCertificatesFrom(files, path, use).find((certificate) => certificate.sha256 === sha256);
  if (!found) throw changedSincePlan(`${path} no longer holds the certificate that the plan saw`);
  return found;
}

function blocksOf(files: SourceFiles, path: string): readonly PemBlock[] {
  const bytes = files.read(path);
  const { blocks } = readPem(bytes);
  bytes.fill(0);
  return blocks;
}
