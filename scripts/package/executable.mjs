// A single executable by Node's own support for them: a blob with the program, which Node looks for in itself when it starts.
//
// The chunks are assets of the blob, each read, with its compiled form where it has one, when it is first asked for.
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { chunkLoader, wrapped } from '../chunk-loader.mjs';
import { compiledForms } from '../compiled-forms.mjs';
import { runQuietly } from './run-quietly.mjs';

/** Node looks for this text in its own binary, to know whether there is a blob (nodejs/node, src/node_sea.cc). */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** What Node is told at every start; nothing can be added by `NODE_OPTIONS` or the command line. */
const execArgv = [
  '--disable-sigusr1', // from the first moment on: the inspector is not to be had by a signal
  '--openssl-config=/dev/null', // neither OPENSSL_CONF nor a file of the host can have OpenSSL load a library
];

const loader = (/** @type {readonly string[]} names of chunks */ compiled) => `'use strict';
const { getRawAsset } = require('node:sea');
const { Script } = require('node:vm');
const asset = (name) => Buffer.from(getRawAsset(name));
const compiled = ${JSON.stringify(compiled)};
const script = (name) => new Script(asset(name).latin1Slice(), {
  filename: process.execPath + name.slice(1),
  ...(compiled.includes(name) && { cachedData: asset(name + '.compiled') }),
});
${chunkLoader('script(name)')}`;

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
  // A compiled form is of one architecture.
  const forms = node === builder ? compiledForms(program, builder, join(work, 'rehearsal')) : {};
  const assets = new Map([
    ...Object.entries(program.chunks).map(([name, chunk]) => /** @type {const} */ ([name, Buffer.from(wrapped(chunk), 'latin1')])),
    ...Object.entries(forms).map(([name, form]) => /** @type {const} */ ([`${name}.compiled`, form])),
  ]);
  mkdirSync(join(work, 'assets'));
  for (const [name, content] of assets) writeFileSync(join(work, 'assets', name), content);
  writeFileSync(join(work, 'certstate.js'), `${loader(Object.keys(forms))}\n(function(require){${program.main.trimEnd()}\n})(load);\n`);
  const config = {
    main: 'certstate.js', // stands in the blob, so it is the same whatever our folder is called
    output: 'certstate.blob',
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    useCodeCache: false,
    execArgv,
    execArgvExtension: 'none',
    assets: Object.fromEntries([...assets.keys()].map((name) => [name, join('assets', name)])),
  };
  writeFileSync(join(work, 'sea-config.json'), JSON.stringify(config));
  runQuietly(builder, ['--experimental-sea-config', 'sea-config.json'], work);
  copyFileSync(node, join(work, 'certstate'));
  const injected = ['certstate', 'NODE_SEA_BLOB', 'certstate.blob', '--sentinel-fuse', fuse];
  runQuietly(process.execPath, [join(postject, 'dist', 'cli.js'), ...injected], work);
  copyFileSync(join(work, 'certstate'), to);
  chmodSync(to, 0o755);
}
