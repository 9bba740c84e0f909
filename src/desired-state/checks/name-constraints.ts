/** Names of everything below an authority against its name constraints (RFC 5280 §4.2.1.10). */
import { type AlternativeNames, ipAddressOctets, type NameField, nameFields } from '../../domain/alternative-names.ts';
import type { Located } from '../field.ts';
import { quoted } from '../problem.ts';
import { type FoundResource, issuersOf, type Whole } from './whole.ts';

export function checkNameConstraints(whole: Whole): void {
  if (!whole.resources.some(({ desired }) => desired?.kind === 'ca' && desired.nameConstraints)) return;
  for (const resource of whole.resources) {
    for (const issuer of issuersOf(whole, resource)) {
      const constraints = issuer.desired?.kind === 'ca' ? issuer.desired.nameConstraints : undefined;
      if (constraints) checkNames(resource, issuer, constraints);
    }
  }
}

function checkNames(
  resource: FoundResource,
  issuer: FoundResource,
  { permitted, excluded }: { readonly permitted: AlternativeNames; readonly excluded: AlternativeNames },
): void {
  const related = [{ message: `the constraints of ${issuer.name}`, place: issuer.reading.values.nameConstraints?.place ?? issuer.place }];
  for (const field of nameFields) {
    for (const { value, place } of (resource.reading.values[field]?.value ?? []) as readonly Located<string>[]) {
      const ban = excluded[field].find((range) => overlaps[field](value, range));
      const allowed = permitted[field].length === 0 || permitted[field].some((range) => within[field](value, range));
      if (allowed && ban === undefined) continue;
      const reason = ban === undefined ? `permits only ${permitted[field].join(', ')}` : `excludes ${ban}`;
      resource.report({
        code: 'name-outside-constraints',
        place,
        message: `${quoted(value)} cannot be signed under ${issuer.name}, which ${reason}`,
        hint: 'change the name, or the constraints of the authority',
        label: 'outside the constraints',
        related,
      });
    }
  }
}

type Match = (name: string, range: string) => boolean;

/** A domain stands for itself and all below; with a dot in front only for what is below. */
const inDomain: Match = (name, range) => (range.startsWith('.') ? name.endsWith(range) : name === range || name.endsWith(`.${range}`));
/** For hosts of URIs and mailboxes, a domain without a dot in front is that one host. */
const atHost: Match = (host, range) => (range.startsWith('.') ? host.endsWith(range) : host === range);
const uriHost = (uri: string): string | undefined => /^[^:]+:\/\/(?:[^@/?#]*@)?(\[[^\]]*\]|[^:/?#]*)/.exec(uri)?.[1];

const within: Readonly<Record<NameField, Match>> = {
  dnsNames: (name, range) => inDomain(name.replace(/^\*\./, 'x.'), range),
  ipAddresses: (address, range) => {
    const [base = '', bits = '0'] = range.split('/');
    const [one, other] = [ipAddressOctets(address), ipAddressOctets(base)];
    if (!one || !other || one.length !== other.length) return false;
    return one.every((octet, index) => {
      const mask = (0xff00 >> Math.min(8, Math.max(0, Number(bits) - index * 8))) & 0xff;
      return (octet & mask) === ((other[index] as number) & mask);
    });
  },
  uris: (uri, range) => atHost(uriHost(uri) ?? '', range),
  emailAddresses: (address, range) =>
    range.includes('@') ? address === range : atHost(address.slice(address.lastIndexOf('@') + 1), range),
};

/** A wildcard also stands for names that may be excluded. */
const overlaps: Readonly<Record<NameField, Match>> = {
  ...within,
  dnsNames: (name, range) =>
    within.dnsNames(name, range) || (name.startsWith('*.') && range.replace(/^\./, '').split('.').slice(1).join('.') === name.slice(2)),
};
