import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inputCodes } from '../../src/domain/codes/input.ts';
import { codes, type InputCode } from '../../src/domain/codes.ts';
import { parse, parseFiles } from './parse.ts';
import { rejections } from './rejected-rows.ts';

const test = suite('desired-state/rejected');

for (const { name, yaml, code, also = [], says, ...options } of rejections) {
  test(`${name}: ${code}`, () => {
    const offset = yaml.indexOf('‸');
    assert.ok(offset >= 0, 'the row has a mark');
    const before = yaml.slice(0, offset).split('\n');
    const { diagnostics, state } = parse(yaml.replace('‸', ''), options);
    assert.equal(
      diagnostics.map((diagnostic) => diagnostic.code).toSorted(),
      [code, ...also].toSorted(),
      diagnostics.map(({ message }) => message).join('\n'),
    );
    const found = diagnostics.find((diagnostic) => diagnostic.code === code);
    assert.equal([found?.place?.line, found?.place?.column], [before.length, (before.at(-1) as string).length + 1]);
    assert.equal(found?.severity, codes[code].severity);
    assert.is(
      state === undefined,
      diagnostics.some(({ severity }) => severity === 'error'),
    );
    assert.ok((found?.hint ?? '').length > 0, 'it says what to do');
    assert.not.match(found?.message ?? '', /[.]$/);
    if (says !== undefined) assert.ok(`${found?.label} ${found?.hint}`.includes(says), `${says} in: ${found?.label}; ${found?.hint}`);
  });
}

test('row 34: Latin-1 is not UTF-8, and the byte is named', () => {
  const [found, ...others] = parse(Uint8Array.from([...Buffer.from('version: 1\n# caf'), 0xe9, 0x0a])).diagnostics;
  assert.equal([found?.code, found?.place?.line, found?.place?.column, others.length], ['not-utf8', 2, 6, 0]);
  assert.match(found?.message ?? '', 'byte 16');
});

for (const [name, mark] of [
  ['with', [0xff, 0xfe]],
  ['without', []],
] as const) {
  test(`row 34: UTF-16 ${name} a mark is not UTF-8`, () => {
    const [found] = parse(Uint8Array.from([...mark, ...Buffer.from('version: 1\n', 'utf16le')])).diagnostics;
    assert.is(found?.code, 'not-utf8');
  });
}

test('a name that two files have is one too many, and both places are shown', () => {
  const [found, ...others] = parseFiles({
    'a.yaml': 'version: 1\nservices:\n  etcd: {}\n',
    'b.yaml': 'version: 1\nservices:\n  etcd: {}\nauthorities:\n  a: { commonName: a, files: { combined: /a } }\n',
  }).diagnostics;
  assert.equal(
    [found?.code, found?.place?.file, found?.place?.line, found?.related?.[0]?.place.file, others.length],
    ['duplicate-name', 'b.yaml', 3, 'a.yaml', 0],
  );
});

test('a variable of --set that no file uses has no place', () => {
  const [found] = parse('version: 1\nauthorities:\n  a: { commonName: a, files: { combined: /a } }\n', { set: { x: 'y' } }).diagnostics;
  assert.equal([found?.code, found?.place], ['unknown-variable', undefined]);
});

test('every problem of a text is said at once, in the order of the text', () => {
  const { diagnostics } = parse(
    'version: 1\nauthorities:\n  a: { commonName: 1, filess: {}, usages: [x] }\ncertificates:\n  b: { isuer: a, mode: 1 }\n',
  );
  assert.equal(
    diagnostics.map(({ code, place }) => `${code} ${place?.line}:${place?.column}`),
    [
      'unquoted-number 3:20',
      'unknown-field 3:23',
      'unknown-usage 3:44',
      'missing-field 5:3',
      'missing-field 5:3',
      'unknown-field 5:8',
      'unknown-field 5:18',
    ],
  );
});

test('what stands in a file that cannot be read is not said to be missing', () => {
  const { diagnostics } = parseFiles({
    'a.yaml': 'version: 1\ncertificates:\n  a: { issuer: x, commonName: a, profile: client, services: [s], files: { combined: /a } }\n',
    'b.yaml': 'version: [1\n',
  });
  assert.equal(
    diagnostics.map(({ code }) => code),
    ['yaml-syntax'],
  );
});

test('every code of the input has a row here, or is that of a file before it is text', () => {
  const ofLoader: readonly InputCode[] = [
    'file-missing',
    'file-unreadable',
    'file-not-regular',
    'file-writable-by-others',
    'private-key-in-file',
  ];
  const here: readonly InputCode[] = [...rejections.map(({ code }) => code), 'not-utf8', 'duplicate-name', 'unknown-variable', ...ofLoader];
  assert.equal(
    Object.keys(inputCodes).filter((code) => !here.includes(code as InputCode)),
    [],
  );
});

test.run();
