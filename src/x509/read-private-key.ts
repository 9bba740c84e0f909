/**
 * From a private key to what may be known of it. The public half is derived, never believed: SEC1 and PKCS#8 may carry a public key that is not theirs,
 * and OpenSSL takes it as it stands, so that a "matching" pair fails at the first handshake. Nothing secret is in any result or cause.
 */
import { createECDH, createPrivateKey, createPublicKey, ECDH } from 'node:crypto';
import type { ReadProblem } from '../domain/codes.ts';
import type { KeyEncoding, KeyFacts } from '../domain/keys.ts';
import { type Curve, curveOf, ecPublicKey, ed25519, otherKeyAlgorithms, rsaEncryption } from './algorithms.ts';
import {
  bitsOf,
  childrenOf,
  constructed,
  contentOf,
  type Der,
  DerError,
  encodingOf,
  expect,
  integerOctets,
  objectIdentifier,
  primitive,
  smallInteger,
  tags,
  wholeValue,
  wrappedValue,
} from './der.ts';
import { encodeDer, encodeObjectIdentifier } from './encode-der.ts';
import { bitLength, sha256Hex } from './read-public-key.ts';

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

/** An algorithm that is known for what it is, and not one of ours. */
class UnsupportedAlgorithm extends Error {}

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

type PublicHalf = Omit<KeyFacts, 'encoding'>;

const readers: Readonly<Record<KeyEncoding, (der: Uint8Array) => PublicHalf>> = {
  PKCS8: readPkcs8,
  PKCS1: (der) => readRsaKey(wholeValue(der, tags.sequence, 'RSA private key')),
  SEC1: (der) => readEcKey(wholeValue(der, tags.sequence, 'EC private key'), undefined),
};

function readPkcs8(der: Uint8Array): PublicHalf {
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

/** ECPrivateKey, RFC 5915 §3. The scalar is multiplied by OpenSSL: about 25 µs on P-256, a twentieth of parsing the same key into a KeyObject. */
function readEcKey(key: Der, outerParameters: Der | undefined): PublicHalf {
  const [version, scalar, ...rest] = childrenOf(key);
  if (smallInteger(expect(version, tags.integer, 'version')) !== 1) throw new DerError('the version of the EC private key is not 1');
  const innerField = rest.find(({ tag }) => tag === constructed(0));
  const inner = innerField && childrenOf(innerField)[0];
  const curve = curveFrom(outerParameters ?? inner);
  if (outerParameters && inner && curveFrom(inner) !== curve) throw new DerError('it names two curves');
  const point = derivePoint(curve, contentOf(expect(scalar, tags.octetString, 'scalar')));
  const claimedField = rest.find(({ tag }) => tag === constructed(1));
  if (claimedField) {
    const { octets } = bitsOf(expect(childrenOf(claimedField)[0], tags.bitString, 'public key'));
    if (!isPoint(octets, curve, point)) throw new DerError('the public key written into it is not its own');
  }
  const spki = encodeDer(
    tags.sequence,
    encodeDer(tags.sequence, encodeObjectIdentifier(ecPublicKey), encodeObjectIdentifier(curve.oid)),
    encodeDer(tags.bitString, Buffer.of(0), point),
  );
  return { algorithm: curve.algorithm, size: curve.bits, spkiSha256: sha256Hex(spki) };
}

function curveFrom(parameters: Der | undefined): Curve {
  if (parameters?.tag === tags.sequence) throw new UnsupportedAlgorithm('an EC private key with explicit curve parameters');
  const oid = objectIdentifier(expect(parameters, tags.objectIdentifier, 'curve'));
  const curve = curveOf(oid);
  if (!curve) throw new UnsupportedAlgorithm(`an EC private key on the curve ${oid}`);
  return curve;
}

function derivePoint(curve: Curve, scalar: Uint8Array): Buffer {
  const ecdh = ecdhOn(curve);
  const significant = scalar.subarray(Math.max(0, scalar.length - curve.octets));
  if (scalar.subarray(0, scalar.length - significant.length).some((octet) => octet !== 0)) throw new DerError('the scalar is too long');
  try {
    ecdh.setPrivateKey(significant);
    return ecdh.getPublicKey();
  } catch {
    throw new DerError('the scalar is not a private key of its curve');
  }
}

function ecdhOn(curve: Curve): ECDH {
  try {
    return createECDH(curve.node);
  } catch {
    throw new UnsupportedAlgorithm(`an EC private key on the curve ${curve.algorithm}`);
  }
}

function isPoint(claimed: Uint8Array, curve: Curve, point: Buffer): boolean {
  if (claimed[0] === 4) return point.equals(claimed);
  try {
    return point.equals(ECDH.convertKey(claimed, curve.node, undefined, undefined, 'uncompressed') as Buffer);
  } catch {
    return false;
  }
}

/** OpenSSL derives the public key from the 32 octets (RFC 8032 §5.1.5). */
function readEd25519Key(seed: Der, claimed: Der | undefined): PublicHalf {
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

/** No RSA key that OpenSSL verifies with is longer. */
const longestModulus = 16_384;

/**
 * RSAPrivateKey, RFC 8017 §A.1.2. That its parts belong together is computed (§3.2), some 20 µs, where a signature to prove it would take 5 ms at 4096 bits.
 * That p and q are primes is not: whoever writes such a key deceives himself alone.
 */
function readRsaKey(key: Der): PublicHalf {
  const [version, ...fields] = childrenOf(key);
  if (smallInteger(expect(version, tags.integer, 'version')) !== 0)
    throw new UnsupportedAlgorithm('an RSA private key of more than two primes');
  const [modulus, exponent, ...secret] = fields.map((field) => expect(field, tags.integer, 'part of the RSA key'));
  const size = bitLength(integerOctets(expect(modulus, tags.integer, 'modulus')));
  if (size > longestModulus) throw new UnsupportedAlgorithm(`an RSA private key of ${size} bits`);
  const numbers = [modulus, exponent, ...secret].map((field) => numberOf(field as Der, size));
  if (numbers.length !== 8) throw new DerError('an RSA private key has eight parts');
  const [n, e, d, p, q, dP, dQ, qInv] = numbers as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
  const consistent =
    p > 2n &&
    q > 2n &&
    p * q === n &&
    e > 1n &&
    inverse(e, d, p - 1n) &&
    inverse(e, d, q - 1n) &&
    inverse(e, dP, p - 1n) &&
    inverse(e, dQ, q - 1n) &&
    inverse(q, qInv, p);
  if (!consistent) throw new DerError('the parts of the RSA key do not belong together');
  const publicKey = encodeDer(tags.sequence, encodingOf(modulus as Der), encodingOf(exponent as Der));
  const spki = encodeDer(
    tags.sequence,
    encodeDer(tags.sequence, encodeObjectIdentifier(rsaEncryption), encodeDer(tags.null)),
    encodeDer(tags.bitString, Buffer.of(0), publicKey),
  );
  return { algorithm: 'RSA', size, spkiSha256: sha256Hex(spki) };
}

const inverse = (left: bigint, right: bigint, modulus: bigint): boolean => (left * right) % modulus === 1n;

function numberOf(field: Der, bits: number): bigint {
  const octets = integerOctets(field);
  if ((octets[0] as number) >= 0x80 || octets.length > bits / 8 + 2) throw new DerError('a part of the RSA key is out of range');
  return BigInt(`0x${Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('hex')}`);
}
