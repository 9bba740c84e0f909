/** Texts that nobody writes by hand. Whatever comes in: an answer within a second, and places that are in the text. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Diagnostic, Place } from '../../src/domain/diagnostic.ts';
import { examples } from './examples.ts';
import { monsters } from './monsters.ts';
import { parse } from './parse.ts';

const test = suite('desired-state/hostile');

function isInside(place: Place, linesOf: ReadonlyMap<string, readonly string[]>): boolean {
  const lines = linesOf.get(place.file);
  if (lines === undefined) return place.line >= 1 && place.column >= 1;
  const line = lines[place.line - 1];
  return (
    line !== undefined &&
    place.column >= 1 &&
    place.endLine === place.line &&
    place.endColumn >= place.column &&
    place.endColumn <= line.length + 1
  );
}

const placesOf = ({ place, related }: Diagnostic): readonly Place[] => [
  ...(place ? [place] : []),
  ...(related ?? []).map((label) => label.place),
];

function judge(content: string | Uint8Array, host = 'host-1'): void {
  const { diagnostics, texts, state } = parse(content, { host });
  const lines = new Map([...texts].map(([name, text]) => [name, text.split('\n')]));
  for (const diagnostic of diagnostics) {
    for (const place of placesOf(diagnostic)) assert.ok(isInside(place, lines), `${diagnostic.code} at ${JSON.stringify(place)}`);
    assert.not.match(
      `${diagnostic.message}${diagnostic.label}${diagnostic.hint}`,
      /[\u0000-\u001f\u202a-\u202e]/,
      'no control character reaches a terminal',
    );
  }
  assert.is(
    state === undefined,
    diagnostics.some(({ severity }) => severity === 'error'),
  );
}

test('any bytes get an answer', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => judge(bytes)),
    { numRuns: 500 },
  );
});

test('any text gets an answer', () => {
  const yamlish = fc.array(
    fc.constantFrom(
      'version: 1',
      '\n',
      '  ',
      '- ',
      ': ',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '&a ',
      '*a',
      '!x ',
      '|',
      '>',
      '#',
      '---',
      '...',
      '${x}',
      '$',
      '? ',
      ',',
      'a',
      '%',
      '\t',
      '\r\n',
      '<<',
      'é',
      '\u{1f600}',
      'authorities:',
      'certificates:',
      'defaults:',
      'hosts:',
      'variables:',
      'services:',
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 100 }),
        yamlish.map((parts) => parts.join('')),
      ),
      (text) => judge(text),
    ),
    { numRuns: 800 },
  );
});

test('examples that were torn and patched get an answer', () => {
  const patch = fc.constantFrom(
    '',
    '"',
    '[',
    '}',
    '\n',
    ': ',
    '- ',
    '*x',
    '&x',
    '${y}',
    '0600',
    'null',
    '~',
    '\u202e',
    '  ',
    '\t',
    '{{',
    '1e999',
    '\u0000',
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...examples),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(30),
      patch,
      ({ text, host }, where, length, added) => {
        const at = Math.floor(where * text.length);
        judge(text.slice(0, at) + added + text.slice(at + length), host);
      },
    ),
    { numRuns: 150 },
  );
});

test('examples whose lines were lost, doubled and moved get an answer', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...examples),
      fc.nat(),
      fc.nat(),
      fc.constantFrom('drop', 'double', 'move'),
      ({ text, host }, from, to, change) => {
        const lines = text.split('\n');
        const [line = ''] = change === 'double' ? [lines[from % lines.length]] : lines.splice(from % lines.length, 1);
        if (change !== 'drop') lines.splice(to % lines.length, 0, line);
        judge(lines.join('\n'), host);
      },
    ),
    { numRuns: 100 },
  );
});

for (const [name, text] of Object.entries(monsters)) {
  test(`${name}, twice in one process: it lives, and answers in time`, () => {
    const before = performance.now();
    for (const _ of [1, 2]) judge(text);
    const milliseconds = performance.now() - before;
    // A second each on a quiet machine; what grows with the square would take minutes.
    assert.ok(milliseconds < 15_000, `${Math.round(milliseconds)} ms`);
  });
}

test.run();
