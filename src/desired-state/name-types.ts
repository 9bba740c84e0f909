/** Subject alternative names, each in the normal form in which they are compared (RFC 5280 §4.2.1.6, RFC 1034 §3.5). */
import { domainToASCII, domainToUnicode } from 'node:url';
import { ipAddressOctets, normalIpAddress } from '../domain/alternative-names.ts';
import { orVariable, textType } from './basic-types.ts';
import { quoted } from './problem.ts';
import type { At } from './scalar-type.ts';

type Fault = { readonly message: string; readonly hint: string };

/** A host name as an A-label in lower case; a wildcard only as the whole leftmost label (RFC 6125 §6.4.3). */
export const dnsName = textType({ minLength: 1, maxLength: 1024, pattern: orVariable('[^\\s/:@]*[^\\s/:@.]') }, (text, at) => {
  const wildcard = text.startsWith('*.');
  const host = dnsHost(wildcard ? text.slice(2) : text, at, text);
  if (host === undefined) return undefined;
  if (wildcard && !host.includes('.'))
    return wrongDnsName(
      text,
      { message: 'it stands for a whole top-level domain', hint: 'name the domain too, for example *.example.com' },
      at,
    );
  const name = wildcard ? `*.${host}` : host;
  return name.length > 253 ? wrongDnsName(text, { message: 'it has more than 253 characters', hint: 'use a shorter name' }, at) : name;
});

const wrongDnsName = (text: string, fault: Fault, at: At): undefined =>
  at.wrong({
    code: 'invalid-dns-name',
    message: `${quoted(text)} is not a DNS name: ${fault.message}`,
    hint: fault.hint,
    label: fault.message,
  });

/** The part without a wildcard. `written` is what messages quote. */
export function dnsHost(text: string, at: At, written = text): string | undefined {
  const ascii = asciiName(text);
  const fault =
    ascii === undefined
      ? { message: 'it has no form in ASCII (UTS #46)', hint: 'use another name, or write its A-label, xn--…' }
      : dnsFault(ascii);
  if (fault || ascii === undefined) return wrongDnsName(written, fault as Fault, at);
  if (ascii !== text.toLowerCase())
    at.wrong({
      code: 'dns-name-converted',
      message: `${quoted(written)} is written as ${quoted(ascii)} in the certificate`,
      hint: 'nothing to do if that is the name you mean',
      label: ascii,
    });
  if (ascii.includes('_'))
    at.wrong({
      code: 'dns-name-underscore',
      message: `${quoted(written)} has an underscore, which host names do not have`,
      hint: 'use a hyphen if you can: strict verifiers refuse it (RFC 1034 §3.5)',
      label: 'underscore',
    });
  return ascii;
}

/** UTS #46 through Node's URL parser for what is not plain ASCII, or claims to be an A-label; the rest is only lower-cased. */
function asciiName(text: string): string | undefined {
  const lower = text.toLowerCase();
  const plain = /^[\u0021-\u007e]*$/.test(lower);
  if (plain && !/(?:^|\.)xn--/.test(lower)) return lower;
  // The URL parser would decode percent signs and cut at slashes.
  if (/[%/?#@:[\]\\\s]/.test(lower)) return undefined;
  const ascii = domainToASCII(lower);
  return ascii !== '' && ascii.split('.').every(isNoFalseALabel) ? ascii : undefined;
}

/** An A-label stands for one that is not ASCII (RFC 5890 §2.3.2.1). Node 24 hands back one that stands for nothing as it is; before, it refused the name. */
const isNoFalseALabel = (label: string): boolean => !label.startsWith('xn--') || /^(?!xn--).*[^\u0000-\u007f]/.test(domainToUnicode(label));

function dnsFault(name: string): Fault | undefined {
  const labels = name.split('.');
  if (ipAddressOctets(name) || /^[0-9]+$/.test(labels.at(-1) as string) || /^[0-9.]+\/\d+$/.test(name) || name.includes(':'))
    return { message: 'it is an IP address or looks like one', hint: 'put it under ipAddresses' };
  if (name.endsWith('.')) return { message: 'it ends with a dot', hint: 'leave the last dot out' };
  if (name.includes('*'))
    return { message: 'the asterisk is not its whole first label', hint: 'write *.example.com for all names right below example.com' };
  if (labels.includes('')) return { message: 'a label in it is empty', hint: 'remove one of the dots' };
  if (labels.some((label) => label.length > 63))
    return { message: 'a label in it has more than 63 characters', hint: 'use a shorter name' };
  if (name.length > 253) return { message: 'it has more than 253 characters', hint: 'use a shorter name' };
  if (!labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/.test(label)))
    return { message: 'labels have letters, digits and hyphens, and no hyphen at the ends', hint: 'write it as DNS has it' };
  return undefined;
}

/** IPv4 dotted, IPv6 as RFC 5952 writes it. */
export const ipAddress = textType({ pattern: orVariable('[0-9.]+|[0-9A-Fa-f:.]+') }, (text, at) => {
  const normal = normalIpAddress(text);
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text)?.[1];
  if (normal !== undefined && !isMapped(text)) return normal;
  return at.wrong({
    code: 'invalid-ip-address',
    message: `${quoted(text)} is not an IP address${normal === undefined ? '' : ' that clients compare with'}`,
    hint: ipHint(text, mapped),
    label: 'not an IP address',
  });
});

