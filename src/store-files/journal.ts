/** The record of a change: what is to be where. Once it is durable the change happens, whatever else does. */
import type { Hold } from '../domain/hold.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import type { FileReader } from '../ports/file-reader.ts';
import type { FileWriter, OpenFolder } from '../ports/file-writer.ts';
import type { Replaced, ServiceMark } from '../ports/store.ts';
import { replaceDurably, sha256Of } from './durable-file.ts';

export interface JournalFile {
  readonly path: string;
  /** Its name in the stage, and the name there of what it replaces; null where nothing was there. */
  readonly staged: string;
  readonly kept: string | null;
  /** Hashes of the content: recovery goes by what is there, not by how far it thinks we came. A key has too much entropy for its hash to tell. */
  readonly before: string | null;
  readonly after: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly replaced: Replaced;
}

export interface JournalSet {
  readonly name: string;
  readonly group: string | null;
  readonly keep: number;
  /** The number its predecessor gets; null where none is kept. */
  readonly generation: number | null;
  readonly services: readonly ServiceMark[];
  readonly hold?: Hold | undefined;
  readonly ledger: LedgerEntry | null;
  readonly files: readonly JournalFile[];
}

export interface JournalRecord {
  readonly stateId: string;
  /** Sorts by age, and is part of the names of its stages. */
  readonly transaction: string;
  readonly sets: readonly JournalSet[];
}

const format = 'certstate.journal';
const formatVersion = '1.0';
const suffix = '.json';
/** Room for many thousand sets. */
export const maxRecordBytes = 64 * 1024 * 1024;

export const recordName = (transaction: string): string => `${transaction}${suffix}`;

/** The records of a journal folder, oldest first. */
export const recordNames = (names: readonly string[]): readonly string[] => names.filter((name) => name.endsWith(suffix)).toSorted();

/** A name that sorts after those that are there. */
export function nextTransaction(names: readonly string[], random: string): string {
  const newest = Math.max(0, ...recordNames(names).map((name) => Number.parseInt(name, 10) || 0));
  return `${String(newest + 1).padStart(8, '0')}-${random}`;
}

/** The hash of the second line, then the record: what is torn or was edited does not count. */
export function encodeRecord({ stateId, transaction, sets }: JournalRecord): Uint8Array {
  const body = Buffer.from(`${JSON.stringify({ format, format_version: formatVersion, stateId, transaction, sets })}\n`, 'utf8');
  return Buffer.concat([Buffer.from(`${sha256Of(body)}\n`, 'latin1'), body]);
}

export type Decoded = { readonly ok: true; readonly record: JournalRecord } | { readonly ok: false; readonly cause: string };

export function decodeRecord(bytes: Uint8Array): Decoded {
  const [head, body] = [Buffer.from(bytes.subarray(0, 65)).toString('latin1'), bytes.subarray(65)];
  if (head !== `${sha256Of(body)}\n`) return { ok: false, cause: 'it is torn or was edited: its hash does not match' };
  const value = JSON.parse(Buffer.from(body).toString('utf8')) as JournalRecord & { format?: unknown; format_version?: unknown };
  // The hash says that we wrote it; the version says that we know what it means.
  if (value.format !== format || !/^1\.\d+$/.test(String(value.format_version)))
    return { ok: false, cause: 'it is in a format that this version does not know' };
  return { ok: true, record: { stateId: value.stateId, transaction: value.transaction, sets: value.sets } };
}

export function readRecord(reader: FileReader, path: string): Decoded {
  const reading = reader.read(path, { maxBytes: maxRecordBytes });
  if (reading.state === 'read') return decodeRecord(reading.bytes);
  return { ok: false, cause: reading.state === 'absent' ? 'it is gone' : reading.cause };
}

/** The commit point is the flush of the folder, the last step of this. */
export const writeRecord = (writer: FileWriter, journal: OpenFolder, record: JournalRecord): void =>
  replaceDurably(writer, journal, recordName(record.transaction), encodeRecord(record));

export function removeRecord(writer: FileWriter, journal: OpenFolder, transaction: string): void {
  writer.removeFile(journal, recordName(transaction));
  writer.syncFolder(journal);
}
