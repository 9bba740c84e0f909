// The program as its sources and the lockfile make it: chunks of CommonJS, and what they were made from. The same input gives the same bytes.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';
import { build, transform } from 'esbuild';
import { manifest, repository } from './prepare.mjs';

/** Names stay, so that the trace in a bug report can be read; ASCII, since Node reads such a file without decoding it. */
export const output = /** @type {const} @satisfies {import('esbuild').TransformOptions} */ ({
  target: 'node20.19',
  minifyWhitespace: true,
  minifySyntax: true,
  charset: 'ascii',
  legalComments: 'none',
});

/**
 * @typedef {object} Bundle
 * @property {string} main what runs first; it asks for chunks by `require('./NAME')`
 * @property {Record<string, string>} chunks by `./NAME`, as they ask for each other; each is loaded when it is first asked for
 * @property {readonly string[]} inputs the paths of what went in, from the repository on
 */

/**
 * Packages whose use is rare are loaded when what they export is called. string-width makes an `Intl.Segmenter`, 11 ms, which a text in ASCII never needs;
 * croner is for desired states with maintenance windows.
 * @type {Readonly<Record<string, string>>} what takes the place of each
 */
const calls = {
  'string-width': "let found;\nexport default (...given) => (found ??= require('string-width').default)(...given);",
  croner: "let found;\nexport function Cron(...given) { return new (found ??= require('croner').Cron)(...given); }",
};

/** @type {import('esbuild').Plugin} */
const loadedWhenCalled = {
  name: 'loaded-when-called',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^(?:${Object.keys(calls).join('|')})$`) }, ({ path, namespace }) =>
      namespace === 'loaded-when-called' ? undefined : { path, namespace: 'loaded-when-called' },
    );
    onLoad({ filter: /.*/, namespace: 'loaded-when-called' }, ({ path }) => ({ contents: calls[path] ?? '', resolveDir: repository }));
  },
};

/** SOURCE_DATE_EPOCH, where it is given: a clock that is behind it cannot be right, and the program says so. @returns {string} */
function sourceDate() {
  const given = process.env['SOURCE_DATE_EPOCH'] ?? 'undefined';
  if (!/^(?:\d{1,11}|undefined)$/.test(given)) throw new Error(`SOURCE_DATE_EPOCH is not a number of seconds: ${given}`);
  return given;
}

/** What tells the code that reads and judges contents from every other version of it: facts that another has kept are not taken over. @returns {string} */
function readingCode() {
  const hash = createHash('sha256');
  for (const room of ['domain', 'formats', 'observe', 'x509']) {
    const folder = join(repository, 'src', room);
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    for (const name of names.sort()) hash.update(`${room}/${name}\n`).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex');
}

/** @returns {Promise<Bundle>} */
export async function bundle() {
  const { metafile, outputFiles } = await build({
    ...output,
    absWorkingDir: repository,
    entryPoints: ['src/cli/main.ts'],
    outdir: 'dist', // names the files; nothing is written
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    // ES modules first: what is not used falls away.
    mainFields: ['module', 'main'],
    define: {
      __CERTSTATE_VERSION__: JSON.stringify(manifest.version),
      __CERTSTATE_MADE__: sourceDate(),
      __CERTSTATE_READING__: JSON.stringify(readingCode()),
    },
    plugins: [loadedWhenCalled],
    metafile: true,
    logLevel: 'warning',
  }).catch(() => process.exit(1)); // esbuild has said why
  /** @type {Record<string, string>} */
  const chunks = {};
  for (const { path, text } of outputFiles) {
    // Without import() of its own, esbuild writes a promise of require() in its place.
    const { code } = await transform(text, { ...output, format: 'cjs', platform: 'node', supported: { 'dynamic-import': false } });
    chunks[`./${basename(path)}`] = code.startsWith('"use strict"') ? code : `"use strict";${code}`;
  }
  const { './main.js': main, ...others } = chunks;
  if (main === undefined) throw new Error('esbuild made no main.js');
  return { main, chunks: others, inputs: Object.keys(metafile.inputs) };
}
