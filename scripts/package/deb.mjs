// A Debian package of the executable, with the man page, completions, examples and licences. The same content and time give the same bytes.
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, lstatSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { repository } from '../prepare.mjs';
import { control, debianChangelog } from './deb-control.mjs';
import { runQuietly } from './run-quietly.mjs';

/**
 * @param {object} given
 * @param {keyof typeof import('./deb-control.mjs').debianArchitectures} given.architecture
 * @param {string} given.executable
 * @param {string} given.dist where the build has put the man page and the completions
 * @param {string} given.licences the text of what everything inside is under
 * @param {string} given.bill the bill of materials
 * @param {number} given.time seconds since 1970: what all files are dated
 * @param {string} given.level of compression, 0 to 9
 * @param {string} given.work an empty folder
 * @param {string} given.to
 */
export function writeDeb({ architecture, executable, dist, licences, bill, time, level, work, to }) {
  const put = (/** @type {string} */ path, /** @type {string | Buffer} */ content) => {
    mkdirSync(dirname(join(work, path)), { recursive: true });
    writeFileSync(join(work, path), content);
  };
  const built = (/** @type {string} */ name) => readFileSync(join(dist, name));
  const doc = 'usr/share/doc/certstate';
  mkdirSync(join(work, 'usr/bin'), { recursive: true });
  copyFileSync(executable, join(work, 'usr/bin/certstate'));
  mkdirSync(join(work, 'etc/certstate'), { recursive: true });
  put('usr/share/man/man1/certstate.1.gz', gzipSync(built('man/certstate.1'), { level: 9 }));
  put('usr/share/bash-completion/completions/certstate', built('completions/certstate.bash'));
  put('usr/share/zsh/vendor-completions/_certstate', built('completions/_certstate'));
  put('usr/share/fish/vendor_completions.d/certstate.fish', built('completions/certstate.fish'));
  for (const path of filesBelow(join(repository, 'templates/systemd'))) put(`usr/lib/systemd/system/${basename(path)}`, readFileSync(path));
  put(`${doc}/copyright`, licences);
  put(`${doc}/sbom.cdx.json`, bill);
  put(`${doc}/changelog.gz`, gzipSync(debianChangelog(time), { level: 9 }));
  put(`${doc}/CHANGELOG.md.gz`, gzipSync(readFileSync(join(repository, 'CHANGELOG.md')), { level: 9 }));
  const desiredStates = join(repository, 'desired-state');
  for (const path of filesBelow(desiredStates)) put(`${doc}/desired-state/${relative(desiredStates, path)}`, readFileSync(path));

  const files = filesBelow(work);
  const bytes = files.reduce((sum, path) => sum + lstatSync(path).size, 0);
  const sums = files.map((path) => `${createHash('md5').update(readFileSync(path)).digest('hex')}  ${relative(work, path)}\n`);
  put('DEBIAN/control', control(architecture, Math.ceil(bytes / 1024)));
  put('DEBIAN/md5sums', sums.join(''));
  for (const path of everythingBelow(work)) {
    const isProgram = path === join(work, 'usr/bin/certstate');
    chmodSync(path, isProgram || lstatSync(path).isDirectory() ? 0o755 : 0o644); // whatever our umask is
    utimesSync(path, time, time);
  }
  // mkdtemp made the folder itself for us alone; dpkg-deb takes its mode for that of `/`.
  chmodSync(work, 0o755);
  utimesSync(work, time, time);
  const environment = { ...process.env, SOURCE_DATE_EPOCH: `${time}` };
  runQuietly('dpkg-deb', ['--build', '--root-owner-group', '-Zxz', `-z${level}`, work, to], dirname(work), environment);
  chmodSync(to, 0o644);
}

/** @returns {string[]} folders before what is in them, sorted */
function everythingBelow(/** @type {string} */ folder) {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries.map(({ parentPath, name }) => join(parentPath, name)).sort();
}

/** @returns {string[]} */
const filesBelow = (/** @type {string} */ folder) => everythingBelow(folder).filter((path) => lstatSync(path).isFile());
