import type { PublicKeyFacts } from '../domain/keys.ts';
import { rsaEncryption, UnsupportedAlgorithm } from './algorithms.ts';
import { childrenOf, type Der, DerError, encodingOf, expect, integerOctets, smallInteger, tags } from './der.ts';
import { encodeDer, encodeObjectIdentifier } from './encode-der.ts';
import { bitLength, sha256Hex } from './read-public-key.ts';

/** No RSA key that OpenSSL verifies with is longer. */
const longestModulus = 16_384;

/**
 * RSAPrivateKey, RFC 8017 §A.1.2. That its parts belong together is computed (§3.2), some 20 µs, where a signature to prove it would take 5 ms at 4096 bits.
 * That p and q are primes is not: whoever writes such a key deceives himself alone.
 */
export function readRsaKey(key: Der): PublicKeyFacts {
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
