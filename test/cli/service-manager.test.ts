import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Run } from '../../src/cli/run.ts';
import { serviceManagerOf } from '../../src/cli/service-manager.ts';

const test = suite('cli/service-manager');

async function told(environment: Run['environment'], seconds: number): Promise<readonly string[]> {
  const said: string[] = [];
  let elapsed = 0;
  const outside = {
    clock: { elapsed: () => elapsed },
    runner: {
      run: (argv: readonly string[]) => {
        said.push(argv.join(' '));
        return Promise.resolve({ end: 'exited', code: 0, output: '' });
      },
    },
  } as unknown as Run['outside'];
  const { ready, alive, stopping } = serviceManagerOf({ environment, outside });
  await ready();
  for (; elapsed < seconds * 1000; elapsed += 1000) alive();
  await stopping();
  return said;
}

const notify = (what: string) => `env NOTIFY_SOCKET=/run/x systemd-notify --pid=${process.pid} ${what}`;

test('without a socket nobody is told anything, and no program is run', async () => {
  assert.equal(await told({ WATCHDOG_USEC: '1000000' }, 10), []);
});

test('it is told that we are ready, twice as often as the watchdog asks that we are alive, and that we stop', async () => {
  assert.equal(await told({ NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '20000000' }, 31), [
    notify('--ready'),
    notify('WATCHDOG=1'),
    notify('WATCHDOG=1'),
    notify('WATCHDOG=1'),
    notify('STOPPING=1'),
  ]);
});

test('a watchdog that is meant for another process, or that is no number, asks nothing of us', async () => {
  for (const more of [{ WATCHDOG_USEC: '20000000', WATCHDOG_PID: '1' }, { WATCHDOG_USEC: 'often' }, {}])
    assert.equal(await told({ NOTIFY_SOCKET: '/run/x', ...more }, 60), [notify('--ready'), notify('STOPPING=1')]);
});

test.run();
