import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Address } from '../../src/domain/names.ts';
import type { Change } from '../../src/domain/plan.ts';
import { instantOf, later, minutes, seconds } from '../../src/domain/time.ts';
import type { Backoff } from '../../src/domain/watch-event.ts';
import { timerDoes } from '../../src/plan/scheduled.ts';
import { repaired, wantRepairs } from '../../src/watch/repair-steps.ts';
import {
  afterRepairs,
  chooseRepairs,
  leftAlone,
  noRepairs,
  type Repairs,
  repairLimits,
  repeatedRepairsPerHour,
} from '../../src/watch/repairs.ts';
import { type Repairable, type Wanted, wantedOf } from '../../src/watch/wanted.ts';
import { beginWatch, type Looked, type Moment, type WatchState } from '../../src/watch/watch-state.ts';
import { authority, leaf, now, planOf, world } from '../support/plan-world.ts';

const test = suite('watch/repairs');

const minute = 60_000;
const mode: Repairable = { code: 'private-key-mode', file: '/tls/server.key', kind: 'fix' };
const owner: Repairable = { code: 'private-key-owner', file: '/tls/server.key', kind: 'fix' };
const foreign: Repairable = { code: 'dns-names', file: '/tls/server.crt', kind: 'issue' };
const wish = (differences: readonly Repairable[] = [mode], address: Address | null = 'cert/server', isDue = false): Wanted => ({
  address,
  differences,
  isDue,
});

interface Told {
  readonly repaired: readonly number[];
  readonly paused: readonly (readonly [minutes: number, Backoff['why'], lengthInMinutes: number])[];
}

/** A difference that comes back a minute after each repair, looked at each minute; what is done succeeds where `succeeds` says so. */
function live(wanted: (minute: number) => readonly Wanted[], minutes: number, succeeds: (minute: number) => boolean = () => true): Told {
  let repairs: Repairs = noRepairs;
  const [repaired, paused]: [number[], [number, Backoff['why'], number][]] = [[], []];
  for (let at = 0; at < minutes; at += 1) {
    const all = wanted(at);
    const choice = chooseRepairs(repairs, all, at * minute);
    const done = all
      .filter(({ address }) => choice.now.includes(address))
      .map(({ address, differences }) => ({ address, differences, isDone: succeeds(at) }));
    const after = afterRepairs(choice.repairs, done, at * minute);
    repairs = after.repairs;
    if (done.length > 0) repaired.push(at);
    for (const { why, milliseconds } of [...choice.paused, ...after.paused]) paused.push([at, why, milliseconds / minute]);
  }
  return { repaired, paused };
}

test('what comes back each minute is put right three times, then after ten minutes, twenty, forty, and then each hour', () => {
  const { repaired, paused } = live(() => [wish()], 250);
  assert.equal(repaired, [0, 1, 2, 13, 34, 75, 136, 197]);
  assert.equal(paused, [
    [3, 'came-back', 10],
    [14, 'came-back', 20],
    [35, 'came-back', 40],
    [76, 'came-back', 60],
    [137, 'came-back', 60],
    [198, 'came-back', 60],
  ]);
});

test('what comes back less often than three times in ten minutes is put right each time', () => {
  const { repaired, paused } = live((at) => (at % 6 === 0 ? [wish()] : []), 120);
  assert.is(repaired.length, 20);
  assert.equal(paused, []);
});

test('another difference of the same resource counts for itself', () => {
  const { repaired } = live((at) => [wish([at % 2 === 0 ? mode : owner])], 8);
  assert.equal(repaired, [0, 1, 2, 3, 4, 5]);
});

test('a certificate that another program issues again is overwritten once a day', () => {
  const { repaired, paused } = live(() => [wish([foreign])], 3 * 24 * 60);
  assert.equal(repaired, [0, 24 * 60 + 1, 48 * 60 + 2]);
  assert.is(paused[0]?.[1], 'came-back');
  assert.is(repairLimits.issue.times, 1);
});

