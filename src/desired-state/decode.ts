/** Bytes to text: size, encoding and characters are judged before anything parses them. */
import { type Problem, quoted } from './problem.ts';
import { placeAt, type SourceText, sourceText, startOf } from './source-text.ts';

/** A file of the desired state may have this many bytes: some ten thousand certificates. */
export const maxBytes = 1024 * 1024;

/** A line with something on it that is neither a comment nor a document marker. */
const hasContent = /^[ \t]*(?!#|---\s*$|\.\.\.\s*$)\S/m;

export type Decoded = { readonly ok: true; readonly source: SourceText } | { readonly ok: false; readonly problem: Problem };

/** UTF-8 with or without a byte order mark, at most 1 MiB, without control characters, with something in it that is not a comment. */
export function decode(file: string, bytes: Uint8Array): Decoded {
  const wrong = (problem: Omit<Problem, 'place'> & { place?: Problem['place'] }): Decoded => ({
    ok: false,
    problem: { place: startOf(file), ...problem },
  });
  if (bytes.length > maxBytes) {
    return wrong({
      code: 'file-too-large',
      message: `${file} has ${bytes.length} bytes, more than the ${maxBytes} that are read`,
      hint: 'split it into several files in one folder, and check that the path is the right one',
    });
  }
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    const at = firstInvalidByte(bytes);
    const place = placeBefore(file, bytes, at);
    return wrong({
      code: 'not-utf8',
      place,
      message: `${file} is not UTF-8: byte ${at} does not belong to a character`,
      hint: `save it as UTF-8${encodingGuess(bytes)}`,
      label: `byte ${at}`,
    });
  }
  const source = sourceText(file, text);
  // YAML 1.2 §5.1 allows of the control characters only tab and line breaks.
  const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.exec(text);
  if (forbidden) {
    const nul = forbidden[0] === '\u0000';
    const place = placeAt(source, forbidden.index, forbidden.index + 1);
    if (nul && isUtf16(bytes))
      return wrong({
        code: 'not-utf8',
        place,
        message: `${file} is not UTF-8: byte ${bytes.indexOf(0)} is zero, as in UTF-16`,
        hint: 'save it as UTF-8',
      });
    return wrong({
      code: 'forbidden-character',
      place,
      message: `${file} contains the control character ${quoted(forbidden[0])}`,
      hint: 'remove it',
    });
  }
  if (!hasContent.test(text)) {
    return wrong({
      code: 'file-empty',
      message: `${file} is empty, or has only comments`,
      hint: 'write "version: 1" and the authorities and certificates; an empty file never means that nothing is desired',
    });
  }
  return { ok: true, source };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Offset of the first byte that is not part of well-formed UTF-8: found by halving, since a decoder does not say. */
function firstInvalidByte(bytes: Uint8Array): number {
  // A character that is not finished is no error yet; where the bytes behind it do not finish it, it is what is wrong.
  const decodes = (end: number, stream: boolean): boolean => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end), { stream });
      return true;
    } catch {
      return false;
    }
  };
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodes(middle, true)) good = middle;
    else bad = middle;
  }
  while (good > 0 && !decodes(good, false)) good -= 1;
  return good;
}

function placeBefore(file: string, bytes: Uint8Array, at: number): Problem['place'] {
  const before = sourceText(file, new TextDecoder('utf-8').decode(bytes.subarray(0, at), { stream: true }));
  return placeAt(before, before.text.length, before.text.length);
}

const isUtf16 = (bytes: Uint8Array): boolean => (bytes[0] === 0 && bytes[1] !== 0) || (bytes[0] !== 0 && bytes[1] === 0);

function encodingGuess(bytes: Uint8Array): string {
  const mark = (bytes[0] as number) * 256 + (bytes[1] ?? 0);
  return mark === 0xfffe || mark === 0xfeff ? '; it begins like UTF-16' : '; it may be Latin-1 or another one-byte encoding';
}
