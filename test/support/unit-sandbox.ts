/** What a unit of systemd shuts a program into, made without systemd: the same system calls refused, the same rights dropped, the same disk read-only. */
import { spawnSync } from 'node:child_process';
import { programPath } from './needs.ts';

/** As systemd does it: with libseccomp, and EPERM for whatever is not on the list. */
const seccomp = `
import ctypes, os, sys
library = ctypes.CDLL('libseccomp.so.2')
library.seccomp_init.restype = ctypes.c_void_p
context = ctypes.c_void_p(library.seccomp_init(0x00050000 | 1))
for name in sys.argv[1].split(','):
    number = library.seccomp_syscall_resolve_name(name.encode())
    if number != -1: library.seccomp_rule_add(context, 0x7fff0000, number, 0)
if library.seccomp_load(context) != 0: sys.exit('no seccomp')
os.execvp(sys.argv[2], sys.argv[2:])
`;

/** The words that have to stand in front of a program so that it runs as in the unit; its `ReadWritePaths` are `writable`. Needs root. */
export function sandboxOf(unit: string, writable: readonly string[]): readonly string[] {
  const words = (name: string) => [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value.split(' '));
  const allowed = new Set<string>();
  for (const [first = '', ...rest] of words('SystemCallFilter')) {
    const isDenied = first.startsWith('~');
    for (const call of [first.replace('~', ''), ...rest].flatMap(systemCalls)) {
      if (isDenied) allowed.delete(call);
      else allowed.add(call);
    }
  }
  const rights = words('CapabilityBoundingSet').flat();
  const dropped = ['-all', ...rights.map((right) => `+${right.replace('CAP_', '').toLowerCase()}`)].join(',');
  const mounts = [...writable.map((path) => `mount --bind '${path}' '${path}'`), 'mount -o remount,bind,ro /', 'exec "$@"'].join(' && ');
  return [
    ...['unshare', '--mount', '--propagation', 'private', 'sh', '-c', mounts, 'sh'],
    ...['setpriv', '--no-new-privs', '--inh-caps=-all', `--bounding-set=${dropped}`],
    ...['/usr/bin/python3', '-c', seccomp, [...allowed].join(',')],
  ];
}

/** A set like `@file-system`, with the sets that it names, as this systemd knows it; or one call. */
function systemCalls(name: string): readonly string[] {
  if (!name.startsWith('@')) return [name];
  const { stdout } = spawnSync(programPath('systemd-analyze') ?? '', ['syscall-filter', name], { encoding: 'utf8' });
  const members = stdout.split('\n').slice(1);
  return members.map((line) => line.trim()).flatMap((line) => (line === '' || line.startsWith('#') ? [] : systemCalls(line)));
}
