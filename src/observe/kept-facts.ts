/**
 * Facts that outlive a run. Only what was found to be in order is kept: what could not be read, or verified, is looked at anew each time. Whatever is kept
 * follows from the content alone, and nothing of it is secret: of a private key, what its public half tells.
 */

import type { CertificateFacts } from '../domain/observed-state.ts';
import type { FileReader } from '../ports/file-reader.ts';
import {
  encodeFactsFile,
  type FactsFile,
  type FactsKeeper,
  factsFile,
  type Naming,
  newNaming,
  readFactsFile,
  rowName,
} from '../records/facts-file.ts';
import type { CertificateReading } from '../x509/read-certificate.ts';
import type { KeyReading } from '../x509/read-private-key.ts';
import { type FactsCache, signatureKey } from './facts-cache.ts';
import { factsReader, factsWriter } from './facts-text.ts';

export interface KeptFacts extends FactsCache {
  /** The file with everything that was asked for through this cache; undefined where nothing of it is new, or it would be too large. */
  readonly news: () => { readonly name: string; readonly bytes: Uint8Array } | undefined;
}

export const readKeptFacts = (reader: FileReader, stateFolder: string, keeper: FactsKeeper): KeptFacts =>
  keptFacts(readFactsFile(reader, stateFolder, keeper), keeper.madeBy);

export function keptFacts(file: FactsFile | undefined, madeBy: string): KeptFacts {
  const naming = file?.naming ?? newNaming();
  const { certificate, key } = factsReader(file?.shared ?? '');
  const kept = <Value>(identity: string, understand: (line: string) => Value | undefined): Value | undefined => {
    const line = file?.row(rowName(naming, identity));
    return line === undefined ? undefined : understand(line);
  };
  const certificates = new Map<string, CertificateReading>();
  const keys = new Map<string, KeyReading>();
  const signatures = new Map<string, boolean>();
  let isNews = false;
  return {
    certificate(id, der, read) {
      const known = certificates.get(id);
      if (known) return known;
      const facts = kept(id, (line) => certificate(line, { sha256: id.slice(0, id.indexOf(' ')), der }));
      const reading = facts ? ({ ok: true, facts } as const) : read();
      certificates.set(id, reading);
      isNews ||= !facts && reading.ok;
      return reading;
    },
    privateKey(id, read) {
      const known = keys.get(id);
      if (known) return known;
      const facts = kept(id, key);
      const reading = facts ? ({ ok: true, facts } as const) : read();
      keys.set(id, reading);
      isNews ||= !facts && reading.ok;
      return reading;
    },
    signature(child, issuer, verify) {
      // Whether OpenSSL still accepts what is weak is for the policy of the day to say.
      if (isWeak(child) || isWeak(issuer)) return verify();
      const id = signatureKey(child, issuer);
      const known = signatures.get(id);
      if (known !== undefined) return known;
      const isKept = kept(id, (line) => line === verified) ?? false;
      const verifies = isKept || verify();
      signatures.set(id, verifies);
      isNews ||= !isKept && verifies;
      return verifies;
    },
    news() {
      if (!isNews) return undefined;
      const bytes = encoded(naming, madeBy, { certificates, keys, signatures });
      return bytes && (!file || Buffer.compare(bytes, file.bytes) !== 0) ? { name: factsFile, bytes } : undefined;
    },
  };
}

/** The whole row about a signature that verifies; there is none about others. */
const verified = '1';

const isWeak = ({ problems }: CertificateFacts): boolean => problems.some(({ code }) => code === 'signature-weak' || code === 'key-weak');

interface Seen {
  readonly certificates: ReadonlyMap<string, CertificateReading>;
  readonly keys: ReadonlyMap<string, KeyReading>;
  readonly signatures: ReadonlyMap<string, boolean>;
}

function encoded(naming: Naming, madeBy: string, { certificates, keys, signatures }: Seen): Uint8Array | undefined {
  const writer = factsWriter();
  const rows: (readonly [string, string])[] = [];
  const put = (id: string, line: string | undefined) => {
    if (line !== undefined) rows.push([rowName(naming, id), line]);
  };
  for (const [id, reading] of certificates) if (reading.ok) put(id, writer.certificate(reading.facts));
  for (const [id, reading] of keys) if (reading.ok) put(id, writer.key(reading.facts));
  for (const [id, verifies] of signatures) if (verifies) put(id, verified);
  return encodeFactsFile(naming, madeBy, { shared: writer.shared(), rows });
}
