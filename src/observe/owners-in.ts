/** Users and groups, as numbers for what the desired state names and as names for what stands on the disk. */
import { type DesiredResource, filesOf } from '../domain/desired-state.ts';
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
  const declared = resources.flatMap(filesOf);
  const users = idsOf(
    declared.map(({ owner }) => owner),
    accounts.userId,
  );
  const groups = idsOf(
    declared.map(({ group }) => group),
    accounts.groupId,
  );
  const found = [...files.values()].flatMap((file) => (file.state !== 'absent' && file.status ? [file.status] : []));
  return {
    users,
    groups,
    userNames: namesOf([process.uid, ...users.values(), ...found.map(({ uid }) => uid)], accounts.userName),
    groupNames: namesOf([process.gid, ...groups.values(), ...found.map(({ gid }) => gid)], accounts.groupName),
  };
}

function idsOf(
  names: readonly (string | undefined)[],
  idOf: (name: string) => number | undefined,
): ReadonlyMap<string, number | undefined> {
  const known = [...new Set(names)].filter((name) => name !== undefined);
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
