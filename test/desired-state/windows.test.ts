import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isEverClosed, longClosure, type Openings } from '../../src/desired-state/closures.ts';
import { scheduleOf } from '../../src/desired-state/cron-schedule.ts';
import { stateAt } from '../../src/desired-state/policies.ts';
import { days, formatInstant, hours, type Instant, instantOf, parseDuration, parseInstant, seconds } from '../../src/domain/time.ts';
import { file, parse, resourceOf } from './parse.ts';

const test = suite('desired-state/windows');

const at = (text: string): Instant => parseInstant(text) as Instant;
const shown = (instant: Instant | null): string => (instant === null ? 'never' : formatInstant(instant).replace(':00Z', 'Z'));
const stateOf = (cron: string, length: string, zone: string, now: string): string => {
  const { openUntil, opensNext } = stateAt(scheduleOf(cron, zone === '' ? undefined : zone), parseDuration(length) ?? seconds(0), at(now));
  return `${openUntil === null ? 'closed' : `open until ${shown(openUntil)}`}, opens ${shown(opensNext)}`;
};

// biome-ignore format: table
const rows: readonly (readonly [string, string, string, string, string])[] = [
  // plain days, UTC
  ['0 2 * * *',      '4h',  '',                    '2026-11-23T01:59:59Z', 'closed, opens 2026-11-23T02:00Z'],
  ['0 2 * * *',      '4h',  '',                    '2026-11-23T02:00:00Z', 'open until 2026-11-23T06:00Z, opens 2026-11-24T02:00Z'],
  ['0 2 * * *',      '4h',  '',                    '2026-11-23T05:59:59Z', 'open until 2026-11-23T06:00Z, opens 2026-11-24T02:00Z'],
  ['0 2 * * *',      '4h',  '',                    '2026-11-23T06:00:00Z', 'closed, opens 2026-11-24T02:00Z'],
  ['0 22 * * *',     '4h',  '',                    '2026-12-31T23:59:59Z', 'open until 2027-01-01T02:00Z, opens 2027-01-01T22:00Z'],
  ['0 22 * * *',     '4h',  '',                    '2027-01-01T01:00:00Z', 'open until 2027-01-01T02:00Z, opens 2027-01-01T22:00Z'],
  ['@daily',         '1h',  '',                    '2026-11-23T00:30:00Z', 'open until 2026-11-23T01:00Z, opens 2026-11-24T00:00Z'],
  ['@weekly',        '1h',  '',                    '2026-11-23T00:30:00Z', 'closed, opens 2026-11-29T00:00Z'],
  ['@monthly',       '2d',  '',                    '2026-12-02T23:00:00Z', 'open until 2026-12-03T00:00Z, opens 2027-01-01T00:00Z'],
  ['@yearly',        '1d',  '',                    '2026-11-23T00:30:00Z', 'closed, opens 2027-01-01T00:00Z'],
  // weekdays
  ['0 2 * * 6,0',    '4h',  '',                    '2026-11-27T12:00:00Z', 'closed, opens 2026-11-28T02:00Z'],
  ['0 2 * * 6,0',    '4h',  '',                    '2026-11-28T03:00:00Z', 'open until 2026-11-28T06:00Z, opens 2026-11-29T02:00Z'],
  ['0 2 * * SAT,SUN', '4h', '',                    '2026-11-29T06:00:00Z', 'closed, opens 2026-12-05T02:00Z'],
  ['0 2 * * 7',      '4h',  '',                    '2026-11-28T03:00:00Z', 'closed, opens 2026-11-29T02:00Z'],
  ['0 0 * * 6,0',    '1d',  '',                    '2026-11-29T00:00:00Z', 'open until 2026-11-30T00:00Z, opens 2026-12-05T00:00Z'],
  ['0 20 * * 1-5',   '10h', '',                    '2026-11-28T05:00:00Z', 'open until 2026-11-28T06:00Z, opens 2026-11-30T20:00Z'],
  ['30 1 * * 0#1',   '2h',  '',                    '2026-11-23T00:00:00Z', 'closed, opens 2026-12-06T01:30Z'],
  ['30 1 * * 5#L',   '2h',  '',                    '2026-11-23T00:00:00Z', 'closed, opens 2026-11-27T01:30Z'],
  // days of months
  ['0 2 31 * *',     '1h',  '',                    '2026-11-23T00:00:00Z', 'closed, opens 2026-12-31T02:00Z'],
  ['0 2 L * *',      '1h',  '',                    '2027-02-01T00:00:00Z', 'closed, opens 2027-02-28T02:00Z'],
  ['0 2 15W * *',    '1h',  '',                    '2026-11-01T00:00:00Z', 'closed, opens 2026-11-16T02:00Z'],
  ['0 2 29 2 *',     '1h',  '',                    '2026-11-23T00:00:00Z', 'closed, opens 2028-02-29T02:00Z'],
  ['0 2 13 * 5',     '1h',  '',                    '2026-11-12T12:00:00Z', 'closed, opens 2026-11-13T02:00Z'],
  ['0 2 13 * 5',     '1h',  '',                    '2026-11-13T12:00:00Z', 'closed, opens 2026-11-20T02:00Z'],
  ['0 2 13 * +5',    '1h',  '',                    '2026-11-13T12:00:00Z', 'closed, opens 2027-08-13T02:00Z'],
  // several openings, and overlapping ones
  ['0 2,14 * * *',   '2h',  '',                    '2026-11-23T04:00:00Z', 'closed, opens 2026-11-23T14:00Z'],
  ['0 1-3 * * *',    '90m', '',                    '2026-11-23T02:10:00Z', 'open until 2026-11-23T03:30Z, opens 2026-11-23T03:00Z'],
  ['*/10 2 * * *',   '30m', '',                    '2026-11-23T03:19:59Z', 'open until 2026-11-23T03:20Z, opens 2026-11-24T02:00Z'],
  ['*/10 2 * * *',   '5m',  '',                    '2026-11-23T02:07:00Z', 'closed, opens 2026-11-23T02:10Z'],
  // time zones
  ['0 2 * * *',      '4h',  'UTC',                 '2026-11-23T02:00:00Z', 'open until 2026-11-23T06:00Z, opens 2026-11-24T02:00Z'],
  ['0 2 * * *',      '4h',  'Europe/Berlin',       '2026-11-23T00:59:59Z', 'closed, opens 2026-11-23T01:00Z'],
  ['0 2 * * *',      '4h',  'Europe/Berlin',       '2026-07-23T00:00:00Z', 'open until 2026-07-23T04:00Z, opens 2026-07-24T00:00Z'],
  ['0 2 * * *',      '4h',  'America/New_York',    '2026-11-23T07:00:00Z', 'open until 2026-11-23T11:00Z, opens 2026-11-24T07:00Z'],
  ['0 2 * * 1',      '4h',  'Asia/Tokyo',          '2026-11-22T17:00:00Z', 'open until 2026-11-22T21:00Z, opens 2026-11-29T17:00Z'],
  ['0 2 * * *',      '1h',  'Asia/Kathmandu',      '2026-11-22T20:14:59Z', 'closed, opens 2026-11-22T20:15Z'],
  ['0 0 1 1 *',      '1h',  'Pacific/Kiritimati',  '2026-12-31T09:59:59Z', 'closed, opens 2026-12-31T10:00Z'],
  ['0 0 1 1 *',      '1h',  'Pacific/Pago_Pago',   '2027-01-01T10:59:59Z', 'closed, opens 2027-01-01T11:00Z'],
  // the hour that is left out: it opens at its end; what it lasts is time that passes
  ['30 2 * * *',     '1h',  'Europe/Berlin',       '2026-03-29T00:59:59Z', 'closed, opens 2026-03-29T01:00Z'],
  ['30 2 * * *',     '1h',  'Europe/Berlin',       '2026-03-29T01:00:00Z', 'open until 2026-03-29T02:00Z, opens 2026-03-30T00:30Z'],
  ['0 1 * * *',      '4h',  'Europe/Berlin',       '2026-03-29T03:59:59Z', 'open until 2026-03-29T04:00Z, opens 2026-03-29T23:00Z'],
  ['30 2 * * *',     '1h',  'America/New_York',    '2026-03-08T06:59:59Z', 'closed, opens 2026-03-08T07:00Z'],
  ['0 0 * * *',      '1h',  'America/Sao_Paulo',   '2018-11-04T02:59:59Z', 'closed, opens 2018-11-04T03:00Z'],
  ['15 2 * * *',     '1h',  'Australia/Lord_Howe', '2026-10-03T15:29:59Z', 'closed, opens 2026-10-03T15:30Z'],
  ['0 3 * * *',      '1h',  'Europe/Berlin',       '2026-03-29T00:30:00Z', 'closed, opens 2026-03-29T01:00Z'],
  // the hour that comes twice: it opens the first time only
  ['30 2 * * *',     '30m', 'Europe/Berlin',       '2026-10-25T00:30:00Z', 'open until 2026-10-25T01:00Z, opens 2026-10-26T01:30Z'],
  ['30 2 * * *',     '30m', 'Europe/Berlin',       '2026-10-25T01:30:00Z', 'closed, opens 2026-10-26T01:30Z'],
  ['30 2 * * *',     '2h',  'Europe/Berlin',       '2026-10-25T01:30:00Z', 'open until 2026-10-25T02:30Z, opens 2026-10-26T01:30Z'],
  ['30 1 * * *',     '1h',  'America/New_York',    '2026-11-01T06:30:00Z', 'closed, opens 2026-11-02T06:30Z'],
  ['0 1 * * *',      '4h',  'Europe/Berlin',       '2026-10-25T02:59:59Z', 'open until 2026-10-25T03:00Z, opens 2026-10-26T00:00Z'],
  // but a list, a range or a step of hours or minutes opens both times
  ['*/30 2 * * *',   '10m', 'Europe/Berlin',       '2026-10-25T01:30:00Z', 'open until 2026-10-25T01:40Z, opens 2026-10-26T01:00Z'],
  ['30 2,14 * * *',  '10m', 'Europe/Berlin',       '2026-10-25T00:30:00Z', 'open until 2026-10-25T00:40Z, opens 2026-10-25T01:30Z'],
  // a day that a country left out
  ['0 12 30 12 *',   '1h',  'Pacific/Apia',        '2011-01-01T00:00:00Z', 'closed, opens 2012-12-29T22:00Z'],
  // the ends of what is written
  ['  0 2 * * *  ',  '1h',  '',                    '2026-11-23T02:00:00Z', 'open until 2026-11-23T03:00Z, opens 2026-11-24T02:00Z'],
  ['59 23 31 12 *',  '1m',  '',                    '2026-12-31T23:59:59Z', 'open until 2027-01-01T00:00Z, opens 2027-12-31T23:59Z'],
];

