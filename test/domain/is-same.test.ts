import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isSame } from '../../src/domain/is-same.ts';

const test = suite('domain/is-same');

const plain = fc.anything({ withBigInt: true, maxDepth: 2 });
/** Keys of maps are names and numbers. */
const anything = fc.oneof(
  plain,
  fc.array(fc.tuple(fc.string({ maxLength: 2 }), plain), { maxLength: 3 }).map((entries) => new Map(entries)),
);

test('two pieces of data are the same exactly where Node says so', () => {
  fc.assert(fc.property(anything, anything, (one, other) => isSame(one, other) === isDeepStrictEqual(one, other)));
  fc.assert(fc.property(fc.clone(anything, 2), ([one, other]) => isSame(one, other)));
});

test('sets are the same with the same members, bytes with the same octets', () => {
  assert.ok(isSame(new Set([1, 2]), new Set([2, 1])));
  assert.not(isSame(new Set([1, 2]), new Set([1, 3])));
  assert.ok(isSame(Uint8Array.of(1, 2), Uint8Array.of(1, 2)));
  assert.not(isSame(Uint8Array.of(1, 2), Uint8Array.of(1, 3)));
  assert.not(isSame(Uint8Array.of(1), [1]));
});

test.run();
