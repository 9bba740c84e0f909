import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Hold, Holds } from '../../src/domain/hold.ts';
import type { Address } from '../../src/domain/names.ts';
import type { PlanOptions } from '../../src/domain/plan.ts';
import { noRecords, type Records } from '../../src/domain/records.ts';
import { days, earlier, hours, type Instant, later, minutes, seconds } from '../../src/domain/time.ts';
import { authority, blockOf, changeOf, leaf, now, planOf, type WorldWishes, world } from '../support/plan-world.ts';

const test = suite('plan/held-back');

const hold = (address: Address, rest: Partial<Hold> = {}): Hold => ({
  address,
  since: earlier(now, hours(1)),
  until: later(now, hours(3)),
  reason: 'compaction runs',
  by: 'root@controller-0',
  ...rest,
});
const holding = (...holds: readonly Hold[]): Records => ({
  ...noRecords,
  holds: { byAddress: new Map(holds.map((one) => [one.address, one])) },
});
const knowing = (holds: Holds): Records => ({ ...noRecords, holds });

const confirmed: Partial<PlanOptions> = { confirm: ['cert/server'] };
const ending = (left: number): WorldWishes => ({
  pairs: { 'cert/server': { certificate: { notBefore: earlier(now, days(362)), notAfter: later(now, seconds(left)) } } },
});
const due = ending(days(10));
const loose: WorldWishes = { files: { '/pki/server.key': { mode: 0o100644 } } };
const held = holding(hold('cert/server'));

const answerOf = (wishes: WorldWishes, records: Records, options: Partial<PlanOptions> = {}): string => {
  const change = changeOf(planOf(world({ ...wishes, records, options })), 'cert/server');
  const inSpiteOf = (change.inSpiteOf ?? []).map(({ protection }) => protection);
  return [change.action, blockOf(change).replace(' cert/server', ''), ...inSpiteOf].join(' ');
};

// biome-ignore format: table
const rows: readonly (readonly [string, WorldWishes, Records, Partial<PlanOptions>, string])[] = [
  ['a renewal that is due',                         due,                held, {},                         'renew hold on-hold'],
  ['a renewal that is due, for a timer',            due,                held, { scheduled: true },        'renew hold on-hold'],
  ['a mode that is too wide',                       loose,              held, {},                         'fix hold on-hold'],
  ['a renewal that a person asks for',              {},                 held, { renew: ['cert/server'] }, 'renew hold on-hold'],
  ['one that a person confirms',                    due,                held, confirmed,                  'renew free'],
  ['nothing to do',                                 {},                 held, {},                         'noop free'],
  ['a hold on another resource',                    due,                holding(hold('ca/etcd')), {},     'renew free'],
  ['a hold that ends this second',                  due,                holding(hold('cert/server', { until: now })), {}, 'renew free'],
  ['a hold that ends the next second',              due,                holding(hold('cert/server', { until: later(now, seconds(1)) })), {}, 'renew hold on-hold'],
  ['a hold by a clock that was ahead',              due,                holding(hold('cert/server', { since: later(now, hours(1)) })), {}, 'renew hold on-hold'],
  ['a renewal just before the last stretch',        ending(days(3)),    held, {},                         'renew hold on-hold'],
  ['a renewal in the last stretch',                 ending(days(3) - 1), held, {},                        'renew free hold'],
  ['a renewal in the last stretch, for a timer',    ending(days(3) - 1), held, { scheduled: true },       'renew free hold'],
  ['an expired certificate',                        ending(-1),         held, {},                         'renew free hold'],
  ['a new key in the last stretch',                 ending(days(2)),    held, { rekey: ['cert/server'] }, 'rekey hold on-hold'],
  ['one in the last stretch that is confirmed',     ending(days(2)),    held, confirmed,                  'renew free'],
  ['holds that cannot be read',                     due,                knowing({ byAddress: new Map(), unreadable: 'EIO' }), {}, 'renew hold holds-unreadable'],
  ['holds that cannot be read, confirmed',          due,                knowing({ byAddress: new Map(), unreadable: 'EIO' }), confirmed, 'renew free'],
  ['holds that cannot be read, in the last stretch', ending(days(2)),   knowing({ byAddress: new Map(), unreadable: 'EIO' }), {}, 'renew free hold'],
];
for (const [what, wishes, records, options, answer] of rows)
  test(`${what}: ${answer}`, () => assert.is(answerOf(wishes, records, options), answer));

