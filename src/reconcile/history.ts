/** What was put in place here, in the order in which it happened. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import { isEntry, type LedgerLine, type WrittenLedgerEntry } from '../domain/ledger.ts';
import { matchesPattern } from '../domain/names.ts';
import type { Instant } from '../domain/time.ts';
import { decodeLedgerLines, unreadableLines } from '../formats/ledger.ts';
import type { FileReader } from '../ports/file-reader.ts';
import { ledgerName } from '../store-files/state-folder.ts';

/** Half a kilobyte per line: room for a hundred thousand. */
const maxBytes = 64 * 1024 * 1024;

export interface History {
  /** In the order in which they were written. */
  readonly lines: readonly LedgerLine[];
  /** What of them was put in place. */
  readonly entries: readonly WrittenLedgerEntry[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The ledger, oldest first; with `pattern` only the resources that fit it. A line that a crash has torn is passed over, and said. */
export function readHistory(reader: FileReader, stateFolder: string, pattern?: string): History {
  const path = `${stateFolder}/${ledgerName}`;
  const reading = reader.read(path, { maxBytes });
  if (reading.state === 'absent') return { lines: [], entries: [], diagnostics: [] };
  if (reading.state === 'refused') return { lines: [], entries: [], diagnostics: [unreadable(path, reading.cause)] };
  const text = new TextDecoder().decode(reading.bytes);
  const all = decodeLedgerLines(text);
  const lines = pattern === undefined ? all : all.filter(({ address }) => matchesPattern(address, pattern));
  const lost = unreadableLines(text);
  return {
    lines,
    entries: lines.filter(isEntry),
    diagnostics: lost === 0 ? [] : [partlyUnreadable(path, lost)],
  };
}

/**
 * When a plan last put something in place here, at `since` or later; undefined where the ledger knows of nothing, or cannot be read.
 * Without a moment repairs do not count: a drift that comes back has the same id, and to mend it again issues nothing.
 * @param digits of its id, at least the first twelve.
 */
export function appliedBefore(reader: FileReader, stateFolder: string, digits: string, since?: Instant): Instant | undefined {
  const { entries } = readHistory(reader, stateFolder);
  return entries.findLast(
    ({ plan, action, at }) => plan.replace('sha256:', '').startsWith(digits) && (since === undefined ? action !== 'fix' : at >= since),
  )?.at;
}

const unreadable = (path: string, cause: string): Diagnostic => ({
  code: 'records-unreadable',
  severity: 'error',
  message: `the ledger ${path} cannot be read`,
  hint: 'read it as the user that runs certstate apply, or name its state directory with --state-dir',
  notes: [`cause: ${cause}`],
});

const partlyUnreadable = (path: string, lines: number): Diagnostic => ({
  code: 'records-unreadable',
  severity: 'warning',
  message: `${lines === 1 ? 'a line' : `${lines} lines`} of the ledger ${path} cannot be read and ${lines === 1 ? 'is' : 'are'} passed over`,
  hint: 'a crash may tear the last line; anything else was damaged afterwards, and only a backup of the state directory has it',
});
