/**
 * Facts about contents that were seen by earlier runs, by a keyed hash of each content: what they save is time, and nothing is lost with them. A file that is
 * not exactly as this program would have written it counts as none.
 *
 * Rows of text after a head; the last line is the hash of everything before it, so that whatever became of the file on the way is noticed before a row is read.
 */
import { hash, randomBytes } from 'node:crypto';
import { isObject, jsonOf } from '../domain/json.ts';
import type { FileReader } from '../ports/file-reader.ts';

export const factsFile = 'facts.cache';

const format = 'certstate.facts 1';
const newline = 0x0a;
/** A pair takes some six hundred octets; this is room for a hundred thousand. */
const maxBytes = 64 * 1024 * 1024;
/** 132 bits of a keyed hash: nobody without the key can make two contents meet. */
const nameLength = 22;
const checksumLength = 64;

/** What the rows of a file are named by. The key is of this file alone, and as secret as the file: without it a row does not tell of which content it is. */
export interface Naming {
  readonly secret: string;
}

export const newNaming = (): Naming => ({ secret: randomBytes(32).toString('hex') });

/** The name of the row about something that a hash over its content identifies. */
export const rowName = ({ secret }: Naming, identity: string): string =>
  hash('sha256', `${secret} ${identity}`, 'base64url').slice(0, nameLength);

export interface FactsFile {
  readonly naming: Naming;
  /** What many rows have in common, in the words of whoever wrote it. */
  readonly shared: string;
  /** The text of a row; undefined where there is none of this name. */
  readonly row: (name: string) => string | undefined;
  readonly bytes: Uint8Array;
}

export interface FactsKeeper {
  /** Our effective user id. */
  readonly uid: number;
  /** What made the facts: whatever a fact depends on besides the content. */
  readonly madeBy: string;
}

/** Undefined where there is no file, or none to be relied on. */
export function readFactsFile(reader: FileReader, stateFolder: string, { uid, madeBy }: FactsKeeper): FactsFile | undefined {
  const reading = reader.read(`${stateFolder}/${factsFile}`, { maxBytes });
  if (reading.state !== 'read') return undefined;
  const { bytes, status } = reading;
  // Nobody else can have written it: who can swap it for another file in this folder can only take one that is ours as well, and no second name of it.
  if (status.uid !== uid || (status.mode & 0o077) !== 0 || status.links !== 1) return undefined;
  return decodeFactsFile(bytes, madeBy);
}

/** Undefined for anything but a whole file of this format, made by the same. */
export function decodeFactsFile(given: Uint8Array, madeBy: string): FactsFile | undefined {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  const end = bytes.length - checksumLength - 1;
  if (end < 0 || bytes.toString('latin1', end) !== `${hash('sha256', bytes.subarray(0, end))}\n`) return undefined;
  const [head, shared] = [bytes.indexOf(newline), bytes.indexOf(newline, bytes.indexOf(newline) + 1)];
  if (head < 0 || shared < 0 || shared >= end) return undefined;
  const secret = secretIn(bytes.subarray(0, head), madeBy);
  if (secret === undefined) return undefined;
  const rows = new Map<string, number>();
  for (let at = shared + 1; at < end; at = bytes.indexOf(newline, at) + 1)
    rows.set(bytes.toString('latin1', at, at + nameLength), at + nameLength);
  return {
    naming: { secret },
    shared: bytes.toString('latin1', head + 1, shared),
    row(name) {
      const at = rows.get(name);
      return at === undefined ? undefined : bytes.toString('latin1', at, bytes.indexOf(newline, at));
    },
    bytes,
  };
}

function secretIn(head: Uint8Array, madeBy: string): string | undefined {
  const fields = jsonOf(head);
  if (!isObject(fields) || fields['format'] !== format || fields['made_by'] !== hash('sha256', madeBy)) return undefined;
  const { secret } = fields;
  return typeof secret === 'string' && /^[0-9a-f]{64}$/.test(secret) ? secret : undefined;
}

/**
 * The same rows are the same bytes. Undefined where they are more than is read again.
 * @param rows name and text; a text is one line of ASCII.
 */
export function encodeFactsFile(
  { secret }: Naming,
  madeBy: string,
  { shared, rows }: { readonly shared: string; readonly rows: Iterable<readonly [name: string, text: string]> },
): Uint8Array | undefined {
  const lines = [JSON.stringify({ format, made_by: hash('sha256', madeBy), secret }), shared];
  for (const [name, text] of rows) lines.push(name + text);
  const body = Buffer.from(`${lines.join('\n')}\n`, 'latin1');
  const bytes = Buffer.concat([body, Buffer.from(`${hash('sha256', body)}\n`, 'latin1')]);
  return bytes.length > maxBytes ? undefined : bytes;
}