for (const [cron, length, zone, now, expected] of rows) {
  test(`"${cron}" for ${length}${zone === '' ? '' : ` in ${zone}`}, at ${now}: ${expected}`, () => {
    assert.is(stateOf(cron, length, zone, now), expected);
  });
}

const zones = [undefined, 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
const crons = ['0 2 * * *', '30 2 * * 6,0', '*/20 1-3 * * *', '15 0 1,15 * *', '0 3 * * 0#1', '30 2,14 * * 1-5'];

test('whatever the moment: what opens next is later, it is open when it opens, closed when it closes, and open in between', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...crons),
      fc.constantFrom(...zones),
      fc.integer({ min: 60, max: 6 * 3600 }),
      fc.integer({ min: at('2025-01-01T00:00:00Z'), max: at('2031-01-01T00:00:00Z') }),
      (cron, zone, length, moment) => {
        const schedule = scheduleOf(cron, zone);
        const duration = seconds(length);
        const now = instantOf(moment);
        const state = stateAt(schedule, duration, now);
        const next = state.opensNext as Instant;
        assert.ok(next > now);
        const then = stateAt(schedule, duration, next);
        assert.ok(then.openUntil !== null && then.openUntil >= next + length);
        assert.ok(then.opensNext !== null && then.opensNext > next);
        if (state.openUntil !== null) {
          assert.ok(state.openUntil <= now + length);
          assert.ok(stateAt(schedule, duration, instantOf(state.openUntil - 1)).openUntil !== null);
        } else if (next - now > 1) {
          // Nothing opens before the next opening.
          assert.is(stateAt(schedule, duration, instantOf(next - 1)).openUntil, null);
        }
      },
    ),
    { numRuns: 150 },
  );
});

