/**
 * P15: renewal is on time and never loops. Four hundred days go by in the time of a test, pass after pass: each certificate is renewed as often as its window opens,
 * no more and no less, is valid all the time, and has nothing left to do right after it was issued. What holds for any lifetimes is a property in
 * `plan/renewal`, together with the storms that another program was reported for.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { between, type Duration, days, hours, type Instant, later } from '../../src/domain/time.ts';
import { carriedOut } from '../support/plan-carried-out.ts';
import { at, authority, leaf, planOf, type World, world } from '../support/plan-world.ts';
import { printFigure } from '../support/torture.ts';

const test = suite('promises/p15-renewals');

/** How often a timer runs. */
const tick = hours(3);
const begin = at('2026-11-23T16:30:00Z');
const end = later(begin, days(400));

// biome-ignore format: table
const lifetimes: readonly (readonly [duration: Duration, renewBefore: Duration])[] = [
  [days(365), days(15)], [days(397), days(30)], [days(90), days(30)], [days(47), days(10)],
  [days(7), days(2)],    [hours(36), hours(35)], [hours(24), hours(8)], [hours(12), hours(5)],
];
const names = lifetimes.map((_, index) => `server-${index}`);

const nothing = { certificate: 'absent', key: 'absent' } as const;

/** An authority that lives long enough, and nothing issued yet. */
const beginning = (): World =>
  world({
    now: begin,
    resources: [
      authority('etcd', { duration: days(7300) }),
      ...lifetimes.map(([duration, renewBefore], index) => leaf(names[index] as string, { duration, renewBefore })),
    ],
    options: { confirm: ['ca/etcd'] },
    pairs: Object.fromEntries(['ca/etcd', ...names.map((name) => `cert/${name}`)].map((address) => [address, nothing])),
  });

interface Simulated {
  readonly passes: number;
  /** When each was issued, the first time included. */
  readonly issued: ReadonlyMap<string, readonly Instant[]>;
}

/** One pass each tick, but for those in which the machine is off. */
function simulate(isOff: (now: Instant) => boolean): Simulated {
  const issued = new Map(names.map((name) => [name, [] as Instant[]]));
  let [current, passes] = [beginning(), 0];
  for (let now = begin; now < end; now = later(now, tick)) {
    if (isOff(now)) continue;
    passes += 1;
    current = { ...current, now };
    const plan = planOf(current);
    const pending = plan.changes.filter(({ action }) => action !== 'noop');
    for (const { address, action } of pending) {
      if (address === 'ca/etcd') continue;
      assert.ok(['create', 'renew'].includes(action), `${address}: ${action}`);
      issued.get(address.slice(5))?.push(now);
    }
    if (pending.length > 0) {
      current = carriedOut(current, plan);
      assert.equal(
        planOf(current)
          .changes.filter(({ action }) => action !== 'noop')
          .map(({ address, action }) => `${action} ${address}`),
        [],
        'something is left to do at the same moment',
      );
    }
  }
  return { passes, issued };
}

test('four hundred days, a pass every three hours: as many renewals as windows open, each certificate valid all the time', () => {
  const { passes, issued } = simulate(() => false);
  let renewals = 0;
  for (const [index, [duration, renewBefore]] of lifetimes.entries()) {
    const moments = issued.get(names[index] as string) ?? [];
    const period = Math.ceil((duration - renewBefore) / tick) * tick;
    const total = end - tick - begin;
    assert.is(moments.length, 1 + Math.floor(total / period), `${duration / 3600} h, renewed ${renewBefore / 3600} h before`);
    renewals += moments.length - 1;
    for (const [nth, moment] of moments.entries()) {
      const next = moments[nth + 1];
      if (next !== undefined) assert.is(between(moment, next), period, 'a renewal that was not on time');
      assert.ok((next ?? end) <= later(moment, duration), 'a certificate that expired before it was renewed');
    }
  }
  printFigure(
    'P15',
    `${passes} passes over 400 days, ${renewals} renewals of ${names.length} certificates: each when its window opened, none twice`,
  );
});

test('a machine that is off for a month now and then renews once when it is back, and goes on', () => {
  const isOff = (now: Instant): boolean => Math.floor((now - begin) / days(30)) % 3 === 1;
  const { issued } = simulate(isOff);
  for (const [name, moments] of issued) {
    assert.equal(new Set(moments).size, moments.length, `${name} was issued twice in one pass`);
    assert.ok(moments.every((moment) => !isOff(moment)));
  }
});

test.run();
