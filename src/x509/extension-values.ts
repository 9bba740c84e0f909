/** What stands inside the extensions we understand (RFC 5280 §4.2.1). Each reader throws DerError for a value that is not what it should be. */
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

const keyUsageBits = new Map<number, Usage>();
const extendedUsages = new Map<string, Usage>();
for (const usage of usageNames) {
  const row: UsageRow = usageTable[usage];
  if (row.in === 'keyUsage') keyUsageBits.set(row.bit, usage);
  else extendedUsages.set(row.oid, usage);
}

export function readKeyUsage(value: Der): readonly Usage[] {
  const { octets } = bitsOf(value);
  const usages: Usage[] = [];
  for (const [bit, usage] of keyUsageBits) if (((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0) usages.push(usage);
  return usages;
}

export function readExtendedKeyUsage(value: Der): NonNullable<Extensions['extendedUsages']> {
  const identifiers = childrenOf(value).map((usage) => objectIdentifier(expect(usage, tags.objectIdentifier, 'extended key usage')));
  if (identifiers.length === 0) throw new DerError('it is empty');
  const known = identifiers.map((oid) => extendedUsages.get(oid)).filter((usage) => usage !== undefined);
  return { known: sortUsages(known), other: identifiers.filter((oid) => !extendedUsages.has(oid)) };
}

export function readBasicConstraints(value: Der): NonNullable<Extensions['basicConstraints']> {
  const children = childrenOf(value);
  const flag = children[0]?.tag === tags.boolean ? children[0] : undefined;
  const pathLength = children[flag ? 1 : 0];
  if (children.length > (flag ? 2 : 1)) throw new DerError('more than a flag and a path length');
  return {
    ca: flag !== undefined && booleanOf(flag),
    ...(pathLength && { pathLength: smallInteger(expect(pathLength, tags.integer, 'path length')) }),
  };
}

export function readAlternativeNames(value: Der): readonly GeneralName[] {
  const names = childrenOf(value).map(readGeneralName);
  if (names.length === 0) throw new DerError('there is no name in it');
  return names;
}

/** RFC 5280 §4.2.1.10: an iPAddress is an address and a mask here. */
export function readNameConstraints(value: Der): ObservedNameConstraints {
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

export function readAuthorityKeyIdentifier(value: Der): { readonly keyIdentifier: string | undefined } {
  const keyIdentifier = childrenOf(value).find((child) => child.tag === primitive(0));
  return { keyIdentifier: keyIdentifier && hexOf(contentOf(keyIdentifier)) };
}
