/** Whether two looks at a host saw the same. */
import { isSame } from '../domain/is-same.ts';
import type { ObservedState } from '../domain/observed-state.ts';
import { isSameFile } from './file-memory.ts';

/** In everything that an observed state can tell, be it added to it tomorrow; when a service was asked is not what it showed. */
export function isSameObserved(before: ObservedState, seen: ObservedState): boolean {
  const { files: filesBefore, served: servedBefore, ...restBefore } = before;
  const { files, served, ...rest } = seen;
  if (files.size !== filesBefore.size) return false;
  for (const [path, file] of files) {
    const known = filesBefore.get(path);
    if (!known || !isSameFile(known, file)) return false;
  }
  return isSame(restBefore, rest) && isSame(withoutTimes(servedBefore), withoutTimes(served));
}

const withoutTimes = (served: ObservedState['served']) =>
  served && new Map([...served].map(([address, { at: _, ...shown }]) => [address, shown]));
