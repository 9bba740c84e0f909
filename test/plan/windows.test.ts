import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredCertificate, DesiredResource } from '../../src/domain/desired-state.ts';
import type { PlanOptions } from '../../src/domain/plan.ts';
import { noRecords, type Records } from '../../src/domain/records.ts';
import { days, earlier, hours, type Instant, later, seconds } from '../../src/domain/time.ts';
import type { DesiredGate, DesiredWindow } from '../../src/domain/windows.ts';
import { asLastApplied } from '../../src/plan/as-last-applied.ts';
import { desiredHash } from '../../src/plan/desired-hash.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { closedUntil, hadItsChance } from '../../src/plan/windows.ts';
import { meaningOf } from '../../src/reconcile/keep-state.ts';
import { authority, blockOf, changeOf, inputOf, leaf, now, place, planOf, type WorldWishes, world } from '../support/plan-world.ts';

const test = suite('plan/windows');

const window = (name: string, openUntil: Instant | null, opensNext: Instant | null): DesiredWindow => ({
  name,
  place: place(1),
  cron: '0 2 * * *',
  duration: hours(4),
  at: () => ({ openUntil, opensNext }),
});
const open = window('open', later(now, hours(1)), later(now, days(1)));
const closed = window('nightly', null, later(now, hours(9)));
const later2 = window('weekly', null, later(now, days(3)));
const gate: DesiredGate = { name: 'healthy', place: place(1), command: ['/bin/check'] };

const ending = (left: number): WorldWishes => ({
  pairs: { 'cert/server': { certificate: { notBefore: earlier(now, days(362)), notAfter: later(now, seconds(left)) } } },
});
const due = ending(days(10));
const loose: WorldWishes = { files: { '/pki/server.key': { mode: 0o100644 } } };
const scheduled: Partial<PlanOptions> = { scheduled: true };
const said: Partial<PlanOptions> = { scheduled: true, closedGates: new Map([['healthy', 'says not now']]) };

/** It was applied as it stands: what differs now, the disk has changed. */
const applied = (resource: DesiredResource): Records => ({
  ...noRecords,
  manifest: new Map([
    [
      resource.address,
      {
        address: resource.address,
        source: ['pki.yaml'],
        paths: [],
        spkiSha256: null,
        written: {},
        desired: desiredHash(resource),
        protect: false,
        appliedAt: earlier(now, days(30)),
      },
    ],
  ]),
});

const answerOf = (wishes: WorldWishes, rest: Partial<DesiredCertificate>, options: Partial<PlanOptions>): string => {
  const server = leaf('server', rest);
  const resources = [authority(), server];
  const change = changeOf(planOf(world({ ...wishes, resources, options, records: applied(server) })), 'cert/server');
  const inSpiteOf = (change.inSpiteOf ?? []).map(({ protection, detail }) => `${protection}(${detail})`);
  return [change.action, blockOf(change).replace(' cert/server', ''), ...inSpiteOf].join(' ');
};

// biome-ignore format: table
const rows: readonly (readonly [string, WorldWishes, Partial<DesiredCertificate>, Partial<PlanOptions>, string])[] = [
  ['due, outside its window, for a timer',       due,             { windows: [closed] },                 scheduled, 'renew window outside-window'],
  ['due, outside its window, for a person',      due,             { windows: [closed] },                 {},        'renew free'],
  ['due, inside its window',                     due,             { windows: [open] },                   scheduled, 'renew free'],
  ['due, inside one of two',                     due,             { windows: [closed, open] },           scheduled, 'renew free'],
  ['due, with no windows',                       due,             { windows: [] },                       scheduled, 'renew free'],
  ['a mode, outside its window',                 loose,           { windows: [closed] },                 scheduled, 'fix free'],
  ['just before the last stretch',               ending(days(3)), { windows: [closed] },                 scheduled, 'renew window outside-window'],
  ['in the last stretch',                        ending(days(3) - 1), { windows: [closed] },             scheduled, 'renew free window(nightly)'],
  ['expired',                                    ending(-1),      { windows: [closed] },                 scheduled, 'renew free window(nightly)'],
  ['nothing to do',                              {},              { windows: [closed] },                 scheduled, 'noop free'],
  ['due, its gate closed',                       due,             { gates: [gate] },                     said,      'renew gate gate-closed'],
  ['due, its gate closed, for a person',         due,             { gates: [gate] },                     { ...said, scheduled: undefined }, 'renew free'],
  ['due, its gate not asked or open',            due,             { gates: [gate] },                     scheduled, 'renew free'],
  ['due, another gate closed',                   due,             { gates: [{ ...gate, name: 'other' }] }, said,    'renew free'],
  ['a mode, its gate closed',                    loose,           { gates: [gate] },                     said,      'fix free'],
  ['in the last stretch, its gate closed',       ending(days(2)), { gates: [gate] },                     said,      'renew free gate(healthy says not now)'],
  ['in the last stretch, both closed',           ending(days(2)), { windows: [closed], gates: [gate] },  said,      'renew free window(nightly) gate(healthy says not now)'],
  ['outside its window, its gate closed',        due,             { windows: [closed], gates: [gate] },  said,      'renew window outside-window'],
];
for (const [name, wishes, rest, options, expected] of rows)
  test(`${name}: ${expected}`, () => assert.is(answerOf(wishes, rest, options), expected));

