// rehearsal.cjs FOLDER prepare|perform: runs the program of FOLDER (made by compiled-forms.mjs) by the Node that will run it. `prepare` makes the files that
// the others look at; `perform` runs what is run most and should start at once, and writes the compiled form of each chunk that was asked for as NAME.compiled.
//
// In such a form is what was compiled so far: what these commands use, and little else. Processor time of `certstate plan` against `node -e 0`: 1.8 times,
// where forms with everything in them took 2.0, with what V8 compiles at once 2.4, and without any 2.7.
'use strict';
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');

const [, , folder = '.', part = 'perform'] = process.argv;
const { scripts, main } = require(join(folder, 'program.cjs'));

const [yaml, root] = [join(folder, 'desired-state.yaml'), join(folder, 'root')];
const apply = ['apply', '-f', yaml, '--root', root, '--yes', '--confirm', 'ca/etcd', '--accept-clock'];
const everyday = [
  ['validate', '-f', yaml],
  ['plan', '-f', yaml, '--root', root],
  ['check', '-f', yaml, '--root', root],
];

/** Findings are no failure: a clock that is behind is one. */
const failed = (/** @type {unknown} */ exit) => exit !== undefined && exit !== 0 && exit !== 2;

/** The program does not say when it is done; Node does, since there is nothing left to do then. */
const waiting = part === 'prepare' ? [apply] : everyday;
process.on('beforeExit', () => {
  const words = waiting.shift();
  if (failed(process.exitCode) || words === undefined) return;
  process.argv = [process.argv0, join(folder, 'certstate.cjs'), ...words];
  setImmediate(main);
});

process.on('exit', (exit) => {
  process.exitCode = failed(exit) || waiting.length > 0 ? 1 : 0;
  if (process.exitCode === 1)
    process.stderr.write(`${part}: the program ended with ${exit}, and ${waiting.length} commands were not run\n`);
  else if (part === 'perform') for (const [name, script] of scripts) writeForm(name, script);
});

function writeForm(/** @type {string} */ name, /** @type {import('node:vm').Script} */ script) {
  // V8 refuses a form that was made under other flags than it runs with: back to how it starts without any.
  setFlagsFromString('--hash-seed=0');
  setFlagsFromString('--flush-bytecode');
  const form = script.createCachedData();
  const taken = new Script(readFileSync(join(folder, name), 'latin1'), { filename: name, cachedData: form });
  if (taken.cachedDataRejected) throw new Error(`Node ${process.version} refuses its own compiled form of ${name}`);
  writeFileSync(join(folder, `${name}.compiled`), form);
}
