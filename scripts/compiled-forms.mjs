// What V8 makes of the text of the program, kept: a short run spends most of its time on compiling.
//
// Such a form is as much a part of the program as its text: V8 runs it as it is. It lies in the same folder, and whoever could change the one could change
// the other.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { chunkLoader, wrapped } from './chunk-loader.mjs';
import { repository } from './prepare.mjs';

/** Names are hashed with the same seed each time, so that the same program gives the same bytes; and what was compiled is not thrown away meanwhile. */
const flags = ['--hash-seed=1', '--no-flush-bytecode'];

/**
 * The compiled forms of the chunks that everyday commands need, by the name of the chunk: for the version and architecture of the Node that makes them, and
 * no other.
 * @param {import('./bundle.mjs').Bundle} bundle
 * @param {string} node the program that makes them
 * @param {string} work a folder that is not there yet
 * @returns {Record<string, Buffer>}
 */
export function compiledForms(bundle, node, work) {
  layOut(bundle, work);
  for (const part of ['prepare', 'perform']) rehearse(node, work, part);
  const names = readdirSync(work).filter((name) => name.endsWith('.compiled'));
  return Object.fromEntries(names.sort().map((name) => [`./${name.replace(/\.compiled$/, '')}`, readFileSync(join(work, name))]));
}

function rehearse(/** @type {string} */ node, /** @type {string} */ work, /** @type {string} */ part) {
  const env = { PATH: process.env['PATH'] };
  const words = [...flags, join(import.meta.dirname, 'rehearsal.cjs'), work, part];
  const { status, stderr, error } = spawnSync(node, words, { env, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  if (status !== 0) throw new Error(`the program could not be rehearsed with ${node}: ${error?.message ?? stderr}`);
}

/** The program in files of its own, which keeps what it has compiled, and a desired state for it. */
function layOut(/** @type {import('./bundle.mjs').Bundle} */ { main, chunks }, /** @type {string} */ work) {
  mkdirSync(work);
  for (const [name, chunk] of Object.entries(chunks)) writeFileSync(join(work, name), wrapped(chunk), 'latin1');
  const example = readFileSync(join(repository, 'desired-state', 'starlingx-etcd.yaml'), 'utf8');
  writeFileSync(join(work, 'desired-state.yaml'), example.replaceAll('size: 4096', 'size: 2048')); // made in a second
  writeFileSync(
    join(work, 'program.cjs'),
    `'use strict';
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const scripts = new Map();
function script(name) {
  const made = new Script(readFileSync(__dirname + name.slice(1), 'latin1'), { filename: name });
  scripts.set(name, made);
  return made;
}
${chunkLoader('script(name)')}
module.exports = { scripts, main: () => (function(require){${main.trimEnd()}\n})(load) };
`,
  );
}
