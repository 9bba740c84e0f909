import { type KeyObject, sign } from 'node:crypto';

/** How a key signs certificates: the names WebCrypto has for it, which the issuing library understands, and the signature itself. */
export interface SignatureChoice {
  readonly algorithm: { readonly name: string; readonly hash?: string; readonly namedCurve?: string };
  /** As it stands in a certificate: for ECDSA the DER of r and s (RFC 5480 appendix A). At once, since a turn of the thread pool costs more than most signatures. */
  readonly sign: (data: Uint8Array) => Buffer;
}

/** The hash fits the curve in strength (RFC 5480 §4); SHA-256 is enough for every RSA size we make (NIST SP 800-57 part 1 §5.6.2). */
const curves: Readonly<Record<string, { readonly namedCurve: string; readonly hash: string; readonly digest: string }>> = {
  prime256v1: { namedCurve: 'P-256', hash: 'SHA-256', digest: 'sha256' },
  secp384r1: { namedCurve: 'P-384', hash: 'SHA-384', digest: 'sha384' },
  secp521r1: { namedCurve: 'P-521', hash: 'SHA-512', digest: 'sha512' },
};

/** Undefined for keys with which we sign nothing (other curves, RSA-PSS keys, DSA). */
export function signatureChoice(key: KeyObject): SignatureChoice | undefined {
  const curve = curves[key.asymmetricKeyDetails?.namedCurve ?? ''];
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return { algorithm: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, sign: (data) => sign('sha256', data, key) };
    case 'ec':
      return (
        curve && {
          algorithm: { name: 'ECDSA', namedCurve: curve.namedCurve, hash: curve.hash },
          sign: (data) => sign(curve.digest, data, key),
        }
      );
    case 'ed25519':
      return { algorithm: { name: 'Ed25519' }, sign: (data) => sign(null, data, key) };
    default:
      return undefined;
  }
}
