// npm run package [-- --out FOLDER] [--only x64|arm64] [--level 0-9]: a single executable and a Debian package for each architecture, and their checksums.
// `--level` is how hard xz tries: at 0 a package is a fifth larger and made in a quarter of the time, which is enough to try it.
// The same commit gives the same bytes; SOURCE_DATE_EPOCH says what the files are dated, by default the time of the commit.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { installIfNeeded, manifest, program, repository, run } from './prepare.mjs';
import { workFolder } from './work-folder.mjs';

const { values } = parseArgs({ options: { out: { type: 'string' }, only: { type: 'string' }, level: { type: 'string', default: '6' } } });
const architectures = /** @type {const} */ (['x64', 'arm64']).filter((name) => values.only === undefined || values.only === name);
if (architectures.length === 0) {
  process.stderr.write(`--only ${values.only}: there are x64 and arm64\n`);
  process.exit(1);
}
installIfNeeded();
// Only now are the packages there that these need.
const { bundle } = await import('./bundle.mjs');
const { billOfMaterials, bundledPackages, licenceTexts } = await import('./bundled-packages.mjs');
const { writeDeb } = await import('./package/deb.mjs');
const { copyright, debianArchitectures, debianVersion } = await import('./package/deb-control.mjs');
const { writeExecutable } = await import('./package/executable.mjs');
const { installPinnedNode } = await import('./package/pinned-node.mjs');

const work = workFolder('package');
const step = (name = 'step') => mkdtempSync(join(work, `${name}-`));
const time = Number(process.env['SOURCE_DATE_EPOCH'] ?? execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: repository }));
process.env['SOURCE_DATE_EPOCH'] = `${time}`;

const dist = step('dist');
run(process.execPath, [join(repository, 'scripts', 'build.mjs'), dist]);
const made = await bundle();
const packages = bundledPackages(made.inputs);
const ours = installPinnedNode(process.arch, step('node'));

const finished = step('finished');
for (const architecture of architectures) {
  const node = architecture === process.arch ? ours : installPinnedNode(architecture, step('node'));
  const name = `certstate-${manifest.version}-linux-${architecture}`;
  const executable = join(finished, name);
  const licences = copyright(licenceTexts(packages), node.licenceText);
  const bill = `${JSON.stringify(billOfMaterials([...packages, node.bundled]), undefined, 2)}\n`;
  const deb = join(finished, `certstate_${debianVersion(manifest.version)}_${debianArchitectures[architecture]}.deb`);
  writeExecutable({ program: made, node: node.program, builder: ours.program, postject: ours.postject, work: step(), to: executable });
  writeDeb({ architecture, executable, dist, licences, bill, time, level: values.level, work: step('deb'), to: deb });
  writeFileSync(`${executable}.licences.txt`, licences);
}
const names = readdirSync(finished).sort();
const sums = names.map(
  (name) =>
    `${createHash('sha256')
      .update(readFileSync(join(finished, name)))
      .digest('hex')}  ${name}\n`,
);
writeFileSync(join(finished, 'SHA256SUMS'), sums.join(''));

const out = resolve(values.out ?? join(dirname(program), 'packages'));
mkdirSync(out, { recursive: true });
for (const name of [...names, 'SHA256SUMS']) {
  const beside = join(out, `.${name}.${process.pid}`);
  copyFileSync(join(finished, name), beside);
  renameSync(beside, join(out, name));
  process.stdout.write(`${join(out, name)}\n`);
}
