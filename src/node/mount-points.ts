/** Where something is mounted, as the kernel lists it (proc_pid_mountinfo(5)). */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { realPath } from './links.ts';

/** Whether a path leads to a folder on which something is mounted: also a bind mount within one file system, which has no device of its own. */
export function isMountPoint(path: string): boolean {
  const real = realPath(path);
  if (real === undefined || !statSync(real, { throwIfNoEntry: false })?.isDirectory()) return false;
  let list: string;
  try {
    list = readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return hasDeviceOfItsOwn(real);
  }
  return mountPointsIn(list).has(real);
}

/** The fifth field of each line; what would end a field or a line is written there in octal. */
export const mountPointsIn = (mountinfo: string): ReadonlySet<string> =>
  new Set(
    mountinfo.split('\n').flatMap((line) => {
      const point = line.split(' ')[4];
      return point === undefined
        ? []
        : [point.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))];
    }),
  );

/** Where there is no /proc: all but bind mounts within one file system. */
function hasDeviceOfItsOwn(folder: string): boolean {
  const [here, above] = [folder, join(folder, '..')].map((path) => statSync(path, { bigint: true, throwIfNoEntry: false }));
  return here !== undefined && above !== undefined && (here.dev !== above.dev || here.ino === above.ino);
}
