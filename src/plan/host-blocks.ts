/** What this host cannot do: accounts it does not have, owners it may not give, folders in which others could swap what we write. */
import { posix } from 'node:path';
import type { ObservedFolder } from '../domain/observed-state.ts';
import type { Blocked } from '../domain/plan.ts';
import { type BlockContext, block } from './block-context.ts';

/** An unknown user or group, or an owner that only root could give a file. Under another root owners are not looked at. */
export function findOwnerBlock({ view, files, action, observed, options }: BlockContext): Blocked | null {
  if (action === 'none' || options.root !== '') return null;
  for (const { desired } of view.files) {
    const { owner, group, place } = desired;
    if (owner !== undefined && observed.users.get(owner) === undefined)
      return observed.unknownAccounts?.users.has(owner)
        ? block('unreadable', 'not-in-inventory', `the user ${owner}`, place)
        : block('host', 'unknown-user', owner, place);
    if (group !== undefined && observed.groups.get(group) === undefined)
      return observed.unknownAccounts?.groups.has(group)
        ? block('unreadable', 'not-in-inventory', `the group ${group}`, place)
        : block('host', 'unknown-group', group, place);
  }
  const { uid } = observed.process;
  const given = uid === 0 ? undefined : files.find(({ after }) => after.uid !== uid);
  return given ? block('host', 'owner-needs-root', given.path) : null;
}

/** Where a file stands in the place of a folder nothing can be read, and the hint is another than for what may not be read. */
export function findNoFolder({ view, observed }: BlockContext): Blocked | null {
  for (const { desired } of view.files) {
    const folder = observed.folders.get(posix.dirname(desired.path));
    if (folder?.state === 'not-a-directory') return folderBlock(folder);
  }
  return null;
}

export function findFolderBlock({ files, observed }: BlockContext): Blocked | null {
  for (const { path } of files) {
    const folder = observed.folders.get(posix.dirname(path));
    if (!folder || folder.state === 'usable' || folder.state === 'absent') continue;
    return folderBlock(folder);
  }
  return null;
}

function folderBlock({ state, ancestor, path, cause }: ObservedFolder): Blocked {
  const said = cause ?? (state === 'not-a-directory' ? 'it is no folder' : state);
  return block('host', state === 'unsafe' ? 'unsafe-folder' : 'folder-not-usable', `${ancestor ?? path}: ${said}`);
}
