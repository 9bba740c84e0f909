import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ApplyProblem } from '../../src/apply/apply-problem.ts';
import { instantOf } from '../../src/domain/time.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { highestTime, startOf, steadyClock } from '../../src/reconcile/steady-clock.ts';

const test = suite('reconcile/steady-clock');

/** Wall and monotonic time, moved by hand. */
function handClock(): { readonly clock: Clock; readonly pass: (seconds: number) => void; readonly set: (seconds: number) => void } {
  let [wall, elapsed] = [1_800_000_000, 5_000];
  return {
    clock: { now: () => instantOf(wall), elapsed: () => elapsed },
    pass: (seconds) => {
      wall += seconds;
      elapsed += seconds * 1000;
    },
    set: (seconds) => (wall += seconds),
  };
}

const codeOf = (read: () => unknown): string | undefined => {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof ApplyProblem) return error.diagnostic.code;
    throw error;
  }
};

test('time that passes is no jump, be it weeks', () => {
  const { clock, pass } = handClock();
  const steady = steadyClock(clock, startOf(clock));
  pass(30 * 86_400);
  assert.is(steady.now(), 1_800_000_000 + 30 * 86_400);
});

for (const step of [-40 * 86_400, -301, 301, 40 * 86_400, 10 * 365 * 86_400])
  test(`a step of ${step} seconds is told, and no time is given`, () => {
    const { clock, set } = handClock();
    const steady = steadyClock(clock, startOf(clock));
    set(step);
    assert.is(
      codeOf(() => steady.now()),
      'clock-jumped',
    );
    set(-step);
    assert.is(
      codeOf(() => steady.now()),
      undefined,
    );
  });

test('five minutes either way are none', () => {
  const { clock, set } = handClock();
  const steady = steadyClock(clock, startOf(clock));
  set(300);
  steady.now();
  set(-600);
  steady.now();
});

test('what is remembered as the latest time is raised at most by the time that has passed', () => {
  const { clock, pass, set } = handClock();
  const start = startOf(clock);
  pass(60);
  assert.is(highestTime(start, clock), 1_800_000_060);
  set(40 * 86_400);
  assert.is(highestTime(start, clock), 1_800_000_060);
  set(-80 * 86_400);
  assert.is(highestTime(start, clock), 1_800_000_060 - 40 * 86_400);
});

test.run();
