// build.mjs [FOLDER]: builds dist/ (or the folder named): the program as one CommonJS file, the licences of what is bundled, a software bill of materials.
// The same sources and lockfile give the same bytes.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { billOfMaterials, bundledPackages, licenceTexts } from './bundled-packages.mjs';
import { manifest, program, repository } from './prepare.mjs';

const dist = resolve(process.argv[2] ?? dirname(program));
mkdirSync(dist, { recursive: true });

const { metafile, outputFiles } = await build({
  absWorkingDir: repository,
  entryPoints: ['src/cli/main.ts'],
  outfile: program,
  write: false,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  // One CommonJS file is also what a single executable takes. `import()` of a bundled module stays lazy in it: its code runs when first asked for.
  format: 'cjs',
  // ES modules first: what is not used falls away.
  mainFields: ['module', 'main'],
  // Names stay, so that the trace in a bug report can be read.
  minifyWhitespace: true,
  minifySyntax: true,
  charset: 'utf8',
  legalComments: 'none',
  banner: { js: '#!/usr/bin/env node' },
  define: { __CERTSTATE_VERSION__: JSON.stringify(manifest.version) },
  metafile: true,
  logLevel: 'warning',
}).catch(() => process.exit(1)); // esbuild has said why
const packages = bundledPackages(Object.keys(metafile.inputs));
put('THIRD-PARTY-LICENSES.txt', licenceTexts(packages));
put('sbom.cdx.json', `${JSON.stringify(billOfMaterials(packages), undefined, 2)}\n`);
put('certstate.cjs', outputFiles[0]?.text ?? '', 0o755);

/** Puts one file in place, whole: whoever runs the program meanwhile sees the old one or the new one. */
function put(/** @type {string} */ name, /** @type {string} */ text, mode = 0o644) {
  const beside = join(dist, `.${name}.${process.pid}`);
  writeFileSync(beside, text, { mode });
  renameSync(beside, join(dist, name));
}
