import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Programs tests are judged by, and the Debian package each comes from. */
export const debianPackages = {
  bash: 'bash',
  certtool: 'gnutls-bin',
  chattr: 'e2fsprogs',
  cfssl: 'golang-cfssl',
  curl: 'curl',
  'dpkg-deb': 'dpkg',
  easyrsa: 'easy-rsa',
  etcd: 'etcd-server',
  etcdctl: 'etcd-client',
  faketime: 'faketime',
  fish: 'fish',
  flock: 'util-linux',
  groff: 'groff',
  git: 'git',
  man: 'man-db',
  mandoc: 'mandoc',
  minica: 'minica',
  nginx: 'nginx-light',
  nsenter: 'util-linux',
  openssl: 'openssl',
  initdb: 'postgresql',
  postgres: 'postgresql',
  'pre-commit': 'pre-commit',
  script: 'bsdutils',
  setpriv: 'util-linux',
  strace: 'strace',
  'systemd-analyze': 'systemd',
  'systemd-notify': 'systemd',
  unshare: 'util-linux',
  zsh: 'zsh',
} as const;

export type Program = keyof typeof debianPackages;

/** One line for everything that was left out here; the test runner counts them. */
export const skippedTests: string[] = [];

/** Debian keeps servers where the search path of ordinary users does not look. */
const folders = [
  ...(process.env['PATH'] ?? '').split(':').filter((folder) => folder !== ''),
  '/usr/sbin',
  '/usr/local/sbin',
  '/usr/share/easy-rsa',
  ...postgresqlFolders(),
];

/** Debian keeps each version of PostgreSQL in a folder of its own. */
function postgresqlFolders(): readonly string[] {
  const versions = '/usr/lib/postgresql';
  return existsSync(versions) ? readdirSync(versions).map((version) => join(versions, version, 'bin')) : [];
}

/** Where a program is on this machine; undefined where it is missing. */
export function programPath(program: Program): string | undefined {
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

/**
 * Whether all of these programs are here. If not, says so in one line and counts one skipped test, so call it once for what depends on it:
 * `if (needs('etcd', 'etcdctl')) test(…)` around one test, or `if (!needs('openssl')) return;` as its first line.
 */
export function needs(...programs: readonly Program[]): boolean {
  const missing = programs.filter((program) => programPath(program) === undefined);
  return missing.length === 0 || skip(`needs ${missing.map((program) => `${program} (Debian: ${debianPackages[program]})`).join(', ')}`);
}

/** Whether Debian's Python is here with a module, and the package the module comes from. Otherwise counts one skipped test, as `needs` does. */
export function needsPython(module: string, debianPackage: string): boolean {
  const { status } = spawnSync('/usr/bin/python3', ['-c', `import ${module}`], { stdio: 'ignore' });
  return status === 0 || skip(`needs ${module} of Python (Debian: ${debianPackage})`);
}

/** Whether `npm run package` has been run since the program was built. Otherwise counts one skipped test, as `needs` does. */
export function needsPackages(executable: string, program: string): boolean {
  const isFresh = existsSync(executable) && statSync(executable).mtimeMs >= statSync(program).mtimeMs;
  return isFresh || skip('needs what npm run package makes of the program as it is built now');
}

/** Whether we run as root: what changes owners can be tried only then. Otherwise counts one skipped test, as `needs` does. */
export function needsRoot(): boolean {
  return process.getuid?.() === 0 || skip('needs root rights');
}

function skip(reason: string): false {
  skippedTests.push(reason);
  process.stdout.write(`skipped: ${reason}\n`);
  return false;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
