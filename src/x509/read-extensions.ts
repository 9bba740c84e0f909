/** The extensions we understand (RFC 5280 §4.2), each by the reader of its value. One that does not parse is a fault of the certificate, not of the reading: the others still count. */
import type { ObservedNameConstraints } from '../domain/observed-state.ts';
import { sortUsages, type Usage, type UsageRow, usageNames, usageTable } from '../domain/usages.ts';
import {
  bitsOf,
  booleanOf,
  childrenOf,
  constructed,
  contentOf,
  type Der,
  DerError,
  expect,
  hexOf,
  objectIdentifier,
  primitive,
  smallInteger,
  tags,
  wrappedValue,
} from './der.ts';
import { collectNames, type GeneralName, readGeneralName } from './read-names.ts';

export interface Extensions {
  readonly keyUsages?: readonly Usage[];
  readonly extendedUsages?: { readonly known: readonly Usage[]; readonly other: readonly string[] };
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength?: number };
  readonly names?: readonly GeneralName[];
  readonly nameConstraints?: ObservedNameConstraints;
  readonly subjectKeyIdentifier?: string;
  /** `undefined` within: the extension is there without a key identifier. */
  readonly authorityKeyIdentifier?: { readonly keyIdentifier: string | undefined };
}

export interface ExtensionReading {
  readonly values: Extensions;
  readonly critical: ReadonlySet<string>;
  /** Critical ones that nobody here understands, as OIDs. */
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

/** Critical extensions that OpenSSL understands although we make nothing of them: policies, mappings, policy constraints, inhibit anyPolicy, CRL points, issuer names. */
const understoodElsewhere = new Set([
  '2.5.29.18',
  '2.5.29.31',
  '2.5.29.32',
  '2.5.29.33',
  '2.5.29.36',
  '2.5.29.54',
  '1.3.6.1.5.5.7.1.1',
  '1.3.6.1.5.5.7.1.7',
  '1.3.6.1.5.5.7.1.8',
  '1.3.6.1.5.5.7.1.14',
]);

const keyUsageBits = new Map<number, Usage>();
const extendedUsages = new Map<string, Usage>();
for (const usage of usageNames) {
  const row: UsageRow = usageTable[usage];
  if (row.in === 'keyUsage') keyUsageBits.set(row.bit, usage);
  else extendedUsages.set(row.oid, usage);
}

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
    if (isCritical && !reader && !understoodElsewhere.has(oid)) unknownCritical.push(oid);
    try {
      if (reader) values = { ...values, ...reader.read(value) };
    } catch (error) {
      if (!(error instanceof DerError)) throw error;
      faults.push(`${reader?.name}: ${error.message}`);
    }
  }
  return { values, critical, unknownCritical, faults };
}

function readKeyUsage(value: Der): readonly Usage[] {
  const { octets } = bitsOf(value);
  const usages: Usage[] = [];
  for (const [bit, usage] of keyUsageBits) if (((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0) usages.push(usage);
  return usages;
}

function readExtendedKeyUsage(value: Der): NonNullable<Extensions['extendedUsages']> {
  const identifiers = childrenOf(value).map((usage) => objectIdentifier(expect(usage, tags.objectIdentifier, 'extended key usage')));
  if (identifiers.length === 0) throw new DerError('it is empty');
  const known = identifiers.map((oid) => extendedUsages.get(oid)).filter((usage) => usage !== undefined);
  return { known: sortUsages(known), other: identifiers.filter((oid) => !extendedUsages.has(oid)) };
}

function readBasicConstraints(value: Der): NonNullable<Extensions['basicConstraints']> {
  const children = childrenOf(value);
  const flag = children[0]?.tag === tags.boolean ? children[0] : undefined;
  const pathLength = children[flag ? 1 : 0];
  if (children.length > (flag ? 2 : 1)) throw new DerError('more than a flag and a path length');
  return {
    ca: flag !== undefined && booleanOf(flag),
    ...(pathLength && { pathLength: smallInteger(expect(pathLength, tags.integer, 'path length')) }),
  };
}

function readAlternativeNames(value: Der): readonly GeneralName[] {
  const names = childrenOf(value).map(readGeneralName);
  if (names.length === 0) throw new DerError('there is no name in it');
  return names;
}

/** RFC 5280 §4.2.1.10: an iPAddress is an address and a mask here. */
function readNameConstraints(value: Der): ObservedNameConstraints {
  const subtrees = (tag: number) => {
    const list = childrenOf(value).find((child) => child.tag === tag);
    return collectNames(
      (list ? childrenOf(list) : []).map((subtree) => constraintOf(childrenOf(expect(subtree, tags.sequence, 'subtree'))[0])),
    );
  };
  return { permitted: subtrees(constructed(0)), excluded: subtrees(constructed(1)) };
}

function constraintOf(base: Der | undefined): GeneralName {
  if (base === undefined) throw new DerError('a subtree without a name');
  const name = readGeneralName(base);
  if (!name.octets || (name.octets.length !== 8 && name.octets.length !== 32)) return name;
  const half = name.octets.length / 2;
  const range = readGeneralName({ bytes: name.octets, tag: primitive(7), start: 0, content: 0, end: half });
  const mask = [...name.octets.subarray(half)].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return {
    kind: 'ipAddresses',
    text: `${range.text}/${/^1*0*$/.test(mask) ? mask.lastIndexOf('1') + 1 : hexOf(name.octets.subarray(half))}`,
  };
}

function readAuthorityKeyIdentifier(value: Der): { readonly keyIdentifier: string | undefined } {
  const keyIdentifier = childrenOf(value).find((child) => child.tag === primitive(0));
  return { keyIdentifier: keyIdentifier && hexOf(contentOf(keyIdentifier)) };
}
