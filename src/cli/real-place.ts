import { posix } from 'node:path';
import type { FileReader } from '../ports/file-reader.ts';

/** Which file a path names once every link among its folders is followed, also where the file itself is not there yet. */
export const realPlaceOf = (reader: FileReader, path: string): string =>
  posix.join(reader.realPath(posix.dirname(path)) ?? posix.dirname(path), posix.basename(path));
