/**
 * A strict reader of DER (X.690 §10): definite, shortest lengths, one-octet tags, children that fill their parent exactly.
 * It has no recursion: whoever reads a structure asks for its children level by level, so hostile nesting costs nothing.
 */

/** One value: where it stands in `bytes`. Nothing is copied. */
export interface Der {
  readonly bytes: Uint8Array;
  readonly tag: number;
  /** Offset of the tag. */
  readonly start: number;
  /** Offset of the content. */
  readonly content: number;
  /** Offset behind the content. */
  readonly end: number;
}

/** What is not DER, or not the structure that was asked for. Caught where reading began; never leaves this room. */
export class DerError extends Error {}

// biome-ignore format: table
export const tags = {
  boolean: 0x01, integer: 0x02, bitString: 0x03, octetString: 0x04, null: 0x05, objectIdentifier: 0x06, utf8String: 0x0c,
  numericString: 0x12, printableString: 0x13, teletexString: 0x14, ia5String: 0x16, utcTime: 0x17, generalizedTime: 0x18,
  visibleString: 0x1a, universalString: 0x1c, bmpString: 0x1e, sequence: 0x30, set: 0x31,
} as const;

/** `[number]` of a choice or an optional field: constructed (holds values), or primitive (its content is the value). */
export const constructed = (number: number): number => 0xa0 | number;
export const primitive = (number: number): number => 0x80 | number;

/** Reads the value that starts at `start` and ends at `limit` at the latest. */
export function valueAt(bytes: Uint8Array, start: number, limit: number): Der {
  if (start + 2 > limit) throw new DerError(`a value is cut off at octet ${start}`);
  const tag = bytes[start] as number;
  if ((tag & 0x1f) === 0x1f) throw new DerError(`a tag of several octets at octet ${start}`);
  const first = bytes[start + 1] as number;
  let content = start + 2;
  let length = first;
  if (first >= 0x80) {
    const octets = first & 0x7f;
    if (octets === 0) throw new DerError(`an indefinite length at octet ${start + 1}`);
    if (octets > 4 || content + octets > limit) throw new DerError(`a length that is too long at octet ${start + 1}`);
    length = 0;
    for (let index = 0; index < octets; index += 1) length = length * 256 + (bytes[content + index] as number);
    if (length < 0x80 || length < 256 ** (octets - 1)) throw new DerError(`a length that is not the shortest at octet ${start + 1}`);
    content += octets;
  }
  if (length > limit - content) throw new DerError(`a value is cut off at octet ${start}`);
  return { bytes, tag, start, content, end: content + length };
}

/** The one value that `bytes` consists of; anything behind it is an error. */
export function wholeValue(bytes: Uint8Array, tag: number, what: string): Der {
  const value = expect(valueAt(bytes, 0, bytes.length), tag, what);
  if (value.end !== bytes.length) throw new DerError(`${bytes.length - value.end} octets stand behind the ${what}`);
  return value;
}

/** The values inside a constructed value, in order. They fill it exactly. */
export function childrenOf(parent: Der): readonly Der[] {
  const children: Der[] = [];
  for (let start = parent.content; start < parent.end; ) {
    const child = valueAt(parent.bytes, start, parent.end);
    children.push(child);
    start = child.end;
  }
  return children;
}

/** The values inside an OCTET STRING or BIT STRING content that itself holds one DER value. */
export const wrappedValue = (parent: Der, tag: number, what: string): Der => wholeValue(contentOf(parent), tag, what);

/** Insists that a value is there and has the tag. */
export function expect(value: Der | undefined, tag: number, what: string): Der {
  if (value === undefined) throw new DerError(`the ${what} is missing`);
  if (value.tag !== tag) throw new DerError(`the ${what} has tag 0x${value.tag.toString(16)} where 0x${tag.toString(16)} should stand`);
  return value;
}

/** A view of the content; nothing is copied. */
export const contentOf = (value: Der): Uint8Array => value.bytes.subarray(value.content, value.end);
/** A view of tag, length and content. */
export const encodingOf = (value: Der): Uint8Array => value.bytes.subarray(value.start, value.end);

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

/** BOOLEAN: DER knows 0x00 and 0xff only. */
export function booleanOf(value: Der): boolean {
  const octet = value.bytes[value.content];
  if (value.end - value.content !== 1 || (octet !== 0 && octet !== 0xff))
    throw new DerError(`a BOOLEAN that is neither true nor false at octet ${value.start}`);
  return octet === 0xff;
}

/** The octets of an INTEGER, in two's complement, as they stand; shortest form insisted on. */
export function integerOctets(value: Der): Uint8Array {
  const octets = contentOf(value);
  const [first, second] = octets;
  if (first === undefined) throw new DerError(`an empty INTEGER at octet ${value.start}`);
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)))
    throw new DerError(`an INTEGER that is not the shortest at octet ${value.start}`);
  return octets;
}

/** A small INTEGER that is not negative (versions, path lengths). */
export function smallInteger(value: Der): number {
  const octets = integerOctets(value);
  if (octets.length > 4 || (octets[0] as number) >= 0x80) throw new DerError(`an INTEGER out of range at octet ${value.start}`);
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

/** The octets of a BIT STRING and how many bits of the last one are unused. */
export function bitsOf(value: Der): { readonly unused: number; readonly octets: Uint8Array } {
  const unused = value.bytes[value.content];
  const octets = value.bytes.subarray(value.content + 1, value.end);
  if (value.end === value.content || unused === undefined || unused > 7 || (unused > 0 && octets.length === 0))
    throw new DerError(`a malformed BIT STRING at octet ${value.start}`);
  return { unused, octets };
}

/** `2.5.4.3`. Arcs beyond 2^53 are refused: nothing we know has them. */
export function objectIdentifier(value: Der): string {
  const { bytes, content, end } = value;
  if (content === end || (bytes[end - 1] as number) >= 0x80) throw new DerError(`a malformed OBJECT IDENTIFIER at octet ${value.start}`);
  let text = '';
  let arc = 0;
  for (let index = content; index < end; index += 1) {
    const octet = bytes[index] as number;
    if (arc === 0 && octet === 0x80) throw new DerError(`an OBJECT IDENTIFIER that is not the shortest at octet ${value.start}`);
    arc = arc * 128 + (octet & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER / 128) throw new DerError(`an OBJECT IDENTIFIER out of range at octet ${value.start}`);
    if (octet >= 0x80) continue;
    const root = Math.min(2, Math.floor(arc / 40));
    text += text === '' ? `${root}.${arc - root * 40}` : `.${arc}`;
    arc = 0;
  }
  return text;
}
