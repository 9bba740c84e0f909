import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { jsonLine, jsonText } from '../../src/report/json-text.ts';
import { readSourceTree } from '../architecture/source-tree.ts';

const test = suite('report/json-text');

const commands = [
  '##[error]x',
  '##vso[task.setvariable variable=a]b',
  'x ##VSO[y',
  '###[group]',
  '\\##[debug]',
  '\n::set-output name=a::b',
];

for (const command of commands)
  test(`${JSON.stringify(command)} is read back as it was, and is no command where it is written`, () => {
    const value = { [command]: [command] };
    for (const text of [jsonText(value), jsonLine(value)]) {
      assert.equal(JSON.parse(text), value);
      assert.not.match(text, /##(?:vso)?\[/i);
      assert.not.match(text, /^\s*::/m);
    }
  });

test('what is no command is written as JSON.stringify writes it', () => {
  const value = { a: '# b', c: ['#[d]', '## e', '#vso[f]', '\u2028'] };
  assert.is(jsonLine(value), `${JSON.stringify(value)}\n`);
  assert.is(jsonText(value), `${JSON.stringify(value, null, 2)}\n`);
});

test('a document takes its lines, an event takes one', () => {
  assert.is(jsonText({ a: 1 }), '{\n  "a": 1\n}\n');
  assert.is(jsonLine({ a: 1 }), '{"a":1}\n');
});

test('nobody else writes JSON for others', () => {
  const elsewhere = readSourceTree()
    .filter(({ path }) => /^(?:cli|report)\//.test(path) && path !== 'report/json-text.ts')
    .filter(({ text }) => /JSON\.stringify\([^`]*\)\}\\n/.test(text));
  assert.equal(
    elsewhere.map(({ path }) => path),
    [],
  );
});

test.run();