test('a renewal that is due is never held up by what comes back', () => {
  const { repaired, paused } = live(() => [wish([mode], 'cert/server', true)], 60);
  assert.is(repaired.length, 60);
  assert.equal(paused, []);
});

test('what cannot be done is tried again after one, two, four minutes, at the latest after an hour, and at once when it had succeeded', () => {
  const { repaired } = live(
    () => [wish([], 'cert/server', true)],
    400,
    () => false,
  );
  assert.equal(repaired, [0, 1, 3, 7, 15, 31, 63, 123, 183, 243, 303, 363]);
  const mended = live(
    () => [wish([], 'cert/server', true)],
    12,
    (at) => at === 7,
  );
  assert.equal(mended.repaired, [0, 1, 3, 7, 8, 9, 11]);
});

test('services that cannot be told are tried ever more rarely, and keep no certificate waiting', () => {
  const { repaired } = live(
    (at) => [wish([], null), ...(at === 5 ? [wish([], 'cert/server', true)] : [])],
    10,
    () => false,
  );
  assert.equal(repaired, [0, 1, 3, 5, 7]);
});

test(`${repeatedRepairsPerHour} repairs of what came back, of all resources in an hour, are enough; what is wrong for the first time is put right all the same`, () => {
  const many = Array.from({ length: 20 }, (_, index) => wish([mode], `cert/host-${index}`));
  let repairs = noRepairs;
  let done = 0;
  for (const at of [0, 1, 2]) {
    const { now, repairs: next } = chooseRepairs(repairs, many, at * minute);
    done += now.length;
    repairs = afterRepairs(
      next,
      now.map((address) => ({ address, differences: [mode], isDone: true })),
      at * minute,
    ).repairs;
  }
  assert.is(done, 50);
  assert.is(repairs.repeated.length, repeatedRepairsPerHour);
  const fresh = chooseRepairs(repairs, [wish([mode], 'cert/fresh'), many[0] as Wanted], 3 * minute);
  assert.equal(fresh.now, ['cert/fresh']);
});

test('what is left alone is known by its address while it is', () => {
  const { repairs } = afterRepairs(noRepairs, [{ address: 'ca/etcd', differences: [], isDone: false }], 0);
  assert.equal(leftAlone(repairs, 30_000), ['ca/etcd']);
  assert.equal(leftAlone(repairs, 2 * minute), []);
});

test('a certificate that falls due while somebody fights over its mode is renewed, and not left out of its own pass', () => {
  const moment = (minutes: number): Moment => ({
    now: instantOf(1_800_000_000 + minutes * 60),
    elapsed: minutes * minute,
    sinceBoot: minutes * 60,
  });
  let state: WatchState = beginWatch(seconds(60), moment(0));
  const requests = (wanted: readonly Wanted[], at: number) => {
    const [next, effects] = wantRepairs(state, moment(at), { at: 'everything', wanted }, timerDoes);
    state = next;
    return effects.flatMap((effect) => (effect.do === 'repair' ? [effect.request] : []));
  };
  for (let at = 0; at < 4; at += 1) {
    const attempts = requests([wish()], at).map(() => ({ address: 'cert/server' as const, differences: [mode], isDone: true }));
    [state] = repaired(state, moment(at), { attempts, wrote: true });
  }
  assert.equal(requests([wish(), wish([mode], 'cert/client')], 5), [
    { addresses: ['cert/client'], leaveAlone: ['cert/server'], does: timerDoes },
  ]);
  assert.equal(requests([wish([mode], 'cert/server', true)], 6), [{ addresses: ['cert/server'], leaveAlone: [], does: timerDoes }]);
});

