/** Certificates that lie in the same folders and that the desired state does not name: named once, so that none is forgotten there. */
import { posix } from 'node:path';
import { type DesiredState, filesOf } from '../domain/desired-state.ts';
import type { CertificateFacts } from '../domain/observed-state.ts';
import { memoryFactsCache } from './facts-cache.ts';
import { observeFile } from './observe.ts';
import type { Sight } from './sight.ts';

export interface Neighbour {
  readonly path: string;
  readonly certificate: CertificateFacts;
}

/** Looking into a folder of thousands of files is not worth the news. */
const mostFiles = 200;
const looksLikeCertificate = /\.(crt|cer|pem)$/;

/** In the order of their paths. Keys are not opened, links not followed; what is no certificate is passed over. */
export function unmanagedNeighbours(desired: DesiredState, sight: Sight): readonly Neighbour[] {
  const managed = new Set(desired.resources.flatMap(filesOf).map(({ path }) => path));
  for (const resource of desired.resources) if (resource.kind === 'ca' && resource.provided) managed.add(resource.provided.certificate);
  const folders = [...new Set([...managed].map((path) => posix.dirname(path)))].sort();
  const candidates = folders.flatMap((folder) => (sight.list(folder) ?? []).map((name) => posix.join(folder, name)));
  return candidates
    .filter((path) => looksLikeCertificate.test(path) && !managed.has(path))
    .slice(0, mostFiles)
    .flatMap((path) => {
      const file = observeFile(path, { role: 'certificate', use: 'end-entity' }, {}, sight, memoryFactsCache());
      const certificate = file.state === 'read' ? file.content.certificates[0] : undefined;
      return certificate ? [{ path, certificate }] : [];
    });
}
