/** What a file turns out to hold when it is not what it should be: told by its PEM labels or its first octets, named as people name it. */
import type { PemBlock } from './pem.ts';

/** Labels of RFC 7468, of OpenSSL and of its neighbours, with the words for a sentence ("holds …, not a certificate"). */
// biome-ignore format: table
export const labelNames: Readonly<Record<string, string>> = {
  'CERTIFICATE':             'a certificate',
  'X509 CERTIFICATE':        'a certificate under the old label "X509 CERTIFICATE"',
  'TRUSTED CERTIFICATE':     'a certificate in OpenSSL\'s own form (TRUSTED CERTIFICATE)',
  'CERTIFICATE REQUEST':     'a certificate request (PKCS#10)',
  'NEW CERTIFICATE REQUEST': 'a certificate request (PKCS#10)',
  'X509 CRL':                'a revocation list (CRL)',
  'PKCS7':                   'a PKCS#7 container',
  'CMS':                     'a PKCS#7 container (CMS)',
  'PKCS12':                  'a PKCS#12 container',
  'PRIVATE KEY':             'a private key (PKCS#8)',
  'RSA PRIVATE KEY':         'a private key (PKCS#1)',
  'EC PRIVATE KEY':          'a private key (SEC1)',
  'DSA PRIVATE KEY':         'a DSA private key',
  'ENCRYPTED PRIVATE KEY':   'an encrypted private key (PKCS#8)',
  'OPENSSH PRIVATE KEY':     'an OpenSSH private key',
  'PUBLIC KEY':              'a public key',
  'RSA PUBLIC KEY':          'a public key (PKCS#1)',
  'SSH2 PUBLIC KEY':         'an SSH public key',
  'PGP PRIVATE KEY BLOCK':   'a PGP key',
  'PGP PUBLIC KEY BLOCK':    'a PGP key',
  'ATTRIBUTE CERTIFICATE':   'an attribute certificate',
};

/** Parameters that OpenSSL writes beside keys and certificates and every reader skips. */
const parameterLabels: ReadonlySet<string> = new Set(['EC PARAMETERS', 'DH PARAMETERS', 'X9.42 DH PARAMETERS', 'DSA PARAMETERS']);

export const isCertificateBlock = ({ label }: PemBlock): boolean => label === 'CERTIFICATE';
export const isParameterBlock = ({ label }: PemBlock): boolean => parameterLabels.has(label);

/** The words for a block; an unknown label is named, since labels are short and have no control characters. */
export function nameOfBlock({ label, encrypted }: PemBlock): string {
  const name = labelNames[label];
  if (encrypted) return 'an encrypted private key';
  return name ?? `a block labelled "${label}"`;
}

/** Files without PEM and without DER that are told by how they begin. */
// biome-ignore format: table
const beginnings: readonly { readonly octets: readonly number[]; readonly name: string }[] = [
  { octets: [0xfe, 0xed, 0xfe, 0xed],       name: 'a Java key store (JKS)' },
  { octets: [0xce, 0xce, 0xce, 0xce],       name: 'a Java key store (JCEKS)' },
  { octets: [...Buffer.from('ssh-')],       name: 'an SSH public key' },
  { octets: [...Buffer.from('ecdsa-sha2')], name: 'an SSH public key' },
  { octets: [...Buffer.from('PuTTY-User')], name: 'a PuTTY key' },
  { octets: [...Buffer.from('apiVersion')], name: 'a Kubernetes file' },
  { octets: [0xff, 0xfe],                   name: 'UTF-16 text' },
  { octets: [0xfe, 0xff],                   name: 'UTF-16 text' },
];

/** The words for a file that begins in a way we know; undefined where it does not. */
export const nameByBeginning = (bytes: Uint8Array): string | undefined =>
  beginnings.find(({ octets }) => octets.every((octet, index) => bytes[index] === octet))?.name;
