// build.mjs [FOLDER]: builds dist/ (or the folder named): the program as one CommonJS file with its compiled forms for this Node beside it, the licences of
// what is bundled, a software bill of materials, and what is made from the program's tables: schemas, completions, the manual page.
// The same sources, lockfile and Node give the same bytes.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { tsImport } from 'tsx/esm/api';
import { bundle } from './bundle.mjs';
import { billOfMaterials, bundledPackages, licenceTexts } from './bundled-packages.mjs';
import { compiledForms } from './compiled-forms.mjs';
import { program } from './prepare.mjs';
import { compiledFile, programFile } from './program-file.mjs';
import { workFolder } from './work-folder.mjs';

const unknown = process.argv.slice(2).find((word, index) => word.startsWith('-') || index > 0);
if (unknown !== undefined) {
  process.stderr.write(`build.mjs takes one folder to build into, or nothing: ${unknown} is neither\n`);
  process.exit(64);
}

const dist = resolve(process.argv[2] ?? dirname(program));
mkdirSync(dist, { recursive: true });

const made = await bundle();
const packages = bundledPackages(made.inputs);
put('THIRD-PARTY-LICENSES.txt', licenceTexts(packages));
put('sbom.cdx.json', `${JSON.stringify(billOfMaterials(packages), undefined, 2)}\n`);
const { text, id } = await programFile(made);
put('certstate.compiled', compiledFile(id, { [`${process.version} ${process.arch}`]: formsIfPossible() }));
put('certstate.cjs', text, 0o755);

const { shippedTexts } = await tsImport('./shipped-texts.ts', import.meta.url);
for (const [name, text] of await shippedTexts()) {
  mkdirSync(join(dist, dirname(name)), { recursive: true });
  put(name, text);
}

/** A program that cannot be rehearsed here (no room, a clock that makes no sense) is whole without its forms. */
function formsIfPossible() {
  try {
    return compiledForms(made, process.execPath, join(workFolder('build'), 'rehearsal'));
  } catch (error) {
    process.stderr.write(
      `build: no compiled forms, so commands start later than they could: ${error instanceof Error ? error.message : error}\n`,
    );
    return {};
  }
}

/** Puts one file in place, whole: whoever runs the program meanwhile sees the old one or the new one. */
function put(/** @type {string} */ name, /** @type {string | Buffer} */ content, mode = 0o644) {
  const beside = `${join(dist, name)}.${process.pid}`;
  writeFileSync(beside, content, { mode });
  renameSync(beside, join(dist, name));
}
