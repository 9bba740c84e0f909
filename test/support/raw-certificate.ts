/** Certificates built octet by octet, so that each rule of RFC 5280 can be broken alone. Everything here is right unless a test says otherwise. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { encodePem } from '../../src/formats/pem.ts';
import { encodeDer, encodeObjectIdentifier } from '../../src/x509/encode-der.ts';

export interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export const ecPair = (namedCurve = 'prime256v1'): Pair => generateKeyPairSync('ec', { namedCurve });
export const rsaPair = (modulusLength = 2048, publicExponent = 65_537): Pair =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent });
export const ed25519Pair = (): Pair => generateKeyPairSync('ed25519');

export const spkiOf = ({ publicKey }: Pair): Buffer => publicKey.export({ type: 'spki', format: 'der' });
export const sequence = (...parts: readonly Uint8Array[]): Buffer => encodeDer(0x30, ...parts);
export const integer = (...octets: readonly number[]): Buffer => encodeDer(0x02, Buffer.from(octets));
export const boolean = (value: boolean): Buffer => encodeDer(0x01, Buffer.of(value ? 0xff : 0));
export const octets = (content: Uint8Array): Buffer => encodeDer(0x04, content);
export const bits = (unused: number, ...content: readonly number[]): Buffer => encodeDer(0x03, Buffer.of(unused, ...content));
export const utcTime = (text: string): Buffer => encodeDer(0x17, Buffer.from(text));
export const generalizedTime = (text: string): Buffer => encodeDer(0x18, Buffer.from(text));
export const oid = encodeObjectIdentifier;

/** `distinguishedName(['2.5.4.3', 'etcd'])`: one attribute a level, UTF8String. */
export const distinguishedName = (...attributes: readonly (readonly [string, string])[]): Buffer =>
  sequence(...attributes.map(([type, value]) => encodeDer(0x31, sequence(oid(type), encodeDer(0x0c, Buffer.from(value))))));
export const commonName = (name: string): Buffer => distinguishedName(['2.5.4.3', name]);

export const dns = (name: string): Buffer => encodeDer(0x82, Buffer.from(name, 'latin1'));
export const ip = (...content: readonly number[]): Buffer => encodeDer(0x87, Buffer.from(content));
export const email = (address: string): Buffer => encodeDer(0x81, Buffer.from(address, 'latin1'));
export const uri = (text: string): Buffer => encodeDer(0x86, Buffer.from(text, 'latin1'));

export interface Extension {
  readonly oid: string;
  readonly critical?: boolean;
  readonly value: Uint8Array;
}

export const keyIdOf = (pair: Pair): Buffer => createHash('sha1').update(spkiOf(pair)).digest();

/** The extensions by name; `null` leaves one out, a list puts several. */
export type Extensions = Readonly<Record<string, Extension | readonly Extension[] | null>>;

export const subjectKeyIdentifier = (pair: Pair): Extension => ({ oid: '2.5.29.14', value: octets(keyIdOf(pair)) });
export const authorityKeyIdentifier = (id: Uint8Array): Extension => ({ oid: '2.5.29.35', value: sequence(encodeDer(0x80, id)) });
export const keyUsage = (unused: number, octet: number, critical = true): Extension => ({
  oid: '2.5.29.15',
  critical,
  value: bits(unused, octet),
});
export const alternativeNames = (critical: boolean, ...names: readonly Uint8Array[]): Extension => ({
  oid: '2.5.29.17',
  critical,
  value: sequence(...names),
});
export const basicConstraints = (critical: boolean, ...content: readonly Uint8Array[]): Extension => ({
  oid: '2.5.29.19',
  critical,
  value: sequence(...content),
});
export const extendedKeyUsage = (...usages: readonly string[]): Extension => ({
  oid: '2.5.29.37',
  value: sequence(...usages.map((usage) => oid(usage))),
});
export const serverAuth = '1.3.6.1.5.5.7.3.1';
export const clientAuth = '1.3.6.1.5.5.7.3.2';

