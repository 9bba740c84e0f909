/** How many keys are made at once. */
import { availableParallelism } from 'node:os';
import type { Run } from './run.ts';
import { UsageError } from './usage-error.ts';

/** Key generation is what takes the time: as many as there are cores, four at most. */
export function parallelismOf({ options }: Pick<Run, 'options'>): number {
  if (options.parallelism === undefined) return Math.min(availableParallelism(), 4);
  const count = Number(options.parallelism);
  if (!Number.isInteger(count) || count < 1 || count > 64)
    throw new UsageError(`--parallelism ${options.parallelism} is not a number from 1 to 64`, 'for example --parallelism 2');
  return count;
}
