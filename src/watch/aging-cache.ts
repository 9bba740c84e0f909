/** Facts of the bytes that were seen lately: a process that runs for years forgets what is no longer there. */
import { type FactsCache, signatureKey } from '../observe/facts-cache.ts';
import type { CertificateReading } from '../x509/read-certificate.ts';
import type { KeyReading } from '../x509/read-private-key.ts';

export interface AgingCache extends FactsCache {
  /** Forgets what nobody asked for since the last time. */
  readonly age: () => void;
}

export function agingCache(): AgingCache {
  const ages: (() => void)[] = [];
  const remembering = <Value>() => {
    let known = new Map<string, Value>();
    let asked = new Map<string, Value>();
    ages.push(() => {
      known = asked;
      asked = new Map();
    });
    return (key: string, compute: () => Value): Value => {
      const value = asked.get(key) ?? known.get(key) ?? compute();
      asked.set(key, value);
      return value;
    };
  };
  const [certificate, privateKey, signature] = [remembering<CertificateReading>(), remembering<KeyReading>(), remembering<boolean>()];
  return {
    certificate: (key, _der, read) => certificate(key, read),
    privateKey,
    signature: (child, issuer, verify) => signature(signatureKey(child, issuer), verify),
    age() {
      for (const age of ages) age();
    },
  };
}
