import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseExpectedIds, planIdDigits } from '../../src/formats/expected-ids.ts';

const test = suite('formats/expected-ids');

const id = '965a7caeedb1'.padEnd(64, '0');

// biome-ignore format: table
const words: readonly (readonly [string, string | undefined])[] = [
  [`sha256:${id}`,             id],
  [id,                         id],
  ['965a7caeedb1',             '965a7caeedb1'],
  ['965A7CAEEDB1',             '965a7caeedb1'],
  ['sha256:965a7caeedb1',      '965a7caeedb1'],
  ['965a7caeedb',              undefined],
  [`${id}0`,                   undefined],
  ['965a7caeedbx',             undefined],
  ['',                         undefined],
];
for (const [word, digits] of words) test(`"${word}" is ${digits ?? 'no id'}`, () => assert.is(planIdDigits(word), digits));

test('a line for each host; blank lines and comments are passed over', () => {
  const parsed = parseExpectedIds(`# reviewed 2026-11-23\n\ncontroller-0 965a7caeedb1\r\n  controller-1\tsha256:${id}  \n`);
  assert.equal(parsed.ok && [...parsed.ids], [
    ['controller-0', '965a7caeedb1'],
    ['controller-1', id],
  ]);
  assert.equal(parseExpectedIds(''), { ok: true, ids: new Map() });
});

// biome-ignore format: table
const wrong: readonly (readonly [string, string, number])[] = [
  ['no id',                   'a 965a7caeedb1\nb\n',                     2],
  ['a third word',            'a 965a7caeedb1 # good\n',                 1],
  ['an id that is too short', '\na 965a\n',                              2],
  ['a host that stands there twice', 'a 965a7caeedb1\na 965a7caeedb1\n', 2],
];
for (const [what, text, line] of wrong)
  test(`${what} is told with its line`, () => {
    const parsed = parseExpectedIds(text);
    assert.is(parsed.ok ? 0 : parsed.line, line);
  });

test.run();
