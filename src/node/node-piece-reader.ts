/** Reading a file of any size with memory of one size. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { PieceReader, PieceReading } from '../ports/piece-reader.ts';
import { errnoWords } from './errno-words.ts';
import { kindOf } from './file-status.ts';
import { explainFailure } from './open-failure.ts';

const openFlags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY | constants.O_NOFOLLOW;
const pieceBytes = 1 << 20;
/** Made when the first file is read, and used for all of them: most are far smaller than a piece. */
let memory: Buffer | undefined;

/** Files of this machine, as `ports/piece-reader.ts` promises them. */
export const nodePieceReader: PieceReader = (path, take) => {
  let descriptor: number;
  try {
    descriptor = openSync(path, openFlags);
  } catch (error) {
    const failure = explainFailure(path, {}, error);
    if (failure.state !== 'refused') return { state: 'absent' };
    return failure.problem === 'symlink' ? { state: 'symlink' } : refused(failure.problem === 'not-regular', failure.cause);
  }
  try {
    const stats = fstatSync(descriptor, { bigint: true });
    if (stats.isDirectory()) return { state: 'folder' };
    if (!stats.isFile()) return refused(true, kindOf(stats));
    memory ??= Buffer.allocUnsafeSlow(pieceBytes);
    for (;;) {
      const count = readSync(descriptor, memory, 0, pieceBytes, null);
      if (count === 0) return { state: 'read' };
      take(memory.subarray(0, count));
    }
  } catch (error) {
    return refused(false, errnoWords(error));
  } finally {
    closeSync(descriptor);
  }
};

const refused = (irregular: boolean, cause: string): PieceReading => ({
  state: 'refused',
  problem: irregular ? 'not-regular' : 'unreadable',
  cause,
});
