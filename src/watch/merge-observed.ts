/** What was seen of a few resources, put in the place of what was seen of them before. */
import type { DesiredResource } from '../domain/desired-state.ts';
import { filesOf } from '../domain/desired-state.ts';
import type { ObservedState } from '../domain/observed-state.ts';

/** @param resources those that were looked at again. What services show stays as it was: nobody looked at them. */
export function mergeObserved(before: ObservedState, seen: ObservedState, resources: readonly DesiredResource[]): ObservedState {
  const paths = resources.flatMap((resource) => [
    ...filesOf(resource).map(({ path }) => path),
    ...(resource.kind === 'ca' && resource.provided ? [resource.provided.certificate, resource.provided.privateKey ?? ''] : []),
  ]);
  const addresses = resources.map(({ address }) => address);
  const mounts = new Set(resources.flatMap(({ fileSets }) => fileSets.flatMap(({ mount }) => mount ?? [])));
  return {
    ...before,
    files: replaced(before.files, paths, seen.files),
    folders: merged(before.folders, seen.folders),
    signedBy: replaced(before.signedBy, addresses, seen.signedBy),
    copiesSignedBy: merged(before.copiesSignedBy, seen.copiesSignedBy),
    providedSignedBy: replaced(before.providedSignedBy, addresses, seen.providedSignedBy),
    users: merged(before.users, seen.users),
    groups: merged(before.groups, seen.groups),
    userNames: merged(before.userNames, seen.userNames),
    groupNames: merged(before.groupNames, seen.groupNames),
    mounted: new Set([...[...before.mounted].filter((folder) => !mounts.has(folder)), ...seen.mounted]),
  };
}

const merged = <Key, Value>(
  before: ReadonlyMap<Key, Value> = new Map(),
  seen: ReadonlyMap<Key, Value> = new Map(),
): ReadonlyMap<Key, Value> => new Map([...before, ...seen]);

function replaced<Key, Value>(
  before: ReadonlyMap<Key, Value> = new Map(),
  gone: readonly Key[],
  seen: ReadonlyMap<Key, Value> = new Map(),
): ReadonlyMap<Key, Value> {
  const result = new Map(before);
  for (const key of gone) result.delete(key);
  for (const [key, value] of seen) result.set(key, value);
  return result;
}
