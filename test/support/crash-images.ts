/**
 * What a loss of power may leave. A disk that was asked for changes 1…n may have kept any of those that were not flushed, whatever the order:
 *
 * - A name (created, linked, renamed, removed) is kept for sure once every folder it concerns has been flushed after it. A rename is kept whole or not at all.
 * - The content of a file is kept for sure once the file has been flushed. What was written after that is there, missing, zeros, or there by half.
 *
 * This is more than any file system does to us: ext4 and xfs keep the order of names. What holds here holds there.
 */
import { type Inode, type Mutation, newInode } from './memory-file-system.ts';

export const contentStates = ['whole', 'empty', 'zeros', 'half'] as const;
export type ContentState = (typeof contentStates)[number];

/** Numbers that look random and are the same each time. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type NameChange = Exclude<Mutation, { what: 'content' | 'flush' }>;
interface Content {
  readonly bytes: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** The moment at which power is lost: what is on the disk for sure, and what may be. */
export interface Moment {
  readonly changes: readonly NameChange[];
  /** Indices into `changes`. */
  readonly unsure: readonly number[];
  readonly flushed: ReadonlyMap<Inode, Content>;
  /** The latest content of files that were written to since they were flushed. */
  readonly unflushed: ReadonlyMap<Inode, Content>;
}

const foldersOf = (change: NameChange): readonly Inode[] => (change.what === 'rename' ? [change.from, change.to] : [change.folder]);

/** Power is lost after the first `count` changes. */
export function momentAfter(mutations: readonly Mutation[], count: number): Moment {
  const lastFlush = new Map<Inode, number>();
  const [flushed, unflushed] = [new Map<Inode, Content>(), new Map<Inode, Content>()];
  const changes: NameChange[] = [];
  const at: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const mutation = mutations[index] as Mutation;
    if (mutation.what === 'flush') {
      lastFlush.set(mutation.inode, index);
      const content = unflushed.get(mutation.inode);
      if (content) flushed.set(mutation.inode, content);
      unflushed.delete(mutation.inode);
    } else if (mutation.what === 'content') {
      const { bytes, mode, uid, gid } = mutation;
      unflushed.set(mutation.inode, { bytes, mode, uid, gid });
    } else {
      changes.push(mutation);
      at.push(index);
    }
  }
  const isSure = (change: NameChange, when: number) => foldersOf(change).every((folder) => (lastFlush.get(folder) ?? -1) > when);
  const unsure = changes.flatMap((change, index) => (isSure(change, at[index] as number) ? [] : [index]));
  return { changes, unsure, flushed, unflushed };
}

/** All subsets of `0…size−1` where there are at most `2^exhaustive`, else none, all, each alone missing, each alone there, and `samples` by the dice. */
export function* subsets(size: number, exhaustive: number, samples: number, random: () => number): Generator<(index: number) => boolean> {
  if (size <= exhaustive) {
    for (let bits = 0; bits < 2 ** size; bits += 1) yield (index) => (bits & (1 << index)) !== 0;
    return;
  }
  yield () => false;
  yield () => true;
  for (let one = 0; one < size; one += 1) {
    yield (index) => index !== one;
    yield (index) => index === one;
  }
  for (let sample = 0; sample < samples; sample += 1) {
    const chance = random();
    const chosen = Array.from({ length: size }, () => random() < chance);
    yield (index) => chosen[index] as boolean;
  }
}

/** A disk at rest, to go back to: changes made on it later do not touch this. */
export interface Disk {
  readonly root: Inode;
  readonly entries: ReadonlyMap<Inode, ReadonlyMap<string, Inode>>;
  readonly contents: ReadonlyMap<Inode, Content>;
}

export function diskAtRest(root: Inode): Disk {
  const [entries, contents] = [new Map<Inode, ReadonlyMap<string, Inode>>(), new Map<Inode, Content>()];
  const look = (inode: Inode): void => {
    const { bytes, mode, uid, gid } = inode;
    contents.set(inode, { bytes, mode, uid, gid });
    if (inode.type !== 'folder') return;
    entries.set(inode, new Map(inode.entries));
    for (const child of inode.entries.values()) look(child);
  };
  look(root);
  return { root, entries, contents };
}

/** The disk as it is found after power came back: what was at rest, with what was kept of the changes. */
export function imageOf(
  disk: Disk,
  { changes, unsure, flushed, unflushed }: Moment,
  kept: (index: number) => boolean,
  state: ContentState,
): Inode {
  const copies = new Map<Inode, Inode>();
  const copyOf = (inode: Inode): Inode => {
    const known = copies.get(inode);
    if (known) return known;
    const made = newInode(inode.type, inode.number, inode.type === 'folder' ? inode.mode : 0o600, inode.uid);
    copies.set(inode, made);
    Object.assign(made, disk.contents.get(inode), flushed.get(inode));
    const later = unflushed.get(inode);
    if (later) Object.assign(made, later, { bytes: inState(later.bytes, made.bytes, state) });
    made.device = inode.device;
    made.links = 0;
    return made;
  };
  for (const [folder, entries] of disk.entries) {
    const copy = copyOf(folder);
    for (const [name, child] of entries) copy.entries.set(name, copyOf(child));
  }
  const lost = new Set(unsure.filter((_, index) => !kept(index)));
  for (const [index, change] of changes.entries()) {
    if (lost.has(index)) continue;
    if (change.what === 'rename') {
      const [from, moved] = [copyOf(change.from), copyOf(change.inode)];
      if (from.entries.get(change.fromName) === moved) from.entries.delete(change.fromName);
      copyOf(change.to).entries.set(change.toName, moved);
    } else if (change.inode) copyOf(change.folder).entries.set(change.name, copyOf(change.inode));
    else copyOf(change.folder).entries.delete(change.name);
  }
  const root = copyOf(disk.root);
  countLinks(root);
  return root;
}

function inState(latest: Buffer, before: Buffer, state: ContentState): Buffer {
  switch (state) {
    case 'whole':
      return latest;
    case 'empty':
      return before;
    case 'zeros':
      return Buffer.alloc(latest.length);
    case 'half':
      return latest.subarray(0, latest.length >> 1);
  }
}

function countLinks(folder: Inode): void {
  folder.links = 1;
  for (const child of folder.entries.values()) {
    if (child.type === 'folder') countLinks(child);
    else child.links += 1;
  }
}
