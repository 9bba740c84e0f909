import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeSavedPlan, invalidPlan, looksLikeSavedPlan } from '../../src/formats/saved-plan.ts';
import { sampled } from '../support/sampled.ts';

const test = suite('formats/saved-plan');

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const good = JSON.stringify({ format: 'certstate.plan', format_version: '1.0', id: 'sha256:00' }, null, 2);

// biome-ignore format: table
const rows: readonly (readonly [string, Uint8Array, string])[] = [
  ['no text',                        new Uint8Array([0x7b, 0xff, 0xfe]),                                 'not-a-plan'],
  ['nothing',                        bytes(''),                                                          'not-a-plan'],
  ['YAML',                           bytes('version: 1\n'),                                              'not-a-plan'],
  ['a list',                         bytes('[]'),                                                        'not-a-plan'],
  ['null',                           bytes('null'),                                                      'not-a-plan'],
  ['another document of ours',       bytes('{"format":"certstate.status"}'),                             'not-a-plan'],
  ['a document of somebody else',    bytes('{"format":7}'),                                              'not-a-plan'],
  ['a plan that is cut short',       bytes(good.slice(0, -9)),                                           'plan-truncated'],
  ['a plan of the next major version', bytes(good.replace('"1.0"', '"2.0"')),                            'plan-version'],
  ['a plan of an earlier major version', bytes(good.replace('"1.0"', '"0.9"')),                          'plan-version'],
];
for (const [what, given, code] of rows) {
  test(`${what} is ${code}`, () => {
    const decoded = decodeSavedPlan(given, 'plan.json');
    assert.is(decoded.ok ? 'good' : decoded.diagnostic.code, code);
    if (!decoded.ok) assert.match(decoded.diagnostic.message, /^plan\.json /);
  });
}

test('a plan of any minor version is read, and its text is kept as it was', () => {
  const text = good.replace('"1.0"', '"1.7"');
  const decoded = decodeSavedPlan(bytes(text), 'plan.json');
  assert.is(decoded.ok && decoded.text, text);
});

test('what a schema has against a plan names the field', () => {
  assert.equal(
    [invalidPlan('p', 'changes[0].action', 'is missing').code, invalidPlan('p', 'changes[0].action', 'is missing').message],
    ['plan-invalid', 'p is no valid plan: changes[0].action is missing'],
  );
  assert.match(invalidPlan('p', '', 'is not of the type object').message, 'it is not');
});

test('what is written over is told by its first bytes', () => {
  assert.ok(looksLikeSavedPlan(bytes(good)));
  assert.not(looksLikeSavedPlan(bytes('-----BEGIN PRIVATE KEY-----')));
  assert.not(looksLikeSavedPlan(bytes('{"x": {"format": "certstate.plan"}}')));
});

test('whatever the bytes are, the answer is a document or a diagnostic', () =>
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.json().map(bytes),
        fc.nat(good.length).map((end) => bytes(good.slice(0, end))),
      ),
      (given) => {
        const decoded = decodeSavedPlan(given, 'x');
        assert.type(decoded.ok ? decoded.text : decoded.diagnostic.message, 'string');
      },
    ),
    { numRuns: sampled(2000) },
  ));

test.run();
