import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Diagnostic, Place } from '../../src/domain/diagnostic.ts';
import { diagnosticText } from '../../src/report/diagnostic-text.ts';
import { plainStyle } from '../../src/report/style.ts';

const test = suite('report/diagnostic-text');

const pki = `version: 1
variables: {}

defaults:
  certificates:
    renewBefore: 365d
    duration: 365d
    privateKeyMode: 0600

authorities:
  etcd:
    commonName: etcd

certificates:
  etcd-server:
    issuer: ectd
    files:
      certificate: /etc/etcd/etcd-server.crt
      keyy: /etc/etcd/etcd-server.key
  apiserver-etcd-client:
    files:
      certificate: /etc/etcd/etcd-server.crt
`;

/** Where the given text stands for the nth time in a file. */
function place(text: string, wanted: string, nth = 1, file = 'pki.yaml'): Place {
  let offset = -1;
  for (let found = 0; found < nth; found += 1) offset = text.indexOf(wanted, offset + 1);
  if (offset < 0) throw new Error(`${wanted} is not there`);
  const before = text.slice(0, offset).split('\n');
  const [line, column] = [before.length, (before.at(-1) as string).length + 1];
  return { file, line, column, endLine: line, endColumn: column + wanted.length };
}

const problem = (rest: Partial<Diagnostic> & Pick<Diagnostic, 'code' | 'message'>): Diagnostic => ({
  severity: 'error',
  hint: '',
  ...rest,
});

const show = (
  diagnostics: readonly Diagnostic[],
  { text = pki, width = 100, consequence }: { text?: string; width?: number; consequence?: string } = {},
): string => diagnosticText(diagnostics, { style: { ...plainStyle, width }, texts: new Map([['pki.yaml', text]]), consequence });

const problems: readonly Diagnostic[] = [
  problem({
    code: 'duplicate-path',
    message: 'two resources write /etc/etcd/etcd-server.crt',
    hint: 'give each resource its own path',
    place: place(pki, '/etc/etcd/etcd-server.crt', 2),
    label: 'also used by cert/apiserver-etcd-client',
    related: [{ place: place(pki, '/etc/etcd/etcd-server.crt'), message: 'first used by cert/etcd-server' }],
  }),
  problem({
    code: 'unknown-field',
    message: 'unknown field "keyy"',
    hint: 'did you mean "privateKey"?',
    place: place(pki, 'keyy'),
    label: 'did you mean "privateKey"?',
  }),
  problem({
    code: 'unknown-issuer',
    message: 'cert/etcd-server is issued by an unknown authority "ectd"',
    hint: 'did you mean "etcd"?',
    place: place(pki, 'ectd'),
    label: 'no authority named "ectd"; did you mean "etcd"?',
    related: [{ place: place(pki, 'authorities'), message: '1 authority defined here: etcd' }],
  }),
  problem({
    code: 'unquoted-mode',
    message: 'privateKeyMode must be a quoted octal string',
    hint: 'write privateKeyMode: "0600"',
    place: place(pki, '0600'),
    label: 'YAML 1.2 reads this as the decimal number 600',
  }),
  problem({
    code: 'renew-before-too-long',
    message: 'renewBefore (365d) is not shorter than duration (365d)',
    hint: 'use at most 2/3 of duration, for example renewBefore: 30d',
    place: place(pki, '365d'),
    label: 'so it would be renewed on every run',
    related: [{ place: place(pki, '365d', 2), message: 'a certificate lives this long' }],
    notes: ['applies to 2 certificates that do not override it'],
  }),
];

test('problems are told in the order of the file, each with its frame, then how many there are', () => {
  assert.fixture(
    show(problems, { consequence: 'nothing was planned' }),
    `error[renew-before-too-long]: renewBefore (365d) is not shorter than duration (365d)
 --> pki.yaml:6:18
  |
6 |     renewBefore: 365d
  |                  ^^^^ so it would be renewed on every run
7 |     duration: 365d
  |               ---- a certificate lives this long
  |
  = help: use at most 2/3 of duration, for example renewBefore: 30d
  = note: applies to 2 certificates that do not override it

error[unquoted-mode]: privateKeyMode must be a quoted octal string
 --> pki.yaml:8:21
  |
8 |     privateKeyMode: 0600
  |                     ^^^^ YAML 1.2 reads this as the decimal number 600
  |
  = help: write privateKeyMode: "0600"

error[unknown-issuer]: cert/etcd-server is issued by an unknown authority "ectd"
  --> pki.yaml:16:13
   |
10 | authorities:
   | ----------- 1 authority defined here: etcd
...
16 |     issuer: ectd
   |             ^^^^ no authority named "ectd"; did you mean "etcd"?
   |

error[unknown-field]: unknown field "keyy"
  --> pki.yaml:19:7
   |
19 |       keyy: /etc/etcd/etcd-server.key
   |       ^^^^ did you mean "privateKey"?
   |

error[duplicate-path]: two resources write /etc/etcd/etcd-server.crt
  --> pki.yaml:22:20
   |
18 |       certificate: /etc/etcd/etcd-server.crt
   |                    ------------------------- first used by cert/etcd-server
...
22 |       certificate: /etc/etcd/etcd-server.crt
   |                    ^^^^^^^^^^^^^^^^^^^^^^^^^ also used by cert/apiserver-etcd-client
   |
   = help: give each resource its own path

error: pki.yaml has 5 problems; nothing was planned
`,
  );
});

