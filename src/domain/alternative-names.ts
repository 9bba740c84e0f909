/** Subject alternative names (RFC 5280 §4.2.1.6) as sets in normal form: sorted, each once. */
export interface AlternativeNames {
  /** A-labels in lower case, no trailing dot. */
  readonly dnsNames: readonly string[];
  /** IPv4 dotted, IPv6 as RFC 5952 writes it. */
  readonly ipAddresses: readonly string[];
  readonly uris: readonly string[];
  readonly emailAddresses: readonly string[];
}

/** On disk there may be kinds of name for which the YAML has no word; they are named, so that they can be seen and removed. */
export interface ObservedNames extends AlternativeNames {
  /** For example `otherName:1.3.6.1.4.1.311.20.2.3` or `dirName:CN=x`. */
  readonly otherNames: readonly string[];
}

export type NameField = keyof AlternativeNames;

/** The label each kind carries in lists (`IP:127.0.0.1`), as openssl prints them. */
export const nameLabels: Readonly<Record<NameField, string>> = { dnsNames: 'DNS', ipAddresses: 'IP', uris: 'URI', emailAddresses: 'email' };

export const nameFields = Object.keys(nameLabels) as readonly NameField[];

export const noNames: AlternativeNames = { dnsNames: [], ipAddresses: [], uris: [], emailAddresses: [] };

export const hasNames = (names: AlternativeNames): boolean => nameFields.some((field) => names[field].length > 0);

/** `['DNS:localhost', 'IP:127.0.0.1']`, in field order. */
export const labelledNames = (names: AlternativeNames): readonly string[] =>
  nameFields.flatMap((field) => names[field].map((value) => `${nameLabels[field]}:${value}`));

/** Sorted, each once: the normal form of a set. */
export const sortedSet = (values: Iterable<string>): readonly string[] => [...new Set(values)].sort();

/**
 * The normal text of an IP address, or undefined if it is none.
 * `010.0.0.1` (octal to some readers), zones (`%eth0`) and prefixes (`/24`) are refused; IPv4-mapped IPv6 stays IPv6.
 */
export function normalIpAddress(text: string): string | undefined {
  const octets = ipAddressOctets(text);
  return octets && formatIpOctets(octets);
}

/** 4 or 16 octets, as iPAddress wants them, or undefined. */
export function ipAddressOctets(text: string): readonly number[] | undefined {
  return text.includes(':') ? ipv6Octets(text) : ipv4Octets(text);
}

function ipv4Octets(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.map(Number);
}

function ipv6Octets(text: string): readonly number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) =>
    (half === '' ? [] : half.split(':')).map((group, index, all) =>
      index === all.length - 1 && group.includes('.')
        ? ipv4Octets(group)
        : /^[0-9a-f]{1,4}$/i.test(group)
          ? [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]
          : undefined,
    ),
  );
  if (groups.flat().some((group) => group === undefined)) return undefined;
  const [head = [], tail = []] = groups.map((half) => half.flat() as number[]);
  const missing = 16 - head.length - tail.length;
  if (halves.length === 1) return missing === 0 ? head : undefined;
  return missing >= 2 ? [...head, ...new Array<number>(missing).fill(0), ...tail] : undefined;
}

/** The text for 4 or 16 octets: dotted, or RFC 5952 §4 (lower case, the longest run of zero groups shortened). Other lengths: undefined. */
export function formatIpOctets(octets: readonly number[]): string | undefined {
  if (octets.length === 4) return octets.join('.');
  if (octets.length !== 16) return undefined;
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((octets[index * 2] as number) << 8) | (octets[index * 2 + 1] as number)).toString(16),
  );
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start += 1) {
    let length = 0;
    while (groups[start + length] === '0') length += 1;
    if (length > best.length) best = { start, length };
  }
  if (best.start < 0) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}
