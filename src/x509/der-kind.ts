/** What a bare DER file is, told by the shape of its first two levels. Consumers on disk read PEM, so each of these is the wrong kind, under its own name. */
import { childrenOf, constructed, type Der, DerError, objectIdentifier, tags, wholeValue } from './der.ts';

const pkcs7Arc = '1.2.840.113549.1.7.';
/** PKCS#5 and PKCS#12: how keys are encrypted with a password. Without this a digest with its algorithm would look like a key. */
const encryptionArcs = ['1.2.840.113549.1.5.', '1.2.840.113549.1.12.1.'];

interface Shape {
  readonly name: string;
  /** `first` is what stands inside the first child, where that is constructed. */
  readonly fits: (children: readonly Der[], first: readonly Der[]) => boolean;
}

const has = (children: readonly Der[], ...wanted: readonly number[]): boolean => wanted.every((tag, index) => children[index]?.tag === tag);
const { sequence, integer, bitString, octetString, objectIdentifier: oid } = tags;

/** In order: the first shape that fits names the file. */
// biome-ignore format: table
const shapes: readonly Shape[] = [
  { name: 'a PKCS#12 container',               fits: (all) => has(all, integer, sequence) && childrenOf(all[1] as Der)[0]?.tag === oid && objectIdentifier(childrenOf(all[1] as Der)[0] as Der).startsWith(pkcs7Arc) },
  { name: 'a PKCS#7 container',                fits: (all) => has(all, oid, constructed(0)) },
  { name: 'a private key (PKCS#8) in DER form', fits: (all) => has(all, integer, sequence, octetString) },
  { name: 'a private key (SEC1) in DER form',  fits: (all) => has(all, integer, octetString) },
  { name: 'a private key (PKCS#1) in DER form', fits: (all) => all.length >= 9 && all.slice(0, 9).every(({ tag }) => tag === integer) },
  { name: 'a DSA private key in DER form',     fits: (all) => all.length === 6 && all.every(({ tag }) => tag === integer) },
  { name: 'a public key (PKCS#1) in DER form', fits: (all) => all.length === 2 && has(all, integer, integer) },
  { name: 'a public key in DER form',          fits: (all, first) => has(all, sequence, bitString) && all.length === 2 && has(first, oid) },
  { name: 'an encrypted private key (PKCS#8) in DER form', fits: (all, first) => has(all, sequence, octetString) && all.length === 2 && has(first, oid) && encryptionArcs.some((arc) => objectIdentifier(first[0] as Der).startsWith(arc)) },
  { name: 'a certificate in DER form',         fits: (all, first) => has(all, sequence, sequence, bitString) && (has(first, constructed(0), integer, sequence) || has(first, integer, sequence, sequence, sequence, sequence)) },
  { name: 'a certificate request (PKCS#10) in DER form', fits: (all, first) => has(all, sequence, sequence, bitString) && has(first, integer, sequence, sequence, constructed(0)) },
  { name: 'a revocation list (CRL) in DER form', fits: (all, first) => has(all, sequence, sequence, bitString) && (has(first, integer, sequence, sequence) || has(first, sequence, sequence)) },
];

export const encryptedDerKey = 'an encrypted private key (PKCS#8) in DER form';

/** The words for a DER file; undefined where it is none, or of a shape that we do not know. */
export function nameOfDer(bytes: Uint8Array): string | undefined {
  if (bytes[0] !== sequence) return undefined;
  try {
    const children = childrenOf(wholeValue(bytes, sequence, 'file'));
    const first = children[0]?.tag === sequence ? childrenOf(children[0]) : [];
    return shapes.find(({ fits }) => fits(children, first))?.name;
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}
