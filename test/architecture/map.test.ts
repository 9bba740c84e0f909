import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { repository, typescriptFiles } from './source-tree.ts';

const test = suite('architecture/map');

const map = readFileSync(join(repository, 'src/README.md'), 'utf8');
/** One line per file: "- `plan/make-plan.ts`: what it holds". */
const lines = [...map.matchAll(/^- `([^`]+\.ts)`: (.+)$/gm)].map(([, path = '', what = '']) => ({ path, what }));
const files = typescriptFiles('src');

test('the map of src/ has exactly one line for each file', () => {
  const mapped = lines.map(({ path }) => path);
  assert.equal(
    files.filter((path) => !mapped.includes(path)),
    [],
    'files without a line',
  );
  assert.equal(
    mapped.filter((path) => !files.includes(path)),
    [],
    'lines without a file',
  );
  assert.equal(
    mapped.filter((path, index) => mapped.indexOf(path) !== index),
    [],
    'files with two lines',
  );
});

test('each line says something of its own', () => {
  const said = lines.map(({ what }) => what);
  assert.equal(
    said.filter((what, index) => what.length < 12 || said.indexOf(what) !== index),
    [],
  );
});

test.run();
