/**
 * PEM (RFC 7468): text in which DER stands between lines. Tolerant where tools differ (text before, between and behind, CRLF, no final newline, any line length),
 * strict where a mistake would be guessed away (labels that do not match, characters that are not base64). One pass: the time grows with the length, whatever the text.
 */

export interface PemBlock {
  readonly label: string;
  readonly der: Uint8Array;
  /** `Proc-Type: 4,ENCRYPTED` (RFC 1421): the content is not DER. */
  readonly encrypted: boolean;
}

export interface PemReading {
  readonly blocks: readonly PemBlock[];
  /** What is broken, as halves of sentences; the blocks that are whole are there all the same. Never quotes the text. */
  readonly faults: readonly string[];
}

const begin = '-----BEGIN ';
const end = '-----END ';
const dashes = '-----';

/** Splits a text into its blocks, in order. A text without any is no fault: it has no blocks. */
export function readPem(bytes: Uint8Array): PemReading {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const blocks: PemBlock[] = [];
  const faults: string[] = [];
  for (let at = nextBegin(text, 0); at >= 0; ) {
    const number = blocks.length + faults.length + 1;
    const labelEnd = text.indexOf(dashes, at + begin.length);
    const label = labelEnd < 0 ? '' : text.slice(at + begin.length, labelEnd);
    if (!isLabel(label)) {
      faults.push(`block ${number} begins with a line that is not complete`);
      at = nextBegin(text, at + begin.length);
      continue;
    }
    const bodyStart = labelEnd + dashes.length;
    const bodyEnd = text.indexOf(dashes, bodyStart);
    const last = `${end}${label}${dashes}`;
    if (bodyEnd < 0 || !text.startsWith(last, bodyEnd)) {
      faults.push(`block ${number} ("${label}") has no end of its own`);
      at = nextBegin(text, bodyEnd < 0 ? text.length : bodyEnd);
      continue;
    }
    const block = readBody(label, text.slice(bodyStart, bodyEnd));
    if (block) blocks.push(block);
    else faults.push(`block ${number} ("${label}") is not base64`);
    at = nextBegin(text, bodyEnd + last.length);
  }
  return { blocks, faults };
}

/** The next `-----BEGIN ` that stands at the beginning of a line. */
function nextBegin(text: string, from: number): number {
  let at = text.indexOf(begin, from);
  while (at > 0 && text[at - 1] !== '\n' && text[at - 1] !== '\r') at = text.indexOf(begin, at + 1);
  return at;
}

const isLabel = (label: string): boolean => label.length > 0 && label.length <= 64 && /^[!-,.-~]+(?:[ -][!-,.-~]+)*$/.test(label);

function readBody(label: string, body: string): PemBlock | undefined {
  // Headers end with an empty line (RFC 1421 §4.4); base64 has no colon, so most bodies are decided by one search.
  const headerEnd = body.includes(':') ? /\r?\n[ \t]*\r?\n/.exec(body) : null;
  const headers = headerEnd ? body.slice(0, headerEnd.index) : '';
  const base64 = headerEnd ? body.slice(headerEnd.index) : body;
  if (!/^[A-Za-z0-9+/\s]*(?:=\s*){0,2}$/.test(base64)) return undefined;
  const der = Buffer.from(base64, 'base64');
  const encrypted = /^Proc-Type:[ \t]*4[ \t]*,[ \t]*ENCRYPTED/m.test(headers);
  return der.length > 0 ? { label, der, encrypted } : undefined;
}

/** One block, 64 characters a line (RFC 7468 §2), with a newline at the end. */
export function encodePem(label: string, der: Uint8Array): string {
  const base64 = Buffer.from(der.buffer, der.byteOffset, der.byteLength).toString('base64');
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `${begin}${label}${dashes}\n${lines.join('\n')}\n${end}${label}${dashes}\n`;
}
