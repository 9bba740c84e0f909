import type { KeyObject } from 'node:crypto';
import { type AlternativeNames, noNames } from '../../src/domain/alternative-names.ts';
import type { KeySpec } from '../../src/domain/keys.ts';
import { formatKey } from '../../src/domain/keys.ts';
import type { Issuance } from '../../src/domain/material.ts';
import type { CertificateFacts } from '../../src/domain/observed-state.ts';
import { days, type Instant, instantOf, minutes } from '../../src/domain/time.ts';
import { authorityUsages } from '../../src/domain/usages.ts';
import { generateKey, type KeyPair } from '../../src/x509/key-generation.ts';
import { localSigner, type SigningAuthority } from '../../src/x509/local-signer.ts';
import { readCertificate } from '../../src/x509/read-certificate.ts';

/** The moment at which tests issue. */
export const now: Instant = instantOf(Date.UTC(2026, 10, 23, 16, 30) / 1000);

// biome-ignore format: table
export const keySpecs: readonly KeySpec[] = [
  { algorithm: 'RSA', size: 2048 }, { algorithm: 'RSA', size: 3072 }, { algorithm: 'RSA', size: 4096 },
  { algorithm: 'ECDSA', size: 256 }, { algorithm: 'ECDSA', size: 384 }, { algorithm: 'ECDSA', size: 521 },
  { algorithm: 'Ed25519' },
];

const made = new Map<string, Promise<KeyPair>>();

/** A key of this kind; the same one whenever it is asked for by the same name, since RSA keys take their time. */
export function keyOf(spec: KeySpec = { algorithm: 'ECDSA', size: 256 }, name = ''): Promise<KeyPair> {
  const id = `${formatKey(spec)} ${name}`;
  const pair = made.get(id) ?? generateKey(spec);
  made.set(id, pair);
  return pair;
}

export const names = (some: Partial<AlternativeNames>): AlternativeNames => ({ ...noNames, ...some });

/** A leaf for a server, ten days long, but for what is given. */
export const issuance = (rest: Partial<Issuance> = {}): Issuance => ({
  subject: { commonName: 'server' },
  names: names({ dnsNames: ['server.example'] }),
  usages: ['digital signature', 'key encipherment', 'server auth'],
  issuer: { address: 'ca/root', certificate: '/ca.crt', privateKey: '/ca.key' },
  duration: days(10),
  backdate: minutes(5),
  ...rest,
});

/** A root, a hundred days long, but for what is given. */
export const rootIssuance = (rest: Partial<Issuance> = {}): Issuance =>
  issuance({
    subject: { commonName: 'root' },
    names: noNames,
    usages: authorityUsages,
    authority: {},
    issuer: 'self',
    duration: days(100),
    ...rest,
  });

/** Issues, and reads what came of it. Throws where the signer refuses. */
export async function issue(
  authority: SigningAuthority,
  publicKey: KeyObject,
  what: Issuance,
  at: Instant = now,
): Promise<CertificateFacts> {
  const signing = await localSigner(authority).sign({ issuance: what, publicKey, now: at });
  if (signing.result !== 'signed') throw new Error(`${signing.result}: ${signing.reason}`);
  const reading = readCertificate(signing.certificate);
  if (!reading.ok) throw new Error(reading.cause);
  return reading.facts;
}

/** An authority that can sign: a root unless the issuance says otherwise. */
export async function authorityWith(
  spec?: KeySpec,
  what: Issuance = rootIssuance(),
  at: Instant = now,
): Promise<SigningAuthority & { readonly certificate: CertificateFacts }> {
  const { privateKey, publicKey } = await keyOf(spec, 'authority');
  return { privateKey, certificate: await issue({ certificate: null, privateKey }, publicKey, what, at) };
}
