// The program as it is shipped: one CommonJS file, which is enough to run, and beside it the compiled forms of its chunks, which make it start sooner.
//
// Node compiles a file whole before its first line runs. So the chunks stand in a comment at its end, which V8 only skips, and each is read from there when it
// is first asked for. Processor time of `certstate --version` against `node -e 0`: 1.16 times, where chunks as strings took 1.26.
import { createHash } from 'node:crypto';
import { transform } from 'esbuild';
import { output } from './bundle.mjs';
import { chunkLoader, wrapped } from './chunk-loader.mjs';

/** What stands for the end of a comment within the one that holds the chunks: as long as that, and nowhere else in them. */
const commentEnd = /** @type {const} */ (['*/', '*\x01']);

/**
 * What the program does to run a chunk. All that is needed of the two files is read at once, when the first chunk is: an upgrade that replaces them meanwhile
 * changes nothing for who runs already. The compiled forms may be missing, or of another program or another Node: then V8 compiles, as it does for every
 * program. V8 looks for itself whether version and flags are those of a form.
 */
const loader = (
  /** @type {{ id: string, places: Record<string, readonly [number, number]>, length: number }} */ { id, places, length },
) => `
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const places = ${JSON.stringify(places)};
let texts, forms;
function read() {
  texts = readFileSync(__filename);
  texts = texts.subarray(texts.length - ${length});
  forms = () => undefined;
  try {
    const bytes = readFileSync(__filename.replace(/cjs$/, 'compiled'));
    const from = bytes.indexOf('\\n') + 1;
    const head = JSON.parse(bytes.latin1Slice(0, from));
    const found = head.program === '${id}' && head.forms[process.version + ' ' + process.arch];
    if (found) forms = (name) => found[name] && bytes.subarray(from).subarray(...found[name]);
  } catch {}
}
function script(name) {
  if (texts === undefined) read();
  const text = texts.latin1Slice(...places[name]).replaceAll('${commentEnd[1]}', '${commentEnd[0]}');
  return new Script(text, { filename: __filename + name.slice(1), cachedData: forms(name) });
}
${chunkLoader('script(name)')}`;

/**
 * @returns {Promise<{ readonly text: string, readonly id: string }>} the file, and by what its compiled forms are known to be its own
 */
export async function programFile(/** @type {import('./bundle.mjs').Bundle} */ { main, chunks }) {
  /** @type {Record<string, readonly [number, number]>} */
  const places = {};
  let texts = '';
  for (const [name, chunk] of Object.entries(chunks)) {
    const text = wrapped(chunk);
    if (text.includes(commentEnd[1])) throw new Error(`${name} has what stands for the end of a comment`);
    places[name] = [texts.length, texts.length + text.length];
    texts += text.replaceAll(...commentEnd);
  }
  texts += '*/\n';
  const id = createHash('sha256').update(texts).digest('hex');
  const { code: head } = await transform(`'use strict';${loader({ id, places, length: texts.length })}`, output);
  return { text: `#!/usr/bin/env node\n${head.trimEnd()}\n(function(require){${main.trimEnd()}\n})(load);\n/*${texts}`, id };
}

/**
 * The file beside it: a line of JSON that says where each form stands, and the forms.
 * @param {string} program the `id` of the program
 * @param {Readonly<Record<string, Readonly<Record<string, Buffer>>>>} forms by `VERSION ARCHITECTURE` of a Node, as it says them itself, then by the name of the chunk
 */
export function compiledFile(program, forms) {
  /** @type {Buffer[]} */
  const parts = [];
  let end = 0;
  const place = (/** @type {Buffer} */ form) => {
    const from = end;
    parts.push(form, Buffer.alloc(-form.length & 7)); // V8 copies what does not begin at a multiple of eight
    end += form.length + (-form.length & 7);
    return [from, from + form.length];
  };
  const index = eachValue(forms, (ofNode) => eachValue(ofNode, place));
  const head = JSON.stringify({ program, forms: index });
  return Buffer.concat([Buffer.from(`${head.padEnd(head.length + (-(head.length + 1) & 7))}\n`, 'latin1'), ...parts]);
}

/** @template From, To @returns {Record<string, To>} */
const eachValue = (/** @type {Readonly<Record<string, From>>} */ object, /** @type {(value: From) => To} */ change) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
