/** The users that services run as, and which folders on the way to their files are closed to them. */
import { posix } from 'node:path';
import { type DesiredResource, type DesiredService, filesOf } from '../domain/desired-state.ts';
import type { ServiceUser } from '../domain/observed-state.ts';
import { mayEnter } from '../domain/permission.ts';
import type { Accounts } from '../ports/accounts.ts';
import type { Sight } from './sight.ts';

/** By name; undefined where the host has no such user. A folder that cannot be looked at is not called closed. */
export function serviceUsers(
  resources: readonly DesiredResource[],
  services: readonly DesiredService[],
  sight: Pick<Sight, 'folder'>,
  accounts: Pick<Accounts, 'member'>,
): ReadonlyMap<string, ServiceUser | undefined> {
  const users = new Map<string, ServiceUser | undefined>();
  for (const name of new Set(services.flatMap(({ user }) => (user === undefined ? [] : [user])))) {
    const account = accounts.member(name);
    const folders = account ? foldersOf(name, resources, services) : [];
    const closed = folders.filter((path) => {
      const folder = sight.folder(path);
      return account && folder.state === 'present' && !mayEnter(folder, account);
    });
    users.set(name, account && { ...account, closedFolders: closed });
  }
  return users;
}

/** All folders on the way to the files of the certificates that such a service uses, outermost first. */
function foldersOf(user: string, resources: readonly DesiredResource[], services: readonly DesiredService[]): readonly string[] {
  const names = new Set(services.filter((service) => service.user === user).map(({ name }) => name));
  const folders = new Set<string>();
  for (const resource of resources) {
    if (resource.kind !== 'cert' || !resource.services.some((name) => names.has(name))) continue;
    for (const { path } of filesOf(resource))
      for (let folder = posix.dirname(path); !folders.has(folder); folder = posix.dirname(folder)) folders.add(folder);
  }
  return [...folders].sort();
}
