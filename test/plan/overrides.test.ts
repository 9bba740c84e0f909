import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredCertificate } from '../../src/domain/desired-state.ts';
import type { CertificateFacts } from '../../src/domain/observed-state.ts';
import { protections, type Standing } from '../../src/domain/plan.ts';
import { days, earlier, hours, lastStretch, later } from '../../src/domain/time.ts';
import { isPlainRenewal, overrides, runsOut } from '../../src/plan/overrides.ts';
import { authority, changeOf, leaf, now, planOf, world } from '../support/plan-world.ts';

const test = suite('plan/overrides');

const changeWith = (certificate: Partial<CertificateFacts>, desired: Partial<DesiredCertificate> = {}) =>
  changeOf(planOf(world({ resources: [authority(), leaf('server', desired)], pairs: { 'cert/server': { certificate } } })), 'cert/server');

test('the last stretch is three days, and a tenth of a life under thirty', () => {
  assert.is(lastStretch(days(365)), days(3));
  assert.is(lastStretch(days(30)), days(3));
  assert.is(lastStretch(days(10)), days(1));
  assert.is(lastStretch(hours(24)), hours(24) / 10);
});

const standing = protections.map((protection): Standing => ({ protection, detail: '', until: null }));

const year = { notBefore: earlier(now, days(362)) };
test('it begins to the second, and does not end with the certificate', () => {
  for (const [left, isOut] of [
    [days(3) + 1, false],
    [days(3), false],
    [days(3) - 1, true],
    [0, true],
    [-days(40), true],
  ] as const)
    assert.is(runsOut(changeWith({ ...year, notAfter: later(now, left as ReturnType<typeof days>) }), now), isOut, String(left));
});

test('a certificate that is not there cannot run out', () => {
  assert.not.ok(runsOut({ before: null }, now));
});

test('every protection gives way for a plain renewal in the last stretch, and none before it', () => {
  assert.equal(overrides(changeWith({ ...year, notAfter: later(now, days(2)) }), standing, now), standing);
  assert.equal(overrides(changeWith({ ...year, notAfter: later(now, days(5)) }), standing, now), []);
  assert.equal(overrides(changeWith({ ...year, notAfter: later(now, days(2)) }), [], now), []);
});

test('for nothing but a plain renewal: other content is not worth it', () => {
  const names = { dnsNames: ['other.example'], ipAddresses: [], uris: [], emailAddresses: [], otherNames: [] };
  const change = changeWith({ ...year, notAfter: later(now, days(2)), names });
  assert.is(change.action, 'reissue');
  assert.not.ok(isPlainRenewal(change));
  assert.equal(overrides(change, standing, now), []);
});

test('nor for a renewal that is blocked', () => {
  const made = world({
    pairs: { 'cert/server': { certificate: { ...year, notAfter: later(now, days(2)) } }, 'ca/etcd': { key: 'absent' } },
  });
  const change = changeOf(planOf(made), 'cert/server');
  assert.ok(change.blocked);
  assert.equal(overrides(change, standing, now), []);
});

test.run();
