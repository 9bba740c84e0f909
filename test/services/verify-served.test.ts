import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Address } from '../../src/domain/names.ts';
import type { Served, ServedCertificate } from '../../src/domain/served.ts';
import { instantOf } from '../../src/domain/time.ts';
import { type Expected, notServed } from '../../src/services/verify-served.ts';

const test = suite('services/verify-served');

const certificate = (sha256: string): ServedCertificate => ({ sha256, subject: 'CN=web', serial: '1', notAfter: instantOf(0) });
const seen = (sha256: string): Served => ({ state: 'served', endpoint: 'a:1', at: instantOf(0), certificate: certificate(sha256) });
const refused: Served = { state: 'failed', endpoint: 'a:1', at: instantOf(0), failure: 'refused', cause: 'connection refused' };
const web: Expected = { address: 'cert/web', endpoint: 'a:1', onDisk: certificate('new'), milliseconds: 1000 };

/** A service that shows one thing after the other, and a clock that only pauses move. */
async function looked(
  shows: readonly Served[],
  expected: readonly Expected[] = [web],
  patient = true,
  signal = new AbortController().signal,
) {
  let elapsed = 0;
  const asked: (readonly Address[])[] = [];
  const missing = await notServed(
    expected,
    {
      look(addresses) {
        asked.push(addresses);
        const answer = shows[Math.min(asked.length, shows.length) - 1] as Served;
        return Promise.resolve(new Map(addresses.map((address) => [address, address === 'cert/good' ? seen('new') : answer])));
      },
      clock: { elapsed: () => elapsed },
      pause(milliseconds) {
        elapsed += milliseconds;
        return Promise.resolve();
      },
      signal,
    },
    patient,
  );
  return { missing, asked, elapsed };
}

test('what is served at the first look needs no pause', async () => {
  const { missing, asked, elapsed } = await looked([seen('new')]);
  assert.equal([missing.length, asked.length, elapsed], [0, 1, 0]);
});

test('a service that takes its time is waited for, also one that restarts and refuses meanwhile', async () => {
  const { missing, elapsed } = await looked([seen('old'), refused, refused, seen('new')]);
  assert.equal(missing, []);
  assert.ok(elapsed < 1000);
});

test('when the time is over, what was seen last is told, and it was looked at right then', async () => {
  const { missing, elapsed } = await looked([seen('old')]);
  assert.equal(missing, [{ address: 'cert/web', onDisk: certificate('new'), served: seen('old') }]);
  assert.is(elapsed, 1000);
});

test('without patience one look decides', async () => {
  const { missing, asked } = await looked([seen('old'), seen('new')], [web], false);
  assert.equal([missing.length, asked.length], [1, 1]);
});

test('each certificate has its own time, and is not looked at again once it was seen', async () => {
  const good: Expected = { ...web, address: 'cert/good' };
  const hasty: Expected = { ...web, address: 'cert/hasty', milliseconds: 100 };
  const { missing, asked } = await looked([seen('old')], [web, good, hasty]);
  assert.equal(asked[0], ['cert/web', 'cert/good', 'cert/hasty']);
  assert.ok(asked.slice(1).every((addresses) => !addresses.includes('cert/good')));
  assert.equal(asked.at(-1), ['cert/web']);
  assert.equal(
    missing.map(({ address }) => address),
    ['cert/hasty', 'cert/web'],
  );
});

test('an interruption ends the waiting', async () => {
  const controller = new AbortController();
  controller.abort();
  const { asked } = await looked([seen('old')], [web], true, controller.signal);
  assert.is(asked.length, 1);
});

test.run();