/** IPv4-mapped IPv6 (RFC 4291 §2.5.5.2): a client that connects over IPv4 compares with four octets, and never finds it. */
function isMapped(text: string): boolean {
  const octets = ipAddressOctets(text);
  return octets?.length === 16 && octets.slice(0, 10).every((octet) => octet === 0) && octets[10] === 255 && octets[11] === 255;
}

function ipHint(text: string, mapped: string | undefined): string {
  if (isMapped(text)) return mapped ? `write ${mapped}` : 'write the IPv4 address itself';
  if (text.includes('/')) return 'write one address, without a prefix length';
  if (text.includes('%')) return 'leave the zone out: it has a meaning on one machine only';
  if (/(?:^|\.)0\d/.test(text)) return 'write the numbers without leading zeros, which some programs read as octal';
  return /[a-z]/i.test(text) && !text.includes(':') ? 'a host name goes under dnsNames' : 'write it as 192.0.2.1 or 2001:db8::1';
}

/** An absolute URI in ASCII, scheme and host in lower case (RFC 5280 §4.2.1.6, RFC 3986 §6.2.2.1). */
export const uri = textType({ pattern: orVariable('[A-Za-z][A-Za-z0-9+.-]*:[!-~]+') }, (text, at) => {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?([!-~]*)$/.exec(text);
  const [, scheme = '', authority, rest = ''] = match ?? [];
  const bad =
    !match ||
    !/^[!-~]+$/.test(text) ||
    /[<>"{}|\\^`]/.test(text) ||
    /%(?![0-9A-Fa-f]{2})/.test(text) ||
    authority === '' ||
    (authority === undefined && rest === '');
  if (bad)
    return at.wrong({
      code: 'invalid-uri',
      message: `${quoted(text)} is not an absolute URI`,
      hint: 'write scheme and host, for example spiffe://example.org/web; encode other characters as %XX',
      label: 'not a URI',
    });
  return `${scheme.toLowerCase()}:${authority === undefined ? '' : `//${authority.replace(/[^@]*$/, (host) => host.toLowerCase())}`}${rest}`;
});

/** `local@domain` in ASCII, the domain in lower case (RFC 5280 §4.2.1.6: rfc822Name). */
export const emailAddress = textType({ pattern: orVariable('[^\\s@]+@[^\\s@]+') }, (text, at) => {
  const [, local, domain] = /^([A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64})@([^\s@]+)$/.exec(text) ?? [];
  const ascii = domain === undefined ? undefined : asciiName(domain);
  if (local === undefined || ascii === undefined || dnsFault(ascii) || /^\.|\.\.|\.$/.test(local)) {
    return at.wrong({
      code: 'invalid-email-address',
      message: `${quoted(text)} is not an e-mail address in ASCII`,
      hint: 'write local@example.com',
      label: 'not an e-mail address',
    });
  }
  return `${local}@${ascii}`;
});
