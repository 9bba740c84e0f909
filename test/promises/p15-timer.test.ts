/**
 * P15, of what a timer does: with jitter, with clocks that are off, with a YAML that was edited and never applied; each certificate is renewed once per period,
 * and never twice for the same reason. Without a disk: facts, plans, and what would become of them, over years in fast time.
 */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredCertificate, DesiredResource, DesiredState } from '../../src/domain/desired-state.ts';
import { isPending, type Plan } from '../../src/domain/plan.ts';
import type { Records } from '../../src/domain/records.ts';
import { type Duration, days, earlier, hours, type Instant, instantOf, later, minutes, seconds } from '../../src/domain/time.ts';
import { asLastApplied } from '../../src/plan/as-last-applied.ts';
import { desiredHash } from '../../src/plan/desired-hash.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { leastGain, type RenewalContext, renewalState } from '../../src/plan/renewal.ts';
import { updateRecords } from '../../src/records/update-records.ts';
import { carriedOut } from '../support/plan-carried-out.ts';
import {
  authority,
  certificateFor,
  changeOf,
  inputOf,
  key,
  leaf,
  minutesAfter,
  now,
  pairAt,
  planOf,
  type World,
  world,
} from '../support/plan-world.ts';
import { isTorture, printFigure } from '../support/torture.ts';

const test = suite('promises/p15-timer');

/** In thousandths: a number with a fraction, drawn at random, is most often next to nothing. */
const shares = (most: number) => fc.integer({ min: 0, max: most * 1000 }).map((share) => share / 1000);
/** From a minute to twenty years, every order of magnitude as often. */
const lengths = shares(7).map((magnitude) => seconds(Math.floor(60 * 10 ** magnitude)));

interface Life {
  readonly duration: Duration;
  /** Of the duration; more than all of it is nonsense that is tolerated. */
  readonly renewBefore: number | undefined;
  readonly backdate: number;
  /** How often somebody looks, as a share of the duration, and how far the clock is off every other time. */
  readonly tick: number;
  readonly skew: number;
  readonly machine: string | undefined;
  /** How long the issuer goes on, in durations; undefined: it does. */
  readonly issuer: number | undefined;
}

const lives: fc.Arbitrary<Life> = fc.record({
  duration: lengths,
  renewBefore: fc.option(shares(1.2), { nil: undefined }),
  backdate: fc.constantFrom(0, 300, 86_400),
  tick: shares(0.4),
  skew: fc.integer({ min: -300, max: 300 }),
  machine: fc.option(fc.constantFrom('0', '1', '2'), { nil: undefined }),
  issuer: fc.option(shares(4), { nil: undefined, freq: 1 }),
});

/** One certificate under one issuer, at any time. */
function partsOf({ duration, renewBefore, backdate, machine, issuer }: Life) {
  const ends = issuer === undefined ? undefined : later(now, seconds(Math.floor(issuer * duration)));
  const desired = leaf('server', {
    duration,
    backdate: seconds(backdate),
    ...(renewBefore !== undefined && { renewBefore: seconds(Math.floor(renewBefore * duration)) }),
  });
  const context = (at: Instant): RenewalContext => ({ now: at, machine, issuer: ends === undefined ? undefined : { notAfter: ends } });
  const issue = (at: Instant, serial: number) =>
    certificateFor(desired, key('server'), undefined, {
      serial: String(serial),
      notBefore: earlier(at, seconds(backdate)),
      notAfter: instantOf(Math.min(later(at, duration), ends ?? Number.MAX_SAFE_INTEGER)),
    });
  return { desired, context, issue };
}

const runs = isTorture ? 100_000 : 8_000;

