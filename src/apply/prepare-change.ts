/** From a change's material to the key and certificates it stands for: made or read, never decided. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { formatKey, type KeyEncoding, type KeyFacts } from '../domain/keys.ts';
import type { Issuance, KeySource, Material } from '../domain/material.ts';
import type { CertificateFacts } from '../domain/observed-state.ts';
import type { Change } from '../domain/plan.ts';
import type { Instant } from '../domain/time.ts';
import { encodePrivateKey, privateKeyPem } from '../x509/key-encoding.ts';
import { readCertificate } from '../x509/read-certificate.ts';
import { readPrivateKey } from '../x509/read-private-key.ts';
import { issueFailed, selfCheckFailed } from './apply-problem.ts';
import type { Issuers } from './issuers.ts';
import type { Issuing } from './issuing.ts';
import { readCertificateFrom, readKeyFrom } from './read-material.ts';
import { withSignOfLife } from './sign-of-life.ts';
import type { SourceFiles } from './source-files.ts';

/** A private key in the form in which it will be written. */
export interface PreparedKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** Read back from what will be written. */
  readonly facts: KeyFacts;
  /** Secret: wiped when the files are in place. */
  readonly pem: Buffer;
}

export interface Prepared {
  readonly key: PreparedKey | null;
  readonly certificate: CertificateFacts;
  /** Who signed it, where it was issued just now by somebody else. */
  readonly issuer: CertificateFacts | null;
  readonly issuedNow: boolean;
  /** Further certificates of the certificate file. */
  readonly generations: readonly CertificateFacts[];
  readonly chain: readonly CertificateFacts[];
}

/** What preparing needs from its surroundings. */
export interface Workshop {
  readonly files: SourceFiles;
  readonly issuers: Issuers;
  readonly issuing: Issuing;
  readonly now: Instant;
  readonly signal: AbortSignal;
  readonly stillAtIt: (doing: string) => void;
}

/** Throws `ApplyProblem`, or `Interrupted` while a key is being made. */
export async function prepareChange(change: Change, material: Material, workshop: Workshop): Promise<Prepared> {
  const { files, issuers } = workshop;
  const use = change.kind === 'ca' ? 'authority' : 'end-entity';
  const key = await prepareKey(material.key, workshop);
  try {
    const source = material.certificate;
    const issued = source.from === 'issue' ? await issue(source.issuance, key, workshop) : null;
    const certificate = issued
      ? readBack(issued.der, use)
      : readCertificateFrom(files, (source as { path: string }).path, (source as { sha256: string }).sha256, use);
    return {
      key,
      certificate,
      issuer: issued?.issuer ?? null,
      issuedNow: issued !== null,
      generations: material.generations.map(({ path, sha256 }) => readCertificateFrom(files, path, sha256, use)),
      chain: issuers.chainAbove(certificate, material.chain),
    };
  } catch (error) {
    key?.pem.fill(0);
    throw error;
  }
}

async function prepareKey(source: KeySource, { files, issuing, signal, stillAtIt }: Workshop): Promise<PreparedKey | null> {
  switch (source.from) {
    case 'nowhere':
      return null;
    case 'file': {
      const { privateKey, facts } = readKeyFrom(files, source.path, source.spkiSha256);
      return written(privateKey, createPublicKey(privateKey), source.encoding ?? facts.encoding);
    }
    case 'new': {
      const pair = await withSignOfLife(
        issuing.generateKey(source.spec),
        () => stillAtIt(`generating ${formatKey(source.spec)} key`),
        signal,
      );
      return written(pair.privateKey, pair.publicKey, source.encoding);
    }
  }
}

function written(privateKey: KeyObject, publicKey: KeyObject, encoding: KeyEncoding): PreparedKey {
  const block = encodePrivateKey(privateKey, encoding);
  const reading = readPrivateKey(block);
  const pem = privateKeyPem(block);
  block.der.fill(0);
  if (!reading.ok) throw selfCheckFailed(`the private key cannot be read back: ${reading.cause}`);
  return { privateKey, publicKey, facts: reading.facts, pem };
}

async function issue(
  issuance: Issuance,
  key: PreparedKey | null,
  { issuers, issuing, now }: Workshop,
): Promise<{ readonly der: Uint8Array; readonly issuer: CertificateFacts | null }> {
  if (!key)
    throw issueFailed('a certificate is to be issued for a key that is not here', 'name a file for the private key in the desired state');
  const issuer = issuance.issuer === 'self' ? null : issuers.open(issuance.issuer);
  const signer = issuer?.signer ?? issuing.signerOf({ certificate: null, privateKey: key.privateKey });
  const signing = await signer.sign({ issuance, publicKey: key.publicKey, now });
  if (signing.result !== 'signed')
    throw issueFailed(`the certificate was not signed: ${signing.reason}`, 'look at the authority first: certstate show');
  return { der: signing.certificate, issuer: issuer?.certificate ?? null };
}

function readBack(der: Uint8Array, use: 'authority' | 'end-entity'): CertificateFacts {
  const reading = readCertificate(der, use);
  if (!reading.ok) throw selfCheckFailed(`the issued certificate cannot be read back: ${reading.cause}`);
  return reading.facts;
}
