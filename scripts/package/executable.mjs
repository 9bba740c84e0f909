// A single executable by Node's own support for them: a blob with the program, which Node looks for in itself when it starts.
//
// The chunks are assets of the blob, each read, with its compiled form, when it is first asked for. Processor time with Node 24 against `node -e 0`:
// `--version` 1.05 times, where one file with all of them in it took 1.1; `validate` 2.3 times, where the same without compiled forms took 3.2.
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { chunkLoader } from '../chunk-loader.mjs';
import { run } from '../prepare.mjs';
import { runQuietly } from './run-quietly.mjs';

/** Node looks for this text in its own binary, to know whether there is a blob (nodejs/node, src/node_sea.cc). */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** What Node is told at every start; nothing can be added by `NODE_OPTIONS` or the command line. */
const execArgv = [
  '--disable-sigusr1', // from the first moment on: the inspector is not to be had by a signal
  '--openssl-config=/dev/null', // neither OPENSSL_CONF nor a file of the host can have OpenSSL load a library
];

const loader = (/** @type {boolean} */ cached) => `'use strict';
const { getRawAsset } = require('node:sea');
const { Script } = require('node:vm');
const asset = (name) => Buffer.from(getRawAsset(name));
${chunkLoader(`const options = { filename: process.execPath + name.slice(1)${cached ? ", cachedData: asset(name + '.cache')" : ''} };
    new Script(asset(name).latin1Slice(), options).runInThisContext()(chunk.exports, load, chunk);`)}`;

/**
 * Writes the executable. The same program and the same Node give the same bytes.
 * @param {object} given
 * @param {import('../bundle.mjs').Bundle} given.program
 * @param {string} given.node the Node that goes into it
 * @param {string} given.builder the same version of Node, for the machine we run on
 * @param {string} given.postject the folder of that package
 * @param {string} given.work an empty folder
 * @param {string} given.to
 */
export function writeExecutable({ program, node, builder, postject, work, to }) {
  const cached = node === builder; // a compiled form is of one architecture
  const chunks = join(work, 'chunks');
  mkdirSync(chunks);
  for (const [name, text] of Object.entries(program.chunks)) {
    writeFileSync(join(chunks, name), `(function(exports,require,module){${text}\n})`, 'latin1');
  }
  if (cached) {
    const script = join(import.meta.dirname, 'code-caches.cjs');
    run(builder, ['--hash-seed=1', script, 'write', chunks]);
    run(builder, [script, 'check', chunks]);
  }
  writeFileSync(join(work, 'certstate.js'), `${loader(cached)}\n(function(require){${program.main.trimEnd()}\n})(load);\n`);
  const assets = Object.keys(program.chunks).flatMap((name) => (cached ? [name, `${name}.cache`] : [name]));
  const config = {
    main: 'certstate.js', // stands in the blob, so it is the same whatever our folder is called
    output: 'certstate.blob',
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    useCodeCache: false,
    execArgv,
    execArgvExtension: 'none',
    assets: Object.fromEntries(assets.map((name) => [name, join('chunks', name)])),
  };
  writeFileSync(join(work, 'sea-config.json'), JSON.stringify(config));
  runQuietly(builder, ['--experimental-sea-config', 'sea-config.json'], work);
  copyFileSync(node, join(work, 'certstate'));
  const injected = ['certstate', 'NODE_SEA_BLOB', 'certstate.blob', '--sentinel-fuse', fuse];
  runQuietly(process.execPath, [join(postject, 'dist', 'cli.js'), ...injected], work);
  copyFileSync(join(work, 'certstate'), to);
  chmodSync(to, 0o755);
}
