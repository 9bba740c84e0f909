// Builds dist/: the program as one CommonJS file, the licences of what is bundled into it, and a software bill of materials.
// The same sources and lockfile give the same bytes.
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { billOfMaterials, bundledPackages, licenceTexts } from './bundled-packages.mjs';
import { manifest, program, repository } from './prepare.mjs';

const dist = join(repository, 'dist');
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);

const { metafile } = await build({
  absWorkingDir: repository,
  entryPoints: ['src/cli/main.ts'],
  outfile: program,
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
});
chmodSync(program, 0o755);

const packages = bundledPackages(Object.keys(metafile.inputs));
writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licenceTexts(packages));
writeFileSync(join(dist, 'sbom.cdx.json'), `${JSON.stringify(billOfMaterials(packages), undefined, 2)}\n`);
