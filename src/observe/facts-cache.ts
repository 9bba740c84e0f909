/** What is true of bytes is true whenever the same bytes come again. A cache can change what observing costs, never what it answers. */
import type { CertificateFacts } from '../domain/observed-state.ts';
import type { CertificateReading } from '../x509/read-certificate.ts';
import type { KeyReading } from '../x509/read-private-key.ts';

/** Keys are made of SHA-256 hashes and of what else the answer depends on. */
export interface FactsCache {
  /** @param key the hash of `der`, and after a space what the certificate is there for. */
  certificate(key: string, der: Uint8Array, read: () => CertificateReading): CertificateReading;
  privateKey(key: string, read: () => KeyReading): KeyReading;
  signature(child: CertificateFacts, issuer: CertificateFacts, verify: () => boolean): boolean;
}

/** Who may have signed whom, by the content of both. */
export const signatureKey = (child: CertificateFacts, issuer: CertificateFacts): string => `${child.sha256} ${issuer.sha256}`;

/** What the one does not know, the other is asked before it is worked out. */
export const backedBy = (front: FactsCache, behind: FactsCache): FactsCache => ({
  certificate: (key, der, read) => front.certificate(key, der, () => behind.certificate(key, der, read)),
  privateKey: (key, read) => front.privateKey(key, () => behind.privateKey(key, read)),
  signature: (child, issuer, verify) => front.signature(child, issuer, () => behind.signature(child, issuer, verify)),
});

/** Remembers for as long as it lives: a chain that stands in a thousand files is read once. */
export function memoryFactsCache(): FactsCache {
  const remembering = <Value>() => {
    const values = new Map<string, Value>();
    return (key: string, compute: () => Value): Value => {
      const known = values.get(key);
      if (known !== undefined) return known;
      const value = compute();
      values.set(key, value);
      return value;
    };
  };
  const [certificate, privateKey, signature] = [remembering<CertificateReading>(), remembering<KeyReading>(), remembering<boolean>()];
  return {
    certificate: (key, _der, read) => certificate(key, read),
    privateKey,
    signature: (child, issuer, verify) => signature(signatureKey(child, issuer), verify),
  };
}
