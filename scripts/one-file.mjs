// Puts the chunks of a bundle into one CommonJS file, each as text that is compiled when it is first asked for.
// Why text: Node compiles a file whole before its first line runs, and a megabyte took 25 ms of the 95 that `certstate --version` needed.
import { basename } from 'node:path';
import { transform } from 'esbuild';

/** The file's own loader: chunks ask for each other by `./name`, for Node's modules by their own. A chunk runs once. */
const loader = `
const { compileFunction } = require('node:vm');
const loaded = new Map();
function load(name) {
  if (!name.startsWith('./')) return require(name);
  let chunk = loaded.get(name);
  if (chunk === undefined) {
    loaded.set(name, (chunk = { exports: {} }));
    compileFunction(chunks[name], ['exports', 'require', 'module'], { filename: __filename + name.slice(1) })(chunk.exports, load, chunk);
  }
  return chunk.exports;
}`;

/**
 * @param {readonly { path: string, text: string }[]} files what esbuild made with `splitting`: ES modules that import each other
 * @param {string} entry the name of the one that is run
 * @param {import('esbuild').TransformOptions} options
 * @returns {Promise<string>}
 */
export async function oneFile(files, entry, options) {
  /** @type {Record<string, string>} */
  const chunks = {};
  for (const { path, text } of files) {
    // Without import() of its own, esbuild writes a promise of require() in its place.
    const { code } = await transform(text, { ...options, format: 'cjs', platform: 'node', supported: { 'dynamic-import': false } });
    chunks[`./${basename(path)}`] = code.startsWith('"use strict"') ? code : `"use strict";${code}`;
  }
  const main = chunks[`./${entry}`];
  if (main === undefined) throw new Error(`esbuild made no ${entry}`);
  delete chunks[`./${entry}`];
  const { code: head } = await transform(`'use strict';\nconst chunks = ${JSON.stringify(chunks)};${loader}`, options);
  return `#!/usr/bin/env node\n${head.trimEnd()}\n(function(require){${main.trimEnd()}\n})(load);\n`;
}
