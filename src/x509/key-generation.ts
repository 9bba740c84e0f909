import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeySpec } from '../domain/keys.ts';

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const generate = promisify(generateKeyPair);

/** OpenSSL's names of the curves (RFC 5480 §2.1.1.1). */
const curveNames = { 256: 'prime256v1', 384: 'secp384r1', 521: 'secp521r1' } as const;

/** A new key, made on the thread pool: RSA 4096 takes one to three seconds, in which the process must stay alive. RSA exponent 65537. */
export function generateKey(spec: KeySpec): Promise<KeyPair> {
  switch (spec.algorithm) {
    case 'RSA':
      return generate('rsa', { modulusLength: spec.size, publicExponent: 65_537 });
    case 'ECDSA':
      return generate('ec', { namedCurve: curveNames[spec.size], paramEncoding: 'named' });
    case 'Ed25519':
      return generate('ed25519', undefined);
  }
}
