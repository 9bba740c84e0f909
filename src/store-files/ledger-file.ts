/** The ledger on disk: only ever appended to, each line whole. */
import type { FileWriter } from '../ports/file-writer.ts';
import { writeAll } from './durable-file.ts';
import { ledgerName, type StateFolder } from './state-folder.ts';

/**
 * Appends lines and makes them durable.
 * @param lines each with its newline.
 * @param mayBeTorn whether a crash may have left a line without its end: it ends here, and is passed over by whoever reads.
 */
export function appendToLedger(
  writer: FileWriter,
  state: Pick<StateFolder, 'own'>,
  lines: readonly string[],
  { mayBeTorn }: { readonly mayBeTorn: boolean },
): void {
  if (lines.length === 0) return;
  const existing = writer.entry(state.own, ledgerName);
  const file = writer.appendTo(state.own, ledgerName);
  try {
    writeAll(writer, file, Buffer.from(`${mayBeTorn && existing ? '\n' : ''}${lines.join('')}`, 'utf8'));
    writer.syncFile(file);
  } finally {
    writer.closeFile(file);
  }
  if (!existing) writer.syncFolder(state.own);
}
