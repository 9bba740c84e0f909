// Puts the chunks of a bundle into one CommonJS file, each as text that is compiled when it is first asked for.
// Why text: Node compiles a file whole before its first line runs, and a megabyte took 25 ms of the 95 that `certstate --version` needed.
import { transform } from 'esbuild';
import { output } from './bundle.mjs';
import { chunkLoader } from './chunk-loader.mjs';

const loader = `
const { compileFunction } = require('node:vm');${chunkLoader(
  "compileFunction(chunks[name], ['exports', 'require', 'module'], { filename: __filename + name.slice(1) })(chunk.exports, load, chunk);",
)}`;

/** @returns {Promise<string>} */
export async function oneFile(/** @type {import('./bundle.mjs').Bundle} */ { main, chunks }) {
  const { code: head } = await transform(`'use strict';\nconst chunks = ${JSON.stringify(chunks)};${loader}`, output);
  return `#!/usr/bin/env node\n${head.trimEnd()}\n(function(require){${main.trimEnd()}\n})(load);\n`;
}
