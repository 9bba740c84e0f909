/** Whether names keep within name constraints (RFC 5280 §4.2.1.10). */
import { type AlternativeNames, ipAddressOctets, type NameField, nameFields, nameLabels } from './alternative-names.ts';

interface Constraints {
  readonly permitted: AlternativeNames;
  readonly excluded: AlternativeNames;
}

/**
 * The first name that an issuer with these constraints may not certify, and why; undefined where all are allowed.
 * A kind of name of which nothing is permitted by name is free; exclusion is stronger than permission.
 */
export function violatedConstraint(names: AlternativeNames, constraints: Constraints): string | undefined {
  for (const field of nameFields) {
    for (const name of names[field]) {
      const excluded = constraints.excluded[field].find(
        (constraint) => matches[field](name, constraint) || coversExcluded(field, name, constraint),
      );
      if (excluded !== undefined) return `${nameLabels[field]}:${name} is excluded by ${excluded || 'all'}`;
      const permitted = constraints.permitted[field];
      if (permitted.length > 0 && !permitted.some((constraint) => matches[field](name, constraint)))
        return `${nameLabels[field]}:${name} is outside ${permitted.join(', ')}`;
    }
  }
  return undefined;
}

const matches: Readonly<Record<NameField, (name: string, constraint: string) => boolean>> = {
  // `example.com` stands for itself and everything below; a leading dot, which some tools write, for what is below only.
  dnsNames: (name, constraint) =>
    constraint === '' || (constraint.startsWith('.') ? name.endsWith(constraint) : name === constraint || name.endsWith(`.${constraint}`)),
  ipAddresses: isWithinRange,
  uris: (uri, constraint) => isHost(/^[^:]+:\/\/(?:[^/?#@]*@)?([^/?#:]*)/.exec(uri)?.[1] ?? '', constraint),
  emailAddresses: (address, constraint) =>
    constraint.includes('@') ? address === constraint : isHost(address.slice(address.lastIndexOf('@') + 1), constraint),
};

/** A host itself, or with a leading dot anything below it. */
const isHost = (host: string, constraint: string): boolean =>
  constraint.startsWith('.') ? host.toLowerCase().endsWith(constraint.toLowerCase()) : host.toLowerCase() === constraint.toLowerCase();

/** A wildcard also stands for the excluded names right below it (`*.example.com` for an excluded `foo.example.com`). */
const coversExcluded = (field: NameField, name: string, constraint: string): boolean =>
  field === 'dnsNames' &&
  name.startsWith('*.') &&
  constraint.endsWith(name.slice(1)) &&
  !constraint.slice(0, -name.length + 1).includes('.');

/** `10.1.2.3` within `10.0.0.0/8`. A range that is no CIDR text, or of the other family, holds nothing. */
function isWithinRange(address: string, range: string): boolean {
  const [start = '', length = ''] = range.split('/');
  const octets = ipAddressOctets(address);
  const base = ipAddressOctets(start);
  if (!octets || !base || octets.length !== base.length || !/^\d{1,3}$/.test(length)) return false;
  return octets.every((octet, index) => {
    const bits = Math.min(8, Math.max(0, Number(length) - index * 8));
    return (octet ^ (base[index] as number)) >> (8 - bits) === 0;
  });
}
