import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodePem, readPem } from '../../src/formats/pem.ts';

const test = suite('formats/pem');
const der = Buffer.from(Array.from({ length: 100 }, (_, index) => index));
const pem = encodePem('CERTIFICATE', der);
const read = (text: string) => readPem(Buffer.from(text, 'latin1'));

const tolerated: Readonly<Record<string, string>> = {
  CRLF: pem.replaceAll('\n', '\r\n'),
  'CR alone': pem.replaceAll('\n', '\r'),
  'no final newline': pem.trimEnd(),
  'text before and behind': `Certificate:\n    Data:\n-----\n${pem}and so on\n`,
  'a byte order mark and an empty line': `\u00ef\u00bb\u00bf\n${pem}`,
  'one long line': pem
    .replaceAll(/\n(?!-)/g, '')
    .replace('-----MI', '-----\nMI')
    .replace(/(BEGIN CERTIFICATE-----)/, '$1\n'),
  'indented lines': pem.replaceAll(/\n(?=[A-Za-z0-9])/g, '\n  '),
};
for (const [what, text] of Object.entries(tolerated)) {
  test(`a block is read with ${what}`, () => {
    const { blocks, faults } = read(text);
    assert.equal(faults, []);
    assert.equal(
      blocks.map((block) => [block.label, Buffer.from(block.der).toString('hex'), block.encrypted]),
      [['CERTIFICATE', der.toString('hex'), false]],
    );
  });
}

const broken: Readonly<Record<string, string>> = {
  'there is no end': pem.slice(0, 60),
  'the end has another label': pem.replace('END CERTIFICATE', 'END PRIVATE KEY'),
  'the end is cut': pem.slice(0, -8),
  'a character is not base64': pem.replace('A', '*'),
  'there is padding in the middle': pem.replace('A', '='),
  'there is nothing in it': '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n',
  'the first line does not end': '-----BEGIN CERTIFICATE\nMIIB\n',
};
for (const [what, text] of Object.entries(broken)) {
  test(`a block is a fault when ${what}`, () => {
    const { blocks, faults } = read(text);
    assert.equal(blocks, []);
    assert.ok(faults.length > 0);
  });
}

test('blocks around a broken one are there all the same, and the fault says which it was', () => {
  const { blocks, faults } = read(`${pem}-----BEGIN CERTIFICATE-----\n${pem}`);
  assert.is(blocks.length, 2);
  assert.equal(faults, ['block 2 ("CERTIFICATE") has no end of its own']);
});

test('a line that does not begin with dashes begins no block', () => {
  assert.equal(read(`# -----BEGIN CERTIFICATE-----\nMIIB\n# -----END CERTIFICATE-----\n`), { blocks: [], faults: [] });
  assert.equal(read('').blocks, []);
});

test('a key encrypted in the old way is told by its header', () => {
  const text = `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n`;
  assert.equal(
    read(text).blocks.map(({ encrypted }) => encrypted),
    [true],
  );
  assert.equal(
    read(text.replaceAll('\n', '\r\n')).blocks.map(({ encrypted }) => encrypted),
    [true],
  );
});

test('a line of ten million characters takes linear time', () => {
  const start = performance.now();
  read(`-----BEGIN CERTIFICATE-----\n${'A'.repeat(10_000_000)}\n-----END CERTIFICATE-----`);
  read(`-----BEGIN ${'A'.repeat(10_000_000)}`);
  read(`${'-----BEGIN '.repeat(900_000)}`);
  read(`${'-----BEGIN X-----\n'.repeat(500_000)}`);
  assert.ok(performance.now() - start < 3000);
});

test('lines have 64 characters and end with a newline', () => {
  assert.ok(pem.split('\n').every((line) => line.length <= 64));
  assert.ok(pem.endsWith('-----END CERTIFICATE-----\n'));
});

test.run();
