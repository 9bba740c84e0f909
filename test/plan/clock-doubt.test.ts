import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PlanOptions } from '../../src/domain/plan.ts';
import { endOfTime, type Instant, parseInstant } from '../../src/domain/time.ts';
import { clockDoubt } from '../../src/plan/clock-doubt.ts';

const test = suite('plan/clock-doubt');

const at = (text: string): Instant => parseInstant(text) as Instant;
const highWater = at('2026-11-23T12:00:00Z');
const options = (more: Partial<PlanOptions> = {}): PlanOptions => ({
  targets: [],
  excludes: [],
  renew: [],
  rekey: [],
  confirm: [],
  prune: false,
  acceptClock: false,
  madeAt: at('2026-06-01T00:00:00Z'),
  root: '',
  ...more,
});

// biome-ignore format: table
const rows: readonly (readonly [what: string, now: Instant, mark: Instant | null, more: Partial<PlanOptions>, code: string | undefined])[] = [
  ['the same second',                                at('2026-11-23T12:00:00Z'), highWater, {},                       undefined],
  ['five minutes behind what was issued',            at('2026-11-23T11:55:00Z'), highWater, {},                       undefined],
  ['a second more than that',                        at('2026-11-23T11:54:59Z'), highWater, {},                       'clock-behind'],
  ['forty days behind',                              at('2026-10-14T12:00:00Z'), highWater, {},                       'clock-behind'],
  ['forty days behind, accepted',                    at('2026-10-14T12:00:00Z'), highWater, { acceptClock: true },    undefined],
  ['1970, with nothing remembered',                  at('1970-01-01T00:00:00Z'), null,      {},                       'clock-behind'],
  ['1970, accepted',                                 at('1970-01-01T00:00:00Z'), null,      { acceptClock: true },    undefined],
  ['the day before this program was made',           at('2026-05-31T00:00:00Z'), null,      {},                       undefined],
  ['two days before it was made',                    at('2026-05-30T00:00:00Z'), null,      {},                       'clock-behind'],
  ['a program that does not say when it was made',   at('1970-01-01T00:00:00Z'), null,      { madeAt: undefined },    undefined],
  ['forty days ahead: the machine may have been off', at('2027-01-02T12:00:00Z'), highWater, {},                      undefined],
  ['2050',                                           at('2050-01-01T00:00:00Z'), highWater, {},                       undefined],
  ['the end of all dates',                           endOfTime,                  highWater, {},                       'clock-ahead'],
  ['the end of all dates, accepted',                 endOfTime,                  highWater, { acceptClock: true },    'clock-ahead'],
  ['no time at all',                                 Number.NaN as Instant,       null,      { acceptClock: true },    'clock-ahead'],
];
for (const [what, now, mark, more, code] of rows)
  test(`${what}: ${code ?? 'no doubt'}`, () => assert.is(clockDoubt({ highWater: mark }, options(more), now)?.code, code));

test.run();
