/** What it means that a file could not be opened. */
import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FileReading } from '../ports/file-reader.ts';
import { errnoCode, errnoWords } from './errno-words.ts';
import { kindOf } from './file-status.ts';
import { isWithin, linkDestination, realPath, shown } from './links.ts';

interface Options {
  readonly followLinks?: boolean;
  readonly within?: string | undefined;
}

type Refusal = Extract<FileReading, { state: 'refused' }>;

export const leadsOut = (within: string): Refusal => ({
  state: 'refused',
  problem: 'symlink',
  cause: `a link on the way leads out of ${within}`,
});

/** Why a file could not be opened. Only ENOENT with a parent that is looked into is absence. */
export function explainFailure(path: string, options: Options, error: unknown): FileReading {
  switch (errnoCode(error)) {
    case 'ENOENT':
      return explainAbsence(path, options);
    case 'ELOOP': {
      const destination = linkDestination(path);
      return {
        state: 'refused',
        problem: 'symlink',
        cause: destination === undefined ? 'too many links on the way' : `a link to ${shown(destination)}`,
      };
    }
    case 'ENXIO':
    case 'ENODEV': // a socket, or a device without a driver
      return { state: 'refused', problem: 'not-regular', cause: kindAt(path) };
    case 'ENOTDIR':
      return { state: 'refused', problem: 'unreadable', cause: 'something on the way is no folder (ENOTDIR)' };
    default:
      return { state: 'refused', problem: 'unreadable', cause: errnoWords(error) };
  }
}

function explainAbsence(path: string, { followLinks, within }: Options): FileReading {
  try {
    // A link that points nowhere is not absence: writing there would follow or destroy it.
    if (followLinks && linkDestination(path) !== undefined)
      return { state: 'refused', problem: 'symlink', cause: `a link to ${shown(linkDestination(path) ?? '')}, where nothing is` };
    let missingFrom: string | undefined;
    for (let folderPath = dirname(path); ; folderPath = dirname(folderPath)) {
      const stats = lstatSync(folderPath, { throwIfNoEntry: false });
      if (stats === undefined) {
        missingFrom = folderPath;
        continue;
      }
      const real = realPath(folderPath);
      if (real === undefined)
        return {
          state: 'refused',
          problem: 'symlink',
          cause: `${folderPath} is a link to ${shown(linkDestination(folderPath) ?? 'itself')}, where nothing is`,
        };
      // Where the root itself is missing, nothing inside it can lead out.
      if (within !== undefined && realPath(within) !== undefined && !isWithin(real, within)) return leadsOut(within);
      return missingFrom === undefined ? { state: 'absent' } : { state: 'absent', missingFrom };
    }
  } catch (failure) {
    return { state: 'refused', problem: 'unreadable', cause: errnoWords(failure) };
  }
}

function kindAt(path: string): string {
  try {
    return kindOf(lstatSync(path, { bigint: true, throwIfNoEntry: false }));
  } catch {
    return kindOf(undefined);
  }
}
