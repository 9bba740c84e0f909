// What a fresh clone needs before anything else can run, with Node alone: the packages of the lockfile, and the built program.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('..', import.meta.url));
export const program = join(repository, 'dist', 'certstate.cjs');
export const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));

/** Folders and files the built program is made from. */
const buildInputs = [
  'src',
  'scripts/build.mjs',
  'scripts/bundle.mjs',
  'scripts/bundled-packages.mjs',
  'scripts/chunk-loader.mjs',
  'scripts/compiled-forms.mjs',
  'scripts/program-file.mjs',
  'scripts/rehearsal.cjs',
  'scripts/shipped-texts.ts',
  'scripts/man-page.ts',
  'package.json',
  'package-lock.json',
];

/** Installs what package-lock.json names when node_modules is missing or holds something else. Scripts of packages never run. */
export function installIfNeeded() {
  const reason = whyInstall();
  if (reason === undefined) return;
  process.stderr.write(`Installing packages from package-lock.json (${reason})\n`);
  npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
}

/** Runs npm with our streams, and ends with its exit code when it fails. */
export function npm(/** @type {string[]} */ args, folder = repository) {
  // npm is a script beside or above node; under `npm start` its path is known, and a shell-less spawn works everywhere.
  const path = process.env['npm_execpath'];
  const isNpm = path !== undefined && /npm-cli\.[cm]?js$/.test(path);
  run(isNpm ? process.execPath : 'npm', isNpm ? [path, ...args] : args, folder);
}

/** Builds dist/ when something it is made from is newer. */
export function buildIfStale() {
  if (!existsSync(join(repository, 'src', 'cli', 'main.ts'))) return;
  const built = existsSync(program) ? statSync(program).mtimeMs : 0;
  if (newest(buildInputs.map((path) => join(repository, path))) < built) return;
  run(process.execPath, [join(repository, 'scripts', 'build.mjs')]);
}

/** @returns {string | undefined} why node_modules is not what the lockfile says */
function whyInstall() {
  const installed = lockedPackages(join(repository, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return 'nothing is installed yet';
  for (const [path, wanted] of Object.entries(lockedPackages(join(repository, 'package-lock.json')) ?? {})) {
    const found = installed[path];
    if (path === '' || (found === undefined && wanted.optional)) continue; // optional: made for other platforms
    if (found?.version !== wanted.version || found?.integrity !== wanted.integrity) return `${path} is not ${wanted.version}`;
  }
  return undefined;
}

/** @returns {Record<string, {version: string, integrity?: string, optional?: boolean}> | undefined} */
function lockedPackages(/** @type {string} */ path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined;
}

/** The latest modification below the given paths; folders count, so that a deleted file is noticed. @returns {number} */
function newest(/** @type {string[]} */ paths) {
  let latest = 0;
  for (const path of paths) {
    if (!existsSync(path)) continue;
    const status = statSync(path);
    const below = status.isDirectory() ? newest(readdirSync(path).map((name) => join(path, name))) : 0;
    latest = Math.max(latest, status.mtimeMs, below);
  }
  return latest;
}

/** Runs a program with our streams, and ends with its exit code when it fails. */
export function run(/** @type {string} */ file, /** @type {string[]} */ args, folder = repository) {
  const { status, error } = spawnSync(file, args, { cwd: folder, stdio: 'inherit' });
  if (error !== undefined) process.stderr.write(`${file} cannot be run: ${error.message}\n`);
  if (status !== 0) process.exit(status ?? 1);
}
