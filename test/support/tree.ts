import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Every path below a folder with all that could have changed about it: type, mode, owner, inode, times of content, the content itself. */
export type Tree = ReadonlyMap<string, string>;

export function treeOf(folder: string): Tree {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(['', ...names].map((name) => [relative(folder, join(folder, name)) || '.', describe(join(folder, name))]));
}

function describe(path: string): string {
  const { mode, uid, gid, ino, mtimeNs, nlink } = lstatSync(path, { bigint: true });
  const type = Number(mode) & 0o170000;
  const common = `${Number(mode).toString(8)} ${uid}:${gid} inode ${ino} modified ${mtimeNs}`;
  if (type === 0o100000) return `${common} links ${nlink} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
  return type === 0o120000 ? `${common} to ${readlinkSync(path)}` : common;
}

/** The paths that are not as they were, sorted. */
export function changedPaths(before: Tree, after: Tree): readonly string[] {
  const all = new Set([...before.keys(), ...after.keys()]);
  return [...all].filter((path) => before.get(path) !== after.get(path)).sort();
}