test('whatever the lifetimes, clocks and ticks: never twice in one window, the next renewal lies ahead, and what can be kept valid is', () => {
  let renewals = 0;
  fc.assert(
    fc.property(lives, (life) => {
      const { desired, context, issue } = partsOf(life);
      const step = Math.max(1, Math.floor(life.tick * life.duration));
      /** The first instant at which a renewal is possible and brings something. */
      const opens = (window: Duration, from: Instant, end: Instant): number =>
        Math.max(from, end + leastGain(window, life.duration) - life.duration);
      let certificate = issue(now, 0);
      if (certificate.notAfter <= now) return;
      for (let tick = 1; tick <= 12; tick += 1) {
        const at = instantOf(now + tick * step + (tick % 2 === 0 ? life.skew : 0));
        const { isDue, window, from } = renewalState(desired, certificate, context(at));
        if (at > certificate.notAfter) {
          const slack = certificate.notAfter - opens(window, from, certificate.notAfter);
          assert.ok(life.issuer !== undefined || slack <= step + 2 * Math.abs(life.skew), 'expired, although somebody looked in time');
          return;
        }
        if (!isDue) continue;
        renewals += 1;
        const next = issue(at, tick);
        assert.ok(next.notAfter >= certificate.notAfter + leastGain(window, life.duration), 'a renewal that brought nothing');
        const after = renewalState(desired, next, context(at));
        const ahead = opens(after.window, after.from, next.notAfter);
        assert.ok(ahead > at, `the next renewal would be at ${ahead}, and it is ${at}`);
        for (const then of [at, ahead - 1])
          assert.not.ok(renewalState(desired, next, context(instantOf(then))).isDue, 'due before the next renewal');
        certificate = next;
      }
    }),
    { numRuns: runs },
  );
  assert.ok(renewals > runs / 4, `only ${renewals} renewals`);
  printFigure('P15', `${runs} lifetimes, windows, backdates, ticks, skews and jitters: ${renewals} renewals, none twice, none too late`);
});

/** Just issued and in order; the issuer ends after `issuer`. */
function fresh(rest: Partial<DesiredCertificate>, issuer: Duration = days(3650)): World {
  const notAfter = instantOf(Math.min(later(now, rest.duration ?? days(365)), later(now, issuer)));
  return world({
    resources: [authority(), leaf('server', rest)],
    pairs: {
      'ca/etcd': { certificate: { notBefore: earlier(now, days(3650)), notAfter: later(now, issuer) } },
      'cert/server': { certificate: { notBefore: earlier(now, rest.backdate ?? minutes(5)), notAfter } },
    },
    options: { scheduled: true },
  });
}

/** Looks every minute of half a day, and carries out what is planned: how often it was issued. */
function issuedInHalfADay(wanted: World): number {
  let at = wanted;
  let count = 0;
  for (let tick = 1; tick <= 720; tick += 1) {
    at = { ...at, now: minutesAfter(wanted.now, tick) };
    const plan = planOf(at);
    if (!isPending(changeOf(plan, 'cert/server'))) continue;
    count += 1;
    at = carriedOut(at, plan);
  }
  return count;
}

// What cert-manager was reported for, as it can happen here: what an issuer grants is cut short by its own end.
// biome-ignore format: table
const reported: readonly (readonly [issue: string, what: string, world: World, most: number])[] = [
  ['#1122', 'a life of five minutes: once in its period of 200 seconds, not at every look', fresh({ duration: minutes(5), backdate: seconds(0) }),                                            180],
  ['#1214', 'a life other than was asked for',                                             fresh({ duration: days(90), renewBefore: days(30) }, days(20)),                                     0],
  ['#1506', 'a window that opened before the certificate was issued',                      fresh({ duration: days(90), renewBefore: days(120) }),                                              0],
  ['#1786', 'a window ten minutes shorter than the life, which began an hour ago',         fresh({ duration: days(1), renewBefore: seconds(days(1) - minutes(10)), backdate: hours(1) }),     72],
  ['#3813', 'a life as long as the default window',                                        fresh({ duration: days(30) }),                                                                      0],
  ['#3897', 'a life a little longer than the default window',                              fresh({ duration: seconds(days(30) + 1) }),                                                         0],
  ['#4423', 'a life that the issuer cuts to the window, and half a minute of the past',    fresh({ duration: days(60), renewBefore: days(30), backdate: seconds(30) }, days(30)),              0],
  ['#7741', 'an issuer that has expired',                                                  fresh({ duration: days(90) }, seconds(-3600)),                                                      0],
];

for (const [issue, what, wanted, most] of reported)
  test(`cert-manager ${issue}: ${what}`, () => {
    const count = issuedInHalfADay(wanted);
    assert.ok(count <= most, `issued ${count} times in half a day`);
  });

// 400 days, 50 certificates.

const span = days(400);
const tick: Duration = isTorture ? hours(1) : days(1);

