import { createHash } from 'node:crypto';
import type { Plan, Precondition } from '../domain/plan.ts';
import { changeSince } from '../ports/expectation.ts';
import type { FileReader } from '../ports/file-reader.ts';
import { ApplyProblem, changedSincePlan, nothingWritten } from './apply-problem.ts';

/** Keys and certificates are small; what is larger was never read for the plan either. */
const maxBytes = 1024 * 1024;

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The files the plan rests on: each must still be as the plan saw it, or as this very run has left it. */
export interface SourceFiles {
  /** Throws `ApplyProblem` at the first difference. */
  mustBeUnchanged(path: string): void;
  /** The content, which must be unchanged. The caller wipes what is secret. */
  read(path: string): Uint8Array;
  /** What must be there when the file is replaced. */
  expected(path: string): Precondition;
  /** This run has put something there. */
  wrote(file: Precondition): void;
}

export function sourceFiles(plan: Plan, reader: FileReader, root: string): SourceFiles {
  const known = new Map(plan.preconditions.map((precondition) => [precondition.path, precondition]));

  const expected = (path: string): Precondition => {
    const precondition = known.get(path);
    if (!precondition) throw new Error(`the plan rests on ${path}, but its preconditions do not name it`);
    return precondition;
  };

  const look = (path: string): Uint8Array | undefined => {
    const reading = reader.read(path, { maxBytes, within: root === '' ? undefined : root });
    if (reading.state === 'refused')
      throw new ApplyProblem(reading.problem, `${path} cannot be read: ${reading.cause}`, 'put the cause right, then plan again', [
        nothingWritten,
      ]);
    const change = changeSince(expected(path), reading, sha256Of);
    if (change) throw changedSincePlan(`${path} has changed since the plan was made: ${change}`);
    return reading.state === 'read' ? reading.bytes : undefined;
  };

  return {
    expected,
    mustBeUnchanged: (path) => void look(path)?.fill(0),
    read(path) {
      const bytes = look(path);
      if (!bytes) throw changedSincePlan(`${path} is not there`);
      return bytes;
    },
    wrote: (file) => void known.set(file.path, file),
  };
}
