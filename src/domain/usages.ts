/**
 * Key usages and extended key usages in cert-manager's words. One table serves
 * the parser, the issuer, the reader and the comparison, so they cannot disagree.
 */
export type UsageRow =
  | { readonly in: 'keyUsage'; readonly bit: number; readonly cites: string }
  | { readonly in: 'extendedKeyUsage'; readonly oid: string; readonly cites: string };

/** Bits as numbered in RFC 5280 §4.2.1.3 (0 = the first bit of the BIT STRING); OIDs of §4.2.1.12. */
// biome-ignore format: table
export const usageTable = {
  'digital signature':  { in: 'keyUsage', bit: 0, cites: 'RFC 5280 §4.2.1.3' },
  'content commitment': { in: 'keyUsage', bit: 1, cites: 'RFC 5280 §4.2.1.3' },
  'key encipherment':   { in: 'keyUsage', bit: 2, cites: 'RFC 5280 §4.2.1.3' },
  'data encipherment':  { in: 'keyUsage', bit: 3, cites: 'RFC 5280 §4.2.1.3' },
  'key agreement':      { in: 'keyUsage', bit: 4, cites: 'RFC 5280 §4.2.1.3' },
  'cert sign':          { in: 'keyUsage', bit: 5, cites: 'RFC 5280 §4.2.1.3' },
  'crl sign':           { in: 'keyUsage', bit: 6, cites: 'RFC 5280 §4.2.1.3' },
  'encipher only':      { in: 'keyUsage', bit: 7, cites: 'RFC 5280 §4.2.1.3' },
  'decipher only':      { in: 'keyUsage', bit: 8, cites: 'RFC 5280 §4.2.1.3' },
  'any':                { in: 'extendedKeyUsage', oid: '2.5.29.37.0', cites: 'RFC 5280 §4.2.1.12' },
  'server auth':        { in: 'extendedKeyUsage', oid: '1.3.6.1.5.5.7.3.1', cites: 'RFC 5280 §4.2.1.12' },
  'client auth':        { in: 'extendedKeyUsage', oid: '1.3.6.1.5.5.7.3.2', cites: 'RFC 5280 §4.2.1.12' },
  'code signing':       { in: 'extendedKeyUsage', oid: '1.3.6.1.5.5.7.3.3', cites: 'RFC 5280 §4.2.1.12' },
  'email protection':   { in: 'extendedKeyUsage', oid: '1.3.6.1.5.5.7.3.4', cites: 'RFC 5280 §4.2.1.12' },
  'ipsec end system':   { in: 'extendedKeyUsage', oid: '1.3.6.1.5.5.7.3.5', cites: 'RFC 4945 §5.1.3.12' },
  'ipsec tunnel':       { in: 'extendedKeyUsage', oid: '1.3.6.1.5.5.7.3.6', cites: 'RFC 4945 §5.1.3.12' },
  'ipsec user':         { in: 'extendedKeyUsage', oid: '1.3.6.1.5.5.7.3.7', cites: 'RFC 4945 §5.1.3.12' },
  'timestamping':       { in: 'extendedKeyUsage', oid: '1.3.6.1.5.5.7.3.8', cites: 'RFC 5280 §4.2.1.12' },
  'ocsp signing':       { in: 'extendedKeyUsage', oid: '1.3.6.1.5.5.7.3.9', cites: 'RFC 5280 §4.2.1.12' },
  'microsoft sgc':      { in: 'extendedKeyUsage', oid: '1.3.6.1.4.1.311.10.3.3', cites: 'cert-manager' },
  'netscape sgc':       { in: 'extendedKeyUsage', oid: '2.16.840.1.113730.4.1', cites: 'cert-manager' },
} as const satisfies Record<string, UsageRow>;

export type Usage = keyof typeof usageTable;

/** Second names that cert-manager accepts for the same bit or OID. */
export const usageAliases: Readonly<Record<string, Usage>> = { signing: 'digital signature', 's/mime': 'email protection' };

export const usageNames = Object.keys(usageTable) as readonly Usage[];

const order = new Map(usageNames.map((usage, index) => [usage, index]));

/** The set in table order, each once. */
export const sortUsages = (usages: Iterable<Usage>): readonly Usage[] =>
  [...new Set(usages)].sort((left, right) => (order.get(left) as number) - (order.get(right) as number));

/** What `profile: server|client|peer` stands for. */
// biome-ignore format: table
export const profiles = {
  server: ['digital signature', 'key encipherment', 'server auth'],
  client: ['digital signature', 'key encipherment', 'client auth'],
  peer:   ['digital signature', 'key encipherment', 'server auth', 'client auth'],
} as const satisfies Record<string, readonly Usage[]>;

export type ProfileName = keyof typeof profiles;

/** What an authority gets when the YAML names no usages (RFC 5280 §4.2.1.3: it signs certificates and CRLs). */
export const authorityUsages: readonly Usage[] = ['cert sign', 'crl sign'];
