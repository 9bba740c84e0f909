import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ObservedFolder } from '../../src/domain/observed-state.ts';
import { folderJudge } from '../../src/observe/judge-folder.ts';
import type { FileReader, FolderReading } from '../../src/ports/file-reader.ts';

const test = suite('observe/judge-folder');

type Entry = { readonly uid?: number; readonly gid?: number; readonly mode?: number; readonly link?: string } | 'file' | 'closed';

/** Folders as a table; what is not in it is not there. */
function disk(entries: Readonly<Record<string, Entry>>): FileReader {
  const folder = (path: string): FolderReading => {
    const entry = entries[path] ?? (path === '/' ? {} : undefined);
    if (entry === undefined) return { state: 'absent' };
    if (entry === 'file') return { state: 'not-a-directory' };
    if (entry === 'closed') return { state: 'unreadable', cause: 'permission denied (EACCES)' };
    if (entry.link !== undefined) return { state: 'symlink' };
    return { state: 'present', uid: entry.uid ?? 0, gid: entry.gid ?? 0, mode: entry.mode ?? 0o755, device: 1n, inode: 1n };
  };
  const realPath = (path: string): string | undefined => {
    const entry = entries[path];
    return typeof entry === 'object' && entry.link !== undefined ? (entry.link === '' ? undefined : entry.link) : path;
  };
  return { folder, realPath, read: () => ({ state: 'absent' }), list: () => undefined, isMountPoint: () => false };
}

const accounts = {
  userId: () => undefined,
  groupId: () => undefined,
  member: () => undefined,
  userName: (id: number) => (id === 1000 ? 'alice' : undefined),
  groupName: (id: number) => (id === 50 ? 'staff' : undefined),
};

interface Row {
  readonly entries: Readonly<Record<string, Entry>>;
  readonly path?: string;
  readonly root?: string;
  readonly uid?: number;
  readonly owners?: readonly number[];
  readonly state: ObservedFolder['state'];
  readonly ancestor?: string;
  readonly cause?: RegExp;
}

