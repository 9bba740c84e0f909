import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { KeyEncoding } from '../domain/keys.ts';
import type { KeyBlock } from './read-private-key.ts';

type Form = 'pkcs8' | 'pkcs1' | 'sec1';

// biome-ignore format: table
const forms = {
  PKCS8: { type: 'pkcs8', label: 'PRIVATE KEY' },     // RFC 5958
  PKCS1: { type: 'pkcs1', label: 'RSA PRIVATE KEY' }, // RFC 8017 appendix A.1.2
  SEC1:  { type: 'sec1',  label: 'EC PRIVATE KEY' },  // RFC 5915
} as const satisfies Record<KeyEncoding, { readonly type: Form; readonly label: string }>;

/** The private key in a form that its algorithm has (see `keyEncodings`). Its DER is secret: whoever is done with it fills it with zeros. */
export function encodePrivateKey(key: KeyObject, encoding: KeyEncoding): KeyBlock & { readonly der: Buffer } {
  const { type, label } = forms[encoding];
  return { label, der: key.export({ type: type as 'pkcs8', format: 'der' }), encrypted: false };
}

/** The key of a block that `readPrivateKey` has found in order. */
export function openPrivateKey({ label, der }: KeyBlock): KeyObject {
  const form = Object.values(forms).find((candidate) => candidate.label === label);
  if (!form) throw new Error(`no private key is called "${label}"`);
  return createPrivateKey({ key: Buffer.from(der.buffer, der.byteOffset, der.byteLength), format: 'der', type: form.type as 'pkcs8' });
}

const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 'latin1');
const [lineFeed, equals] = [0x0a, 0x3d] as const;

/** A block of PEM (RFC 7468 §2) as bytes, written without ever being a string: strings cannot be wiped. Secret like the DER it is made from. */
export function privateKeyPem({ label, der }: Pick<KeyBlock, 'label' | 'der'>): Buffer {
  const [first, last] = [Buffer.from(`-----BEGIN ${label}-----\n`), Buffer.from(`-----END ${label}-----\n`)];
  const characters = Math.ceil(der.length / 3) * 4;
  const pem = Buffer.alloc(first.length + characters + Math.ceil(characters / 64) + last.length);
  let at = first.copy(pem);
  for (let index = 0; index < der.length; index += 3) {
    const left = der.length - index;
    const bits = ((der[index] ?? 0) << 16) | ((der[index + 1] ?? 0) << 8) | (der[index + 2] ?? 0);
    at = pem.writeUInt8(alphabet[bits >> 18] as number, at);
    at = pem.writeUInt8(alphabet[(bits >> 12) & 63] as number, at);
    at = pem.writeUInt8(left > 1 ? (alphabet[(bits >> 6) & 63] as number) : equals, at);
    at = pem.writeUInt8(left > 2 ? (alphabet[bits & 63] as number) : equals, at);
    if (left <= 3 || index % 48 === 45) at = pem.writeUInt8(lineFeed, at);
  }
  last.copy(pem, at);
  return pem;
}
