/** Writing what is remembered, through the same durable replacement as everything else. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Precondition } from '../domain/plan.ts';
import type { Records } from '../domain/records.ts';
import type { FileReader } from '../ports/file-reader.ts';
import { type FileWriter, isFileSystemError } from '../ports/file-writer.ts';
import type { Store } from '../ports/store.ts';
import { type RecordsReading, recordsPath } from './read-records.ts';
import { decodeRecords, encodeRecords } from './records-format.ts';
import { makeStateFolder } from './state-folder.ts';

export interface RecordsPlace {
  readonly reader: FileReader;
  readonly writer: FileWriter;
  readonly store: Store;
  readonly stateFolder: string;
  readonly process: { readonly uid: number; readonly gid: number };
}

/** Writes only what is new. Records that could not be read are kept beside, never overwritten. Returns what went wrong. */
export function saveRecords(place: RecordsPlace, before: RecordsReading, after: Records): readonly Diagnostic[] {
  const bytes = encodeRecords(after);
  const hasEntries = after.manifest.size > 0 || after.highWater !== null || before.bytes !== null;
  if (!hasEntries || (before.bytes !== null && Buffer.compare(before.bytes, bytes) === 0)) return [];
  const path = recordsPath(place.stateFolder);
  try {
    makeStateFolder(place.writer, place.stateFolder);
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    return [notSaved(place.stateFolder, error.code)];
  }
  const unknown =
    before.bytes !== null && decodeRecords(before.bytes) === undefined ? [file(place, `${path}.unreadable`, before.bytes)] : [];
  const publication = place.store.publish([...unknown, file(place, path, bytes)]);
  return publication.result === 'published' ? [] : [{ ...publication.diagnostic, code: 'state-folder', severity: 'warning' }];
}

/** Whatever is there is replaced: the records are ours, and the bytes were read a moment ago. */
function file({ reader, process }: RecordsPlace, path: string, bytes: Uint8Array) {
  const reading = reader.read(path, { maxBytes: 64 * 1024 * 1024 });
  const expected: Precondition = { path, exists: reading.state !== 'absent', sha256: null, mode: null, uid: null, gid: null };
  return { path, bytes, mode: 0o600, ...process, newFolders: [], expected };
}

const notSaved = (folder: string, code: string): Diagnostic => ({
  code: 'state-folder',
  severity: 'warning',
  message: `the state directory ${folder} cannot be written`,
  hint: 'make it writable, or name another with --state-dir',
  notes: [`cause: ${code}`, 'the certificates are as reported; only what certstate remembers about them was not saved'],
});