test('a renewal that a gate holds back is asked for again when everything is looked at, not whenever a file is touched', () => {
  const moment: Moment = { now: instantOf(1_800_000_000), elapsed: 0, sinceBoot: 0 };
  const server: Address = 'cert/server';
  const requests = (state: WatchState, at: Looked['at'], wanted: readonly Wanted[]) =>
    wantRepairs(state, moment, { at, wanted }, timerDoes)[1].filter((effect) => effect.do === 'repair').length;
  const [state] = repaired(beginWatch(seconds(60), moment), moment, { attempts: [], inVain: [server], wrote: false });
  const touched = new Set([server]);
  assert.is(requests(state, touched, [wish([], server, true)]), 0);
  assert.is(requests(state, touched, [wish([mode], server, true)]), 1, 'its mode waits for no gate');
  assert.is(requests(state, touched, [wish([], 'cert/client', true)]), 1);
  assert.is(requests(state, 'everything', [wish([], server, true)]), 1);
});

test('a day without trouble, and everything begins anew', () => {
  const { repaired } = live((at) => (at < 5 || at >= 24 * 60 + 20 ? [wish()] : []), 24 * 60 + 25);
  assert.equal(repaired, [0, 1, 2, 24 * 60 + 20, 24 * 60 + 21, 24 * 60 + 22]);
});

test('however often things come back: at most three repairs of one difference in any ten minutes', () =>
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 300 }), (back) => {
      const { repaired } = live((at) => (back[at] ? [wish()] : []), back.length);
      for (const at of repaired) assert.ok(repaired.filter((other) => other > at - 10 && other <= at).length <= 3);
    }),
  ));

const planned = (wishes: Parameters<typeof world>[0]): readonly Change[] => planOf(world(wishes)).changes;
/** As if all of it had been applied before: then it is the disk that is otherwise. */
const asDrift = (changes: readonly Change[]): readonly Change[] =>
  changes.map((change) => ({ ...change, differences: change.differences.map((difference) => ({ ...difference, origin: 'drift' })) }));

const due = { pairs: { 'cert/server': { certificate: { notAfter: later(now, minutes(60)) } } } } as const;
const opened = { files: { '/pki/server.key': { mode: 0o100640 } } } as const;
// biome-ignore format: table
const wanted: readonly (readonly [string, readonly Change[], readonly string[]])[] = [
  ['nothing where all is in order',            planned({}),                                                                                   []],
  ['a renewal that is due',                    planned(due),                                                                                  ['cert/server due']],
  ['a mode that was changed on the disk',      asDrift(planned(opened)),                                                                      ['cert/server']],
  ['no mode that an edited YAML asks for',     planned(opened),                                                                               []],
  ['nothing else that an edited YAML asks for', planned({ resources: [authority(), leaf('server', { subject: { commonName: 'other' } })] }), []],
  ['no key that is gone',                      asDrift(planned({ pairs: { 'cert/server': { key: 'absent' } } })),                             []],
];
for (const [what, changes, expected] of wanted)
  test(`a pass is worth its while for ${what}`, () => {
    const found = wantedOf(changes, timerDoes).map(({ address, isDue }) => `${address}${isDue ? ' due' : ''}`);
    assert.equal(found, expected);
  });

const fixes = new Set(['fix'] as const);
const reissues = new Set(['fix', 'renew', 'reissue', 'rekey'] as const);
test('who is to fix only renews nothing, and who is to reissue does what an edited YAML asks for', () => {
  assert.equal(wantedOf(planned(due), fixes), []);
  const edited = planned({ pairs: { 'cert/server': { certificate: { usages: [] } } } });
  assert.equal(
    wantedOf(edited, reissues).map(({ address }) => address),
    ['cert/server'],
  );
});

test('what somebody else has done meanwhile is looked at before anything is judged; not twice in a row', () => {
  const moment: Moment = { now: instantOf(1_800_000_000), elapsed: 0, sinceBoot: 0 };
  const server: Address = 'cert/server';
  const done = { attempts: [], inVain: [server], overtaken: [server], wrote: false };
  const [state] = repaired(beginWatch(seconds(60), moment), moment, done);
  assert.is(state.waiting?.everything, true);
  assert.is(repaired({ ...state, waiting: undefined }, moment, done)[0].waiting, undefined);
  assert.is(repaired(beginWatch(seconds(60), moment), moment, { ...done, overtaken: [] })[0].waiting, undefined, 'held back');
});

test.run();
