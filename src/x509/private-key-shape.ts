/** Whether octets without a label are a private key, told by their shape: for a search, where most of what is looked at is something else. */

import { DerError, tags, valueAt } from './der.ts';
import { nameOfDer } from './der-kind.ts';

/** What a key bag of PKCS#12 is called, plain or encrypted (RFC 7292 appendix D): 1.2.840.113549.1.12.10.1.1 and .2, but for the last octet. */
const keyBag = Buffer.from('060b2a864886f70d010c0a01', 'hex');
/** SEQUENCE { version 3, SEQUENCE { OBJECT IDENTIFIER pkcs7…: the lengths between may be in BER, as Java and Windows write them (RFC 7292 §4). */
const container = /^30(?:80|[0-7].|81..|82.{4}|83.{6})02010330(?:80|[0-7].|81..|82.{4}|83.{6})06092a864886f70d0107/;

/**
 * The words for a private key in DER (PKCS#8, PKCS#1, SEC1, DSA; encrypted or not), or for a PKCS#12 container that holds one, at the beginning of `bytes`;
 * undefined for everything else, a key that is cut off and a PKCS#12 container of certificates alone among it. What stands behind is no matter.
 */
export function nameOfPrivateKey(bytes: Uint8Array): string | undefined {
  if (bytes[0] !== tags.sequence) return undefined;
  const octets = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (container.test(octets.subarray(0, 32).toString('hex')))
    return holdsKeyBag(octets) ? 'a PKCS#12 container with a private key' : undefined;
  try {
    const name = nameOfDer(octets.subarray(0, valueAt(octets, 0, octets.length).end));
    return name?.includes('private key') ? name : undefined;
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

function holdsKeyBag(octets: Buffer): boolean {
  for (let at = octets.indexOf(keyBag); at >= 0; at = octets.indexOf(keyBag, at + 1)) {
    const kind = octets[at + keyBag.length];
    if (kind === 1 || kind === 2) return true;
  }
  return false;
}
