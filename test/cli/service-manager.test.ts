import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Run } from '../../src/cli/run.ts';
import { serviceManagerOf } from '../../src/cli/service-manager.ts';

const test = suite('cli/service-manager');

type End = Awaited<ReturnType<Run['outside']['runner']['run']>>;
const well: End = { end: 'exited', code: 0, output: '' };

function managerOf(environment: Run['environment'], said: string[], elapsed: () => number, end = well) {
  const run = (argv: readonly string[]) => {
    said.push(argv.join(' '));
    return Promise.resolve(end);
  };
  const outside = { clock: { elapsed }, runner: { run } } as unknown as Run['outside'];
  return serviceManagerOf({ environment, outside, terminal: { err: (text) => void said.push(text) } });
}

/** What systemd is told in so many seconds of turns, one each second; and what we say ourselves. */
async function told(environment: Run['environment'], seconds: number, end = well): Promise<readonly string[]> {
  const said: string[] = [];
  let elapsed = 0;
  const { ready, alive, stopping } = managerOf(environment, said, () => elapsed, end);
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

test('a reload begins, with the time of the clock that nobody sets, and is over with the next look at everything; no other look is told', async () => {
  const said: string[] = [];
  const manager = managerOf({ NOTIFY_SOCKET: '/run/x' }, said, () => 0);
  manager.looked();
  manager.reloading();
  manager.looked();
  manager.looked();
  await manager.stopping();
  assert.match(said[0] ?? '', /RELOADING=1 MONOTONIC_USEC=\d+$/);
  assert.equal(said.slice(1), [notify('--ready'), notify('STOPPING=1')]);
});

test('twice in what the watchdog allows, the second between two turns counted: never later than half of it', async () => {
  for (const [seconds, times] of [
    [20, 6],
    [4, 60],
    [2, 61],
  ] as const) {
    const said = await told({ NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: `${seconds}000000` }, 61);
    assert.is(said.filter((line) => line.includes('WATCHDOG=1')).length, times, `${seconds} s`);
  }
});

test('what systemd could not be told is said once, with why', async () => {
  for (const [end, cause] of [
    [{ end: 'not-started', cause: 'systemd-notify is not in /bin' }, 'systemd-notify is not in /bin'],
    [{ end: 'exited', code: 1, output: 'Connection refused\n' }, 'Connection refused'],
    [{ end: 'exited', code: 3, output: '' }, 'exit code 3'],
    [{ end: 'signalled', signal: 'SIGKILL', output: '' }, 'ended by SIGKILL'],
    [{ end: 'timed-out', output: '' }, 'it took too long'],
  ] as const)
    assert.equal(await told({ NOTIFY_SOCKET: '/run/x' }, 5, end), [
      notify('--ready'),
      `systemd-notify could not tell systemd --ready: ${cause}\n`,
      notify('STOPPING=1'),
    ]);
});

test.run();
