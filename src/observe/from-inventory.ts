/** An inventory as a sight: it answers what was seen, tells certain absence from what nobody looked at, and remembers what it had to assume. */
import { posix } from 'node:path';
import type { ReadProblem } from '../domain/codes.ts';
import type { Inventory, InventoryFolder } from '../domain/inventory.ts';
import type { LookedFile } from '../domain/looked-file.ts';
import type { FileStatus } from '../domain/observed-state.ts';
import type { Accounts } from '../ports/accounts.ts';
import type { FolderReading } from '../ports/file-reader.ts';
import type { Sight } from './sight.ts';

export interface InventorySight extends Sight {
  /** Paths asked for in folders of which nothing is known: taken as absent. */
  readonly assumedAbsent: ReadonlySet<string>;
  /** Folders asked for of which nothing is known: taken as not mounted. */
  readonly assumedUnmounted: ReadonlySet<string>;
}

/** Links followed before it is called a loop, as many as the kernel follows. */
const mostLinks = 40;

type Whereabouts =
  | { readonly is: 'absent'; readonly missingFrom?: string | undefined }
  /** Something of this name is there. */
  | { readonly is: 'there' }
  | { readonly is: 'hidden'; readonly cause: string }
  | { readonly is: 'unknown' };

const notLookedAt = (cause: string): LookedFile => ({ state: 'refused', problem: 'not-in-inventory', cause });

export function inventorySight(inventory: Inventory): InventorySight {
  const files = new Map(inventory.files.map((file) => [file.path, file]));
  const folders = new Map(inventory.folders.map((folder) => [folder.path, folder]));
  const namesIn = namesOnce();
  const assumedAbsent = new Set<string>();
  const assumedUnmounted = new Set<string>();
  const whereabouts = (path: string): Whereabouts => whereaboutsOf(path, folders, namesIn);
  return {
    assumedAbsent,
    assumedUnmounted,
    file(path, { followLinks }) {
      const known = files.get(path);
      if (known) {
        const isLink = known.seen.state === 'refused' && known.seen.problem === 'symlink';
        return followLinks && isLink ? (known.followed ?? notLookedAt('a link that was not followed')) : known.seen;
      }
      const found = whereabouts(path);
      switch (found.is) {
        case 'absent':
          return { state: 'absent', ...(found.missingFrom !== undefined && { missingFrom: found.missingFrom }) };
        case 'there':
          return notLookedAt('it is there, and was not looked at when the inventory was taken');
        case 'hidden':
          return notLookedAt(found.cause);
        case 'unknown':
          assumedAbsent.add(path);
          return { state: 'absent' };
      }
    },
    status: (path) => statusIn(files.get(path)?.seen),
    folder: (path) => readingOf(folders.get(path)),
    realPath: (path) => folders.get(path)?.realPath ?? undefined,
    list: (path) => folders.get(path)?.names,
    isMountPoint(path) {
      const known = folders.get(path);
      if (known?.mount !== undefined) return known.mount;
      if (known?.state !== 'absent' && whereabouts(path).is !== 'absent') assumedUnmounted.add(path);
      return false;
    },
  };
}

function statusIn(seen: LookedFile | undefined): FileStatus | undefined {
  const isRegular =
    seen?.state === 'read' ? seen.holds.ok || seen.holds.problem !== 'empty' : seen?.state === 'refused' && isFile[seen.problem];
  return isRegular && seen?.state !== 'absent' ? seen?.status : undefined;
}

/** Of what was not read, what is a file all the same. */
const isFile: Readonly<Partial<Record<ReadProblem, boolean>>> = { 'too-large': true, 'not-in-inventory': true };

/** From the outermost folder inwards, as far as something is known. */
function whereaboutsOf(
  path: string,
  folders: ReadonlyMap<string, InventoryFolder>,
  namesIn: (folder: InventoryFolder) => ReadonlySet<string> | undefined,
): Whereabouts {
  let rest = partsOf(path);
  let current = '/';
  for (let links = 0; ; ) {
    const folder = folders.get(current);
    const [next, ...further] = rest;
    if (next === undefined) return { is: 'unknown' };
    switch (folder?.state) {
      case 'absent':
        return { is: 'absent', missingFrom: current };
      case 'not-a-directory':
        return { is: 'hidden', cause: `${current} is no folder` };
      case 'unreadable':
        return { is: 'hidden', cause: `${current} could not be looked into` };
      case 'symlink':
        links += 1;
        if (!folder.realPath || links > mostLinks) return { is: 'hidden', cause: `${current} is a link that leads nowhere known` };
        rest = [...partsOf(folder.realPath), ...rest];
        current = '/';
        continue;
      case 'present':
      case undefined:
        break;
    }
    const names = folder && namesIn(folder);
    const child = posix.join(current, next);
    if (names && !names.has(next)) return { is: 'absent', ...(further.length > 0 && { missingFrom: child }) };
    if (names && further.length === 0) return { is: 'there' };
    rest = further;
    current = child;
  }
}

/** A folder of which nothing is known is taken as absent, like what is in it: it would be made. */
function readingOf(folder: InventoryFolder | undefined): FolderReading {
  switch (folder?.state) {
    case 'present':
      return { state: 'present', uid: folder.uid ?? 0, gid: folder.gid ?? 0, mode: folder.mode ?? 0, device: 0n, inode: 0n };
    case 'unreadable':
      return { state: 'unreadable', cause: folder.cause ?? 'unknown' };
    case 'not-a-directory':
    case 'symlink':
      return { state: folder.state };
    case 'absent':
    case undefined:
      return { state: 'absent' };
  }
}

/** The names of a folder as a set, made when first asked. */
function namesOnce(): (folder: InventoryFolder) => ReadonlySet<string> | undefined {
  const sets = new Map<string, ReadonlySet<string>>();
  return ({ path, names }) => {
    if (!names) return undefined;
    const set = sets.get(path) ?? new Set(names);
    sets.set(path, set);
    return set;
  };
}

const partsOf = (path: string): readonly string[] => path.split('/').filter((part) => part !== '');

export interface InventoryAccounts extends Accounts {
  /** Names asked for of which nothing is known. */
  readonly unknown: { readonly users: ReadonlySet<string>; readonly groups: ReadonlySet<string> };
}

/** The accounts of the host, as far as the inventory knows them; numbers stand for themselves, as everywhere. */
export function inventoryAccounts({ users, groups, userNames, groupNames }: Inventory): InventoryAccounts {
  const unknown = { users: new Set<string>(), groups: new Set<string>() };
  return {
    userId: idIn(users, userNames, unknown.users),
    groupId: idIn(groups, groupNames, unknown.groups),
    // What a service's user may read was judged on the host.
    member: () => undefined,
    userName: (id) => userNames.get(id),
    groupName: (id) => groupNames.get(id),
    unknown,
  };
}

/** `(uid_t) -1` means "leave it" to chown and is nobody's number. */
const highestId = 4_294_967_294;

function idIn(
  ids: ReadonlyMap<string, number | undefined>,
  names: ReadonlyMap<number, string>,
  unknown: Set<string>,
): (name: string) => number | undefined {
  const byName = new Map([...names].map(([id, name]) => [name, id]));
  return (name) => {
    if (ids.has(name)) return ids.get(name);
    if (/^\d+$/.test(name)) return Number(name) <= highestId ? Number(name) : undefined;
    const id = byName.get(name);
    if (id === undefined) unknown.add(name);
    return id;
  };
}
