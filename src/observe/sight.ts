/** What observing asks of the outside: of the disk, or of an inventory that was taken of another host's. */
import { hash } from 'node:crypto';
import type { LookedFile } from '../domain/looked-file.ts';
import type { FileStatus } from '../domain/observed-state.ts';
import type { FileReader } from '../ports/file-reader.ts';
import type { FactsCache } from './facts-cache.ts';
import { partsOf } from './file-parts.ts';

export interface LookOptions {
  readonly followLinks?: boolean;
  /** The folder that stands for `/`: links that lead out of it are refused. */
  readonly within?: string | undefined;
}

/** `FileReader` with public facts in the place of bytes. */
export interface Sight extends Pick<FileReader, 'folder' | 'realPath' | 'list' | 'isMountPoint'> {
  file(path: string, options: LookOptions): LookedFile;
  /** The status of a regular file that is not empty, nothing of which is read. */
  status(path: string): FileStatus | undefined;
}

/** No certificate, key or chain of ours is near this size; a larger file is not read (CVE-2024-12401 in another program). */
export const largestFile = 1024 * 1024;

/** The disk behind a reader. What was read is wiped: a private key may be among it, wherever it should be. */
export const diskSight = (reader: FileReader, cache: FactsCache): Sight => ({
  folder: reader.folder,
  realPath: reader.realPath,
  list: reader.list,
  isMountPoint: reader.isMountPoint,
  file(path, options) {
    const reading = reader.read(path, { ...options, maxBytes: largestFile });
    if (reading.state !== 'read') return reading;
    const { bytes, status } = reading;
    const sha256 = hash('sha256', bytes);
    const holds = partsOf(bytes, sha256, cache);
    bytes.fill(0);
    return { state: 'read', status, sha256, holds };
  },
  status(path) {
    // A limit of no bytes: the file is opened and looked at, and nothing of it is read.
    const reading = reader.read(path, { maxBytes: 0 });
    return reading.state === 'refused' && reading.problem === 'too-large' ? reading.status : undefined;
  },
});
