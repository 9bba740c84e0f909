import type { InputCode } from '../../domain/codes.ts';
import type { Explanation } from './explanation.ts';

/** What can be wrong with one field of the desired state: its name, its shape, its value. */
export const inputValueExplanations = {
  'unknown-field': {
    title: 'An unknown field',
    means: 'There is no such field here. It would not be ignored by accident: a mistyped renewBefore would let a certificate expire.',
    fix: 'Use the name that is suggested, or remove the line. certstate schema config prints every field.',
  },
  'missing-field': {
    title: 'A field is missing',
    means: 'Without it the resource is not determined.',
    fix: 'Add it; the message shows an example.',
  },
  'wrong-type': {
    title: 'A value of another shape',
    means: 'Text where a list is wanted, a list where a map is wanted, and the like. Nothing is guessed: yes is not true.',
    fix: 'Write it in the shape that the message names.',
  },
  'reserved-field': {
    title: 'A field of a later version',
    means: 'The word is kept for something this version does not do yet. To ignore it would promise what does not happen.',
    fix: 'Remove it, or use a version that knows it.',
  },
  'unsupported-version': {
    title: 'Another version of the format',
    means: 'The file says that it is written for another version of the desired state, which may mean something else by the same words.',
    fix: 'Write version: 1, or use the certstate that the file is for.',
  },
  'invalid-name': {
    title: 'Not a name',
    means:
      'Names of resources have lower-case letters, digits, dots and hyphens, and begin and end with a letter or digit. They become part of addresses such as cert/web.',
    fix: 'Choose such a name. What the certificate is called inside is commonName, and free.',
  },
  'duplicate-name': {
    title: 'The same name twice',
    means: 'Names are unique over all files that are read together.',
    fix: 'Rename one of them.',
  },
  'conflicting-fields': {
    title: 'Fields that exclude each other',
    means: 'Each says something about the same thing, and which should count cannot be told.',
    fix: 'Keep one of them.',
  },
  'too-many-entries': {
    title: 'Too many entries',
    means: 'A certificate with thousands of names is refused by clients and makes every handshake slow.',
    fix: 'Split it over several certificates.',
  },
  'unknown-variable': {
    title: 'An unknown variable',
    means: 'A reference names a variable that is not defined, or has no value for this host. A literal ${ is written $${.',
    fix: 'Define it under variables or hosts, or with --set NAME=VALUE.',
  },
  'unused-variable': {
    title: 'A variable that nothing uses',
    means: 'Mostly a reference to it is mistyped, or what used it is gone.',
    fix: 'Use it, or remove it.',
  },
  'invalid-variable': {
    title: 'A variable that cannot stand here',
    means: 'A list or null can replace a whole element of a list, and cannot stand inside other text; and a value must be text.',
    fix: 'Let it be the whole element, or make it text.',
  },
  'unknown-host': {
    title: 'Not for this host',
    means: 'The file names the hosts it is for, and this is none of them. On another machine its keys would be wrong.',
    fix: 'Choose one with --host, or add this host under hosts.',
  },
  'invalid-duration': {
    title: 'Not a duration',
    means:
      'A duration has a number and a unit: 365d, 8760h, 90m, 1y (365 days), or several: 1h30m. A bare number would be seconds to one reader and days to another.',
    fix: 'Add the unit.',
  },
  'invalid-date': {
    title: 'Not a date',
    means: 'Dates are written as RFC 3339 has it: 2027-01-31, or 2027-01-31T12:00:00Z.',
    fix: 'Write such a date; it must exist in the calendar.',
    cites: 'RFC 3339',
  },
  'invalid-cron': {
    title: 'Not a cron expression',
    means:
      'A window opens by an expression of five fields: minute, hour, day of the month, month, day of the week, with lists, ranges, steps, names of months and days, and L, W and # as croner and Quartz have them. A nickname such as @weekly will do. Seconds and years are not for windows.',
    fix: 'Write for example "0 2 * * 6,0" for 02:00 on Saturdays and Sundays.',
  },
  'invalid-time-zone': {
    title: 'Not a time zone',
    means: 'The time zone of a window is an IANA name. An offset such as +02:00 is none, since it would be wrong for half of the year.',
    fix: 'Write for example Europe/Berlin, or UTC.',
  },
  'invalid-mode': {
    title: 'Not a mode',
    means: 'A mode is three octal digits in quotes. A key or certificate is no program, and its owner must be able to read it.',
    fix: 'Write "0600" for keys and "0644" for certificates, or something stricter.',
  },
  'mode-too-wide': {
    title: 'A mode that is too wide',
    means:
      'A private key that everybody can read is no secret, and a file that others can write is whatever they make it. There is no switch for this.',
    fix: 'Use 0600, or 0640 with a group that may read it.',
  },
  'invalid-owner': {
    title: 'Not an owner',
    means: 'An owner is the name of a user or group, or its number. The largest numbers mean "no change" to the system.',
    fix: 'Write a name or number. Whether the host knows it is looked at when planning.',
  },
  'invalid-path': {
    title: 'Not a path',
    means:
      'Paths are absolute and plain: no step upwards, no trailing slash, no NUL, not longer than the system allows, and not inside the state directory.',
    fix: 'Write the absolute path of the file.',
  },
  'invalid-command': {
    title: 'Not a command',
    means: 'A command is a list: the program, then its arguments, one by one. No shell reads it, so that no value can become a command.',
    fix: 'Write [systemctl, restart, etcd]. For pipes and conditions write a script, and name it.',
  },
  'invalid-endpoint': {
    title: 'Not an endpoint',
    means: 'An endpoint is a host and a port.',
    fix: 'Write "127.0.0.1:2379", or "[::1]:2379" for IPv6.',
  },
  'invalid-unit': {
    title: 'Not the name of a unit',
    means: 'A unit of systemd has a name of letters, digits and :_.@\\-, for example nginx.service. It is handed to systemctl.',
    fix: 'Write the name as systemctl lists it.',
  },
  'invalid-pod': {
    title: 'Not the name of a pod',
    means:
      'A pod has a name of small letters, digits, dots and hyphens, at most 253 of them. It is looked for among the pods that crictl lists.',
    fix: 'Write the name in the metadata of the manifest, for example kube-apiserver. Where crictl lists other pods of that beginning, write the full name: "kube-apiserver-${host}".',
  },
  'invalid-fingerprint': {
    title: 'Not a fingerprint',
    means: 'A pin is the SHA-256 of the public key, so that it outlives a renewal of the certificate.',
    fix: 'Write sha256: and 64 hexadecimal digits, as certstate show prints them.',
    cites: 'RFC 7469 §2.4',
  },
  'invalid-dns-name': {
    title: 'Not a DNS name',
    means:
      'Clients would never match it, or refuse the certificate. A wildcard is the whole first label, and not right below a top-level domain. An IP address belongs under ipAddresses.',
    fix: 'Write it as DNS has it, in at most 253 characters and labels of at most 63.',
    cites: 'RFC 1034 §3.5, RFC 5280 §4.2.1.6',
  },
  'dns-name-underscore': {
    title: 'An underscore in a host name',
    means: 'Host names have letters, digits and hyphens. Strict verifiers refuse a certificate with an underscore in a name.',
    fix: 'Use a hyphen if you can.',
    cites: 'RFC 1034 §3.5',
  },
  'dns-name-converted': {
    title: 'An international name, converted',
    means: 'Certificates hold the A-label (xn--…) of such a name. Names that look alike may be different ones, so both forms are shown.',
    fix: 'Nothing to do if that is the name you mean.',
    cites: 'RFC 5890, UTS #46',
  },
  'invalid-ip-address': {
    title: 'Not an IP address',
    means: 'Addresses are four decimal octets without leading zeros (010 is 8 to some readers), or IPv6, without a zone or prefix length.',
    fix: 'Write one address, such as 192.0.2.1 or 2001:db8::1.',
    cites: 'RFC 5952, RFC 6943 §3.1.1',
  },
  'invalid-uri': {
    title: 'Not a URI',
    means: 'A URI among the alternative names is absolute and in ASCII.',
    fix: 'Write scheme and host, as in spiffe://example.org/web.',
    cites: 'RFC 5280 §4.2.1.6, RFC 3986',
  },
  'invalid-email-address': {
    title: 'Not an e-mail address',
    means: 'An e-mail address among the alternative names is local@domain in ASCII.',
    fix: 'Write such an address.',
    cites: 'RFC 5280 §4.2.1.6',
  },
  'invalid-subject': {
    title: 'Not a value for the subject',
    means: 'Attributes of a subject have upper bounds (64 characters for a common name, two letters for a country) and may not be empty.',
    fix: 'Use a shorter value. Host names belong under dnsNames, where they may be longer.',
    cites: 'RFC 5280 appendix A.1',
  },
  'invalid-key-size': {
    title: 'Not a size for this algorithm',
    means:
      'RSA has 2048, 3072 and 4096 bits, ECDSA 256, 384 and 521; Ed25519 has one size and names none. Smaller ones are broken or refused, larger ones only slow.',
    fix: 'Use one of these.',
    cites: 'NIST SP 800-57 part 1 rev. 5 §5.6',
  },
  'invalid-encoding': {
    title: 'Not an encoding for this algorithm',
    means: 'PKCS8 fits every key, PKCS1 only RSA, SEC1 only ECDSA.',
    fix: 'Use PKCS8, or leave it out.',
    cites: 'RFC 5958, RFC 8017, RFC 5915',
  },
  'unknown-usage': {
    title: 'An unknown usage',
    means: 'Usages are written in the words of cert-manager: "digital signature", "server auth".',
    fix: 'Use the word that is suggested.',
    cites: 'RFC 5280 §4.2.1.3, §4.2.1.12',
  },
  'invalid-value': {
    title: 'A value that does not fit',
    means: 'The field takes one of a few words, or a number within bounds, or something that is not empty.',
    fix: 'Use one of the values that the message names.',
  },
  'unknown-code': {
    title: 'An unknown code',
    means: 'accept names the code of a finding, and there is none of that name.',
    fix: 'Write the code as it stands in brackets beside the finding.',
  },
} as const satisfies { readonly [Code in InputCode]?: Explanation };
