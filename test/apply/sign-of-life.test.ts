import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Interrupted } from '../../src/apply/apply-problem.ts';
import { withSignOfLife } from '../../src/apply/sign-of-life.ts';

const test = suite('apply/sign-of-life');

const after = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

test('a long step is heard of soon, then at a steady pace, and no more once it is done', async () => {
  let heard = 0;
  const pace = { first: 1, every: 5 };
  assert.is(
    await withSignOfLife(
      after(100).then(() => 'key'),
      () => {
        heard += 1;
      },
      new AbortController().signal,
      pace,
    ),
    'key',
  );
  assert.ok(heard >= 3 && heard <= 21, `${heard} times`);
  const before = heard;
  await after(20);
  assert.is(heard, before);
});

test('a short step is not heard of', async () => {
  assert.is(
    await withSignOfLife(
      after(1).then(() => 'key'),
      assert.unreachable,
      new AbortController().signal,
    ),
    'key',
  );
});

test('a step that fails fails as it is', async () => {
  const failure = new Error('no entropy');
  assert.is(await withSignOfLife(Promise.reject(failure), () => {}, new AbortController().signal).catch((error) => error), failure);
});

test('an abort, before or during, ends the waiting', async () => {
  const forever = new Promise<never>(() => {});
  const controller = new AbortController();
  const waiting = withSignOfLife(forever, () => {}, controller.signal).catch((error) => error);
  controller.abort();
  assert.instance(await waiting, Interrupted);
  assert.instance(await withSignOfLife(forever, () => {}, controller.signal).catch((error) => error), Interrupted);
});

test.run();
