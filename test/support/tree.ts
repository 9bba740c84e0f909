import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * Every path below a folder with all that could have changed about it: type, mode, owner, inode, time of the content, the content itself.
 * The times of folders stand apart, under their path with a slash.
 */
export type Tree = ReadonlyMap<string, string>;

export function treeOf(folder: string): Tree {
  const paths = ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => relative(folder, join(folder, name)))];
  return new Map(paths.flatMap((path) => describe(path, join(folder, path))));
}

function describe(name: string, path: string): readonly (readonly [string, string])[] {
  const { mode, uid, gid, ino, mtimeNs, nlink } = lstatSync(path, { bigint: true });
  const type = Number(mode) & 0o170000;
  const common = `${Number(mode).toString(8)} ${uid}:${gid} inode ${ino}`;
  if (type === 0o040000)
    return [
      [name, common],
      [`${name}/`, `modified ${mtimeNs}`],
    ];
  if (type === 0o120000) return [[name, `${common} to ${readlinkSync(path)}`]];
  const content = type === 0o100000 ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
  return [[name, `${common} modified ${mtimeNs} links ${nlink} ${content}`]];
}

/** The paths that are not as they were, sorted. That a folder's time has changed is told where nothing in it has. */
export function changedPaths(before: Tree, after: Tree): readonly string[] {
  const all = [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));
  const parents = new Set(all.filter((path) => !path.endsWith('/')).flatMap((path) => [`${dirname(path)}/`, `${path}/`]));
  return all.filter((path) => !parents.has(path)).sort();
}
