/** The search for private keys in a file of any size and kind, handed over piece by piece. */
import { keysInText, type NameOfKey } from './private-key-text.ts';

/** Where a key begins. Lines and columns count from 1, columns in UTF-16 units of UTF-8 text. */
export interface FoundKey {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
}

/** What is kept of one piece for the next: a key that begins in it, with the certificates in front of it if all of that is one base64, ends within so much. */
const overlap = 1 << 18;

export class KeySearch {
  readonly found: FoundKey[] = [];
  readonly #nameOfKey: NameOfKey;
  /** A character for each octet; what stands before `#judged` has been judged, and is kept for what stands behind it in the same line. */
  #text = '';
  #judged = 0;
  /** Where the text begins: its line, and how much of that line is gone. */
  #line = 1;
  #columnsGone = 0;
  #begun = false;
  #wide = false;

  constructor(nameOfKey: NameOfKey) {
    this.#nameOfKey = nameOfKey;
  }

  take(piece: Uint8Array): void {
    const octets = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    if (!this.#begun) this.#begin(octets);
    const text = octets.toString('latin1');
    this.#text += this.#wide ? text.replaceAll('\0', '') : text;
    if (this.#text.length > 2 * overlap) this.#judge(this.#text.length - overlap);
  }

  /** After the last piece. */
  end(): void {
    this.#judge(this.#text.length);
  }

  #begin(octets: Buffer): void {
    this.#begun = true;
    // UTF-16 by its byte order mark: what is looked for is ASCII, with a zero before or behind each character.
    this.#wide = (octets[0] === 0xff && octets[1] === 0xfe) || (octets[0] === 0xfe && octets[1] === 0xff);
    // A file that is a key in DER, or a container, from its first octet.
    const name = this.#nameOfKey(octets);
    if (name !== undefined) this.found.push({ name, line: 1, column: 1, endColumn: 2 });
  }

  #judge(until: number): void {
    for (const { name, start, end } of keysInText(this.#text, this.#nameOfKey, { from: this.#judged, until })) {
      const [line, column] = this.#positionOf(start);
      this.found.push({ name, line, column, endColumn: column + end - start });
    }
    const lineBegin = this.#text.lastIndexOf('\n', until - 1) + 1;
    const cut = until - lineBegin <= overlap ? lineBegin : until;
    const [line, column] = this.#positionOf(cut);
    this.#line = line;
    this.#columnsGone = column - 1;
    this.#judged = until - cut;
    this.#text = this.#text.slice(cut);
  }

  #positionOf(offset: number): readonly [line: number, column: number] {
    let line = this.#line;
    let begin = 0;
    for (let next = this.#text.indexOf('\n'); next >= 0 && next < offset; next = this.#text.indexOf('\n', begin)) {
      line += 1;
      begin = next + 1;
    }
    const before = Buffer.from(this.#text.slice(begin, offset), 'latin1').toString('utf8').length;
    return [line, (begin === 0 ? this.#columnsGone : 0) + before + 1];
  }
}
