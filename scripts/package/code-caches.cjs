// code-caches.cjs write|check FOLDER: the compiled form of each script in FOLDER, beside it as NAME.cache. Run by the Node that will load them.
// Why not Node's own `useCodeCache`: it compiles only what runs at once, of the main script alone, and differs from build to build.
'use strict';
const { readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');

const [, , what, folder = '.'] = process.argv;
const names = readdirSync(folder).filter((name) => name.endsWith('.js'));
const compile = (/** @type {string} */ name, /** @type {Buffer | undefined} */ cachedData) =>
  new Script(readFileSync(join(folder, name), 'latin1'), { filename: name, ...(cachedData && { cachedData }) });

if (what === 'write') {
  // Names are hashed with a seed that is given on the command line (see executable.mjs), so that the same script gives the same bytes.
  // V8 refuses a cache that was made with other flags than it runs with: back to how it starts without any.
  setFlagsFromString('--hash-seed=0');
  setFlagsFromString('--no-lazy'); // functions within functions too
  const scripts = names.map((name) => /** @type {const} */ ([name, compile(name, undefined)]));
  setFlagsFromString('--lazy');
  for (const [name, script] of scripts) writeFileSync(join(folder, `${name}.cache`), script.createCachedData());
} else {
  const refused = names.filter((name) => compile(name, readFileSync(join(folder, `${name}.cache`))).cachedDataRejected);
  if (refused.length > 0) throw new Error(`Node ${process.version} refuses the compiled form of ${refused.join(', ')}`);
}
