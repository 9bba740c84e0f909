/** Users and groups, as numbers for what the desired state names and as names for what stands on the disk. */
import type { DesiredResource } from '../domain/desired-state.ts';
import type { ObservedFile, ObservedState } from '../domain/observed-state.ts';
import type { Accounts } from '../ports/accounts.ts';

export type Owners = Pick<ObservedState, 'users' | 'groups' | 'userNames' | 'groupNames'>;

/** The owners that the resources declare, and those that their files have. */
export function ownersIn(
  resources: readonly DesiredResource[],
  files: ReadonlyMap<string, ObservedFile>,
  accounts: Accounts,
  process: ObservedState['process'],
): Owners {
  const [owners, declaredGroups] = [new Set<string | undefined>(), new Set<string | undefined>()];
  for (const { fileSets } of resources) {
    for (const { files: declared } of fileSets) {
      for (const { owner, group } of declared) {
        owners.add(owner);
        declaredGroups.add(group);
      }
    }
  }
  const [users, groups] = [idsOf(owners, accounts.userId), idsOf(declaredGroups, accounts.groupId)];
  const [uids, gids] = [new Set<number>(), new Set<number>()];
  for (const file of files.values()) {
    if (file.state === 'absent' || !file.status) continue;
    uids.add(file.status.uid);
    gids.add(file.status.gid);
  }
  return {
    users,
    groups,
    userNames: namesOf([process.uid, ...users.values(), ...uids], accounts.userName),
    groupNames: namesOf([process.gid, ...groups.values(), ...gids], accounts.groupName),
  };
}

function idsOf(
  names: ReadonlySet<string | undefined>,
  idOf: (name: string) => number | undefined,
): ReadonlyMap<string, number | undefined> {
  const known = [...names].filter((name) => name !== undefined);
  return new Map(known.map((name) => [name, idOf(name)]));
}

function namesOf(ids: readonly (number | undefined)[], nameOf: (id: number) => string | undefined): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const id of new Set(ids)) {
    const name = id === undefined ? undefined : nameOf(id);
    if (id !== undefined && name !== undefined) names.set(id, name);
  }
  return names;
}
