/** What systemd is told of a service of type `notify` (sd_notify(3)), through its own program: Node has no datagram sockets of that kind. */
import process from 'node:process';
import { minutes } from '../domain/time.ts';
import type { Run } from './run.ts';

export interface ServiceManager {
  /** Everything was looked at once. */
  readonly ready: () => Promise<void>;
  /** Called often; tells it only as often as is asked for. */
  readonly alive: () => void;
  readonly stopping: () => Promise<void>;
}

export function serviceManagerOf({ environment, outside: { runner, clock } }: Pick<Run, 'environment' | 'outside'>): ServiceManager {
  const socket = environment['NOTIFY_SOCKET'];
  if (!socket) return { ready: async () => {}, alive: () => {}, stopping: async () => {} };
  const tell = async (...words: readonly string[]) => {
    // Programs that we run get nothing of our environment: this one is told the one thing it needs.
    const argv = ['env', `NOTIFY_SOCKET=${socket}`, 'systemd-notify', `--pid=${process.pid}`, ...words] as const;
    await runner.run(argv, { milliseconds: 1000 * minutes(1), outputBytes: 1024 });
  };
  const every = periodOf(environment);
  let last = clock.elapsed();
  return {
    ready: () => tell('--ready'),
    alive() {
      if (every === undefined || clock.elapsed() - last < every) return;
      last = clock.elapsed();
      void tell('WATCHDOG=1');
    },
    stopping: () => tell('STOPPING=1'),
  };
}

/** Half of what the watchdog allows, in milliseconds, as sd_watchdog_enabled(3) recommends; undefined where it is meant for nobody or somebody else. */
function periodOf(environment: Run['environment']): number | undefined {
  const { WATCHDOG_USEC: allowed, WATCHDOG_PID: whom } = environment;
  if (allowed === undefined || !/^\d{1,15}$/.test(allowed) || (whom && whom !== `${process.pid}`)) return undefined;
  return Number(allowed) / 2000;
}
