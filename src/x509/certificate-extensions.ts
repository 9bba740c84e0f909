import { createHash } from 'node:crypto';
import type { Extension } from '@peculiar/x509';
import { hasNames } from '../domain/alternative-names.ts';
import type { Issuance } from '../domain/material.ts';
import { subjectAttributes, subjectValues } from '../domain/subject.ts';
import { type Usage, type UsageRow, usageTable } from '../domain/usages.ts';
import { bitsOf, childrenOf, expect, tags, wholeValue } from './der.ts';
import { encodeAlternativeNames, encodeNameConstraints } from './general-names.ts';
import type { IssuingLibrary } from './issuing-library.ts';

/** The BIT STRING of a SubjectPublicKeyInfo, which key identifiers are hashes of. */
function publicKeyOctets(spki: Uint8Array): Uint8Array {
  const [, key] = childrenOf(wholeValue(spki, tags.sequence, 'public key'));
  return bitsOf(expect(key, tags.bitString, 'public key')).octets;
}

/** What we give a new certificate: the leftmost 160 bits of SHA-256 (RFC 7093 §2 method 1). 20 octets, as readers expect, without SHA-1. */
export const keyIdentifier = (spki: Uint8Array): string => createHash('sha256').update(publicKeyOctets(spki)).digest('hex').slice(0, 40);

/** What a verifier computes for an issuer that carries no identifier of its own (RFC 5280 §4.2.1.2 method 1). */
export const classicKeyIdentifier = (spki: Uint8Array): string => createHash('sha1').update(publicKeyOctets(spki)).digest('hex');

/** Everything in which certificates of one kind are alike; built once, since it costs more than the signature. */
export function profileExtensions(
  library: IssuingLibrary,
  { usages, authority }: Pick<Issuance, 'usages' | 'authority'>,
): readonly Extension[] {
  const rows = usages.map((usage: Usage): UsageRow => usageTable[usage]);
  const bits = rows.reduce((flags, row) => (row.in === 'keyUsage' ? flags | (1 << row.bit) : flags), 0);
  const purposes = rows.flatMap((row) => (row.in === 'extendedKeyUsage' ? [row.oid] : []));
  const constraints = authority?.nameConstraints;
  return [
    new library.BasicConstraintsExtension(authority !== undefined, authority?.pathLength, true),
    ...(bits === 0 ? [] : [new library.KeyUsagesExtension(bits, true)]),
    ...(purposes.length === 0 ? [] : [new library.ExtendedKeyUsageExtension(purposes, false)]),
    ...(constraints && (hasNames(constraints.permitted) || hasNames(constraints.excluded))
      ? [new library.Extension('2.5.29.30', true, encodeNameConstraints(constraints))]
      : []),
  ];
}

/** A string that is the same for two issuances exactly if `profileExtensions` is. */
export const profileKey = ({ usages, authority }: Pick<Issuance, 'usages' | 'authority'>): string =>
  JSON.stringify([usages, authority ?? null]);

/**
 * The extensions of this very certificate: its names (critical where they are all the name it has, RFC 5280 §4.2.1.6) and its key identifier,
 * which stays what it was where the key stays: what was signed before points to it.
 */
export function ownExtensions(
  library: IssuingLibrary,
  { subject, names, subjectKeyIdentifier }: Issuance,
  spki: Uint8Array,
): readonly Extension[] {
  const nameless = subjectAttributes.every(({ field }) => subjectValues(subject, field).length === 0);
  return [
    ...(hasNames(names) ? [new library.Extension('2.5.29.17', nameless, encodeAlternativeNames(names))] : []),
    new library.SubjectKeyIdentifierExtension(subjectKeyIdentifier ?? keyIdentifier(spki), false),
  ];
}
