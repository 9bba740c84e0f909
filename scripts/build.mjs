// build.mjs [FOLDER]: builds dist/ (or the folder named): the program as one CommonJS file, the licences of what is bundled, a software bill of materials.
// The same sources and lockfile give the same bytes.
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { bundle } from './bundle.mjs';
import { billOfMaterials, bundledPackages, licenceTexts } from './bundled-packages.mjs';
import { oneFile } from './one-file.mjs';
import { program } from './prepare.mjs';

const dist = resolve(process.argv[2] ?? dirname(program));
mkdirSync(dist, { recursive: true });

const made = await bundle();
const packages = bundledPackages(made.inputs);
put('THIRD-PARTY-LICENSES.txt', licenceTexts(packages));
put('sbom.cdx.json', `${JSON.stringify(billOfMaterials(packages), undefined, 2)}\n`);
put('certstate.cjs', await oneFile(made), 0o755);

/** The contracts of our formats, as the program prints them; the number is that of the format. */
const schemas = {
  config: 'desired-state.v1.json',
  plan: 'plan.v1.json',
  status: 'status.v1.json',
  check: 'check.v1.json',
  history: 'history.v1.json',
  generations: 'generations.v1.json',
  events: 'events.v1.json',
  report: 'report.v1.json',
};
mkdirSync(join(dist, 'schema'), { recursive: true });
for (const [name, file] of Object.entries(schemas)) {
  put(join('schema', file), execFileSync(process.execPath, [join(dist, 'certstate.cjs'), 'schema', name], { encoding: 'utf8' }));
}

/** Puts one file in place, whole: whoever runs the program meanwhile sees the old one or the new one. */
function put(/** @type {string} */ name, /** @type {string} */ text, mode = 0o644) {
  const beside = `${join(dist, name)}.${process.pid}`;
  writeFileSync(beside, text, { mode });
  renameSync(beside, join(dist, name));
}
