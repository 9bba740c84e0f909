/** Accounts that are in no file of this host: those of LDAP, SSSD or systemd, which the C library knows and Node does not. `getent` asks it for us. */
import type * as ChildProcess from 'node:child_process';
import process from 'node:process';

/** Never looked up in PATH: it would run with our rights. */
export const getentPlaces: readonly string[] = ['/usr/bin/getent', '/bin/getent', '/run/current-system/sw/bin/getent'];

/** A directory that does not answer must not hold a plan for ever; each name is asked for once in a run. */
const patience = 5000;

/**
 * The id of a user or group that only a directory service knows; undefined where it is known nowhere, or nobody answers in time.
 * Costs a process (some 3 ms), so it is for names that `/etc/passwd` and `/etc/group` do not have.
 */
export function directoryId(database: 'passwd' | 'group', name: string, places: readonly string[] = getentPlaces): number | undefined {
  const [found, , id] = directoryLine(database, name, places)?.split(':') ?? [];
  // A directory may spell a name in another case, or with its domain; the id is what counts.
  return found && id && /^\d{1,10}$/.test(id) ? Number(id) : undefined;
}

/** A user of a directory service with its groups, the primary one first. */
export function directoryGroups(
  name: string,
  places: readonly string[] = getentPlaces,
): { readonly uid: number; readonly gids: readonly [number, ...number[]] } | undefined {
  const [, , uid, gid] = directoryLine('passwd', name, places)?.split(':') ?? [];
  if (!uid || !gid || ![uid, gid].every((id) => /^\d{1,10}$/.test(id))) return undefined;
  const more = (directoryLine('initgroups', name, places) ?? '').split(/\s+/).slice(1).map(Number);
  return { uid: Number(uid), gids: [Number(gid), ...more.filter((id) => Number.isInteger(id) && id !== Number(gid))] };
}

/** The first line that `getent` prints. */
function directoryLine(database: 'passwd' | 'group' | 'initgroups', name: string, places: readonly string[]): string | undefined {
  // Loading what starts programs takes milliseconds: only here. A name that looks like a flag, or like a number, is not one to ask for.
  if (!/^[A-Za-z_][^:\s]*$/.test(name)) return undefined;
  const { spawnSync } = process.getBuiltinModule('node:child_process') as typeof ChildProcess;
  for (const place of places) {
    const { status, stdout, error } = spawnSync(place, [database, name], {
      encoding: 'utf8',
      env: { LC_ALL: 'C' },
      cwd: '/',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: patience,
      killSignal: 'SIGKILL',
      maxBuffer: 1024 * 1024,
    });
    if (error && (error as NodeJS.ErrnoException).code === 'ENOENT') continue;
    return status === 0 ? stdout.split('\n')[0] : undefined;
  }
  return undefined;
}
