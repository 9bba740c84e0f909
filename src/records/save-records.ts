/** Writing what is remembered, through the same durable replacement as everything else. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Records } from '../domain/records.ts';
import { type RecordsReading, recordsPath } from './read-records.ts';
import { decodeRecords, encodeRecords } from './records-format.ts';

export interface RecordsPlace {
  readonly stateFolder: string;
  /** Replaces a file of the state directory durably; returns what went wrong. */
  readonly replace: (name: string, bytes: Uint8Array) => Diagnostic | undefined;
}

/** Writes only what is new. Records that could not be read are kept beside, never overwritten. Returns what went wrong. */
export function saveRecords({ stateFolder, replace }: RecordsPlace, before: RecordsReading, after: Records): readonly Diagnostic[] {
  const bytes = encodeRecords(after);
  const hasEntries = after.manifest.size > 0 || after.highWater !== null || before.bytes !== null;
  if (!hasEntries || (before.bytes !== null && Buffer.compare(before.bytes, bytes) === 0)) return [];
  const name = recordsPath('').slice(1);
  const unknown =
    before.bytes !== null && decodeRecords(before.bytes) === undefined ? replace(`${name}.unreadable`, before.bytes) : undefined;
  const problem = unknown ?? replace(name, bytes);
  return problem ? [notSaved(stateFolder, problem)] : [];
}

const notSaved = (folder: string, { message, hint, notes }: Diagnostic): Diagnostic => ({
  code: 'state-folder',
  severity: 'warning',
  message: `the state directory ${folder} cannot be written: ${message}`,
  hint,
  notes: [...(notes ?? []), 'the certificates are as reported; only what certstate remembers about them was not saved'],
});
