import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Plan } from '../../src/domain/plan.ts';
import { days, earlier, hours, type Instant, later, minutes } from '../../src/domain/time.ts';
import { leaf, now, planOf, type WorldWishes, world } from '../support/plan-world.ts';
import { anInstantWithin, randomWishes } from '../support/random-worlds.ts';
import { sampled } from '../support/sampled.ts';

const test = suite('plan/plan-validity');

const untilOf = (wishes: WorldWishes): number => (planOf(world(wishes)).validUntil as Instant) - now;
const server = (rest: { readonly notBefore?: Instant; readonly notAfter?: Instant }): WorldWishes => ({
  pairs: { 'cert/server': { certificate: rest } },
});
const shortWindow = { resources: [...world().resources.filter(({ kind }) => kind === 'ca'), leaf('server', { renewBefore: hours(2) })] };

// biome-ignore format: table
const rows: readonly (readonly [string, WorldWishes, number])[] = [
  ['nothing happens within a day',                    {},                                                                            days(1)],
  ['a certificate ends in an hour',                   server({ notAfter: later(now, hours(1)) }),                                    hours(1)],
  ['a certificate becomes valid in ten minutes',      server({ notBefore: later(now, minutes(10)), notAfter: later(now, days(90)) }), minutes(10) - 1],
  ['a window opens in three hours',                   { ...shortWindow, ...server({ notBefore: earlier(now, days(9)), notAfter: later(now, hours(5)) }) }, hours(3) - 1],
  ['an authority ends in five hours',                 { pairs: { 'ca/etcd': { certificate: { notAfter: later(now, hours(5)) } } } }, hours(5)],
];
for (const [what, wishes, seconds] of rows)
  test(`${what}: the plan holds for ${seconds} seconds`, () => assert.is(untilOf(wishes), seconds));

const decisions = ({ changes }: Plan) =>
  changes.map(({ address, action, key, blocked, differences }) => [
    address,
    action,
    key,
    blocked?.code,
    differences.map(({ code }) => code),
  ]);

test('while a plan holds, the same is decided at every second of it', () => {
  fc.assert(
    fc.property(
      randomWishes.chain((wishes) => {
        const wanted = world(wishes);
        const plan = planOf(wanted);
        return fc.tuple(fc.constant(wanted), fc.constant(plan), anInstantWithin(plan.validUntil as Instant));
      }),
      ([wanted, plan, instant]) => {
        assert.ok((plan.validUntil as Instant) >= now && (plan.validUntil as Instant) <= later(now, days(1)));
        for (const at of [instant, plan.validUntil as Instant]) assert.equal(decisions(planOf({ ...wanted, now: at })), decisions(plan));
      },
    ),
    { numRuns: sampled(1500) },
  );
});

test.run();
