import { type AlternativeNames, ipAddressOctets, type NameField, nameFields } from '../domain/alternative-names.ts';
import type { NameConstraints } from '../domain/desired-state.ts';
import { constructed, primitive, tags } from './der.ts';
import { encodeDer } from './encode-der.ts';

/** The choices of GeneralName we issue (RFC 5280 §4.2.1.6), all IMPLICIT: one octet of tag, then the value itself. */
const choices = { emailAddresses: 1, dnsNames: 2, uris: 6, ipAddresses: 7 } as const satisfies Record<NameField, number>;

/** GeneralNames, in field order. Names are in normal form already: A-labels, no trailing dot. */
export const encodeAlternativeNames = (names: AlternativeNames): Uint8Array =>
  encodeDer(tags.sequence, ...nameFields.flatMap((field) => names[field].map((value) => generalName(field, value, addressOctets))));

/** NameConstraints (RFC 5280 §4.2.1.10): minimum is always 0 and so left out, maximum is never there. */
export function encodeNameConstraints({ permitted, excluded }: NameConstraints): Uint8Array {
  const subtrees = (number: number, names: AlternativeNames) => {
    const all = nameFields.flatMap((field) =>
      names[field].map((value) => encodeDer(tags.sequence, generalName(field, value, rangeOctets))),
    );
    return all.length === 0 ? [] : [encodeDer(constructed(number), ...all)];
  };
  return encodeDer(tags.sequence, ...subtrees(0, permitted), ...subtrees(1, excluded));
}

function generalName(field: NameField, value: string, octetsOf: (address: string) => readonly number[] | undefined): Uint8Array {
  const octets = field === 'ipAddresses' ? octetsOf(value) : ascii(value);
  if (!octets) throw new RangeError(`${field} cannot hold ${JSON.stringify(value)}`);
  return encodeDer(primitive(choices[field]), Uint8Array.from(octets));
}

/** IA5String: what is not ASCII has another form (A-label, percent-encoding) and must have it by now. */
const ascii = (text: string): Uint8Array | undefined => (/^[\x20-\x7e]+$/.test(text) ? Buffer.from(text, 'latin1') : undefined);

const addressOctets = (address: string): readonly number[] | undefined => ipAddressOctets(address);

/** `10.0.0.0/8` as address and mask, 8 or 32 octets. */
function rangeOctets(range: string): readonly number[] | undefined {
  const [address = '', length = ''] = range.split('/');
  const octets = ipAddressOctets(address);
  const bits = Number(length);
  if (!octets || !/^\d{1,3}$/.test(length) || bits > octets.length * 8) return undefined;
  const mask = octets.map((_, index) => (0xff << (8 - Math.min(8, Math.max(0, bits - index * 8)))) & 0xff);
  return [...octets.map((octet, index) => octet & (mask[index] as number)), ...mask];
}
