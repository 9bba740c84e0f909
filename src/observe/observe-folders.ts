import type { DesiredFile } from '../domain/desired-state.ts';
import type { ObservedFolder } from '../domain/observed-state.ts';
import { folderJudge, type Ground } from './judge-folder.ts';

/** Every folder that is written into, judged for the owners that all its files are declared to have. */
export function observeFolders(
  written: readonly DesiredFile[],
  users: ReadonlyMap<string, number | undefined>,
  ground: Ground,
): ReadonlyMap<string, ObservedFolder> {
  const ownersOf = new Map<string, Set<number>>();
  for (const { path, owner } of written) {
    const folder = path.slice(0, path.lastIndexOf('/')) || '/';
    const owners = ownersOf.get(folder) ?? new Set();
    ownersOf.set(folder, owners);
    const id = owner === undefined ? undefined : users.get(owner);
    if (id !== undefined) owners.add(id);
  }
  const judge = folderJudge(ground);
  return new Map([...ownersOf].map(([folder, owners]) => [folder, judge.judge(folder, owners)]));
}
