/** The Certificate of RFC 5280 §4.1 as its parts, before anything is made of them. */
import { hashAlgorithms, rsassaPss, signatureAlgorithms } from './algorithms.ts';
import {
  childrenOf,
  constructed,
  type Der,
  DerError,
  encodingOf,
  expect,
  integerOctets,
  objectIdentifier,
  primitive,
  smallInteger,
  tags,
  wholeValue,
} from './der.ts';

export interface CertificateParts {
  /** 1, 2 or 3. */
  readonly version: number;
  /** Two's complement, as it stands. */
  readonly serial: Uint8Array;
  readonly issuer: Der;
  readonly notBefore: Der | undefined;
  readonly notAfter: Der | undefined;
  readonly subject: Der;
  readonly publicKeyInfo: Der;
  readonly extensions: Der | undefined;
  readonly signatureAlgorithm: { readonly name: string; readonly weak: boolean };
  /** Whether the algorithm inside what is signed is the one outside (RFC 5280 §4.1.1.2). */
  readonly sameAlgorithm: boolean;
}

/** Takes a DER certificate apart. Throws DerError where it is none. */
export function parseCertificate(der: Uint8Array): CertificateParts {
  const [toBeSigned, algorithm, signature, more] = childrenOf(wholeValue(der, tags.sequence, 'certificate'));
  const outer = expect(algorithm, tags.sequence, 'signature algorithm');
  expect(signature, tags.bitString, 'signature');
  if (more) throw new DerError('something stands behind the signature');
  const fields = [...childrenOf(expect(toBeSigned, tags.sequence, 'signed part'))];
  const version =
    fields[0]?.tag === constructed(0) ? smallInteger(expect(childrenOf(fields.shift() as Der)[0], tags.integer, 'version')) + 1 : 1;
  const [serial, inner, issuer, validity, subject, publicKeyInfo, ...rest] = fields;
  const [notBefore, notAfter] = childrenOf(expect(validity, tags.sequence, 'validity'));
  const innerAlgorithm = expect(inner, tags.sequence, 'signature algorithm inside');
  const wrapper = rest.find(({ tag }) => tag === constructed(3));
  if (rest.some(({ tag }) => tag !== constructed(3) && tag !== primitive(1) && tag !== primitive(2)))
    throw new DerError('something that is no extension stands behind the public key');
  return {
    version,
    serial: integerOctets(expect(serial, tags.integer, 'serial number')),
    issuer: expect(issuer, tags.sequence, 'issuer'),
    notBefore,
    notAfter,
    subject: expect(subject, tags.sequence, 'subject'),
    publicKeyInfo: expect(publicKeyInfo, tags.sequence, 'public key'),
    extensions: wrapper && expect(childrenOf(wrapper)[0], tags.sequence, 'list of extensions'),
    signatureAlgorithm: readSignatureAlgorithm(outer),
    sameAlgorithm: Buffer.compare(encodingOf(innerAlgorithm), encodingOf(outer)) === 0,
  };
}

function readSignatureAlgorithm(algorithm: Der): CertificateParts['signatureAlgorithm'] {
  const [identifier, parameters] = childrenOf(algorithm);
  const oid = objectIdentifier(expect(identifier, tags.objectIdentifier, 'signature algorithm'));
  if (oid === rsassaPss) {
    const hash = pssHash(parameters);
    return { name: `RSASSA-PSS with ${hash}`, weak: hash === 'SHA1' };
  }
  const known = signatureAlgorithms[oid];
  return { name: known?.name ?? oid, weak: known?.weak === true };
}

/** RFC 4055 §3.1: the hash stands in `[0]`, and is SHA-1 where it is left out. */
function pssHash(parameters: Der | undefined): string {
  const field = parameters?.tag === tags.sequence ? childrenOf(parameters).find(({ tag }) => tag === constructed(0)) : undefined;
  if (!field) return 'SHA1';
  const oid = objectIdentifier(
    expect(childrenOf(expect(childrenOf(field)[0], tags.sequence, 'hash algorithm'))[0], tags.objectIdentifier, 'hash algorithm'),
  );
  return hashAlgorithms[oid] ?? oid;
}
