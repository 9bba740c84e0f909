import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Address } from '../../src/domain/names.ts';
import { type Duration, days, minutes, seconds } from '../../src/domain/time.ts';
import { type JitterSeed, jitterOf } from '../../src/plan/jitter.ts';
import { sampled } from '../support/sampled.ts';
import { printFigure } from '../support/torture.ts';

const test = suite('plan/jitter');

const hex = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const machineId = hex(32);
const seeds = fc.record<JitterSeed>({
  machine: machineId,
  address: fc.constantFrom<Address>('cert/etcd-server', 'cert/etcd-client'),
  serial: hex(40),
});
const windows = fc.integer({ min: 0, max: 3650 * 86_400 }).map(seconds);

test('the same machine, address and serial number give the same time', () => {
  fc.assert(
    fc.property(seeds, windows, (seed, window) => jitterOf(seed, window) === jitterOf({ ...seed }, window)),
    { numRuns: sampled(10_000) },
  );
});

test('whole seconds, from nothing to a tenth of the window', () => {
  fc.assert(
    fc.property(seeds, windows, (seed, window) => {
      const jitter = jitterOf(seed, window);
      return Number.isInteger(jitter) && jitter >= 0 && jitter <= window / 10;
    }),
    { numRuns: sampled(20_000) },
  );
});

test('another machine, another address or another serial number is another time', () => {
  const seed: JitterSeed = { machine: '0123456789abcdef0123456789abcdef', address: 'cert/etcd-server', serial: '1f' };
  const others: readonly JitterSeed[] = [
    { ...seed, machine: 'fedcba9876543210fedcba9876543210' },
    { ...seed, address: 'cert/etcd-client' },
    { ...seed, serial: '20' },
  ];
  const all = [seed, ...others].map((each) => jitterOf(each, days(365)));
  assert.is(new Set(all).size, all.length);
});

test('both ends of the tenth are used, and the middle is the middle', () => {
  const window = seconds(100);
  const jitters = Array.from({ length: 2000 }, (_, index) =>
    jitterOf({ machine: `m${index}`, address: 'cert/etcd-server', serial: '1' }, window),
  );
  assert.equal(
    [...new Set(jitters)].sort((left, right) => left - right),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  );
  const mean = jitters.reduce((sum, jitter) => sum + jitter, 0) / jitters.length;
  assert.ok(Math.abs(mean - 5) < 0.4, `${mean}`);
});

const apart: Duration = minutes(10);

/** How many of many renewals had two of three machines act within ten minutes of each other, their certificates being of the same second. */
function meetings(window: Duration, renewals: number): number {
  let met = 0;
  for (let renewal = 0; renewal < renewals; renewal += 1) {
    const times = ['a', 'b', 'c']
      .map((machine) =>
        jitterOf({ machine: `${machine}${renewal % 97}`, address: 'cert/etcd-server', serial: `${machine}${renewal}` }, window),
      )
      .sort((left, right) => left - right);
    if (times.some((time, index) => index > 0 && time - (times[index - 1] as number) < apart)) met += 1;
  }
  return met;
}

// Two of three times, each even over L, are closer than d with probability 1 - (1 - 2d/L)³: what no rule can beat that knows only its own machine.
for (const [label, window] of [
  ['30d', days(30)],
  ['90d', days(90)],
] as const)
  test(`a window of ${label}: three machines keep ten minutes apart as often as chance allows`, () => {
    const renewals = sampled(50_000);
    const share = meetings(window, renewals) / renewals;
    const chance = 1 - (1 - (2 * apart) / (window / 10)) ** 3;
    printFigure(
      'P15',
      `jitter, window ${label}: two of three machines within 10 minutes in ${(100 * share).toFixed(2)} % of ${renewals} renewals, chance alone gives ${(100 * chance).toFixed(2)} %`,
    );
    assert.ok(Math.abs(share - chance) < 0.004, `${share} where chance gives ${chance}`);
  });

test('hosts that the desired state names have a part of the tenth each, in the order of their names', () => {
  const window = days(15);
  const ranges = [0, 1, 2].map((index) => {
    const seconds = Array.from({ length: sampled(2000) }, (_, run) =>
      jitterOf({ machine: 'any', address: 'cert/etcd-server', serial: `${run}`, turn: { index, of: 3 } }, window),
    );
    return [Math.min(...seconds) / 3600, Math.max(...seconds) / 3600] as const;
  });
  for (const [index, [least, most]] of ranges.entries()) {
    assert.ok(least >= 12 * index && least < 12 * index + 0.2, `${least}`);
    assert.ok(most <= 12 * index + 6 && most > 12 * index + 5.8, `${most}`);
  }
});

/** The seconds at which one host renews a certificate in 400 days, its timer running once an hour, at a minute of its own. */
function renewals(
  address: Address,
  host: number,
  hosts: number,
  { duration, window }: { readonly duration: Duration; readonly window: Duration },
): readonly number[] {
  const minute = 60 * ((host * 17) % 60);
  const made: number[] = [];
  for (let at = 0, issue = 0; at < days(400); issue += 1) {
    const seed = { machine: `${host}`, address, serial: `${host} ${issue}`, turn: { index: host, of: hosts } };
    const due = at + duration - window - jitterOf(seed, window);
    at = Math.ceil((due - minute) / 3600) * 3600 + minute;
    made.push(at);
  }
  return made;
}

test('three hosts that a file names, with one and the same 50 certificates for 400 days, never act within ten minutes of each other', () => {
  const lives = [
    { duration: days(90), window: days(30) },
    { duration: days(365), window: days(15) },
    { duration: days(30), window: days(10) },
  ];
  for (const life of lives) {
    const certificates = Array.from({ length: 50 }, (_, index): Address => `cert/c${index}`);
    const acts = [0, 1, 2]
      .flatMap((host) => certificates.flatMap((address) => renewals(address, host, 3, life).map((at) => ({ host, at }))))
      .sort((left, right) => left.at - right.at);
    const gaps = acts.flatMap(({ host, at }, index) => {
      const before = acts[index - 1];
      return before === undefined || before.host === host ? [] : [at - before.at];
    });
    const nearest = Math.min(...gaps);
    printFigure(
      'P15',
      `three hosts, ${life.duration / 86_400}d with a window of ${life.window / 86_400}d: ${acts.length} renewals, two hosts never nearer than ${(nearest / 3600).toFixed(1)} h`,
    );
    assert.ok(nearest >= apart, `${nearest} s`);
  }
});

test.run();