test('whoever is asked to consent to a trust anchor is told of the hold first', () => {
  const wanted = { pairs: { 'ca/etcd': {} }, records: holding(hold('ca/etcd')), options: { rekey: ['ca/etcd'] as Address[] } };
  const change = changeOf(planOf(world(wanted)), 'ca/etcd');
  assert.equal([blockOf(change), change.consent], ['hold on-hold ca/etcd', 'ca/etcd']);
});

test('an authority gets no other key while something that it has issued is on hold', () => {
  const wanted = { records: held, options: { rekey: ['ca/etcd'] as Address[], confirm: ['ca/etcd'] } };
  const plan = planOf(world(wanted));
  assert.is(blockOf(changeOf(plan, 'ca/etcd')), 'hold on-hold cert/server');
  assert.is.not(blockOf(changeOf(plan, 'cert/server')), 'free');
  const both = planOf(world({ ...wanted, options: { ...wanted.options, confirm: ['ca/etcd', 'cert/server'] } }));
  assert.equal([blockOf(changeOf(both, 'ca/etcd')), blockOf(changeOf(both, 'cert/server'))], ['free', 'free']);
  const renewed = planOf(world({ records: held, options: { renew: ['ca/etcd'] } }));
  assert.is(blockOf(changeOf(renewed, 'ca/etcd')), 'free', 'with its key it leaves nobody behind');
});

test('what nobody may do is told before a hold: its consent would not help', () => {
  assert.is(
    blockOf(changeOf(planOf(world({ ...due, pairs: { ...due.pairs, 'ca/etcd': { key: 'absent' } }, records: held })), 'cert/server')),
    'issuer issuer-key-absent',
  );
});

test('a hold says until when and why, and which address lifts it', () => {
  const { blocked, consent } = changeOf(planOf(world({ ...due, records: held })), 'cert/server');
  assert.match(blocked?.detail ?? '', 'compaction runs');
  assert.equal([blocked?.confirm, consent], ['cert/server', 'cert/server']);
});

test('children of an authority that is on hold are signed by it as it is', () => {
  const wanted = world({ ...due, records: holding(hold('ca/etcd')), options: { renew: ['ca/etcd'] } });
  const plan = planOf(wanted);
  assert.is(blockOf(changeOf(plan, 'ca/etcd')), 'hold on-hold ca/etcd');
  assert.is(blockOf(changeOf(plan, 'cert/server')), 'free');
});

test('what is renewed in spite of a hold says so: protection-yields', () => {
  const { effects } = changeOf(planOf(world({ ...ending(days(2)), records: held })), 'cert/server');
  const [detail] = effects.flatMap((effect) => (effect.code === 'protection-yields' ? [effect.detail] : []));
  assert.match(detail ?? '', /^hold until \S+Z \(compaction runs\)$/);
});

test('a hold is found whether or not something is to be done, with its end, who asked, and a clock that was ahead', () => {
  const found = (rest: Partial<Hold> = {}) =>
    changeOf(planOf(world({ records: holding(hold('cert/server', rest)) })), 'cert/server').findings.find(({ code }) => code === 'on-hold');
  assert.is(found()?.until, later(now, hours(3)));
  assert.match(found()?.detail ?? '', 'by root@controller-0)');
  assert.match(found({ since: later(now, hours(1)) })?.detail ?? '', 'by a clock that says');
  assert.is(found({ until: now }), undefined);
});

test('a plan that is kept is made again when a hold in it ends', () => {
  const until = later(now, minutes(20));
  const plan = planOf(world({ resources: [authority(), leaf()], ...due, records: holding(hold('cert/server', { until })) }));
  assert.is(plan.validUntil, (until - 1) as Instant);
});

test.run();
