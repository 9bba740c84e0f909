import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Duration, days, hours, type Instant, instantOf, later, minutes, seconds } from '../../src/domain/time.ts';
import { renewalState } from '../../src/plan/renewal.ts';
import { carriedOut } from '../support/plan-carried-out.ts';
import {
  at,
  authority,
  blockOf,
  certificateFor,
  changeOf,
  codesOf,
  decided,
  key,
  leaf,
  now,
  planOf,
  type World,
  world,
} from '../support/plan-world.ts';
import { sampled } from '../support/sampled.ts';

const test = suite('plan/renewal');

const lived = (notBefore: Instant, notAfter: Instant, rest: Parameters<typeof leaf>[1] = {}, authorityEnds = at('2036-01-01')): World =>
  world({
    resources: [authority(), leaf('server', rest)],
    pairs: {
      'ca/etcd': { certificate: { notBefore: at('2016-01-01'), notAfter: authorityEnds } },
      'cert/server': { certificate: { notBefore, notAfter } },
    },
  });
const actionOf = (wanted: World, instant: Instant): string => changeOf(planOf({ ...wanted, now: instant }), 'cert/server').action;

test('the window is a third of the life the certificate on disk was issued with', () => {
  const ninety = lived(at('2026-01-01'), at('2026-04-01'));
  assert.is(actionOf(ninety, at('2026-03-01T23:59:59Z')), 'noop');
  assert.is(actionOf(ninety, at('2026-03-02')), 'renew');
});

test('the window is thirty days at most', () => {
  const year = lived(at('2026-01-01'), at('2027-01-01'));
  assert.is(actionOf(year, at('2026-12-01T23:59:59Z')), 'noop');
  assert.is(actionOf(year, at('2026-12-02')), 'renew');
});

test('the window is as long as the YAML says', () => {
  const year = lived(at('2026-01-01'), at('2027-01-01'), { renewBefore: days(15) });
  assert.is(actionOf(year, at('2026-12-16T23:59:59Z')), 'noop');
  assert.is(actionOf(year, at('2026-12-17')), 'renew');
});

test('the last second of a certificate is a valid one; after it, it has expired and is renewed', () => {
  const year = lived(at('2026-01-01'), at('2027-01-01'));
  const codes = (instant: Instant) => codesOf(changeOf(planOf({ ...year, now: instant }), 'cert/server'));
  assert.equal(codes(at('2027-01-01')), ['renewal-due']);
  assert.equal(codes(at('2027-01-01T00:00:01Z')), ['expired']);
});

for (const part of ['notBefore', 'notAfter'] as const) {
  test(`a certificate whose ${part} does not parse is never valid: it is renewed`, () => {
    const wanted = world({ pairs: { 'cert/server': { certificate: { [part]: Number.NaN } } } });
    assert.equal(codesOf(changeOf(planOf(wanted), 'cert/server')), ['expired']);
    assert.is(actionOf(carriedOut(wanted, planOf(wanted)), now), 'noop');
  });
}

test('renewing must help: where the authority ends first nothing is done to the leaf, and the authority has the finding', () => {
  const clipped = lived(at('2026-10-01'), at('2026-12-20'), {}, at('2026-12-20'));
  const plan = planOf({ ...clipped, now: at('2026-12-10') });
  assert.is(decided(changeOf(plan, 'cert/server')), 'noop kept free');
  const finding = changeOf(plan, 'ca/etcd').findings.find(({ code }) => code === 'issuer-ends-first');
  assert.is(finding?.detail, 'cert/server (it ends 2026-12-20)');
});

test('a renewal helps if the new end is later by an hour and by a tenth of the window', () => {
  const due = (gain: Duration, renewBefore: Duration): boolean => {
    const end = at('2026-12-01');
    const desired = leaf('server', { renewBefore, duration: days(365) });
    const certificate = certificateFor(desired, key('server'), undefined, { notBefore: at('2026-01-01'), notAfter: end });
    return renewalState(desired, certificate, { issuer: { notAfter: later(end, gain) }, now: at('2026-11-30T23:00:00Z') }).isDue;
  };
  assert.equal([due(seconds(3599), hours(2)), due(hours(1), hours(2))], [false, true]);
  assert.equal([due(hours(35), days(15)), due(hours(36), days(15))], [false, true]);
});

