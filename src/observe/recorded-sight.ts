/** A sight that remembers everything it was asked and what the answer was: what an inventory is made of. */
import type { InventoryFile, InventoryFolder } from '../domain/inventory.ts';
import type { LookedFile } from '../domain/looked-file.ts';
import type { FileStatus } from '../domain/observed-state.ts';
import type { Accounts } from '../ports/accounts.ts';
import type { Sight } from './sight.ts';

export interface RecordedSight extends Sight {
  /** Everything that was asked so far, sorted by path. */
  readonly files: () => readonly InventoryFile[];
  readonly folders: () => readonly InventoryFolder[];
}

/** @param within the folder that stands for `/`, undefined for `/` itself: every look keeps within it, as those of a plan do. */
export function recordedSight(sight: Sight, within: string | undefined): RecordedSight {
  const seen = new Map<string, { seen: LookedFile; followed?: LookedFile }>();
  const statuses = new Map<string, FileStatus>();
  const folders = new Map<string, InventoryFolder>();
  const alter = (path: string, more: Partial<InventoryFolder>): void => {
    folders.set(path, { ...(folders.get(path) ?? folderAt(sight, path)), ...more });
  };
  return {
    file(path, { followLinks }) {
      const known = seen.get(path) ?? { seen: sight.file(path, { within }) };
      seen.set(path, known);
      // Only a link leads to another answer when it is followed.
      if (!followLinks || known.seen.state !== 'refused' || known.seen.problem !== 'symlink') return known.seen;
      known.followed ??= sight.file(path, { within, followLinks });
      return known.followed;
    },
    status(path) {
      const status = sight.status(path);
      if (status) statuses.set(path, status);
      return status;
    },
    folder(path, options) {
      const reading = sight.folder(path, options);
      if (!options?.followLinks) alter(path, {});
      return reading;
    },
    realPath(path) {
      const real = sight.realPath(path);
      alter(path, { realPath: real ?? null });
      return real;
    },
    list(path) {
      const names = sight.list(path);
      if (names && names.length <= mostNames) alter(path, { names });
      return names;
    },
    isMountPoint(path) {
      const mount = sight.isMountPoint(path);
      alter(path, { mount });
      return mount;
    },
    files: () =>
      [...new Map([...[...statuses].map(([path, status]) => [path, { seen: notRead(status) }] as const), ...seen])]
        .map(([path, looked]) => ({ path, ...looked }))
        .sort(byPath),
    folders: () => [...folders.values()].sort(byPath),
  };
}

const notRead = (status: FileStatus): LookedFile => ({
  state: 'refused',
  problem: 'not-in-inventory',
  cause: 'it is there, and was not read',
  status,
});

/** Of a folder with more names than this it is not known what is absent from it. */
const mostNames = 10_000;

function folderAt(sight: Sight, path: string): InventoryFolder {
  const reading = sight.folder(path);
  switch (reading.state) {
    case 'present':
      return { path, state: reading.state, mode: reading.mode, uid: reading.uid, gid: reading.gid };
    case 'unreadable':
      return { path, state: reading.state, cause: reading.cause };
    case 'absent':
    case 'not-a-directory':
    case 'symlink':
      return { path, state: reading.state };
  }
}

const byPath = (left: { readonly path: string }, right: { readonly path: string }): number => (left.path < right.path ? -1 : 1);

export interface RecordedAccounts extends Accounts {
  readonly users: ReadonlyMap<string, number | undefined>;
  readonly groups: ReadonlyMap<string, number | undefined>;
  readonly userNames: ReadonlyMap<number, string>;
  readonly groupNames: ReadonlyMap<number, string>;
}

/** The same for accounts. */
export function recordedAccounts(accounts: Accounts): RecordedAccounts {
  const users = new Map<string, number | undefined>();
  const groups = new Map<string, number | undefined>();
  const userNames = new Map<number, string>();
  const groupNames = new Map<number, string>();
  const asking =
    <Key, Value>(known: Map<Key, Value>, ask: (key: Key) => Value | undefined, keepsAbsent: boolean) =>
    (key: Key): Value | undefined => {
      const answer = ask(key);
      if (answer !== undefined || keepsAbsent) known.set(key, answer as Value);
      return answer;
    };
  return {
    userId: asking(users, accounts.userId, true),
    groupId: asking(groups, accounts.groupId, true),
    member: accounts.member,
    userName: asking(userNames, accounts.userName, false),
    groupName: asking(groupNames, accounts.groupName, false),
    users,
    groups,
    userNames,
    groupNames,
  };
}
