/** The extensions we understand (RFC 5280 §4.2), each by the reader of its value. One that does not parse is a fault of the certificate, not of the reading: the others still count. */
import { booleanOf, childrenOf, contentOf, type Der, DerError, expect, hexOf, objectIdentifier, tags, wrappedValue } from './der.ts';
import {
  type Extensions,
  readAlternativeNames,
  readAuthorityKeyIdentifier,
  readBasicConstraints,
  readExtendedKeyUsage,
  readKeyUsage,
  readNameConstraints,
} from './extension-values.ts';

export interface ExtensionReading {
  readonly values: Extensions;
  readonly critical: ReadonlySet<string>;
  /** Critical ones that no verifier here understands, as OIDs. */
  readonly unknownCritical: readonly string[];
  /** What is broken about them, as sentences' halves. */
  readonly faults: readonly string[];
}

export const extensionIds = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

/** Extensions that may be critical because OpenSSL 3.0 understands them (X509_supported_extension); RFC 5280 wants both key identifiers not critical, and OpenSSL refuses them so. */
// biome-ignore format: table
const understoodCritical: ReadonlySet<string> = new Set([
  extensionIds.keyUsage, extensionIds.subjectAltName, extensionIds.basicConstraints, extensionIds.nameConstraints, extensionIds.extendedKeyUsage,
  '2.5.29.31', // CRL distribution points
  '2.5.29.32', // certificate policies
  '2.5.29.33', // policy mappings
  '2.5.29.36', // policy constraints
  '2.5.29.54', // inhibit anyPolicy
  '1.3.6.1.5.5.7.1.7', '1.3.6.1.5.5.7.1.8', // IP address blocks, AS numbers (RFC 3779)
  '1.3.6.1.5.5.7.1.14', // proxy certificate information
  '1.3.6.1.5.5.7.48.1.5', // OCSP no check
  '2.16.840.1.113730.1.1', // Netscape certificate type
]);

const readers: Readonly<Record<string, { readonly name: string; readonly read: (value: Der) => Extensions }>> = {
  [extensionIds.keyUsage]: {
    name: 'key usage',
    read: (value) => ({ keyUsages: readKeyUsage(wrappedValue(value, tags.bitString, 'key usage')) }),
  },
  [extensionIds.extendedKeyUsage]: {
    name: 'extended key usage',
    read: (value) => ({ extendedUsages: readExtendedKeyUsage(wrappedValue(value, tags.sequence, 'extended key usage')) }),
  },
  [extensionIds.basicConstraints]: {
    name: 'basic constraints',
    read: (value) => ({ basicConstraints: readBasicConstraints(wrappedValue(value, tags.sequence, 'basic constraints')) }),
  },
  [extensionIds.subjectAltName]: {
    name: 'subject alternative names',
    read: (value) => ({ names: readAlternativeNames(wrappedValue(value, tags.sequence, 'subject alternative names')) }),
  },
  [extensionIds.nameConstraints]: {
    name: 'name constraints',
    read: (value) => ({ nameConstraints: readNameConstraints(wrappedValue(value, tags.sequence, 'name constraints')) }),
  },
  [extensionIds.subjectKeyIdentifier]: {
    name: 'subject key identifier',
    read: (value) => ({ subjectKeyIdentifier: hexOf(contentOf(wrappedValue(value, tags.octetString, 'subject key identifier'))) }),
  },
  [extensionIds.authorityKeyIdentifier]: {
    name: 'authority key identifier',
    read: (value) => ({
      authorityKeyIdentifier: readAuthorityKeyIdentifier(wrappedValue(value, tags.sequence, 'authority key identifier')),
    }),
  },
};

/** Reads the extensions of a certificate, `undefined` where it has none. Of two with the same OID the first counts, and the second is a fault (RFC 5280 §4.2). */
export function readExtensions(extensions: Der | undefined): ExtensionReading {
  let values: Extensions = {};
  const seen = new Set<string>();
  const critical = new Set<string>();
  const unknownCritical: string[] = [];
  const faults: string[] = [];
  for (const extension of extensions ? childrenOf(extensions) : []) {
    const [identifier, ...rest] = childrenOf(expect(extension, tags.sequence, 'extension'));
    const oid = objectIdentifier(expect(identifier, tags.objectIdentifier, 'extension'));
    const isCritical = rest[0]?.tag === tags.boolean && booleanOf(rest[0]);
    const value = expect(rest.at(-1), tags.octetString, 'value of an extension');
    const reader = readers[oid];
    if (seen.has(oid)) {
      faults.push(`a second ${reader?.name ?? oid} extension`);
      continue;
    }
    seen.add(oid);
    if (isCritical) critical.add(oid);
    if (isCritical && !understoodCritical.has(oid)) unknownCritical.push(oid);
    try {
      if (reader) values = { ...values, ...reader.read(value) };
    } catch (error) {
      if (!(error instanceof DerError)) throw error;
      faults.push(`${reader?.name}: ${error.message}`);
    }
  }
  return { values, critical, unknownCritical, faults };
}
