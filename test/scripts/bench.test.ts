import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { byTurns, spreadOf } from '../../scripts/bench/measure.ts';
import { isMet, ratioOf, tableMarkdown, tableText } from '../../scripts/bench/table.ts';
import type { Row } from '../../scripts/bench/works.ts';

const test = suite('scripts/bench');

const row = (ours: readonly number[], theirs: readonly number[], atMost?: number): Row => ({
  work: 'some work',
  unit: 'ms',
  ours: spreadOf(ours),
  other: { name: 'the floor', spread: spreadOf(theirs), note: 'as it is' },
  ...(atMost !== undefined && { atMost }),
});

test('of several runs the one in the middle counts, of an even number the middle of both', () => {
  assert.equal(spreadOf([9, 1, 5]), { median: 5, min: 1, max: 9, runs: 3 });
  assert.equal(spreadOf([4, 1, 2, 9]), { median: 3, min: 1, max: 9, runs: 4 });
});

test('contestants take turns, and every second round goes backwards', () => {
  const order: string[] = [];
  const noted = (name: string) => () => order.push(name);
  const spreads = byTurns(3, { a: noted('a'), b: noted('b') });
  assert.equal(order, ['a', 'b', 'b', 'a', 'a', 'b']);
  assert.equal(spreads.a, { median: 4, min: 1, max: 5, runs: 3 });
});

test('a target is met up to its very edge; without a target nothing is met or missed', () => {
  assert.is(ratioOf(row([3], [2])), 1.5);
  assert.equal([isMet(row([3], [2], 1.5)), isMet(row([3.1], [2], 1.5)), isMet(row([3], [2]))], [true, false, undefined]);
});

test('the table shows both figures with their spread, and says what was missed', () => {
  const text = tableText([row([300, 310, 290], [100], 2)]);
  assert.match(text, /some work +300 ms \(290-310\) +the floor \(as it is\) +100 ms +3\.00 x +at most 2 x +NO$/);
  assert.match(
    tableMarkdown([row([1.234], [1])]),
    /\n\| some work \| 1\.23 ms \| the floor \(as it is\) \| 1\.00 ms \| 1\.23 x \| {2}\| {2}\|$/,
  );
});

test.run();
