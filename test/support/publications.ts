/** Publications by hand: the files of one resource, and a store that keeps its state in `/state`. */
import { createHash } from 'node:crypto';
import type { Precondition } from '../../src/domain/plan.ts';
import type { FileReader } from '../../src/ports/file-reader.ts';
import type { FileWriter } from '../../src/ports/file-writer.ts';
import type { FileToPublish, Publication, PublicationSet } from '../../src/ports/store.ts';
import { createFileStore, type StoreOptions } from '../../src/store-files/file-store.ts';

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

export const absent = (path: string): Precondition => ({ path, exists: false, sha256: null, mode: null, uid: null, gid: null });

export const present = (path: string, content: string, mode = 0o644): Precondition => ({
  path,
  exists: true,
  sha256: sha256(content),
  mode,
  uid: 0,
  gid: 0,
});

/** Root's, 0644, where nothing is yet. */
export const publish = (path: string, content: string | Uint8Array, rest: Partial<FileToPublish> = {}): FileToPublish => ({
  path,
  bytes: Buffer.from(content as string),
  mode: 0o644,
  uid: 0,
  gid: 0,
  newFolders: [],
  expected: absent(path),
  replaced: 'kept',
  copy: false,
  ...rest,
});

export const setOf = (files: readonly FileToPublish[], rest: Partial<PublicationSet> = {}): PublicationSet => ({
  name: 'cert/a',
  files,
  keep: 1,
  group: null,
  services: [],
  ledger: null,
  ...rest,
});

export interface Disk {
  readonly writer: FileWriter;
  readonly reader: FileReader;
}

export const storeOn = ({ writer, reader }: Disk, rest: Partial<StoreOptions> = {}) =>
  createFileStore({ writer, reader, root: '', stateFolder: '/state', settled: () => {}, warn: () => {}, ...rest });

/** One set, and its one answer. */
export function publishSet(disk: Disk, files: readonly FileToPublish[], rest: Partial<StoreOptions> = {}): Publication {
  const [publication] = storeOn(disk, rest).publish([setOf(files)]);
  if (!publication) throw new Error('no answer');
  return publication;
}

export const codeOf = (publication: Publication | undefined): string =>
  publication && 'diagnostic' in publication ? publication.diagnostic.code : (publication?.result ?? 'no answer');

export const notesOf = (publication: Publication): string =>
  'diagnostic' in publication ? (publication.diagnostic.notes ?? []).join('\n') : '';