test('without a frame the cause, what was left untouched and what to do stand below the sentence', () => {
  const failed = problem({
    code: 'write-failed',
    message: 'cert/web: cannot write /etc/web/web.key',
    hint: 'mount it for writing, then run certstate apply again',
    notes: ['cause: EROFS, the file system at /etc is mounted read-only', 'the old pair is untouched; nothing half-written remains'],
  });
  assert.fixture(
    show([failed]),
    `error[write-failed]: cert/web: cannot write /etc/web/web.key
  = cause: EROFS, the file system at /etc is mounted read-only
  = note: the old pair is untouched; nothing half-written remains
  = help: mount it for writing, then run certstate apply again
`,
  );
});

test('a text that was not read is named by its place alone', () => {
  const text = diagnosticText([problem({ code: 'invalid-value', message: 'x', hint: 'y', place: place(pki, 'ectd') })], {
    style: plainStyle,
    texts: new Map(),
  });
  assert.is(
    text,
    'error[invalid-value]: x\n  --> pki.yaml:16:13\n   = help: y\n'.replace('  -->', ' -->').replace('   = help', '  = help'),
  );
});

test('a label in another file has a frame of its own', () => {
  const other = 'authorities:\n  etcd: {}\n';
  const twice = problem({
    code: 'duplicate-name',
    message: 'the name etcd stands here twice',
    hint: 'rename one',
    place: place(pki, 'etcd'),
    label: 'again here',
    related: [{ place: place(other, 'etcd', 1, 'other.yaml'), message: 'first here' }],
  });
  const texts = new Map([
    ['pki.yaml', pki],
    ['other.yaml', other],
  ]);
  assert.fixture(
    diagnosticText([twice], { style: plainStyle, texts }),
    `error[duplicate-name]: the name etcd stands here twice
  --> pki.yaml:11:3
   |
11 |   etcd:
   |   ^^^^ again here
  ::: other.yaml:2:3
   |
 2 |   etcd: {}
   |   ---- first here
   |
   = help: rename one
`,
  );
});

test('at most twenty frames are shown, and the rest is counted', () => {
  const many = Array.from({ length: 23 }, () => problems[1] as Diagnostic);
  const text = show(many, { consequence: 'nothing was planned' });
  assert.is(text.split('-->').length - 1, 20);
  assert.match(text, '\n\n... and 3 more\n\nerror: pki.yaml has 23 problems; nothing was planned\n');
});

test('warnings alone have no closing line', () => {
  assert.not.match(show([{ ...(problems[1] as Diagnostic), severity: 'warning' }], { consequence: 'nothing was planned' }), 'error');
});

// Line, what is marked, what the frame must show: tabs, wide characters, controls, lines that are cropped.
const rows: readonly (readonly [string, string, string, string])[] = [
  ['tabs stand for four columns', 'a:\tb\tectd', 'ectd', '1 | a:    b    ectd\n  |            ^^^^'],
  ['wide characters take two columns', 'name: 証明書 ectd', 'ectd', '1 | name: 証明書 ectd\n  |              ^^^^'],
  ['a wide character is underlined in full', 'name: 証明書', '証明書', '1 | name: 証明書\n  |       ^^^^^^'],
  ['a combining mark takes no column', 'name: e\u0301 ectd', 'ectd', '1 | name: e\u0301 ectd\n  |         ^^^^'],
  ['bidi overrides are shown, not obeyed', 'name: \u202egpj ectd', 'ectd', '1 | name: \\u{202e}gpj ectd\n  |                   ^^^^'],
  ['escape sequences are shown, not obeyed', 'name: \u001b[31m ectd', 'ectd', '1 | name: \\u{1b}[31m ectd\n  |                  ^^^^'],
  ['characters beyond the basic plane count as two UTF-16 units', 'name: 😀 ectd', 'ectd', '1 | name: 😀 ectd\n  |          ^^^^'],
];
for (const [name, line, marked, expected] of rows) {
  test(`in a frame, ${name}`, () => {
    const text = show([problem({ code: 'invalid-value', message: 'm', hint: 'h', place: place(line, marked) })], { text: line });
    assert.match(text, expected);
  });
}