test('a certificate that lives less than an hour is due when its window opens, not when it has expired', () => {
  const short = lived(at('2026-11-23T16:00:00Z'), at('2026-11-23T16:45:00Z'), { duration: minutes(45), renewBefore: minutes(15) });
  assert.is(actionOf(short, at('2026-11-23T16:29:59Z')), 'noop');
  assert.is(actionOf(short, at('2026-11-23T16:30:00Z')), 'renew');
});

test('a duration that was shortened neither renews at once nor lets the long-lived certificate expire first', () => {
  const long = lived(at('2026-01-01'), at('2027-01-01'), { duration: hours(2) });
  assert.is(actionOf(long, at('2026-12-20')), 'noop');
  assert.equal(changeOf(planOf({ ...long, now: at('2026-12-20') }), 'ca/etcd').findings, [], 'the authority has nothing to do with it');
  assert.is(actionOf(long, at('2026-12-31T23:00:00Z')), 'renew');
});

test('a renewed authority lets its leaves be renewed to some use', () => {
  const clipped = { ...lived(at('2026-10-01'), at('2026-12-20'), {}, at('2026-12-20')), now: at('2026-12-10') };
  const plan = planOf({ ...clipped, options: { renew: ['ca/etcd'] } });
  assert.equal(
    plan.changes.map(({ action }) => action),
    ['renew', 'renew'],
  );
  assert.is(changeOf(plan, 'cert/server').endsAbout, later(clipped.now, days(365)));
});

// Storms that another program was reported for.
// biome-ignore format: table
const storms: readonly (readonly [string, World])[] = [
  ['cert-manager #1122: a renewal window longer than the life of what is issued',     { ...lived(at('2026-11-01'), at('2026-12-01'), { duration: days(90), renewBefore: days(89) }, at('2026-12-15')), now: at('2026-11-23') }],
  ['cert-manager #3813: an issuer that gives less than was asked for',                 { ...lived(at('2026-11-01'), at('2026-12-20'), { duration: days(3650), renewBefore: days(30) }, at('2026-12-20')), now: at('2026-11-23') }],
  ['cert-manager #4423: renewBefore as long as the certificate lives',                 { ...lived(at('2026-11-23'), at('2026-11-24'), { duration: days(1), renewBefore: days(1) }), now: at('2026-11-23') }],
  ['cert-manager #1506: a short duration under the default window',                    { ...lived(at('2026-11-20'), at('2026-11-23T20:00:00Z'), { duration: hours(1) }), now: at('2026-11-23T19:00:00Z') }],
];
for (const [name, wanted] of storms) {
  test(`${name}: issued once, then in order`, () => {
    const once = carriedOut(wanted, planOf(wanted));
    assert.is(actionOf(once, wanted.now), 'noop');
    const again = carriedOut({ ...once, now: later(wanted.now, minutes(1)) }, planOf({ ...once, now: later(wanted.now, minutes(1)) }));
    assert.is(actionOf(again, later(wanted.now, minutes(1))), 'noop');
  });
}

/** From a minute to twenty years, every order of magnitude as often. */
const lengths = fc.double({ min: 0, max: 7, noNaN: true }).map((magnitude) => Math.floor(60 * 10 ** magnitude));