const openings = (cron: string, duration = hours(2)): Openings => ({ schedule: scheduleOf(cron), duration });
const now = at('2026-11-23T12:00:00Z');
const closure = (windows: readonly Openings[], limit: number): string => {
  const found = longClosure(windows, seconds(limit), now);
  return found ? `${Math.round((found.opens - found.closes) / 3600)} h` : 'none';
};

// biome-ignore format: table
const closures: readonly (readonly [string, readonly Openings[], number, string])[] = [
  ['every night, within a day',                 [openings('0 2 * * *')], days(1), 'none'],
  ['every night, within ten hours',             [openings('0 2 * * *')], hours(10), '22 h'],
  ['twice a day, within eleven and an hour',    [openings('0 2,14 * * *')], hours(11), 'none'],
  ['weekends, within six days',                 [openings('0 2 * * 6,0')], days(7), 'none'],
  ['weekends, within five',                     [openings('0 2 * * 6,0')], days(5), '142 h'],
  ['weekends and Wednesdays, within five',      [openings('0 2 * * 6,0'), openings('0 2 * * 3')], days(5), 'none'],
  ['every first, the longest month is found',   [openings('0 2 1 * *')], days(20), '742 h'],
  ['every first of a quarter',                  [openings('0 2 1 1,4,7,10 *')], days(60), '2206 h'],
  ['on 29 February: eight years round 2100',    [openings('0 2 29 2 *')], days(300), '70102 h'],
  ['every minute of January',                   [openings('* * * 1 *', hours(1))], days(90), '8039 h'],
  ['every five minutes on working days',        [openings('*/5 * * * 1-5')], hours(30), '46 h'],
  ['one that covers what the other leaves out', [openings('0 0 * * 1', days(4)), openings('0 0 * * 5', days(3))], hours(2), 'none'],
];
for (const [name, windows, limit, expected] of closures)
  test(`the longest time closed, ${name}: ${expected}`, () => assert.is(closure(windows, limit), expected));

