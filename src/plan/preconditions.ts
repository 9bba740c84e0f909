/** The state of every file that the decisions rest on; apply looks again and stops at the first difference. */
import type { Address } from '../domain/names.ts';
import type { ObservedFile, ObservedState } from '../domain/observed-state.ts';
import type { Change, Precondition } from '../domain/plan.ts';
import type { ResourceView } from './resource-view.ts';

/** Files of the resources that change, of their issuers, and the sources they are installed from; sorted by path. */
export function preconditionsOf(
  changes: readonly Change[],
  views: ReadonlyMap<Address, ResourceView>,
  observed: ObservedState,
): readonly Precondition[] {
  const resources = new Set<Address>();
  const paths = new Set<string>();
  for (const { action, address, dependsOn, material } of changes) {
    if (action === 'noop') continue;
    for (const needed of [address, ...dependsOn]) resources.add(needed);
    for (const source of [material?.key, material?.certificate]) if (source?.from === 'file') paths.add(source.path);
    for (const { certificate } of material?.chain ?? []) paths.add(certificate);
  }
  for (const address of resources) for (const { desired } of views.get(address)?.files ?? []) paths.add(desired.path);
  return filesAt([...paths].sort(), observed);
}

/** The same for paths of which one wants to know how they are now; what was not looked at is left out. */
export const filesAt = (paths: readonly string[], observed: Pick<ObservedState, 'files'>): readonly Precondition[] =>
  paths.flatMap((path) => {
    const file = observed.files.get(path);
    return file ? [preconditionOf(file)] : [];
  });

/** A file that could not be read is pinned by what is known of it. */
function preconditionOf(file: ObservedFile): Precondition {
  if (file.state === 'absent') return { path: file.path, exists: false, sha256: null, mode: null, uid: null, gid: null };
  const { status } = file;
  const mode = status ? status.mode & 0o7777 : null;
  const key = keyIn(file);
  const serial = file.state === 'read' ? file.content.certificates[0]?.serial : undefined;
  return {
    path: file.path,
    exists: true,
    sha256: file.sha256 ?? null,
    ...(key && { key }),
    ...(serial !== undefined && { serial }),
    mode,
    uid: status?.uid ?? null,
    gid: status?.gid ?? null,
  };
}

/** What could not be read as certificates may be a key, whatever the place it stands in. */
function keyIn(file: Exclude<ObservedFile, { state: 'absent' }>): Precondition['key'] {
  if (file.state === 'unreadable') return { spkiSha256: null };
  const [key] = file.content.keys;
  const certificates = file.content.certificates.map(({ sha256 }) => sha256);
  return key && { spkiSha256: key.spkiSha256, ...(certificates.length > 0 && { certificates }) };
}
