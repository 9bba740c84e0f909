/** Certificates and private keys beside the managed files that nobody names: what a verdict on the machine looks at besides. */
import { posix } from 'node:path';
import { type DesiredState, filesOf } from '../domain/desired-state.ts';
import type { UnmanagedFile } from '../domain/observed-state.ts';
import { memoryFactsCache } from './facts-cache.ts';
import { unmanagedNeighbours } from './neighbours.ts';
import { observeFile } from './observe.ts';
import type { Sight } from './sight.ts';

/** Looking into a folder of thousands of files is not worth the news. */
const mostKeys = 200;
const looksLikeKey = /(?:\.|-)key(?:\.pem)?$/;
const readableByAll = 0o004;

/**
 * In the order of their paths, certificates first.
 * @param known the files that records name: of another desired state over the same folders, or of what was declared once.
 */
export function unmanagedFiles(desired: DesiredState, sight: Sight, known: ReadonlySet<string>): readonly UnmanagedFile[] {
  const certificates = unmanagedNeighbours(desired, sight).filter(({ path }) => !known.has(path));
  return [
    ...certificates.map(({ path, certificate }) => ({ kind: 'certificate' as const, path, certificate })),
    ...unmanagedKeys(desired, sight, known),
  ];
}

function unmanagedKeys(desired: DesiredState, sight: Sight, known: ReadonlySet<string>): readonly UnmanagedFile[] {
  const managed = new Set(desired.resources.flatMap(filesOf).map(({ path }) => path));
  for (const resource of desired.resources)
    if (resource.kind === 'ca' && resource.provided?.privateKey !== undefined) managed.add(resource.provided.privateKey);
  const folders = [...new Set([...managed].map((path) => posix.dirname(path)))].sort();
  return folders
    .flatMap((folder) => (sight.list(folder) ?? []).map((name) => posix.join(folder, name)))
    .filter((path) => looksLikeKey.test(path) && !managed.has(path) && !known.has(path))
    .slice(0, mostKeys)
    .flatMap((path) => unmanagedKey(path, sight));
}

/** Told by its name and its status; only what every local user can read anyway is opened, to see whether it is a private key. */
function unmanagedKey(path: string, sight: Sight): readonly UnmanagedFile[] {
  const status = sight.status(path);
  if (status === undefined) return [];
  if ((status.mode & readableByAll) === 0) return [{ kind: 'key', path }];
  const file = observeFile(path, { role: 'privateKey', use: 'end-entity' }, {}, sight, memoryFactsCache());
  return file.state === 'read' ? [{ kind: 'key', path, exposedMode: status.mode & 0o7777 }] : [];
}
