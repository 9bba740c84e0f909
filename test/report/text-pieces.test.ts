import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { days, hours, type Instant, later, minutes, seconds } from '../../src/domain/time.ts';
import { bracePaths } from '../../src/report/brace-paths.ts';
import { visible } from '../../src/report/escape.ts';
import { withFlags } from '../../src/report/plan-context.ts';
import { formatMinute, relativeTo, spokenDuration, timeLeft } from '../../src/report/relative-time.ts';
import { shellWords } from '../../src/report/shell-words.ts';
import { plainStyle, renderLine, toned } from '../../src/report/style.ts';
import { cut, padLeft, padTo, widthOf, wrap } from '../../src/report/text-width.ts';
import { now } from '../support/change-builders.ts';

const test = suite('report/text-pieces');

// biome-ignore format: table
const escapes: readonly (readonly [string, string, string])[] = [
  ['text as it is',              'bücher 証明書 😀',        'bücher 証明書 😀'],
  ['escape sequences',           '\u001b]0;x\u0007',       '\\u{1b}]0;x\\u{7}'],
  ['the C1 form of an escape',   '\u009b2J',               '\\u{9b}2J'],
  ['line feeds and returns',     'a\r\nb',                 'a\\u{d}\\u{a}b'],
  ['tabs and NUL',               'a\tb\u0000',             'a\\u{9}b\\u{0}'],
  ['bidi overrides',             '\u202egpj.exe\u202c',    '\\u{202e}gpj.exe\\u{202c}'],
  ['bidi isolates',              '\u2066x\u2069',          '\\u{2066}x\\u{2069}'],
  ['characters of no width',     'a\u200bb\ufeff\u00adc',  'a\\u{200b}b\\u{feff}\\u{ad}c'],
  ['line separators',            'a\u2028b\u2029',         'a\\u{2028}b\\u{2029}'],
  ['tag characters',             'a\u{e0041}',             'a\\u{e0041}'],
  ['halves of surrogate pairs',  'a\ud83d',                'a\\u{d83d}'],
  ['commands in any column',     'a ##[error]b ##vso[x]',  'a \\u{23}#[error]b \\u{23}#vso[x]'],
];
for (const [name, text, expected] of escapes) {
  test(`escapes: ${name}`, () => assert.is(visible(text), expected));
}

test('with --ascii everything beyond ASCII is escaped', () => {
  assert.is(visible('bücher 😀', true), 'b\\u{fc}cher \\u{1f600}');
  assert.is(renderLine([toned('dim', 'ü')], { ...plainStyle, ascii: true }), '\\u{fc}');
});

test('no line is a command to the runner that reads it, whatever wraps to its beginning', () => {
  for (const line of ['::error::x', '  ::set-output name=id::1', '::Add-Mask::x']) {
    assert.is(renderLine(['    ', line], plainStyle), `    ${line.replace(':', '\\u{3a}')}`);
  }
  for (const line of ['::1 and ::2', '::ffff:192.0.2.1 or ::1', 'IP:::1', 'x ::error::y']) assert.is(renderLine([line], plainStyle), line);
});

test('a line is escaped before it is coloured, so that no input brings colours of its own', () => {
  assert.is(
    renderLine([toned('error', '\u001b[32mok')], { ...plainStyle, colour: true }),
    '\u001b[31m\u001b[1m\\u{1b}[32mok\u001b[22m\u001b[39m',
  );
});

test('widths are those of a terminal', () => {
  assert.equal([widthOf('abc'), widthOf('証明書'), widthOf('e\u0301'), widthOf('\u001b'), widthOf('')], [3, 6, 1, 6, 0]);
  assert.equal([padTo('証', 4), padLeft('証', 4), padTo('long', 2)], ['証  ', '  証', 'long']);
});

test('wrapping breaks at single spaces and never inside a path', () => {
  assert.equal(wrap('aa bb cc', 5), ['aa bb', 'cc']);
  assert.equal(wrap('a  ->  b', 4), ['a  ->  b']);
  assert.equal(wrap('x /a/very/long/path/that/is/wider y', 10), ['x', '/a/very/long/path/that/is/wider', 'y']);
  assert.equal(wrap('', 10), ['']);
});

test('cutting says that something is missing', () => {
  assert.equal([cut('abcdef', 6), cut('abcdefg', 6), cut('証明書証明書', 8)], ['abcdef', 'abc...', '証明...']);
});

const after = (length: number): Instant => later(now, seconds(length));
// biome-ignore format: table
const relative: readonly (readonly [number, string, string])[] = [
  [0,                    'now',            '0 s'],
  [1,                    'in 1 second',    '1 s'],
  [119,                  'in 119 seconds', '119 s'],
  [minutes(2),           'in 2 minutes',   '2 min'],
  [hours(5),             'in 5 hours',     '5 h'],
  [days(1),              'in 24 hours',    '24 h'],
  [days(20) + 100,       'in 20 days',     '20 d'],
  [days(729),            'in 729 days',    '729 d'],
  [days(365 * 8 + 110),  'in 8.3 years',   '8.3 y'],
  [-days(3),             '3 days ago',     '-3 d'],
];
for (const [length, spoken, left] of relative) {
  test(`${length} s from now is "${spoken}" and "${left}"`, () => {
    const instant = (now + length) as Instant;
    assert.is(relativeTo(instant, now), spoken);
    assert.is(timeLeft(instant, now), left);
  });
}

test('durations are exact, in the largest unit that fits', () => {
  assert.equal([days(365), days(1), hours(36), minutes(90), seconds(61)].map(spokenDuration), [
    '365 days',
    '1 day',
    '36 hours',
    '90 minutes',
    '61 seconds',
  ]);
});

test('minutes are in UTC, and what does not parse is said', () => {
  assert.is(formatMinute(after(0)), '2026-11-23 16:30Z');
  assert.is(formatMinute(Number.NaN as Instant), 'a date that does not parse');
});

test('commands can be copied back into a shell', () => {
  assert.is(shellWords(['sh', '-c', "echo 'a b'; x", '', '--flag=a/b:c,d@e']), "sh -c 'echo '\\''a b'\\''; x' '' --flag=a/b:c,d@e");
});

test('paths that differ in their last suffix are written together', () => {
  assert.is(bracePaths(['/etc/etcd/ca.crt', '/etc/etcd/ca.key']), '/etc/etcd/ca.{crt,key}');
  assert.is(bracePaths(['/a/x.crt', '/b/x.key', '/a/x.key']), '/a/x.{crt,key} /b/x.key');
  assert.is(bracePaths(['/a/only.pem']), '/a/only.pem');
  assert.is(bracePaths(['/a/{odd}.crt', '/a/{odd}.key']), '/a/{odd}.crt /a/{odd}.key');
});

test('commands to be typed carry the options that were given', () => {
  assert.is(
    withFlags('if it may: certstate apply --rekey ca/x', ['-f', 'my pki.yaml']),
    "if it may: certstate apply -f 'my pki.yaml' --rekey ca/x",
  );
  assert.is(withFlags('certstate explain x', ['-f', 'y']), 'certstate explain x');
  assert.is(withFlags('certstate apply'), 'certstate apply');
});

test.run();
