/** Where a command reads from, from its flags and the environment. */
import { posix } from 'node:path';
import type { Inventory } from '../domain/inventory.ts';
import { type Address, parseAddress } from '../domain/names.ts';
import type { PlanOptions } from '../domain/plan.ts';
import type { Instant } from '../domain/time.ts';
import { parseInstant } from '../domain/time.ts';
import type { Scope } from '../reconcile/environment.ts';
import { madeAt } from './made-at.ts';
import type { Options, Run } from './run.ts';
import { UsageError } from './usage-error.ts';

/** `-f`, else $CERTSTATE_FILE, else ./desired-state where there is one, else /etc/certstate/desired-state. */
export function scopeOf(run: Run, paths: readonly string[] = run.options.file ?? []): Scope {
  const { options, workingFolder } = run;
  const absolute = (path: string) => posix.resolve(workingFolder, path);
  const root = options.root === undefined || absolute(options.root) === '/' ? '' : absolute(options.root);
  return {
    ...textOf(run, paths),
    root,
    stateFolder: options.stateDir === undefined ? defaultStateFolder(run, root) : absolute(options.stateDir),
    host: options.host ?? run.hostName,
  };
}

/** A root that is not there would look like a host on which nothing is yet: a mistyped name, or an image that is not mounted. */
export function mustHaveRoot({ outside, options }: Run, { root }: Scope): void {
  if (root === '') return;
  const { state } = outside.reader.folder(root, { followLinks: true });
  if (state === 'present' || state === 'unreadable') return;
  throw new UsageError(
    state === 'absent' ? `--root ${options.root}: there is no such folder` : `--root ${options.root} is no folder`,
    'make it, or mount what belongs there',
  );
}

/** Which desired state is read, with which variables. */
export const textOf = (run: Run, paths: readonly string[] = run.options.file ?? []): Pick<Scope, 'paths' | 'set'> => ({
  paths: paths.length > 0 ? paths : defaultPaths(run),
  set: new Map((run.options.set ?? []).map(parseVariable)),
});

/** The flags as they were given, for commands to be typed next: which desired state and which disk is meant, and what was asked of the plan. */
export const givenFlags = (options: Options): { readonly flags: readonly string[]; readonly requests: readonly string[] } => ({
  flags: [
    ...each('-f', options.file),
    ...each('--host', options.host),
    ...each('--set', options.set),
    ...each('--root', options.root),
    ...each('--state-dir', options.stateDir),
  ],
  requests: [
    ...each('--target', options.target),
    ...each('--exclude', options.exclude),
    ...each('--renew', options.renew),
    ...each('--rekey', options.rekey),
    ...(options.acceptClock ? ['--accept-clock'] : []),
    ...each('--confirm', options.confirm),
  ],
});

/** The same for commands to be typed on the host of an inventory, which reads its own files. */
export const flagsOnHost = (options: Options, { from, host }: Pick<Inventory, 'from' | 'host'>): ReturnType<typeof givenFlags> => ({
  flags: [
    ...(from.length === 1 && [localFolder, systemWide].includes(from[0] ?? '') ? [] : each('-f', from)),
    ...each('--host', options.host),
    ...each('--set', options.set),
    ...each('--root', host.root === '' ? [] : host.root),
  ],
  requests: givenFlags(options).requests,
});

const each = (flag: string, values: string | readonly string[] = []): readonly string[] =>
  [values].flat().flatMap((value) => [flag, value]);

const systemWide = '/etc/certstate/desired-state';
const localFolder = 'desired-state';

function defaultPaths({ environment, outside, workingFolder }: Run): readonly string[] {
  const named = environment['CERTSTATE_FILE'];
  if (named) return [named];
  const isThere = (path: string) => outside.reader.folder(path, { followLinks: true }).state !== 'absent';
  return !isThere(posix.resolve(workingFolder, localFolder)) && isThere(systemWide) ? [systemWide] : [localFolder];
}

function defaultStateFolder({ environment, outside }: Run, root: string): string {
  if (root !== '' || outside.process.uid === 0) return `${root}/var/lib/certstate`;
  const home = environment['XDG_STATE_HOME'] || (environment['HOME'] && `${environment['HOME']}/.local/state`);
  if (!home?.startsWith('/'))
    throw new UsageError('there is no place for the state directory', 'set $XDG_STATE_HOME, or name one with --state-dir');
  return `${posix.normalize(home)}/certstate`;
}

function parseVariable(text: string): readonly [string, string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new UsageError(`--set ${text} is not NAME=VALUE`, 'for example --set floatingAddress=10.0.0.5');
  return [name, value];
}

/** `--now`, else the clock. */
export function nowOf({ options, outside }: Run): Instant {
  if (options.now === undefined) return outside.clock.now();
  const now = parseInstant(options.now);
  if (now === undefined) throw new UsageError(`--now ${options.now} is not an RFC 3339 time`, 'for example --now 2027-06-01T00:00:00Z');
  return now;
}

export function planOptionsOf({ options }: Run, root: string): PlanOptions {
  return {
    targets: options.target ?? [],
    excludes: options.exclude ?? [],
    renew: (options.renew ?? []).map(addressFrom('--renew')),
    rekey: (options.rekey ?? []).map(addressFrom('--rekey')),
    confirm: (options.confirm ?? []).map(addressFrom('--confirm')),
    prune: false,
    // As of another time the clock of this machine is no matter.
    acceptClock: options.acceptClock ?? options.now !== undefined,
    madeAt,
    root,
  };
}

const addressFrom =
  (flag: string) =>
  (text: string): Address => {
    if (parseAddress(text) === undefined) throw new UsageError(`${flag} ${text} is not an address`, 'addresses are ca/NAME and cert/NAME');
    return text as Address;
  };
