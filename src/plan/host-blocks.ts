/** What this host cannot do: accounts it does not have, owners it may not give, folders in which others could swap what we write. */
import { posix } from 'node:path';
import type { Blocked } from '../domain/plan.ts';
import type { BlockContext } from './blocks.ts';

/** An unknown user or group, or an owner that only root could give a file. Under another root owners are not looked at. */
export function findOwnerBlock({ view, files, observed, options }: BlockContext): Blocked | null {
  if (options.root !== '') return null;
  for (const { desired } of view.files) {
    if (desired.owner !== undefined && observed.users.get(desired.owner) === undefined)
      return { by: 'host', code: 'unknown-user', detail: desired.owner, place: desired.place, confirm: null };
    if (desired.group !== undefined && observed.groups.get(desired.group) === undefined)
      return { by: 'host', code: 'unknown-group', detail: desired.group, place: desired.place, confirm: null };
  }
  const { uid } = observed.process;
  const given = uid === 0 ? undefined : files.find(({ after }) => after.uid !== uid);
  return given ? { by: 'host', code: 'owner-needs-root', detail: given.path, confirm: null } : null;
}

export function findFolderBlock({ files, observed }: BlockContext): Blocked | null {
  for (const { path } of files) {
    const folder = observed.folders.get(posix.dirname(path));
    if (!folder || folder.state === 'usable' || folder.state === 'absent') continue;
    const code = folder.state === 'unsafe' ? 'unsafe-folder' : 'folder-not-usable';
    return { by: 'host', code, detail: `${folder.ancestor ?? folder.path}: ${folder.cause ?? folder.state}`, confirm: null };
  }
  return null;
}
