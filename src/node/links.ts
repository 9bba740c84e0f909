/** Where links lead, and whether that is still where we may look. */
import { readlinkSync, realpathSync } from 'node:fs';
import { sep } from 'node:path';

/** Where a path leads once every link on the way is followed; undefined where it leads nowhere, or cannot be told. */
export function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

/** What is written in a link; undefined where there is no link. */
export function linkDestination(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** A destination was chosen by whoever made the link: no control characters from there, and no novel either. */
export const shown = (text: string): string =>
  (text.length > 200 ? `${text.slice(0, 200)}…` : text).replace(
    /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g,
    '?',
  );

/** The real path of a root, kept: it is asked for with every file. */
const realRoots = new Map<string, string>();

/** Whether a real path is the root or below it. */
export function isWithin(real: string | undefined, root: string): boolean {
  const realRoot = realRoots.get(root) ?? realPath(root);
  if (real === undefined || realRoot === undefined) return false;
  realRoots.set(root, realRoot);
  return real === realRoot || real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep);
}
