import { createHash } from 'node:crypto';
import type { Precondition } from '../domain/plan.ts';
import type { FileReading } from '../ports/file-reader.ts';
import { Refusal } from './write-problems.ts';

type Seen = Exclude<FileReading, { state: 'refused' }>;

/** What is at a path now, if it is what the plan was made from. Throws `Refusal` at the first difference. */
export function mustBeAsExpected(reading: FileReading, path: string, expected: Precondition): Seen {
  if (reading.state === 'refused') {
    throw new Refusal(reading.problem, `${path} is not a file that could be replaced: ${reading.cause}`, 'move away what is there, or correct the path in the desired state');
  }
  const change = changeOf(reading, expected);
  if (change) throw new Refusal('changed-since-plan', `${path} has changed since the plan was made: ${change}`, 'plan again and look at what differs now');
  return reading;
}

function changeOf(reading: Seen, expected: Precondition): string | undefined {
  if (reading.state === 'absent') return expected.exists ? 'it is gone' : undefined;
  if (!expected.exists) return 'it was absent, and now there is a file';
  const { status } = reading;
  if (differs(expected.sha256, createHash('sha256').update(reading.bytes).digest('hex'))) return 'its content is another';
  if (differs(expected.mode, status.mode)) return 'its mode is another';
  if (differs(expected.uid, status.uid) || differs(expected.gid, status.gid)) return 'its owner is another';
  return undefined;
}

/** Null is what the plan did not know, and so cannot have relied on. */
const differs = <Value>(expected: Value | null, found: Value): boolean => expected !== null && expected !== found;
