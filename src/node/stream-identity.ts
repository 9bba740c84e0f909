/** Which stream a descriptor of ours is, as systemd names the one that the journal reads. */
import { fstatSync } from 'node:fs';

/**
 * Whether a descriptor leads where `JOURNAL_STREAM` says, `DEVICE:INODE` (systemd.exec(5)). All that is started below a service inherits the variable,
 * a shell on a desktop for instance, and writes elsewhere.
 */
export function leadsToJournal(descriptor: number, journalStream: string | undefined): boolean {
  if (!journalStream) return false;
  try {
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    return `${dev}:${ino}` === journalStream;
  } catch {
    return false;
  }
}
