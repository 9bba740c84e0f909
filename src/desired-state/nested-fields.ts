/** The rows of the maps inside a resource: key, subject, name constraints, probe, accepted findings, provided pair. */
import { type KeyAlgorithm, type KeyEncoding, keyEncodings, keySizes } from '../domain/keys.ts';
import { boolean, listOf, oneOf, text } from './basic-types.ts';
import { dnsDomain, emailConstraint, ipRange } from './constraint-types.ts';
import { path } from './file-types.ts';
import { dnsName } from './name-types.ts';
import { objectList } from './object-list.ts';
import { objectOf } from './object-type.ts';
import { optional, required } from './row.ts';
import { attribute, endpoint, findingCode, keySize } from './special-types.ts';
import { date, duration } from './time-types.ts';

const algorithms = Object.keys(keySizes) as KeyAlgorithm[];
const encodings = [...new Set(Object.values(keyEncodings).flat())] as KeyEncoding[];
const sizeRule =
  'Where the algorithm is left out, a size names the algorithm that has it. A resource that names another algorithm than its defaults takes neither size nor encoding from them.';

const keyFields = {
  algorithm: optional(
    oneOf(algorithms),
    'The kind of key. Left out: any kind on disk is in order; ECDSA is made.',
    'RSA',
    'ECDSA',
    'Ed25519',
  ),
  size: optional(
    keySize,
    `Bits: ${keySizes.RSA.join(', ')} for RSA, ${keySizes.ECDSA.join(', ')} for ECDSA, none for Ed25519. ${sizeRule}`,
    4096,
    256,
  ),
  encoding: optional(
    oneOf(encodings),
    'The form of the key file: PKCS8 for all, PKCS1 for RSA, SEC1 for ECDSA (and names the algorithm, where that is left out). Left out: any form on disk is in order; PKCS8 is written.',
    'PKCS8',
    'PKCS1',
  ),
};

/** As a computed key: an object with a `then` of its own would be taken for a promise. */
const consequence = 'then';
const variable = { type: 'string', pattern: '\\$\\{' };
const fitting = (words: readonly (string | number)[]) => (words.length === 0 ? variable : { anyOf: [{ enum: words }, variable] });

/** For an editor: which sizes and encodings go with which algorithm. The parser asks after the defaults have been merged. */
const keySchema = {
  allOf: algorithms.map((algorithm) => ({
    if: { properties: { algorithm: { const: algorithm } }, required: ['algorithm'] },
    [consequence]: { properties: { size: fitting(keySizes[algorithm]), encoding: fitting(keyEncodings[algorithm]) } },
  })),
};

export const certificateKey = objectOf(
  {
    ...keyFields,
    rotationPolicy: optional(
      oneOf(['Always', 'Never']),
      'Always (the default) makes a new key whenever a certificate is issued; Never keeps the key that is there.',
      'Always',
      'Never',
    ),
  },
  { schema: keySchema },
);
export const authorityKey = objectOf(keyFields, {
  schema: keySchema,
  notHere: { rotationPolicy: 'it is for certificates; the key of an authority is replaced only when a person asks for it' },
});

export const subject = objectOf({
  organizations: optional(listOf(attribute('organizations')), 'Organizations (O). Kubernetes takes them for groups.', ['system:masters']),
  organizationalUnits: optional(listOf(attribute('organizationalUnits')), 'Organizational units (OU).', ['storage']),
  countries: optional(listOf(attribute('countries')), 'Countries (C), two capital letters each.', ['DE']),
  localities: optional(listOf(attribute('localities')), 'Localities (L).', ['Berlin']),
  provinces: optional(listOf(attribute('provinces')), 'States or provinces (ST).', ['Berlin']),
  streetAddresses: optional(listOf(attribute('streetAddresses')), 'Street addresses (STREET).', ['Unter den Linden 1']),
  postalCodes: optional(listOf(attribute('postalCodes')), 'Postal codes, quoted.', ['10117']),
  serialNumber: optional(
    attribute('serialNumber'),
    'The serial number of the subject, such as a device; not that of the certificate.',
    'C02XK0AAJGH5',
  ),
});

const constrainedNames = objectOf({
  dnsDomains: optional(listOf(dnsDomain), 'Domains with all that is below them; with a dot in front, only what is below.', ['example.com']),
  ipRanges: optional(listOf(ipRange), 'Ranges of addresses, address and prefix length.', ['10.0.0.0/8', '2001:db8::/32']),
  emailAddresses: optional(listOf(emailConstraint), 'Mailboxes, hosts, or domains with a dot in front.', ['example.com']),
  uriDomains: optional(listOf(dnsDomain), 'Hosts of URIs; with a dot in front, all hosts below.', ['.example.com']),
});
export const nameConstraints = objectOf({
  critical: optional(boolean, 'Only true: name constraints are always critical here, as RFC 5280 §4.2.1.10 wants them.', true),
  permitted: optional(constrainedNames, 'Of a kind of name that is listed here, only names within are signed.', {
    dnsDomains: ['example.com'],
  }),
  excluded: optional(constrainedNames, 'Names within these are not signed.', { dnsDomains: ['internal.example.com'] }),
});

export const probe = objectOf({
  tls: required(endpoint, 'Where the certificate is served: host and port.', '127.0.0.1:2379'),
  serverName: optional(dnsName, 'The name to ask for (SNI).', 'etcd.example.com'),
  starttls: optional(oneOf(['postgres', 'smtp']), 'What is said in clear before TLS begins.', 'postgres'),
  within: optional(duration({ zero: false }), 'How long after a reload the new certificate may take to be served.', '30s'),
});

export const accept = objectList({
  code: required(findingCode, 'The code of the finding.', 'expiring'),
  reason: required(text, 'Why it is tolerated, for whoever reads it next.', 'replaced together with the rack in March'),
  until: required(date, 'The last day, or an instant. Afterwards the finding counts again.', '2027-03-31'),
});

export const provided = objectOf({
  certificate: required(path, 'The certificate to install.', '/opt/import/ca.crt'),
  privateKey: optional(path, 'Its private key. Left out only where the authority is external.', '/opt/import/ca.key'),
});