const rows: Readonly<Record<string, Row>> = {
  'one that root alone can write': { entries: { '/etc': {}, '/etc/etcd': { mode: 0o700 } }, state: 'usable' },
  'one that is not there': { entries: { '/etc': {} }, state: 'absent', ancestor: '/etc/etcd' },
  'one below a folder that is not there': { entries: {}, state: 'absent', ancestor: '/etc' },
  'one that is a file': { entries: { '/etc': {}, '/etc/etcd': 'file' }, state: 'not-a-directory', ancestor: '/etc/etcd' },
  'one that cannot be looked into': { entries: { '/etc': 'closed' }, state: 'unreadable', ancestor: '/etc' },
  'one that everybody can write': {
    entries: { '/etc': {}, '/etc/etcd': { mode: 0o777 } },
    state: 'unsafe',
    ancestor: '/etc/etcd',
    cause: /everybody.*0777/,
  },
  'one below a folder that everybody can write': {
    entries: { '/etc': { mode: 0o777 }, '/etc/etcd': {} },
    state: 'unsafe',
    ancestor: '/etc',
  },
  'one that is not there below a folder that everybody can write': {
    entries: { '/etc': { mode: 0o777 } },
    state: 'unsafe',
    ancestor: '/etc',
  },
  'one below a sticky folder': { entries: { '/etc': { mode: 0o1777 }, '/etc/etcd': {} }, state: 'usable' },
  'a sticky folder itself': { entries: { '/etc': {}, '/etc/etcd': { mode: 0o1777 } }, state: 'unsafe', ancestor: '/etc/etcd' },
  'one that a group can write': {
    entries: { '/etc': {}, '/etc/etcd': { mode: 0o775, gid: 50 } },
    state: 'unsafe',
    cause: /staff \(gid 50\)/,
  },
  'one that the group of root can write': { entries: { '/etc': {}, '/etc/etcd': { mode: 0o775 } }, state: 'usable' },
  'one that belongs to somebody': { entries: { '/etc': {}, '/etc/etcd': { uid: 1000 } }, state: 'unsafe', cause: /alice \(uid 1000\)/ },
  'one that belongs to the declared owner': { entries: { '/etc': {}, '/etc/etcd': { uid: 1000 } }, owners: [1000], state: 'usable' },
  "one that belongs to us, below what is root's": {
    entries: { '/etc': {}, '/etc/etcd': { uid: 1000, gid: 1000, mode: 0o775 } },
    uid: 1000,
    state: 'usable',
  },
  'one below a folder of somebody else': {
    entries: { '/etc': { uid: 7 }, '/etc/etcd': {} },
    state: 'unsafe',
    ancestor: '/etc',
    cause: /uid 7/,
  },
  'a link to a safe folder': { entries: { '/etc': {}, '/etc/etcd': { link: '/srv/etcd' }, '/srv': {}, '/srv/etcd': {} }, state: 'usable' },
  'a link to a folder below one that everybody can write': {
    entries: { '/etc': {}, '/etc/etcd': { link: '/srv/etcd' }, '/srv': { mode: 0o777 }, '/srv/etcd': {} },
    state: 'unsafe',
    ancestor: '/srv',
  },
  'a link that somebody put into a sticky folder': {
    entries: { '/etc': { mode: 0o1777 }, '/etc/etcd': { link: '/srv' }, '/srv': {} },
    state: 'unsafe',
    ancestor: '/etc/etcd',
    cause: /link/,
  },
  'a link that leads nowhere': { entries: { '/etc': {}, '/etc/etcd': { link: '' } }, state: 'unreadable', ancestor: '/etc/etcd' },
  'two links that lead to each other': {
    entries: { '/etc': {}, '/etc/etcd': { link: '/b' }, '/b': { link: '/etc/etcd' } },
    state: 'unreadable',
  },
  'one under a root, whatever is above that': {
    entries: { '/home': { mode: 0o777 }, '/home/r': {}, '/home/r/etc': {}, '/home/r/etc/etcd': {} },
    path: '/home/r/etc/etcd',
    root: '/home/r',
    state: 'usable',
  },
  'a link that leads out of the root': {
    entries: { '/home/r': {}, '/home/r/etc': { link: '/etc' }, '/etc': {} },
    path: '/home/r/etc/etcd',
    root: '/home/r',
    state: 'unsafe',
    ancestor: '/home/r/etc',
    cause: /out of/,
  },
  'one under a root that everybody can write': {
    entries: { '/home/r': { mode: 0o777 } },
    path: '/home/r/etc',
    root: '/home/r',
    state: 'unsafe',
    ancestor: '/home/r',
  },
  'one under a root that is not there': { entries: {}, path: '/home/r/etc', root: '/home/r', state: 'absent', ancestor: '/home/r' },
};

for (const [what, { entries, path = '/etc/etcd', root = '/', uid = 0, owners = [], state, ancestor, cause }] of Object.entries(rows)) {
  test(`${what} is ${state}`, () => {
    const judge = folderJudge({ sight: disk(entries), accounts, root, process: { uid, gid: uid } });
    const folder = judge.judge(path, new Set(owners));
    assert.is(folder.path, path);
    assert.is(folder.state, state, JSON.stringify(folder));
    if (ancestor !== undefined) assert.is(folder.ancestor, ancestor);
    if (cause !== undefined) assert.match(folder.cause ?? '', cause);
  });
}

test('each folder is looked at once, however many are judged', () => {
  const reader = disk({ '/etc': {}, '/etc/a': {}, '/etc/b': {} });
  const looks: string[] = [];
  const counting: FileReader = {
    ...reader,
    folder: (path) => {
      looks.push(path);
      return reader.folder(path);
    },
  };
  const judge = folderJudge({ sight: counting, accounts, root: '/', process: { uid: 0, gid: 0 } });
  for (const path of ['/etc/a', '/etc/b', '/etc/a']) judge.judge(path, new Set());
  assert.equal(looks, ['/', '/etc', '/etc/a', '/etc/b']);
});

test.run();
