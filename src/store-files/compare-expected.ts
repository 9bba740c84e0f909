import { createHash } from 'node:crypto';
import type { Precondition } from '../domain/plan.ts';
import { changeSince } from '../ports/expectation.ts';
import type { FileReading } from '../ports/file-reader.ts';
import { Refusal } from './write-problems.ts';

/** What is at a path now, if it is what the plan was made from. Throws `Refusal` at the first difference. */
export function mustBeAsExpected(reading: FileReading, path: string, expected: Precondition): Exclude<FileReading, { state: 'refused' }> {
  if (reading.state === 'refused') {
    throw new Refusal(
      reading.problem,
      `${path} is not a file that could be replaced: ${reading.cause}`,
      'move away what is there, or correct the path in the desired state',
    );
  }
  const change = changeSince(expected, reading, (bytes) => createHash('sha256').update(bytes).digest('hex'));
  if (change)
    throw new Refusal(
      'changed-since-plan',
      `${path} has changed since the plan was made: ${change}`,
      'plan again and look at what differs now',
    );
  return reading;
}
