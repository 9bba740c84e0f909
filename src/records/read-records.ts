/** Reading what the state directory remembers. What cannot be read counts as nothing remembered, and is said. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import { noRecords, type Records } from '../domain/records.ts';
import type { FileReader } from '../ports/file-reader.ts';
import { decodeRecords } from './records-format.ts';

/** One manifest entry takes about half a kilobyte; this is room for a hundred thousand. */
const maxBytes = 64 * 1024 * 1024;

export const recordsPath = (stateFolder: string): string => `${stateFolder}/records.json`;

export interface RecordsReading {
  readonly records: Records;
  /** The bytes on disk, to tell whether there is something to write; null where there is no file. */
  readonly bytes: Uint8Array | null;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Empty records where there are none, or none that can be read: a plan made from them is only more careful.
 * @param before what was read earlier: the same bytes are not decoded again.
 */
export function readRecords(reader: FileReader, stateFolder: string, before?: RecordsReading): RecordsReading {
  const path = recordsPath(stateFolder);
  const reading = reader.read(path, { maxBytes });
  if (reading.state === 'absent') return { records: noRecords, bytes: null, diagnostics: [] };
  if (reading.state === 'refused') return { records: noRecords, bytes: null, diagnostics: [unreadable(path, reading.cause)] };
  if (before?.bytes && Buffer.compare(before.bytes, reading.bytes) === 0) return before;
  const records = decodeRecords(reading.bytes);
  return records
    ? { records, bytes: reading.bytes, diagnostics: [] }
    : { records: noRecords, bytes: reading.bytes, diagnostics: [unreadable(path, 'it is not in a format that this version knows')] };
}

const unreadable = (path: string, cause: string): Diagnostic => ({
  code: 'records-unreadable',
  severity: 'warning',
  message: `the records in ${path} cannot be used`,
  hint: 'nothing is lost: move the file aside, and the next apply writes new records from what is on disk',
  notes: [`cause: ${cause}`, 'certstate goes on as if nothing were remembered, which only makes it more careful'],
});
