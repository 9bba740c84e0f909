/** Facts of the bytes that were seen lately: a process that runs for years forgets what is no longer there. */
import type { FactsCache } from '../observe/facts-cache.ts';
import type { CertificateReading } from '../x509/read-certificate.ts';
import type { KeyReading } from '../x509/read-private-key.ts';

export interface AgingCache extends FactsCache {
  /** Forgets what nobody asked for since the last time. */
  readonly age: () => void;
}

interface Aging<Value> {
  readonly recall: (key: string, compute: () => Value) => Value;
  /** @returns whether anything is left. */
  readonly age: () => boolean;
}

export function agingCache(): AgingCache {
  const certificates = aging<CertificateReading>();
  const privateKeys = aging<KeyReading>();
  /** By the issuer: a key made of both hashes would be a text more for each certificate. */
  const signatures = new Map<string, Aging<boolean>>();
  return {
    certificate: (key, _der, read) => certificates.recall(key, read),
    privateKey: privateKeys.recall,
    signature(child, issuer, verify) {
      const ofIssuer = signatures.get(issuer.sha256) ?? aging<boolean>();
      signatures.set(issuer.sha256, ofIssuer);
      return ofIssuer.recall(child.sha256, verify);
    },
    age() {
      certificates.age();
      privateKeys.age();
      for (const [issuer, ofIssuer] of signatures) if (!ofIssuer.age()) signatures.delete(issuer);
    },
  };
}

function aging<Value>(): Aging<Value> {
  const known = new Map<string, { readonly value: Value; isAsked: boolean }>();
  return {
    recall(key, compute) {
      const entry = known.get(key);
      if (entry) {
        entry.isAsked = true;
        return entry.value;
      }
      const value = compute();
      known.set(key, { value, isAsked: true });
      return value;
    },
    age() {
      for (const [key, entry] of known) {
        if (entry.isAsked) entry.isAsked = false;
        else known.delete(key);
      }
      return known.size > 0;
    },
  };
}
