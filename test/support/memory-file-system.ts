import type { FileStatus } from '../../src/domain/observed-state.ts';
import { instantOf } from '../../src/domain/time.ts';
import type { FileReader } from '../../src/ports/file-reader.ts';
import type { Entry, FileWriter, OpenFile, OpenFolder } from '../../src/ports/file-writer.ts';

/** One step of the writer port, as it was asked for: what a test counts, and where it can put a fault. */
export interface Operation {
  readonly name: keyof FileWriter;
  readonly detail: string;
}

export interface Inode {
  readonly number: number;
  readonly type: Entry['type'];
  mode: number;
  uid: number;
  gid: number;
  bytes: Buffer;
  target: string;
  /** How many names it has. */
  links: number;
  device: bigint;
  readonly entries: Map<string, Inode>;
}

/** What changed on the disk, in the order in which it was asked for: what a loss of power may lose. */
export type Mutation =
  /** A name appears, or (null) goes. */
  | { readonly what: 'name'; readonly folder: Inode; readonly name: string; readonly inode: Inode | null }
  | {
      readonly what: 'rename';
      readonly from: Inode;
      readonly fromName: string;
      readonly to: Inode;
      readonly toName: string;
      readonly inode: Inode;
    }
  | {
      readonly what: 'content';
      readonly inode: Inode;
      readonly bytes: Buffer;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
    }
  | { readonly what: 'flush'; readonly inode: Inode };

export interface MemoryFileSystem {
  readonly writer: FileWriter;
  readonly reader: FileReader;
  /** Every step so far, in order. */
  readonly operations: readonly Operation[];
  /** Every change of the disk so far, in order. */
  readonly mutations: readonly Mutation[];
  readonly root: Inode;
  /** Called before each step; what it returns is thrown as that errno. */
  fault: (operation: Operation, index: number) => string | undefined;
  /** Called after each step: somebody else may act in between. */
  afterwards: (operation: Operation) => void;
  folder(path: string, status?: { readonly mode?: number; readonly uid?: number }): void;
  file(path: string, content: string | Uint8Array, status?: { readonly mode?: number; readonly uid?: number; readonly gid?: number }): void;
  link(path: string, target: string, uid?: number): void;
  special(path: string): void;
  /** Every path with what is there: `0600 0:0 content`, `folder 0755`, `link to x`. */
  tree(): Readonly<Record<string, string>>;
  text(path: string): string | undefined;
  openDescriptors(): number;
  /** What changed last in a folder or file, for clocks of file systems. */
  touch(path: string, changedAt: number): void;
  /** From here on down it is another file system. */
  mount(path: string, device: bigint): void;
}

const errnoError = (code: string): Error => Object.assign(new Error(code), { code, errno: -1 });

export function newInode(type: Entry['type'], number: number, mode: number, uid: number): Inode {
  return { number, type, mode, uid, gid: uid, bytes: Buffer.alloc(0), target: '', links: 1, device: 1n, entries: new Map() };
}

/**
 * A file system in memory behind the reader and the writer port. Writes are short (at most `writeAtMost` bytes), so that who does not loop is found out.
 * It begins empty, or with what is below `from`.
 */
