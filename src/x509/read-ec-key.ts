import { createECDH, ECDH } from 'node:crypto';
import type { PublicKeyFacts } from '../domain/keys.ts';
import { type Curve, curveOf, ecPublicKey, UnsupportedAlgorithm } from './algorithms.ts';
import { bitsOf, childrenOf, constructed, contentOf, type Der, DerError, expect, objectIdentifier, smallInteger, tags } from './der.ts';
import { encodeDer, encodeObjectIdentifier } from './encode-der.ts';
import { sha256Hex } from './read-public-key.ts';

/** ECPrivateKey, RFC 5915 §3. The scalar is multiplied by OpenSSL: about 25 µs on P-256, a twentieth of parsing the same key into a KeyObject. */
export function readEcKey(key: Der, outerParameters: Der | undefined): PublicKeyFacts {
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
