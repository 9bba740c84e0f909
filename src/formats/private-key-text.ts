/**
 * Private keys inside text of any kind: PEM as it is, in quotes, in comments, escaped into one line; base64 of PEM, as kubeconfigs and Kubernetes Secrets
 * have it; base64 of DER. A key counts if enough of it is there to be one: documentation may say how one begins.
 */
import { labelNames } from './content-kind.ts';

export interface KeyInText {
  /** `a private key (PKCS#8)`. Nothing of the key itself. */
  readonly name: string;
  /** Offsets of the text that gives it away: the line with the label, or the beginning of the base64. */
  readonly start: number;
  readonly end: number;
}

/** The words for a private key at the beginning of octets, if it is whole. */
export type NameOfKey = (octets: Uint8Array) => string | undefined;

/**
 * What a key may begin with. Base64 of `-----BEGIN ` has three forms, by where in a group of three octets it begins; that of a DER SEQUENCE begins with M and
 * one of A to P, and the smallest key has 64 characters.
 */
const beginnings =
  /(?<dashes>-{4,5}) ?BEGIN (?<label>[A-Z0-9 ]{0,40}?PRIVATE KEY(?: BLOCK)?) ?\k<dashes>|(?<putty>PuTTY-User-Key-File-\d:)|(?<pem>LS0tLS1CRUdJTi|0tLS0tQkVHSU4|tLS0tLUJFR0lO)|(?<![A-Za-z0-9+/])(?<der>M[A-P](?:[A-Za-z0-9+/]|\\\/){38})/g;

/** Octets of a key from which on it does not matter whether it is whole: the public half of an RSA key comes first, and fills five lines. */
const enough = { der: 256, other: 128 } as const;
/** No key is longer; what announces more is something else. */
const most = 1 << 16;

interface Verdict {
  readonly name: string | undefined;
  /** Where the search goes on. */
  readonly next: number;
}

/** The keys that begin in the given part of a text, which has a character for each octet, in its order. */
export function keysInText(
  text: string,
  nameOfKey: NameOfKey,
  { from = 0, until = text.length, nested = 0 }: { readonly from?: number; readonly until?: number; readonly nested?: number } = {},
): readonly KeyInText[] {
  const found: KeyInText[] = [];
  for (let at = from; ; ) {
    beginnings.lastIndex = at; // what is nested uses the same expression
    const match = beginnings.exec(text);
    if (!match || match.index >= until) return found;
    const start = match.index;
    const end = start + match[0].length;
    const { label, putty, pem } = match.groups ?? {};
    const { name, next } =
      label !== undefined
        ? keyUnderLabel(label, text, end, nameOfKey)
        : putty !== undefined
          ? keyOfPutty(text, start, end)
          : pem !== undefined
            ? keyInBase64(text, start, nameOfKey, nested)
            : keyInDer(text, start, nameOfKey);
    if (name !== undefined) found.push({ name, start, end });
    at = next;
  }
}

