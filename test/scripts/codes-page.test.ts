import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { codesPage } from '../../scripts/codes-page.ts';
import { codes } from '../../src/domain/codes.ts';

const test = suite('scripts/codes-page');

test('docs/codes.md is what the tables say; scripts/write-codes-page.ts writes it', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/codes.md'), 'utf8');
  assert.ok(page === codesPage(), 'docs/codes.md is out of step');
});

test('every code has a heading of its own', () => {
  const headings = [...codesPage().matchAll(/^### (.*)$/gm)].map(([, code]) => code as string);
  assert.equal(headings.toSorted(), Object.keys(codes).toSorted());
});

test.run();
