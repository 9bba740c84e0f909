/**
 * From a private key to what may be known of it. The public half is derived, never believed: SEC1 and PKCS#8 may carry a public key that is not theirs,
 * and OpenSSL takes it as it stands, so that a "matching" pair fails at the first handshake. Nothing secret is in any result or cause.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { ReadProblem } from '../domain/codes.ts';
import type { KeyEncoding, KeyFacts, PublicKeyFacts } from '../domain/keys.ts';
import { ecPublicKey, ed25519, otherKeyAlgorithms, rsaEncryption, UnsupportedAlgorithm } from './algorithms.ts';
import {
  bitsOf,
  childrenOf,
  contentOf,
  type Der,
  DerError,
  expect,
  objectIdentifier,
  primitive,
  smallInteger,
  tags,
  wholeValue,
  wrappedValue,
} from './der.ts';
import { encodeDer, encodeObjectIdentifier } from './encode-der.ts';
import { readEcKey } from './read-ec-key.ts';
import { sha256Hex } from './read-public-key.ts';
import { readRsaKey } from './read-rsa-key.ts';

/** A block of PEM, as `formats/pem.ts` hands it on. */
export interface KeyBlock {
  readonly label: string;
  readonly der: Uint8Array;
  /** Its header says `Proc-Type: 4,ENCRYPTED` (RFC 1421 §4.6.1.1). */
  readonly encrypted: boolean;
}

export type KeyReading =
  | { readonly ok: true; readonly facts: KeyFacts }
  | { readonly ok: false; readonly problem: ReadProblem; readonly cause: string };

const encodings: Readonly<Record<string, KeyEncoding>> = { 'PRIVATE KEY': 'PKCS8', 'RSA PRIVATE KEY': 'PKCS1', 'EC PRIVATE KEY': 'SEC1' };
/** Labels whose block is a private key, whether or not it is one of ours. */
export const isKeyLabel = (label: string): boolean =>
  Object.hasOwn(encodings, label) || label === 'ENCRYPTED PRIVATE KEY' || label === 'DSA PRIVATE KEY';

/** Reads one private key in PKCS#8 (RFC 5958), PKCS#1 (RFC 8017 §A.1.2) or SEC1 (RFC 5915). */
export function readPrivateKey(block: KeyBlock): KeyReading {
  if (block.encrypted || block.label === 'ENCRYPTED PRIVATE KEY')
    return { ok: false, problem: 'encrypted', cause: 'the private key is encrypted' };
  const encoding = encodings[block.label];
  if (!encoding) return { ok: false, problem: 'unsupported-algorithm', cause: `a private key of the form "${block.label}"` };
  try {
    return { ok: true, facts: { ...readers[encoding](block.der), encoding } };
  } catch (error) {
    if (error instanceof UnsupportedAlgorithm) return { ok: false, problem: 'unsupported-algorithm', cause: error.message };
    if (error instanceof DerError) return { ok: false, problem: 'unparsable', cause: `no private key: ${error.message}` };
    throw error;
  }
}

const readers: Readonly<Record<KeyEncoding, (der: Uint8Array) => PublicKeyFacts>> = {
  PKCS8: readPkcs8,
  PKCS1: (der) => readRsaKey(wholeValue(der, tags.sequence, 'RSA private key')),
  SEC1: (der) => readEcKey(wholeValue(der, tags.sequence, 'EC private key'), undefined),
};

function readPkcs8(der: Uint8Array): PublicKeyFacts {
  const [version, algorithm, privateKey, ...rest] = childrenOf(wholeValue(der, tags.sequence, 'private key'));
  if (smallInteger(expect(version, tags.integer, 'version')) > 1) throw new DerError('the version is neither 0 nor 1');
  const [identifier, parameters] = childrenOf(expect(algorithm, tags.sequence, 'key algorithm'));
  const oid = objectIdentifier(expect(identifier, tags.objectIdentifier, 'key algorithm'));
  const key = expect(privateKey, tags.octetString, 'key');
  const claimed = rest.find(({ tag }) => tag === primitive(1));
  switch (oid) {
    case rsaEncryption:
      return readRsaKey(wrappedValue(key, tags.sequence, 'RSA private key'));
    case ecPublicKey:
      return readEcKey(wrappedValue(key, tags.sequence, 'EC private key'), parameters);
    case ed25519:
      return readEd25519Key(wrappedValue(key, tags.octetString, 'Ed25519 private key'), claimed);
    default:
      throw new UnsupportedAlgorithm(`a private key of the algorithm ${otherKeyAlgorithms[oid]?.name ?? oid}`);
  }
}

/** OpenSSL derives the public key from the 32 octets (RFC 8032 §5.1.5). */
function readEd25519Key(seed: Der, claimed: Der | undefined): PublicKeyFacts {
  const octets = contentOf(seed);
  if (octets.length !== 32) throw new DerError('an Ed25519 private key has 32 octets');
  const pkcs8 = encodeDer(
    tags.sequence,
    encodeDer(tags.integer, Buffer.of(0)),
    encodeDer(tags.sequence, encodeObjectIdentifier(ed25519)),
    encodeDer(tags.octetString, encodeDer(tags.octetString, octets)),
  );
  const spki = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })).export({ type: 'spki', format: 'der' });
  pkcs8.fill(0);
  if (claimed && !spki.subarray(-32).equals(bitsOf(claimed).octets)) throw new DerError('the public key written into it is not its own');
  return { algorithm: 'Ed25519', size: 0, spkiSha256: sha256Hex(spki) };
}
