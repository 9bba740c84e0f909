/** Who signed whom: by the signature itself. Names and key identifiers only say who is supposed to have. */
import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { CertificateFacts } from '../domain/observed-state.ts';
import { encodingOf } from './der.ts';
import { parseCertificate } from './parse-certificate.ts';

/** Issuers' keys as OpenSSL holds them, made once for each; null where it cannot (an algorithm it does not know). */
const issuerKeys = new WeakMap<CertificateFacts, KeyObject | null>();

/**
 * Whether the issuer's key made the child's signature, which OpenSSL must be able to read too. A certificate whose own key made it is self-signed.
 * Neither dates nor constraints are looked at: those are facts for the plan.
 */
export function isSignedBy(child: CertificateFacts, issuer: CertificateFacts): boolean {
  const key = keyOf(issuer);
  if (!key) return false;
  try {
    return new X509Certificate(child.der).verify(key);
  } catch {
    return false; // a signature algorithm that OpenSSL does not know, or a key of another kind
  }
}

function keyOf(issuer: CertificateFacts): KeyObject | null {
  let key = issuerKeys.get(issuer);
  if (key === undefined) {
    key = publicKeyOf(issuer.der);
    issuerKeys.set(issuer, key);
  }
  return key;
}

function publicKeyOf(der: Uint8Array): KeyObject | null {
  try {
    return createPublicKey({ key: Buffer.from(encodingOf(parseCertificate(der).publicKeyInfo)), format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}
