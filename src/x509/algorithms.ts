/** Object identifiers of algorithms, with the names people know and how strong they are. */

export interface SignatureAlgorithm {
  readonly name: string;
  /** Forgeries by collision are practical (MD2, MD4, MD5) or affordable (SHA-1): RFC 6194, RFC 6149–6151. */
  readonly weak?: true;
}

export const rsassaPss = '1.2.840.113549.1.1.10';

// biome-ignore format: table
export const signatureAlgorithms: Readonly<Record<string, SignatureAlgorithm>> = {
  '1.2.840.113549.1.1.2':   { name: 'md2WithRSAEncryption', weak: true },
  '1.2.840.113549.1.1.3':   { name: 'md4WithRSAEncryption', weak: true },
  '1.2.840.113549.1.1.4':   { name: 'md5WithRSAEncryption', weak: true },
  '1.2.840.113549.1.1.5':   { name: 'sha1WithRSAEncryption', weak: true },
  '1.3.14.3.2.29':          { name: 'sha1WithRSAEncryption', weak: true },
  '1.2.840.113549.1.1.14':  { name: 'sha224WithRSAEncryption' },
  '1.2.840.113549.1.1.11':  { name: 'sha256WithRSAEncryption' },
  '1.2.840.113549.1.1.12':  { name: 'sha384WithRSAEncryption' },
  '1.2.840.113549.1.1.13':  { name: 'sha512WithRSAEncryption' },
  '1.2.840.10045.4.1':      { name: 'ecdsa-with-SHA1', weak: true },
  '1.2.840.10045.4.3.1':    { name: 'ecdsa-with-SHA224' },
  '1.2.840.10045.4.3.2':    { name: 'ecdsa-with-SHA256' },
  '1.2.840.10045.4.3.3':    { name: 'ecdsa-with-SHA384' },
  '1.2.840.10045.4.3.4':    { name: 'ecdsa-with-SHA512' },
  '1.2.840.10040.4.3':      { name: 'dsa-with-SHA1', weak: true },
  '2.16.840.1.101.3.4.3.1': { name: 'dsa-with-SHA224' },
  '2.16.840.1.101.3.4.3.2': { name: 'dsa-with-SHA256' },
  '1.3.101.112':            { name: 'Ed25519' },
  '1.3.101.113':            { name: 'Ed448' },
};

/** Hash functions, as RSASSA-PSS parameters name them (RFC 4055 §2.1). */
// biome-ignore format: table
export const hashAlgorithms: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26':           'SHA1',
  '2.16.840.1.101.3.4.2.4':  'SHA224',
  '2.16.840.1.101.3.4.2.1':  'SHA256',
  '2.16.840.1.101.3.4.2.2':  'SHA384',
  '2.16.840.1.101.3.4.2.3':  'SHA512',
};

export const rsaEncryption = '1.2.840.113549.1.1.1';
export const ecPublicKey = '1.2.840.10045.2.1';
export const ed25519 = '1.3.101.112';

/** Key algorithms that we name but do not use; `bits` where the algorithm has one size. */
// biome-ignore format: table
export const otherKeyAlgorithms: Readonly<Record<string, { readonly name: string; readonly bits: number }>> = {
  [rsassaPss]:              { name: 'RSASSA-PSS', bits: 0 },
  '1.2.840.10040.4.1':      { name: 'DSA', bits: 0 },
  '1.2.840.113549.1.3.1':   { name: 'DH', bits: 0 },
  '1.2.840.10046.2.1':      { name: 'DH', bits: 0 },
  '1.3.101.110':            { name: 'X25519', bits: 256 },
  '1.3.101.111':            { name: 'X448', bits: 448 },
  '1.3.101.113':            { name: 'Ed448', bits: 456 },
  '1.2.643.7.1.1.1.1':      { name: 'GOST R 34.10-2012 256', bits: 256 },
  '1.2.643.7.1.1.1.2':      { name: 'GOST R 34.10-2012 512', bits: 512 },
  '1.2.643.2.2.19':         { name: 'GOST R 34.10-2001', bits: 256 },
  '2.16.840.1.101.3.4.3.17': { name: 'ML-DSA-44', bits: 0 },
  '2.16.840.1.101.3.4.3.18': { name: 'ML-DSA-65', bits: 0 },
  '2.16.840.1.101.3.4.3.19': { name: 'ML-DSA-87', bits: 0 },
};

/** An elliptic curve: `node` is what node:crypto calls it, `octets` the length of its field elements. Only the NIST curves are `ECDSA`: a key on another curve of 256 bits is no P-256 key. */
export interface Curve {
  readonly oid: string;
  readonly node: string;
  readonly algorithm: string;
  readonly bits: number;
  readonly octets: number;
}

// biome-ignore format: table
export const curves: readonly Curve[] = [
  { oid: '1.2.840.10045.3.1.7', node: 'prime256v1',      algorithm: 'ECDSA',           bits: 256, octets: 32 },
  { oid: '1.3.132.0.34',        node: 'secp384r1',       algorithm: 'ECDSA',           bits: 384, octets: 48 },
  { oid: '1.3.132.0.35',        node: 'secp521r1',       algorithm: 'ECDSA',           bits: 521, octets: 66 },
  { oid: '1.2.840.10045.3.1.1', node: 'prime192v1',      algorithm: 'prime192v1',      bits: 192, octets: 24 },
  { oid: '1.3.132.0.33',        node: 'secp224r1',       algorithm: 'secp224r1',       bits: 224, octets: 28 },
  { oid: '1.3.132.0.10',        node: 'secp256k1',       algorithm: 'secp256k1',       bits: 256, octets: 32 },
  { oid: '1.3.36.3.3.2.8.1.1.7',  node: 'brainpoolP256r1', algorithm: 'brainpoolP256r1', bits: 256, octets: 32 },
  { oid: '1.3.36.3.3.2.8.1.1.11', node: 'brainpoolP384r1', algorithm: 'brainpoolP384r1', bits: 384, octets: 48 },
  { oid: '1.3.36.3.3.2.8.1.1.13', node: 'brainpoolP512r1', algorithm: 'brainpoolP512r1', bits: 512, octets: 64 },
];

export const curveOf = (oid: string): Curve | undefined => curves.find((curve) => curve.oid === oid);

/** A key algorithm that is known for what it is, and not one of ours. Caught where reading began; never leaves this room. */
export class UnsupportedAlgorithm extends Error {}