test('what opens first is told, and what never opens again last', () => {
  assert.equal(closedUntil([later2, closed], now), { opens: later(now, hours(9)), names: ['nightly'] });
  assert.equal(closedUntil([window('gone', null, null), closed], now)?.names, ['nightly']);
  assert.equal(closedUntil([window('gone', null, null)], now), { opens: null, names: ['gone'] });
  assert.is(closedUntil([closed, open], now), null);
  const change = changeOf(
    planOf(world({ ...due, resources: [authority(), leaf('server', { windows: [closed] })], options: scheduled })),
    'cert/server',
  );
  assert.is(change.blocked?.detail, 'nightly opens 2026-11-24T01:30:00Z');
});

test('what had to wait for its window is not overdue before that window has closed once', () => {
  const overdueWith = (windows: readonly DesiredWindow[]) =>
    changeOf(planOf(world({ ...due, resources: [authority(), leaf('server', { windows })] })), 'cert/server').differences[0]?.overdue;
  assert.is(overdueWith([]), true);
  assert.is(overdueWith([closed]), undefined);
  assert.is(overdueWith([window('past', null, earlier(now, hours(5)))]), true);
  assert.is(hadItsChance([window('past', null, earlier(now, hours(3)))], earlier(now, days(10)), now), false);
  assert.is(hadItsChance([window('gone', null, null)], now, now), false);
});

test('when it is done is no part of what is wanted: a window or a gate changes neither the hash nor the id of a plan', () => {
  const plain = leaf('server');
  const guarded = leaf('server', { windows: [closed], gates: [gate] });
  assert.is(desiredHash(guarded), desiredHash(plain));
  const idOf = (resource: DesiredCertificate) =>
    planOf(world({ resources: [authority(), resource], files: { '/pki/server.key': { mode: 0o100644 } } })).id;
  assert.is(idOf(guarded), idOf(plain));
});

test('what was last applied is done when the YAML of now says: a changed window counts at once, beside an edit that waits', () => {
  const before = leaf('server', { windows: [closed] });
  const edited = leaf('server', { windows: [open], names: { ...before.names, dnsNames: ['new.example'] } });
  const made = world({ ...due, resources: [authority(), before], records: applied(before) });
  const input = inputOf({ ...made, resources: [authority(), edited] });
  const kept = () => [inputOf(made).desired];
  const found = asLastApplied({ ...input, plan: makePlan(input), kept }).resources.find(({ address }) => address === 'cert/server');
  assert.equal(found?.names.dnsNames, before.names.dnsNames);
  assert.equal(found?.windows, [open]);
});

test('what the YAML no longer names keeps the windows and gates that it was applied with', () => {
  const before = leaf('server', { windows: [closed], gates: [gate] });
  const made = world({ ...due, resources: [authority(), before], records: applied(before) });
  const input = inputOf({ ...made, resources: [authority()] });
  const kept = () => [inputOf(made).desired];
  const found = asLastApplied({ ...input, plan: makePlan(input), kept }).resources.find(({ address }) => address === 'cert/server');
  assert.equal([found?.windows, found?.gates], [[closed], [gate]]);
});

test('a window that is changed makes what is kept of the YAML news', () => {
  const stateWith = (rest: Partial<DesiredCertificate>) => inputOf(world({ resources: [authority(), leaf('server', rest)] })).desired;
  const meaning = meaningOf(stateWith({ windows: [closed] }));
  assert.is(meaningOf(stateWith({ windows: [{ ...closed, place: place(7) }] })), meaning);
  assert.is.not(meaningOf(stateWith({ windows: [{ ...closed, duration: hours(5) }] })), meaning);
  assert.is.not(meaningOf(stateWith({ windows: [closed], gates: [gate] })), meaning);
  assert.is.not(meaningOf(stateWith({})), meaning);
});

test.run();
