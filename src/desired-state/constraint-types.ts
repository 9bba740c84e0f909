/** The ranges of names that name constraints are made of (RFC 5280 §4.2.1.10). */
import { formatIpOctets, ipAddressOctets } from '../domain/alternative-names.ts';
import { orVariable, textType } from './basic-types.ts';
import { dnsHost } from './name-types.ts';
import { quoted } from './problem.ts';

/** A domain and all below it; with a dot in front only what is below. */
export const dnsDomain = textType({ minLength: 1 }, (text, at) => {
  const dotted = text.startsWith('.');
  const host = dnsHost(dotted ? text.slice(1) : text, at, text);
  return host === undefined ? undefined : `${dotted ? '.' : ''}${host}`;
});

/** A range of addresses as CIDR, host bits zero. */
export const ipRange = textType({ pattern: orVariable('[0-9A-Fa-f:.]+/[0-9]{1,3}') }, (text, at) => {
  const [, address = '', length = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const octets = ipAddressOctets(address);
  const bits = Number(length);
  if (!octets || length === '' || bits > octets.length * 8)
    return at.wrong({
      code: 'invalid-ip-address',
      message: `${quoted(text)} is not a range of addresses`,
      hint: 'write address and prefix length, for example 10.0.0.0/8',
      label: 'not a range',
    });
  const base = octets.map((octet, index) => octet & ((0xff00 >> Math.min(8, Math.max(0, bits - index * 8))) & 0xff));
  const normal = `${formatIpOctets(base)}/${bits}`;
  if (base.some((octet, index) => octet !== octets[index]))
    return at.wrong({ code: 'invalid-ip-address', message: `${quoted(text)} has bits behind its prefix`, hint: `write ${normal}` });
  return normal;
});

/** A mailbox, a host (all mailboxes on it), or a domain with a dot in front (all hosts below it). */
export const emailConstraint = textType({ minLength: 1 }, (text, at) => {
  const [, local, domain = text] = /^([^@\s]+)@([^@\s]+)$/.exec(text) ?? [];
  const host = dnsHost(domain.replace(/^\./, ''), at, text);
  return host === undefined ? undefined : `${local === undefined ? '' : `${local}@`}${domain.startsWith('.') ? '.' : ''}${host}`;
});
