/** What is asked of a plan for every change, found once: a plan of ten thousand changes is worded in one pass. */
import type { Address } from '../domain/names.ts';
import type { Change, Plan } from '../domain/plan.ts';

export interface PlanIndex {
  readonly byAddress: ReadonlyMap<Address, Change>;
  /** The first change that needs a folder which is not there yet. */
  readonly folderOwner: ReadonlyMap<string, Address>;
}

export function planIndex({ changes }: Plan): PlanIndex {
  const folderOwner = new Map<string, Address>();
  for (const { address, files } of changes) {
    for (const folder of files.flatMap(({ newFolders }) => newFolders)) if (!folderOwner.has(folder)) folderOwner.set(folder, address);
  }
  return { byAddress: new Map(changes.map((change) => [change.address, change])), folderOwner };
}
