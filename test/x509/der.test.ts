import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  bitsOf,
  booleanOf,
  childrenOf,
  DerError,
  integerOctets,
  objectIdentifier,
  smallInteger,
  valueAt,
  wholeValue,
} from '../../src/x509/der.ts';
import { encodeDer, encodeObjectIdentifier } from '../../src/x509/encode-der.ts';

const test = suite('x509/der');
const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const value = (hex: string) => valueAt(bytes(hex), 0, bytes(hex).length);

/** Each breaks one clause of X.690. */
const refused: Readonly<Record<string, () => unknown>> = {
  'nothing at all': () => value(''),
  'a tag alone': () => value('30'),
  'a tag of several octets': () => value('1f 81 00'),
  'an indefinite length': () => value('30 80 00 00'),
  'a long length that fits the short form': () => value('30 81 00'),
  'a length with a leading zero': () => value(`30 82 00 80 ${'00'.repeat(128)}`),
  'a length of five octets': () => value('30 85 01 00 00 00 00'),
  'a content that is cut off': () => value('30 03 02 01'),
  'a child that is longer than its parent': () => childrenOf(value('30 03 02 02 01')),
  'something behind the whole': () => wholeValue(bytes('30 00 00'), 0x30, 'value'),
  'another tag than wanted': () => wholeValue(bytes('31 00'), 0x30, 'value'),
  'an empty INTEGER': () => integerOctets(value('02 00')),
  'a padded INTEGER': () => integerOctets(value('02 02 00 01')),
  'a padded negative INTEGER': () => integerOctets(value('02 02 ff 80')),
  'a negative version': () => smallInteger(value('02 01 80')),
  'a BOOLEAN of 1': () => booleanOf(value('01 01 01')),
  'a BIT STRING without its first octet': () => bitsOf(value('03 00')),
  'a BIT STRING with 8 unused bits': () => bitsOf(value('03 02 08 00')),
  'an empty OBJECT IDENTIFIER': () => objectIdentifier(value('06 00')),
  'an OBJECT IDENTIFIER that is cut off': () => objectIdentifier(value('06 01 80')),
  'an OBJECT IDENTIFIER with padding': () => objectIdentifier(value('06 03 55 80 01')),
  'an arc beyond all numbers': () => objectIdentifier(value('06 0a 55 ff ff ff ff ff ff ff ff 7f')),
};
for (const [what, read] of Object.entries(refused)) {
  test(`${what} is refused`, () => {
    assert.throws(read, (error: unknown) => error instanceof DerError);
  });
}

test('children stand in order, with their offsets', () => {
  const children = childrenOf(value('30 06 02 01 05 01 01 ff'));
  assert.equal(
    children.map(({ tag, start, content, end }) => [tag, start, content, end]),
    [
      [2, 2, 4, 5],
      [1, 5, 7, 8],
    ],
  );
  assert.is(booleanOf(children[1] as never), true);
});

test('identifiers are read as they are written', () => {
  for (const oid of [
    '1.2.840.113549.1.1.11',
    '2.5.4.3',
    '0.9.2342.19200300.100.1.25',
    '2.16.840.1.101.3.4.2.1',
    '1.3.6.1.4.1.311.20.2.3',
  ]) {
    const der = encodeObjectIdentifier(oid);
    assert.is(objectIdentifier(valueAt(der, 0, der.length)), oid);
  }
  assert.is(objectIdentifier(value('06 03 88 37 03')), '2.999.3');
});

test('lengths are written in the shortest form', () => {
  for (const length of [0, 127, 128, 255, 256, 65_535, 65_536]) {
    const der = encodeDer(4, Buffer.alloc(length));
    assert.is(wholeValue(der, 4, 'value').end - wholeValue(der, 4, 'value').content, length);
  }
});

test('two thousand nested sequences are no deeper than the level that is asked for', () => {
  let der: Buffer = Buffer.alloc(0);
  for (let level = 0; level < 2000; level += 1) der = encodeDer(0x30, der);
  assert.is(childrenOf(wholeValue(der, 0x30, 'value')).length, 1);
});

test.run();
