import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { promises } from '../../scripts/torture/promises.ts';
import { type Result, resultsMarkdown, resultsText, withEarlier, writeResults } from '../../scripts/torture/results.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('scripts/torture');

const tests = readdirSync(resolve(import.meta.dirname, '..'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.test.ts'),
);

test('every promise has tests, and every test that is named after a promise belongs to it', () => {
  for (const { id, files } of promises)
    for (const part of files)
      assert.ok(
        tests.some((name) => name.includes(part)),
        `${id}: no test has ${part} in its path`,
      );
  const named = tests.flatMap((name) => /^promises\/(p\d+)-/.exec(name)?.[1] ?? []);
  assert.ok(named.length > 10);
  for (const id of named)
    assert.ok(
      promises.some((promise) => promise.id === id.toUpperCase() && promise.files.includes(`promises/${id}-`)),
      id,
    );
});

const result = (promise: string, rest: Partial<Result> = {}): Result => ({
  promise,
  figures: ['7 of 7'],
  outcome: 'kept',
  seconds: 3,
  on: '2026-11-23',
  ...rest,
});

test('a run takes the place of an earlier one of the same promise, and leaves the others', () =>
  inTemporaryFolder((folder) => {
    const file = join(folder, 'torture.json');
    writeResults(file, [result('P1'), result('P12')]);
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).format, 'certstate.torture');
    assert.equal(
      withEarlier(file, [result('P12', { outcome: 'BROKEN' }), result('P2')]).map(({ promise, outcome }) => [promise, outcome]),
      [
        ['P1', 'kept'],
        ['P2', 'kept'],
        ['P12', 'BROKEN'],
      ],
    );
    writeFileSync(file, '{');
    assert.throws(() => withEarlier(file, []), SyntaxError);
  }));

test('the table has a line for each figure', () => {
  assert.is(
    resultsText([result('P1', { figures: ['one', 'two'] }), result('P12', { outcome: 'BROKEN', figures: [] })]),
    'P1    kept           3 s  one\n                          two\nP12   BROKEN         3 s\n',
  );
});

test('the page says how each was tested, what came out, and how to do it again', () => {
  const row = resultsMarkdown([result('P12', { figures: ['one', 'two'] })])
    .split('\n')
    .at(-1);
  assert.match(
    row ?? '',
    /^\| P12 \| Nothing is written through a link \| .* \| one<br>two<br>kept, 2026-11-23 \| `npm run torture p12` \|$/,
  );
});

test.run();