test('whatever the lifetimes, what was just issued is in order now and until its window opens, and is due before it expires', () => {
  let renewals = 0;
  fc.assert(
    fc.property(
      lengths,
      lengths,
      fc.double({ min: 0, max: 1, noNaN: true }),
      lengths,
      fc.double({ min: 0.5, max: 1, noNaN: true }),
      fc.boolean(),
      (onDisk, duration, share, issuerLeft, lived01, hasWindow) => {
        const desired = leaf('server', {
          duration: seconds(duration),
          ...(hasWindow && { renewBefore: seconds(Math.floor(share * (duration - 1))) }),
        });
        const issuer = { notAfter: later(now, seconds(issuerLeft)) };
        const begin = instantOf(now - Math.floor(onDisk * lived01));
        const before = certificateFor(desired, key('server'), undefined, { notBefore: begin, notAfter: later(begin, seconds(onDisk)) });
        if (!renewalState(desired, before, { issuer, now }).isDue) return;
        renewals += 1;
        const end = instantOf(Math.min(later(now, seconds(duration)), issuer.notAfter));
        const after = certificateFor(desired, key('server'), undefined, { notBefore: now, notAfter: end });
        assert.ok(end > before.notAfter, 'a renewal ends later than what it replaces');
        const state = renewalState(desired, after, { issuer, now });
        assert.not(state.isDue, 'due again at once');
        const opens = state.from;
        for (const tick of [1, 60, 3600]) {
          const then = instantOf(now + tick);
          if (then < opens) assert.not(renewalState(desired, after, { issuer, now: then }).isDue, 'due before its window');
        }
        // With an issuer that goes on, it is due as soon as its window opens; one that is cut short is never due under the same issuer.
        const endless = { notAfter: later(end, days(9999)) };
        if (end < issuer.notAfter && opens > now)
          assert.ok(renewalState(desired, after, { issuer: endless, now: opens }).isDue, 'not due when its window opens');
        if (end === issuer.notAfter) assert.not(renewalState(desired, after, { issuer, now: end }).isDue, 'renewed for nothing');
      },
    ),
    { numRuns: sampled(100_000) },
  );
  assert.ok(renewals > 1000, `only ${renewals} of the worlds had something to renew`);
});

test('a valid certificate is due at some moment before it expires, if its issuer goes on', () => {
  fc.assert(
    fc.property(lengths, lengths, fc.option(lengths, { nil: undefined }), (onDisk, duration, renewBefore) => {
      const desired = leaf('server', {
        duration: seconds(duration),
        renewBefore: renewBefore === undefined ? undefined : seconds(renewBefore),
      });
      const certificate = certificateFor(desired, key('server'), undefined, { notBefore: now, notAfter: later(now, seconds(onDisk)) });
      assert.ok(renewalState(desired, certificate, { issuer: { notAfter: later(now, days(99_999)) }, now: certificate.notAfter }).isDue);
    }),
    { numRuns: 10_000 },
  );
});

test('an authority is never renewed by itself: it is reported before its end cuts its children short', () => {
  const wanted = lived(at('2026-01-01'), at('2027-01-01'), { duration: days(365) }, at('2027-09-01'));
  const findings = (instant: Instant) => changeOf(planOf({ ...wanted, now: instant }), 'ca/etcd').findings.map(({ code }) => code);
  assert.equal(findings(at('2026-08-31')), []);
  assert.equal(findings(at('2026-09-02')), ['expiring']);
  assert.is(changeOf(planOf({ ...wanted, now: at('2028-01-01') }), 'ca/etcd').action, 'noop');
});

test('a clock behind the last issue stops everything that issues, nothing else, until it is accepted', () => {
  const records = { manifest: new Map(), highWater: later(now, minutes(6)) };
  const wanted = world({ records, options: { renew: ['cert/server'] } });
  assert.is(blockOf(changeOf(planOf(wanted), 'cert/server')), 'time clock-behind');
  assert.is(blockOf(changeOf(planOf({ ...wanted, options: { ...wanted.options, acceptClock: true } }), 'cert/server')), 'free');
  assert.is(
    blockOf(changeOf(planOf({ ...wanted, records: { ...records, highWater: later(now, minutes(4)) } }), 'cert/server')),
    'free',
    'a few minutes are no step back',
  );
  assert.is(
    decided(changeOf(planOf(world({ records, files: { '/pki/server.key': { mode: 0o100644 } } })), 'cert/server')),
    'fix kept free',
  );
});

test.run();
