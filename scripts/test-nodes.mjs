// npm run test:nodes [-- WORD…]: the whole suite (or the files whose path contains one of the words) and the packed program, on the versions of Node
// that scripts/test-nodes pins; one after another, since tests measure time. Ends with a table, and with 1 if anything failed.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { installPinned } from './install-pinned.mjs';
import { buildIfStale, installIfNeeded, repository } from './prepare.mjs';
import { tryTarball } from './test-nodes/try-tarball.mjs';
import { workFolder } from './work-folder.mjs';

installIfNeeded();
buildIfStale();
const work = workFolder('nodes');
chmodSync(work, 0o755); // tests start programs as another user, too
const words = process.argv.slice(2);
const packages = installPinned('scripts/test-nodes', join(work, 'nodes'));
const manifest = JSON.parse(readFileSync(join(repository, 'scripts', 'test-nodes', 'package.json'), 'utf8'));
const names = Object.keys(manifest.optionalDependencies).filter((name) => name.endsWith(`-linux-${process.arch}`));

const rows = [];
for (const name of names) {
  const bin = join(packages, name, 'bin');
  const node = join(bin, 'node');
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  // Whatever is started by the name `node`, npm's own script among it, is this one.
  const environment = { ...process.env, PATH: [bin, process.env['PATH']].join(delimiter) };
  process.stdout.write(`\n== Node ${version}\n`);
  const folder = join(work, name);
  mkdirSync(folder);
  rows.push({ version, suite: await runSuite(node, environment), tarball: tryTarball({ folder, environment }) });
}

process.stdout.write('\n');
for (const { version, suite, tarball } of rows)
  process.stdout.write(`${version.padEnd(10)} ${suite.counts}, ${tarball ? 'the packed program works' : 'THE PACKED PROGRAM FAILS'}\n`);
process.exitCode = rows.length > 0 && rows.every(({ suite, tarball }) => suite.ok && tarball) ? 0 : 1;

/** @returns {Promise<{ ok: boolean, counts: string }>} the suite's own last line; it ends with us */
async function runSuite(/** @type {string} */ node, /** @type {NodeJS.ProcessEnv} */ environment) {
  const args = ['--import', 'tsx', join(repository, 'scripts', 'run-tests.ts'), ...words];
  const suite = spawn(node, args, { cwd: repository, env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  const end = () => suite.kill();
  process.on('exit', end);
  let said = '';
  suite.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text);
    said += text;
  });
  const [status] = await once(suite, 'close');
  process.off('exit', end);
  const counts = said.trimEnd().split('\n').at(-1) ?? '';
  const hasCounts = /^\d+ passed, \d+ failed/.test(counts);
  return { ok: status === 0 && hasCounts, counts: hasCounts ? counts : `the tests did not end with their counts (exit code ${status})` };
}
