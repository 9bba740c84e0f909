/** Where no report may be put: a mistyped path must not cost a key, a certificate, or the desired state. */
import { posix } from 'node:path';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { FileReader } from '../ports/file-reader.ts';
import { realPlaceOf } from './real-place.ts';

/** Of what is longer we do not ask what it is: keys, certificates and YAML are not. */
const largestRead = 16 * 1024 * 1024;

const pemLine = /^-----BEGIN [A-Z0-9 ]+-----\r?$/m;
const yamlName = /\.ya?ml$/;

/** A diagnostic where the file of this absolute path is certainly no earlier report; `from` are the files and folders of the desired state, absolute. */
export function reportRefused(reader: FileReader, path: string, from: readonly string[]): Diagnostic | undefined {
  const what = whatStandsThere(reader, path, from);
  return what === undefined
    ? undefined
    : {
        code: 'report-unwritable',
        severity: 'error',
        message: `the report ${path} cannot be written`,
        hint: 'name another file',
        notes: [`cause: ${what} is there, and stays`],
      };
}

/** Undefined also where it cannot be read: whether it can be replaced is told by the attempt. */
function whatStandsThere(reader: FileReader, path: string, from: readonly string[]): string | undefined {
  const reading = reader.read(path, { maxBytes: largestRead });
  if (reading.state !== 'read') return undefined;
  const real = realPlaceOf(reader, path);
  const isWanted = from.map((named) => realPlaceOf(reader, named)).some((named) => named === real || named === posix.dirname(real));
  if (isWanted && (yamlName.test(real) || from.includes(path))) return 'a file of the desired state';
  const text = textOf(reading.bytes);
  if (text === undefined) return 'something that is no text';
  return pemLine.test(text) ? 'a key or a certificate' : undefined;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
