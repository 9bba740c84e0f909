import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { codes } from '../../src/domain/codes.ts';
import { repository, typescriptFiles } from './source-tree.ts';

const test = suite('architecture/codes');

const read = (folder: string, skip: (path: string) => boolean): string =>
  typescriptFiles(folder)
    .filter((path) => !skip(path))
    .map((path) => readFileSync(join(repository, folder, path), 'utf8'))
    .join('\n');

/** A code with hyphens is no word of prose; one without counts as a string or as a key of its own. */
const mentions = (text: string, code: string): boolean =>
  code.includes('-')
    ? new RegExp(`(?<![\\w-])${code}(?![\\w-])`).test(text)
    : new RegExp(`(['"])${code}\\1`).test(text) || new RegExp(`^\\s*${code}:`, 'm').test(text);

test('every code of the table is mentioned in a test', () => {
  const tests = read('test', (path) => path.startsWith('architecture/'));
  assert.equal(
    Object.keys(codes).filter((code) => !mentions(tests, code)),
    [],
  );
});

test('every code of the table is raised somewhere: no code is there for nothing', () => {
  const raising = read('src', (path) => path.startsWith('domain/codes') || path.startsWith('report/'));
  assert.equal(
    Object.keys(codes).filter((code) => !mentions(raising, code)),
    [],
  );
});

test('codes are words with hyphens', () => {
  assert.equal(
    Object.keys(codes).filter((code) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(code)),
    [],
  );
});

test.run();
