// build.mjs [FOLDER]: builds dist/ (or the folder named): the program as one CommonJS file, the licences of what is bundled, a software bill of materials.
// The same sources and lockfile give the same bytes.
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { billOfMaterials, bundledPackages, licenceTexts } from './bundled-packages.mjs';
import { oneFile } from './one-file.mjs';
import { manifest, program, repository } from './prepare.mjs';

const dist = resolve(process.argv[2] ?? dirname(program));
mkdirSync(dist, { recursive: true });

/** Names stay, so that the trace in a bug report can be read; ASCII, since Node reads such a file without decoding it. @satisfies {import('esbuild').TransformOptions} */
const output = /** @type {const} */ ({
  target: 'node20.19',
  minifyWhitespace: true,
  minifySyntax: true,
  charset: 'ascii',
  legalComments: 'none',
});

/**
 * A package whose loading is dear and whose use is rare: its default function loads it when it is called.
 * string-width makes an `Intl.Segmenter`, 11 ms, which a text in ASCII never needs.
 * @type {import('esbuild').Plugin}
 */
const loadedWhenCalled = {
  name: 'loaded-when-called',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^string-width$/ }, ({ path, namespace }) =>
      namespace === 'loaded-when-called' ? undefined : { path, namespace: 'loaded-when-called' },
    );
    onLoad({ filter: /.*/, namespace: 'loaded-when-called' }, ({ path }) => ({
      contents: `let found;\nexport default (...given) => (found ??= require('${path}').default)(...given);`,
      resolveDir: repository,
    }));
  },
};

const { metafile, outputFiles } = await build({
  ...output,
  absWorkingDir: repository,
  entryPoints: ['src/cli/main.ts'],
  outdir: dist,
  write: false,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  // ES modules first: what is not used falls away.
  mainFields: ['module', 'main'],
  define: { __CERTSTATE_VERSION__: JSON.stringify(manifest.version) },
  plugins: [loadedWhenCalled],
  metafile: true,
  logLevel: 'warning',
}).catch(() => process.exit(1)); // esbuild has said why

const packages = bundledPackages(Object.keys(metafile.inputs));
put('THIRD-PARTY-LICENSES.txt', licenceTexts(packages));
put('sbom.cdx.json', `${JSON.stringify(billOfMaterials(packages), undefined, 2)}\n`);
put('certstate.cjs', await oneFile(outputFiles, 'main.js', output), 0o755);

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