test('a window is ever closed where it does not open again in time', () => {
  assert.is(isEverClosed(openings('* * * 1 *', seconds(60)), now), true);
  assert.is(isEverClosed(openings('* * * * *', seconds(60)), now), false);
  assert.is(isEverClosed(openings('0 0 * * 6,0', days(1)), now), true);
});

const nightly = 'windows: { nightly: { cron: "0 2 * * 6,0", duration: 4h, timeZone: Europe/Berlin } }';

test('a resource carries the windows and gates that it names, from defaults too, and an empty list takes them back', () => {
  const defaults = 'defaults: { certificates: { windows: [nightly], gates: [healthy] } }';
  const end = `${nightly}\ngates: { healthy: { command: [/bin/check, "$(x)"], user: etcd, timeout: 5s } }`;
  const { windows, gates } = resourceOf(file({ start: defaults, end }), 'cert/server');
  assert.equal(
    windows?.map(({ name, cron, duration, timeZone }) => ({ name, cron, duration, timeZone })),
    [{ name: 'nightly', cron: '0 2 * * 6,0', duration: hours(4), timeZone: 'Europe/Berlin' }],
  );
  assert.equal(
    gates?.map(({ place: _, ...gate }) => gate),
    [{ name: 'healthy', command: ['/bin/check', '$(x)'], user: 'etcd', timeout: seconds(5) }],
  );
  assert.is(shown(windows?.[0]?.at(now).opensNext ?? null), '2026-11-28T01:00Z');
  assert.equal(resourceOf(file({ start: defaults, end, cert: 'windows: []' }), 'cert/server').windows, []);
  assert.is(resourceOf(file(), 'cert/server').windows, undefined);
});

test('a window that opens often enough only together with another is in order; an authority is not renewed by a timer, and waits for any', () => {
  const end = 'windows: { a: { cron: "0 2 1 * *", duration: 2h }, b: { cron: "0 2 10,20 * *", duration: 2h } }';
  const codes = (cert: string, ca = '') => parse(file({ cert, ca, end })).diagnostics.map(({ code }) => code);
  assert.equal(codes('renewBefore: 16d\nwindows: [a, b]'), []);
  assert.equal(codes('renewBefore: 16d\nwindows: [a]'), ['window-too-seldom']);
  assert.equal(codes('', 'windows: [a]'), []);
});

test('where no renewBefore is written, the third of a life is what counts', () => {
  const end = 'windows: { a: { cron: "0 2 * * 6", duration: 2h } }';
  const codes = (duration: string) => parse(file({ cert: `duration: ${duration}\nwindows: [a]`, end })).diagnostics.map(({ code }) => code);
  assert.equal(codes('90d'), []);
  assert.equal(codes('24d'), ['window-too-seldom']);
});

test.run();