test('in ASCII the marks stand under what is escaped', () => {
  const text = 'name: bücher ectd # §';
  const shown = diagnosticText([problem({ code: 'invalid-value', message: 'see §3', hint: 'h', place: place(text, 'ectd') })], {
    style: { ...plainStyle, ascii: true },
    texts: new Map([['pki.yaml', text]]),
  });
  assert.match(shown, ': see section 3\n');
  assert.match(shown, '1 | name: b\\u{fc}cher ectd # section\n  |                   ^^^^\n');
});

test('a line wider than the terminal is cropped around its label', () => {
  const line = `${'a'.repeat(200)} ectd ${'b'.repeat(200)}`;
  for (const width of [60, 80, 100]) {
    const text = show([problem({ code: 'invalid-value', message: 'm', hint: 'h', label: 'here', place: place(line, 'ectd') })], {
      text: line,
      width,
    });
    const [, , , source = '', marks = ''] = text.split('\n');
    for (const shown of text.split('\n')) assert.ok(shown.length <= width, `${shown.length} of ${width}: ${shown}`);
    assert.match(source, /^1 \| \.\.\.a+ ectd b+\.\.\.$/);
    assert.is(source.indexOf('ectd'), marks.indexOf('^^^^'));
  }
});

test('a label at either end of a wide line is shown too', () => {
  for (const line of [`ectd ${'b'.repeat(300)}`, `${'a'.repeat(300)} ectd`]) {
    const text = show([problem({ code: 'invalid-value', message: 'm', hint: 'h', place: place(line, 'ectd') })], { text: line, width: 80 });
    const [, , , source = '', marks = ''] = text.split('\n');
    assert.is(source.indexOf('ectd'), marks.indexOf('^^^^'));
    assert.is.not(source.indexOf('ectd'), -1);
  }
});

test('a label wider than the terminal is marked as far as it is shown', () => {
  const line = `key: ${'a'.repeat(300)}`;
  const text = show([problem({ code: 'invalid-value', message: 'm', hint: 'h', place: place(line, 'a'.repeat(300)) })], {
    text: line,
    width: 80,
  });
  for (const shown of text.split('\n')) assert.ok(shown.length <= 80, shown);
});

test('a stretch of several lines is marked to the end of its first', () => {
  const text = 'files: {\n  a: 1 }\n';
  const shown = show(
    [
      problem({
        code: 'invalid-value',
        message: 'm',
        hint: 'h',
        place: { file: 'pki.yaml', line: 1, column: 8, endLine: 2, endColumn: 9 },
      }),
    ],
    { text },
  );
  assert.match(shown, '1 | files: {\n  |        ^\n');
});

test('carriage returns and a byte order mark are not part of a line', () => {
  const shown = show([problem({ code: 'invalid-value', message: 'm', hint: 'h', place: place('issuer: ectd', 'ectd') })], {
    text: '\ufeffissuer: ectd\r\n',
  });
  assert.match(shown, '1 | issuer: ectd\n  |         ^^^^\n');
});

test('a long label stands below its marks, wrapped', () => {
  const label = 'this is a long explanation that certainly does not fit beside the marks of a narrow terminal, and is wrapped';
  const shown = show([problem({ code: 'unknown-issuer', message: 'm', hint: 'h', label, place: place(pki, 'ectd') })], { width: 60 });
  for (const line of shown.split('\n')) assert.ok(line.length <= 60, line);
  assert.is(shown.replace(/\n +\| */g, ' ').includes(label), true);
});

test('a place beyond the text gives a frame and no crash', () => {
  const place = { file: 'pki.yaml', line: 999, column: 50, endLine: 999, endColumn: 60 };
  assert.match(show([problem({ code: 'yaml-syntax', message: 'm', hint: 'h', place })]), '999 |\n');
});

test('severity, marks and code are coloured, and the gutter is dim', () => {
  const text = diagnosticText([problems[1] as Diagnostic], { style: { ...plainStyle, colour: true }, texts: new Map([['pki.yaml', pki]]) });
  assert.match(text, '\u001b[31m\u001b[1merror[unknown-field]\u001b[22m\u001b[39m: unknown field');
  assert.match(text, '\u001b[2m19 |\u001b[22m');
});

test.run();
