import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveLine } from '../../src/cli/live-line.ts';
import type { ApplyEvent } from '../../src/domain/outcome.ts';

const test = suite('cli/live-line');

const after = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

const still = (address: 'ca/etcd' | 'cert/server'): ApplyEvent => ({
  type: 'progress',
  address,
  action: 'create',
  doing: 'generating RSA 4096 key',
  milliseconds: 1_000,
});
const started = (address: 'ca/etcd' | 'cert/server'): ApplyEvent => ({ type: 'start', address, action: 'create' });

test('what takes long is drawn again and again, with the time that it has taken by then; then what else is going on; then nothing', async () => {
  const drawn: (readonly [string, number])[] = [];
  let elapsed = 0;
  const clock = {
    elapsed: () => {
      elapsed += 500;
      return elapsed;
    },
  };
  const live = liveLine(({ address, milliseconds }) => drawn.push([address, milliseconds]), clock, 1);
  live.heard(still('ca/etcd'));
  live.heard(still('cert/server'));
  while (drawn.length < 2) await after(2);
  assert.equal(drawn.slice(0, 2), [
    ['ca/etcd', 2_000],
    ['ca/etcd', 2_500],
  ]);
  // Whatever else is told of a resource, it is no longer at that.
  live.heard(started('ca/etcd'));
  const before = drawn.length;
  while (drawn.length === before) await after(2);
  assert.is(drawn.at(-1)?.[0], 'cert/server');
  live.heard(started('cert/server'));
  const last = drawn.length;
  await after(20);
  assert.is(drawn.length, last);
});

test('a line that is over is not drawn any more', async () => {
  const live = liveLine(() => assert.unreachable(), { elapsed: () => 0 }, 1);
  live.heard(still('ca/etcd'));
  live.stop();
  await after(20);
});

test.run();
