import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { randomSerial } from '../../src/x509/random-serial.ts';

const test = suite('x509/random-serial');

test('10,000 serial numbers: all 20 octets, all positive, none twice, every one of the 159 bits used', () => {
  const drawn = new Set<string>();
  let [zeros, ones] = [0n, 0n];
  for (let count = 0; count < 10_000; count += 1) {
    const serial = randomSerial();
    assert.match(serial, /^[0-7][0-9a-f]{39}$/);
    assert.is.not(serial.slice(0, 2), '00', 'the INTEGER would be shorter than 20 octets');
    const bits = BigInt(`0x${serial}`);
    ones |= bits;
    zeros |= ~bits & ((1n << 160n) - 1n);
    drawn.add(serial);
  }
  assert.is(drawn.size, 10_000);
  assert.is(ones, (1n << 159n) - 1n);
  assert.is(zeros, (1n << 160n) - 1n);
});

test.run();