export interface Parts {
  /** What stands in `[0]`; 0 leaves it out (version 1). */
  readonly version?: number;
  readonly serial?: Uint8Array;
  readonly subject?: Uint8Array;
  readonly issuer?: Uint8Array;
  readonly notBefore?: Uint8Array;
  readonly notAfter?: Uint8Array;
  readonly spki?: Uint8Array;
  /** The two AlgorithmIdentifiers; both are those of the signature where left out. */
  readonly inner?: Uint8Array;
  readonly outer?: Uint8Array;
  /** None at all where null. */
  readonly extensions?: Extensions | null;
  readonly hash?: string;
}

/** Signs the parts with the issuer's key. */
export function certificateOf(pair: Pair, issuerPair: Pair, parts: Parts, extensions: Extensions): Buffer {
  const list =
    parts.extensions === null ? [] : Object.values({ ...extensions, ...parts.extensions }).flatMap((extension) => extension ?? []);
  const algorithm = algorithmOf(issuerPair);
  const version = parts.version ?? 2;
  const toBeSigned = sequence(
    ...(version === 0 ? [] : [encodeDer(0xa0, integer(version))]),
    encodeDer(0x02, parts.serial ?? Buffer.from('4a6f7261207365656420627920686961', 'hex')),
    parts.inner ?? algorithm,
    parts.issuer ?? commonName('root'),
    sequence(parts.notBefore ?? utcTime('260101000000Z'), parts.notAfter ?? utcTime('270101000000Z')),
    parts.subject ?? commonName('leaf'),
    parts.spki ?? spkiOf(pair),
    ...(list.length === 0 ? [] : [encodeDer(0xa3, sequence(...list.map(extensionOf)))]),
  );
  const isEd25519 = issuerPair.privateKey.asymmetricKeyType === 'ed25519';
  const signature = sign(isEd25519 ? null : (parts.hash ?? 'sha256'), toBeSigned, issuerPair.privateKey);
  return sequence(toBeSigned, parts.outer ?? algorithm, encodeDer(0x03, Buffer.of(0), signature));
}

const extensionOf = ({ oid: type, critical, value }: Extension): Buffer =>
  sequence(oid(type), ...(critical ? [boolean(true)] : []), octets(value));

function algorithmOf({ privateKey }: Pair): Buffer {
  switch (privateKey.asymmetricKeyType) {
    case 'rsa':
      return sequence(oid('1.2.840.113549.1.1.11'), encodeDer(0x05));
    case 'ed25519':
      return sequence(oid('1.3.101.112'));
    default:
      return sequence(oid('1.2.840.10045.4.3.2'));
  }
}

/** A root that every strict validator takes. */
export const rootCertificate = (pair: Pair, parts: Parts = {}): Buffer =>
  certificateOf(
    pair,
    pair,
    { subject: commonName('root'), notAfter: utcTime('360101000000Z'), ...parts },
    { basic: basicConstraints(true, boolean(true)), usage: keyUsage(1, 0b0000_0110), skid: subjectKeyIdentifier(pair) },
  );

/** An authority below it. */
export const intermediateCertificate = (pair: Pair, root: Pair, parts: Parts = {}): Buffer =>
  certificateOf(
    pair,
    root,
    { subject: commonName('intermediate'), ...parts },
    {
      basic: basicConstraints(true, boolean(true), integer(0)),
      usage: keyUsage(1, 0b0000_0110),
      skid: subjectKeyIdentifier(pair),
      akid: authorityKeyIdentifier(keyIdOf(root)),
    },
  );

/** A leaf for server and client. */
export const leafCertificate = (pair: Pair, root: Pair, parts: Parts = {}): Buffer =>
  certificateOf(pair, root, parts, {
    usage: keyUsage(7, 0b1000_0000),
    extended: extendedKeyUsage(serverAuth, clientAuth),
    names: alternativeNames(false, dns('leaf.example'), ip(127, 0, 0, 1)),
    skid: subjectKeyIdentifier(pair),
    akid: authorityKeyIdentifier(keyIdOf(root)),
  });

export const certificatePem = (...certificates: readonly Uint8Array[]): string =>
  certificates.map((der) => encodePem('CERTIFICATE', der)).join('');