export function memoryFileSystem({ writeAtMost = 100, userId = 0, from = undefined as Inode | undefined } = {}): MemoryFileSystem {
  let numbers = from ? 1_000_000 : 1;
  const inode = (type: Entry['type'], mode: number, uid = userId): Inode => newInode(type, ++numbers, mode, uid);
  const root = from ?? inode('folder', 0o755);
  const open = new Map<number, Inode>();
  const times = new Map<Inode, number>();
  const operations: Operation[] = [];
  const mutations: Mutation[] = [];
  let descriptors = 3;
  const system = { fault: (() => undefined) as MemoryFileSystem['fault'], afterwards: (() => {}) as MemoryFileSystem['afterwards'] };

  const step = <Value>(name: keyof FileWriter, detail: string, body: () => Value): Value => {
    const operation = { name, detail };
    operations.push(operation);
    const code = system.fault(operation, operations.length - 1);
    if (code !== undefined) throw errnoError(code);
    const value = body();
    system.afterwards(operation);
    return value;
  };
  const opened = <Handle extends OpenFile | OpenFolder>(handle: Handle): Inode => {
    const found = open.get(handle.descriptor);
    if (!found) throw errnoError('EBADF');
    return found;
  };
  const openInode = (found: Inode): number => {
    descriptors += 1;
    open.set(descriptors, found);
    return descriptors;
  };
  const named = (folder: OpenFolder, name: string): string => `${folder.path === '/' ? '' : folder.path}/${name}`;
  const mustHave = (folder: OpenFolder, name: string): Inode => {
    const found = opened(folder).entries.get(name);
    if (!found) throw errnoError('ENOENT');
    return found;
  };
  const mustBeFree = (folder: OpenFolder, name: string): void => {
    if (opened(folder).entries.has(name)) throw errnoError('EEXIST');
  };
  const setName = (folder: Inode, name: string, made: Inode): void => {
    const before = folder.entries.get(name);
    if (before && before !== made) before.links -= 1;
    folder.entries.set(name, made);
  };
  const contentChanged = (made: Inode): void =>
    void mutations.push({ what: 'content', inode: made, bytes: made.bytes, mode: made.mode, uid: made.uid, gid: made.gid });
  const addName = (folder: OpenFolder, name: string, made: Inode): void => {
    made.device = opened(folder).device;
    setName(opened(folder), name, made);
    mutations.push({ what: 'name', folder: opened(folder), name, inode: made });
  };
  const removeName = (folder: OpenFolder, name: string): void => {
    mustHave(folder, name).links -= 1;
    opened(folder).entries.delete(name);
    mutations.push({ what: 'name', folder: opened(folder), name, inode: null });
  };
  const entryOf = (found: Inode): Entry => ({
    type: found.type,
    mode: found.mode,
    uid: found.uid,
    gid: found.gid,
    links: found.links,
    size: found.bytes.length,
    inode: BigInt(found.number),
    device: found.device,
    changedAt: times.get(found) ?? 0,
  });

  const writer: FileWriter = {
    randomName: () => `${operations.length}`.padStart(16, '0'),
    userId: () => userId,
    openRoot: () => step('openRoot', '/', () => ({ descriptor: openInode(root), path: '/' })),
    openFolder: (parent, name) =>
      step('openFolder', named(parent, name), () => {
        const found = mustHave(parent, name);
        if (found.type !== 'folder') throw errnoError('ENOTDIR');
        return { descriptor: openInode(found), path: named(parent, name) };
      }),
    closeFolder: (folder) => void open.delete(folder.descriptor),
    folderStatus: (folder) => entryOf(opened(folder)),
    pathIn: (folder, name) => `/proc/self/fd/${folder.descriptor}/${name}`,
    entry(folder, name) {
      const found = opened(folder).entries.get(name);
      return found && entryOf(found);
    },
    readLink: (folder, name) => mustHave(folder, name).target,
    list: (folder) => step('list', folder.path, () => [...opened(folder).entries.keys()]),
    makeFolder: (parent, name, mode) =>
      step('makeFolder', named(parent, name), () => {
        mustBeFree(parent, name);
        addName(parent, name, inode('folder', mode));
      }),
    removeFolder: (parent, name) =>
      step('removeFolder', named(parent, name), () => {
        if (mustHave(parent, name).entries.size > 0) throw errnoError('ENOTEMPTY');
        removeName(parent, name);
      }),
    createFile: (folder, name) =>
      step('createFile', named(folder, name), () => {
        mustBeFree(folder, name);
        const made = inode('file', 0o600);
        addName(folder, name, made);
        return { descriptor: openInode(made) };
      }),
    openExisting: (folder, name) => step('openExisting', named(folder, name), () => ({ descriptor: openInode(mustHave(folder, name)) })),
    appendTo: (folder, name) =>
      step('appendTo', named(folder, name), () => {
        if (!opened(folder).entries.has(name)) addName(folder, name, inode('file', 0o600));
        return { descriptor: openInode(mustHave(folder, name)) };
      }),
    write: (file, bytes, offset) =>
      step('write', '', () => {
        const part = bytes.subarray(offset, offset + writeAtMost);
        const found = opened(file);
        found.bytes = Buffer.concat([found.bytes, part]);
        contentChanged(found);
        return part.length;
      }),
    setOwner: (file, uid, gid) => step('setOwner', `${uid}:${gid}`, () => contentChanged(Object.assign(opened(file), { uid, gid }))),
    setMode: (file, mode) => step('setMode', mode.toString(8), () => contentChanged(Object.assign(opened(file), { mode }))),
    syncFile: (file) => step('syncFile', `${opened(file).number}`, () => void mutations.push({ what: 'flush', inode: opened(file) })),
    closeFile(file) {
      open.delete(file.descriptor);
      step('closeFile', '', () => {});
    },
    rename: (from, fromName, to, toName) =>
      step('rename', named(to, toName), () => {
        const moved = mustHave(from, fromName);
        if (opened(to).entries.get(toName)?.type === 'folder') throw errnoError('EISDIR');
        if (opened(to).device !== moved.device) throw errnoError('EXDEV');
        opened(from).entries.delete(fromName);
        setName(opened(to), toName, moved);
        mutations.push({ what: 'rename', from: opened(from), fromName, to: opened(to), toName, inode: moved });
      }),
    link: (from, fromName, to, toName) =>
      step('link', named(to, toName), () => {
        mustBeFree(to, toName);
        const linked = mustHave(from, fromName);
        if (opened(to).device !== linked.device) throw errnoError('EXDEV');
        linked.links += 1;
        addName(to, toName, linked);
      }),
    removeFile: (folder, name) => step('removeFile', named(folder, name), () => removeName(folder, name)),
    syncFolder: (folder) => step('syncFolder', folder.path, () => void mutations.push({ what: 'flush', inode: opened(folder) })),
  };

  const find = (path: string): Inode | undefined => {
    const parts = path.split('/').filter((part) => part !== '');
    const viaDescriptor = /^\/proc\/self\/fd\/(\d+)\/([^/]+)$/.exec(path);
    if (viaDescriptor) return open.get(Number(viaDescriptor[1]))?.entries.get(viaDescriptor[2] as string);
    return parts.reduce<Inode | undefined>((folder, part) => folder?.entries.get(part), root);
  };
  const put = (path: string, made: Inode): void => {
    const cut = path.lastIndexOf('/');
    const parent = find(path.slice(0, cut));
    if (!parent) throw new Error(`no folder for ${path}`);
    made.device = parent.device;
    setName(parent, path.slice(cut + 1), made);
  };
  const statusOf = (found: Inode): FileStatus => {
    const { type: _, changedAt, ...status } = entryOf(found);
    return { ...status, changedAt: instantOf(changedAt) };
  };
  const reader: FileReader = {
    read(path, { maxBytes }) {
      const found = find(path);
      if (!found) return { state: 'absent' };
      const status = statusOf(found);
      if (found.type === 'link') return { state: 'refused', problem: 'symlink', cause: `a link to ${found.target}`, status };
      if (found.type !== 'file') return { state: 'refused', problem: 'not-regular', cause: 'no regular file', status };
      if (found.bytes.length > maxBytes) return { state: 'refused', problem: 'too-large', cause: 'too large', status };
      return { state: 'read', bytes: Buffer.from(found.bytes), status };
    },
    folder(path) {
      const found = find(path);
      if (!found) return { state: 'absent' };
      if (found.type !== 'folder') return { state: found.type === 'link' ? 'symlink' : 'not-a-directory' };
      return { state: 'present', uid: found.uid, gid: found.gid, mode: found.mode, device: found.device, inode: BigInt(found.number) };
    },
    realPath: (path) => (find(path) ? path : undefined),
    list: (path) => [...(find(path)?.entries.keys() ?? [])].sort(),
    isMountPoint: () => false,
  };

  const describe = ({ type, mode, uid, gid, bytes, target }: Inode): string => {
    const bits = `0${(mode & 0o7777).toString(8).padStart(3, '0')}`;
    return type === 'folder'
      ? `folder ${bits}`
      : type === 'link'
        ? `link to ${target}`
        : type === 'file'
          ? `${bits} ${uid}:${gid} ${bytes}`
          : type;
  };
  const list = (folder: Inode, path: string): readonly (readonly [string, string])[] =>
    [...folder.entries].flatMap(([name, child]) => [[`${path}/${name}`, describe(child)] as const, ...list(child, `${path}/${name}`)]);

  return Object.assign(system, {
    writer,
    reader,
    operations,
    mutations,
    root,
    folder: (path: string, { mode = 0o755, uid = userId } = {}) => put(path, inode('folder', mode, uid)),
    file: (path: string, content: string | Uint8Array, { mode = 0o644, uid = userId, gid = userId } = {}) =>
      put(path, Object.assign(inode('file', mode, uid), { bytes: Buffer.from(content as string), gid })),
    link: (path: string, target: string, uid = userId) => put(path, Object.assign(inode('link', 0o777, uid), { target })),
    special: (path: string) => put(path, inode('other', 0o644)),
    tree: () => Object.fromEntries(list(root, '').toSorted(([left], [right]) => (left < right ? -1 : 1))),
    text: (path: string) => find(path)?.bytes.toString(),
    openDescriptors: () => open.size,
    touch: (path: string, changedAt: number) => void times.set(find(path) as Inode, changedAt),
    mount: (path: string, device: bigint) => void Object.assign(find(path) as Inode, { device }),
  });
}