/** `Proc-Type: 4,ENCRYPTED` and the like (RFC 1421 §4.4), whatever stands before them in a comment, with line feeds of their own or escaped ones. */
const headers = /(?:(?:[\s#*>|"'/]|\\[nrt])*[A-Za-z][A-Za-z0-9-]*: [^\n\\]{0,200}(?:\n|\\+[nr]))+/y;

function keyUnderLabel(label: string, text: string, at: number, nameOfKey: NameOfKey): Verdict {
  headers.lastIndex = at;
  const head = headers.exec(text)?.[0] ?? '';
  const { octets, end } = base64From(text, at + head.length, most);
  const encrypted = head.includes('ENCRYPTED');
  const isKey = encrypted ? octets.length >= 48 : beginsAs(label, octets) || nameOfKey(octets) !== undefined;
  if (!isKey) return { name: undefined, next: at };
  return { name: encrypted ? 'an encrypted private key' : (labelNames[label] ?? 'a private key'), next: end };
}

/** OpenSSH's PROTOCOL.key, ssh.com's magic number, a secret key packet (RFC 9580 §4.2, tag 5, in both formats), and DER for all others. */
function beginsAs(label: string, octets: Buffer): boolean {
  if (octets.length < enough.other) return false;
  if (label.startsWith('OPENSSH')) return octets.toString('latin1', 0, 14) === 'openssh-key-v1';
  if (label.startsWith('SSH2')) return octets.readUInt32BE() === 0x3f6ff9eb;
  if (label.startsWith('PGP')) return octets[0] === 0xc5 || ((octets[0] ?? 0) & 0xfc) === 0x94;
  return octets.length >= enough.der && octets[0] === 0x30;
}

const puttyKey = /PuTTY-User-Key-File-[\s\S]{0,16000}?Private-Lines: [1-9]\d*\s+[A-Za-z0-9+/]{24}/y;

function keyOfPutty(text: string, start: number, next: number): Verdict {
  puttyKey.lastIndex = start;
  return { name: puttyKey.test(text) ? 'a PuTTY private key' : undefined, next };
}

/** PEM within base64: `client-key-data` of a kubeconfig, `tls.key` of a Secret. What is base64 within that is looked into once more. */
function keyInBase64(text: string, at: number, nameOfKey: NameOfKey, nested: number): Verdict {
  let start = at;
  while (start > 0 && isBase64(text.charCodeAt(start - 1))) start -= 1;
  const { octets, end } = base64From(text, start, text.length);
  const inner = octets.toString('latin1');
  return { name: nested < 2 ? keysInText(inner, nameOfKey, { nested: nested + 1 })[0]?.name : undefined, next: Math.max(end, at + 1) };
}

/** A SEQUENCE says how long it is in its first octets (X.690 §8.1.3): no more than that is looked at, and when it was no key it is passed over. */
function keyInDer(text: string, at: number, nameOfKey: NameOfKey): Verdict {
  const first = base64From(text, at, 24);
  const announced = announcedLength(first.octets);
  if (announced === undefined || announced > most) return { name: undefined, next: first.end };
  const { octets, end } = base64From(text, at, announced);
  return octets.length < announced ? { name: undefined, next: first.end } : { name: nameOfKey(octets), next: end };
}

function announcedLength(octets: Buffer): number | undefined {
  const length = octets[1] ?? 0;
  if (length < 0x80) return 2 + length;
  return length === 0x81 || length === 0x82 || length === 0x83 ? 2 + (length & 3) + octets.readUIntBE(2, length & 3) : undefined;
}

/** What may stand between two stretches of base64: line ends, indentation, marks of comments, and what languages join the lines of a text with. */
const between = /(?:\s|\\+[nrt]|\\u000[ad]|["'`,;#*>|\\]|\/\/+(?=\s)|\+(?=[\s"'`]))*/y;
/** JSON may escape a slash. */
const stretch = /(?:[A-Za-z0-9+/]|\\\/)+={0,2}/y;

/** At most so many octets of the base64 that begins at an offset. A stretch of fewer than 16 characters, or one with padding, is its last. */
function base64From(text: string, at: number, octets: number): { readonly octets: Buffer; readonly end: number } {
  let missing = Math.ceil(octets / 3) * 4;
  const pieces: string[] = [];
  let end = at;
  while (missing > 0) {
    between.lastIndex = end;
    const gap = between.exec(text)?.[0].length ?? 0;
    stretch.lastIndex = end + gap;
    const whole = stretch.exec(text)?.[0];
    if (whole === undefined) break;
    const piece = whole.slice(0, missing);
    const base64 = piece.replaceAll('\\', '');
    pieces.push(base64);
    end += gap + piece.length;
    missing -= base64.length;
    if (piece === whole && (piece.length < 16 || piece.endsWith('='))) break;
  }
  return { octets: Buffer.from(pieces.join(''), 'base64').subarray(0, octets), end };
}

const isBase64 = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x2f && code <= 0x39) || code === 0x2b;
