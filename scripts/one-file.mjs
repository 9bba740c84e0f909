// Puts the chunks of a bundle into one CommonJS file, each as text that is compiled when it is first asked for.
// Why text: Node compiles a file whole before its first line runs, and a megabyte took 25 ms of the 95 that `certstate --version` needed.
import { transform } from 'esbuild';
import { output } from './bundle.mjs';

/** The file's own loader: chunks ask for each other by `./name`, for Node's modules by their own. A chunk runs once. */
const loader = `
const { compileFunction } = require('node:vm');
const loaded = new Map();
// Modules of Node that few runs need are loaded when something of them is first used: 6 ms, where an empty Node takes 60.
const seldom = ['node:child_process', 'node:crypto', 'node:net', 'node:timers/promises', 'node:tls'];
function load(name) {
  if (seldom.includes(name)) return new Proxy({}, { get: (_, key) => require(name)[key] });
  if (!name.startsWith('./')) return require(name);
  let chunk = loaded.get(name);
  if (chunk === undefined) {
    loaded.set(name, (chunk = { exports: {} }));
    compileFunction(chunks[name], ['exports', 'require', 'module'], { filename: __filename + name.slice(1) })(chunk.exports, load, chunk);
  }
  return chunk.exports;
}`;

/** @returns {Promise<string>} */
export async function oneFile(/** @type {import('./bundle.mjs').Bundle} */ { main, chunks }) {
  const { code: head } = await transform(`'use strict';\nconst chunks = ${JSON.stringify(chunks)};${loader}`, output);
  return `#!/usr/bin/env node\n${head.trimEnd()}\n(function(require){${main.trimEnd()}\n})(load);\n`;
}
