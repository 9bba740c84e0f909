/** What was seen of a host, followed from look to look: what was seen of a few resources is put over what was seen of all, at the cost of the few. */
import { type DesiredResource, filesOf } from '../domain/desired-state.ts';
import type { ObservedState } from '../domain/observed-state.ts';
import { LayeredMap } from './layered-map.ts';

export interface FollowedState {
  /** As it is known now; it changes with what is put over it. */
  readonly state: ObservedState;
  /**
   * @param seen of these resources, and perhaps of those above them. What services show stays as it was: nobody looked at them. So do folders: who may put
   * files into one is judged by all that lies in it, and when something happens to a folder everything is looked at.
   */
  readonly put: (seen: ObservedState, resources: readonly DesiredResource[]) => void;
}

export function followedState(all: ObservedState): FollowedState {
  const files = new LayeredMap(all.files);
  const signedBy = new LayeredMap(all.signedBy);
  const copiesSignedBy = new LayeredMap(all.copiesSignedBy ?? new Map());
  const providedSignedBy = new LayeredMap(all.providedSignedBy ?? new Map());
  const users = new LayeredMap(all.users);
  const groups = new LayeredMap(all.groups);
  const userNames = new LayeredMap(all.userNames);
  const groupNames = new LayeredMap(all.groupNames);
  const mounted = new Set(all.mounted);
  return {
    state: { ...all, files, signedBy, copiesSignedBy, providedSignedBy, users, groups, userNames, groupNames, mounted },
    put(seen, resources) {
      for (const resource of resources) {
        for (const path of pathsOf(resource)) files.delete(path);
        for (const { mount } of resource.fileSets) if (mount !== undefined) mounted.delete(mount);
        signedBy.delete(resource.address);
        providedSignedBy.delete(resource.address);
      }
      for (const folder of seen.mounted) mounted.add(folder);
      putAll(files, seen.files);
      putAll(signedBy, seen.signedBy);
      putAll(copiesSignedBy, seen.copiesSignedBy);
      putAll(providedSignedBy, seen.providedSignedBy);
      putAll(users, seen.users);
      putAll(groups, seen.groups);
      putAll(userNames, seen.userNames);
      putAll(groupNames, seen.groupNames);
    },
  };
}

const pathsOf = (resource: DesiredResource): readonly string[] => [
  ...filesOf(resource).map(({ path }) => path),
  ...(resource.kind === 'ca' && resource.provided ? [resource.provided.certificate, ...[resource.provided.privateKey ?? []].flat()] : []),
];

function putAll<Key, Value>(map: LayeredMap<Key, Value>, seen: ReadonlyMap<Key, Value> | undefined): void {
  for (const [key, value] of seen ?? []) map.set(key, value);
}
