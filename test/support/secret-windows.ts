/** Finds private keys in whatever a program has said or written: any 16 bytes in a row of a secret number, in any common spelling. */
import { createPrivateKey } from 'node:crypto';

/** 16 bytes, or what they are in base64 (22 characters) and hex (32 digits). */
const [bytes, base64, hex] = [16, 22, 32];

/** What is secret about a key is a handful of numbers; the rest of its file is structure, and its public half. */
const secretNumbers = ['d', 'p', 'q', 'dp', 'dq', 'qi'] as const;

export interface SecretWindows {
  /** Adds a private key, as PEM. */
  readonly addKey: (pem: string) => void;
  /** Adds a word, a passphrase for example, in its own spelling. */
  readonly addWord: (word: string) => void;
  readonly count: () => number;
  /** How many windows of a secret are in there. */
  readonly hits: (output: string | Buffer) => number;
}

export function secretWindows(): SecretWindows {
  const [raw, inBase64, inHex] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const words = new Set<string>();
  const slide = (text: string, size: number, each: (window: string) => void): void => {
    for (let start = 0; start + size <= text.length; start += 1) each(text.slice(start, start + size));
  };
  const addSecret = (secret: Buffer): void => {
    slide(secret.toString('latin1'), bytes, (window) => raw.add(window));
    slide(secret.toString('hex'), hex, (window) => inHex.add(window));
    // Base64 spells the same bytes in three ways, by where in a group of three they begin.
    for (const shift of [0, 1, 2]) {
      const whole = secret.subarray(shift, secret.length - ((secret.length - shift) % 3));
      slide(whole.toString('base64'), base64, (window) => inBase64.add(window));
    }
  };
  return {
    addKey(pem) {
      const numbers = createPrivateKey(pem).export({ format: 'jwk' });
      for (const name of secretNumbers) if (typeof numbers[name] === 'string') addSecret(Buffer.from(numbers[name], 'base64url'));
    },
    addWord: (word) => void words.add(word),
    count: () => raw.size + inBase64.size + inHex.size + words.size,
    hits(output) {
      const text = typeof output === 'string' ? output : output.toString('latin1');
      let found = 0;
      const look = (within: string, size: number, windows: ReadonlySet<string>): void =>
        slide(within, size, (window) => {
          if (windows.has(window)) found += 1;
        });
      look(typeof output === 'string' ? Buffer.from(output).toString('latin1') : text, bytes, raw);
      // Line breaks as they are in PEM, in JSON and in indented text; frames put `12 | ` in front of lines.
      const joined = text.replace(/\\[nr]|\n\s*(?:\d+ \|)?|[\s"']/g, '');
      for (const [run] of joined.matchAll(/[A-Za-z0-9+/=_-]{22,}/g)) look(run.replaceAll('-', '+').replaceAll('_', '/'), base64, inBase64);
      for (const [run] of text
        .toLowerCase()
        .replace(/[:\s]/g, '')
        .matchAll(/[0-9a-f]{32,}/g))
        look(run, hex, inHex);
      for (const word of words) if (text.includes(word)) found += 1;
      return found;
    },
  };
}
