import type { Precondition } from '../domain/plan.ts';
import type { FileReading } from './file-reader.ts';

/**
 * How a file differs from what a plan was made from, as half a sentence about it; undefined where it is still the same.
 * Null in the expectation is what the plan did not know, and so cannot have relied on. `sha256` is that of the content, in hex.
 */
export function changeSince(
  expected: Precondition,
  reading: Exclude<FileReading, { state: 'refused' }>,
  sha256: (bytes: Uint8Array) => string,
): string | undefined {
  if (reading.state === 'absent') return expected.exists ? 'it is gone' : undefined;
  if (!expected.exists) return 'it was absent, and now there is a file';
  const { bytes, status } = reading;
  if (expected.sha256 !== null && expected.sha256 !== sha256(bytes)) return 'its content is another';
  if (expected.mode !== null && expected.mode !== (status.mode & 0o7777)) return 'its mode is another';
  const sameOwner = (expected.uid ?? status.uid) === status.uid && (expected.gid ?? status.gid) === status.gid;
  return sameOwner ? undefined : 'its owner is another';
}