/** Lifetimes from ten days to over a year; windows of all shares, and the default one. */
const fifty: readonly DesiredCertificate[] = Array.from({ length: 50 }, (_, index) => {
  const duration = days(10 + index * 8);
  const share = [undefined, 0.1, 0.25, 0.5, 0.9][index % 5];
  return leaf(`server-${index}`, {
    duration,
    backdate: seconds(0),
    fileSets: [{ files: pairAt('/tls', `server-${index}`) }],
    ...(share !== undefined && { renewBefore: seconds(Math.floor(share * duration)) }),
  });
});
const durationOf = ({ duration }: DesiredCertificate): number => duration ?? 0;
const windowOf = (desired: DesiredCertificate): number => desired.renewBefore ?? Math.min(Math.floor(durationOf(desired) / 3), days(30));
/** How often in 400 days somebody who looks at every tick issues it: at the beginning, and once per period from then on. */
const expected = (desired: DesiredCertificate, jitter = 0): number =>
  Math.ceil(span / (Math.ceil((durationOf(desired) - windowOf(desired) - jitter) / tick) * tick));

const inForce: readonly DesiredResource[] = [authority('etcd', { duration: days(3650) }), ...fifty];
const editedSince: readonly DesiredResource[] = inForce.map((resource) =>
  resource.kind === 'ca' ? resource : { ...resource, names: { ...resource.names, dnsNames: ['edited.example'] } },
);
const kept: DesiredState = { resources: inForce, services: [], sources: [], from: ['pki.yaml'], host: 'controller-0' };

const issuedBy = ({ changes }: Plan): readonly string[] =>
  changes.filter((change) => change.kind === 'cert' && isPending(change)).map(({ address }) => address);

/** How often each certificate is issued under one machine; from `edited` on the YAML wants other names, and nobody ever applies that. */
function lived({ machine, edited }: { readonly machine?: string; readonly edited?: Instant }): ReadonlyMap<string, number> {
  const count = new Map<string, number>();
  const note = (plan: Plan) => {
    for (const address of issuedBy(plan)) count.set(address, (count.get(address) ?? 0) + 1);
  };
  const nothing = Object.fromEntries(inForce.map(({ address }) => [address, { certificate: 'absent' as const, key: 'absent' as const }]));
  const empty = world({ resources: inForce, pairs: nothing, options: { confirm: ['ca/etcd'] } });
  const creation = planOf(empty);
  note(creation);
  let at = carriedOut(empty, creation);
  const records = recordsAfter(at);
  for (let instant = later(now, tick); instant < later(now, span); instant = later(instant, tick)) {
    const isEdited = edited !== undefined && instant >= edited;
    const here: World = { ...at, resources: isEdited ? editedSince : inForce, records, now: instant, options: { machine } };
    const input = inputOf(here);
    const { resources } = isEdited ? asLastApplied({ ...input, plan: makePlan(input), kept: () => [kept] }) : here;
    const timed: World = { ...here, resources, options: { machine, scheduled: true } };
    const plan = planOf(timed);
    note(plan);
    if (issuedBy(plan).length > 0) at = carriedOut(timed, plan);
  }
  return count;
}

function recordsAfter(applied: World): Records {
  const { desired } = inputOf(applied);
  const outcome = { resources: [], interrupted: false };
  const plan = planOf({ ...applied, options: {} });
  return updateRecords(applied.records, { desired, plan, outcome, hashOf: desiredHash, now, acceptClock: false });
}

test('400 days, 50 certificates: each is issued once per period, and not once more', () => {
  const count = lived({});
  for (const desired of fifty) assert.is(count.get(desired.address), expected(desired), desired.address);
  const all = [...count.values()].reduce((sum, each) => sum + each, 0);
  printFigure('P15', `400 days, 50 certificates, a look every ${tick / 3600} h: ${all} issued, each ⌈days/period⌉ ± 0 times`);
});

test('the same while every name in the YAML was edited, and nobody applies it', () => {
  const count = lived({ edited: later(now, days(300)) });
  for (const desired of fifty) assert.is(count.get(desired.address), expected(desired), desired.address);
});

test('with jitter a period is shorter by a tenth of the window at most, and each certificate is issued accordingly', () => {
  for (const machine of isTorture ? ['a', 'b', 'c'] : ['a']) {
    const count = lived({ machine });
    for (const desired of fifty) {
      const [least, most] = [expected(desired), expected(desired, Math.floor(windowOf(desired) / 10))];
      const found = count.get(desired.address) ?? 0;
      assert.ok(found >= least && found <= most, `${desired.address}: ${found}, not from ${least} to ${most}`);
    }
  }
});

test.run();
