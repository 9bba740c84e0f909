/** What is true of bytes is true whenever the same bytes come again. A cache can change what observing costs, never what it answers. */
import type { CertificateReading } from '../x509/read-certificate.ts';
import type { KeyReading } from '../x509/read-private-key.ts';

/** Keys are made of SHA-256 hashes and of what else the answer depends on. */
export interface FactsCache {
  certificate(key: string, read: () => CertificateReading): CertificateReading;
  privateKey(key: string, read: () => KeyReading): KeyReading;
  signature(key: string, verify: () => boolean): boolean;
}

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
  return { certificate: remembering<CertificateReading>(), privateKey: remembering<KeyReading>(), signature: remembering<boolean>() };
}
