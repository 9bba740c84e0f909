/** The subjectPublicKeyInfo of a certificate (RFC 5280 §4.1.2.7): whose key, of which algorithm and size. */
import { createHash } from 'node:crypto';
import type { PublicKeyFacts } from '../domain/keys.ts';
import { curveOf, ecPublicKey, ed25519, otherKeyAlgorithms, rsaEncryption } from './algorithms.ts';
import { bitsOf, childrenOf, type Der, encodingOf, expect, integerOctets, objectIdentifier, tags, wrappedValue } from './der.ts';

export interface PublicKeyReading {
  readonly facts: PublicKeyFacts;
  /** RSA's public exponent, lower-case hex. */
  readonly exponent?: string | undefined;
  /** The curve is written out instead of named (RFC 5480 §2.1.1 forbids it; OpenSSL's defaults refuse it since CVE-2020-0601). */
  readonly explicitCurve: boolean;
  /** Whether the algorithm is one that OpenSSL and TLS know. */
  readonly supported: boolean;
}

export const sha256Hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Reads a SubjectPublicKeyInfo. Throws DerError where it is none. */
export function readPublicKeyInfo(info: Der): PublicKeyReading {
  const [algorithm, key] = childrenOf(expect(info, tags.sequence, 'public key'));
  const [identifier, parameters] = childrenOf(expect(algorithm, tags.sequence, 'public key algorithm'));
  const oid = objectIdentifier(expect(identifier, tags.objectIdentifier, 'public key algorithm'));
  const bits = expect(key, tags.bitString, 'public key');
  const spkiSha256 = sha256Hex(encodingOf(info));
  const plain = (name: string, size: number, supported: boolean): PublicKeyReading => ({
    facts: { algorithm: name, size, spkiSha256 },
    explicitCurve: false,
    supported,
  });
  switch (oid) {
    case rsaEncryption: {
      const [modulus, exponent] = childrenOf(wrappedBits(bits));
      const exponentOctets = integerOctets(expect(exponent, tags.integer, 'RSA exponent'));
      const size = bitLength(integerOctets(expect(modulus, tags.integer, 'RSA modulus')));
      return {
        ...plain('RSA', size, true),
        exponent: Buffer.from(exponentOctets)
          .toString('hex')
          .replace(/^(00)+(?=.)/, ''),
      };
    }
    case ecPublicKey: {
      if (parameters?.tag !== tags.objectIdentifier)
        return { ...plain('EC with explicit parameters', 0, false), explicitCurve: parameters?.tag === tags.sequence };
      const curveOid = objectIdentifier(parameters);
      const curve = curveOf(curveOid);
      return curve ? plain(curve.algorithm, curve.bits, true) : plain(`EC ${curveOid}`, 0, false);
    }
    case ed25519:
      return plain('Ed25519', 0, true);
    default: {
      const known = otherKeyAlgorithms[oid];
      return known ? plain(known.name, known.bits, known.name === 'RSASSA-PSS' || known.name === 'Ed448') : plain(oid, 0, false);
    }
  }
}

const wrappedBits = (bits: Der): Der =>
  wrappedValue({ ...bits, content: bits.end - bitsOf(bits).octets.length }, tags.sequence, 'RSA public key');

/** Bits of a number given in big-endian octets. */
export function bitLength(octets: Uint8Array): number {
  const first = octets.findIndex((octet) => octet !== 0);
  return first < 0 ? 0 : (octets.length - first - 1) * 8 + (32 - Math.clz32(octets[first] as number));
}
