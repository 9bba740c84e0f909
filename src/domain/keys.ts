/** Key algorithms, sizes and encodings we make, and what we may find. */
export const keySizes = {
  RSA: [2048, 3072, 4096],
  ECDSA: [256, 384, 521],
  Ed25519: [],
} as const satisfies Record<string, readonly number[]>;

export type KeyAlgorithm = keyof typeof keySizes;

/** A key we can make. Ed25519 has one size and so names none. */
export type KeySpec =
  | { readonly algorithm: 'RSA'; readonly size: 2048 | 3072 | 4096 }
  | { readonly algorithm: 'ECDSA'; readonly size: 256 | 384 | 521 }
  | { readonly algorithm: 'Ed25519' };

export type KeyEncoding = 'PKCS8' | 'PKCS1' | 'SEC1';

/** Which encodings an algorithm has a form in: RFC 8017 for RSA, RFC 5915 for EC, PKCS#8 (RFC 5958) for all. */
// biome-ignore format: table
export const keyEncodings = {
  RSA:     ['PKCS8', 'PKCS1'],
  ECDSA:   ['PKCS8', 'SEC1'],
  Ed25519: ['PKCS8'],
} as const satisfies Record<KeyAlgorithm, readonly KeyEncoding[]>;

/** cert-manager's meaning: `Always` makes a new key whenever something is issued, `Never` keeps what is there. */
export type RotationPolicy = 'Always' | 'Never';

/** A public key as found. `algorithm` is one of ours, or the name OpenSSL or its OID gives it; `size` in bits, 0 where it has none. */
export interface PublicKeyFacts {
  readonly algorithm: KeyAlgorithm | (string & {});
  readonly size: number;
  /** SHA-256 of the SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), lower-case hex: the identity of a key. */
  readonly spkiSha256: string;
}

/** What may be known of a private key: nothing of its secret half. */
export interface KeyFacts extends PublicKeyFacts {
  readonly encoding: KeyEncoding;
}

export const defaultKey: KeySpec = { algorithm: 'ECDSA', size: 256 };
const defaultSizes = { RSA: 2048, ECDSA: 256 } as const;

/** The key to make when the YAML asks for this much: ECDSA 256 for nothing, RSA 2048 for RSA without a size. */
export function keySpecFor(
  wanted: { readonly algorithm?: KeyAlgorithm | undefined; readonly size?: number | undefined } | undefined,
): KeySpec {
  const algorithm = wanted?.algorithm ?? defaultKey.algorithm;
  if (algorithm === 'Ed25519') return { algorithm };
  return { algorithm, size: wanted?.size ?? defaultSizes[algorithm] } as KeySpec;
}

/** `RSA 4096`, `ECDSA 384`, `Ed25519`. */
export const formatKey = (key: { readonly algorithm: string; readonly size?: number | undefined }): string =>
  key.algorithm === 'Ed25519' || !key.size ? key.algorithm : `${key.algorithm} ${key.size}`;
