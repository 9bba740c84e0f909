/** What systemd is told of a service of type `notify` (sd_notify(3)), through its own program: Node has no datagram sockets of that kind. */
import process from 'node:process';
import { minutes } from '../domain/time.ts';
import type { ProcessEnd } from '../ports/process-runner.ts';
import type { Run } from './run.ts';

export interface ServiceManager {
  /** Everything was looked at once. */
  readonly ready: () => Promise<void>;
  /** Called often; tells it only as often as is asked for. */
  readonly alive: () => void;
  /** Somebody asked for another look (`systemctl reload`): that is over when everything was looked at. */
  readonly reloading: () => void;
  /** Everything was looked at, once more. */
  readonly looked: () => void;
  readonly stopping: () => Promise<void>;
}

const nobody: ServiceManager = { ready: async () => {}, alive() {}, reloading() {}, looked() {}, stopping: async () => {} };

/** Whoever keeps watch comes by so often, in milliseconds: what is not said this time is said that much later. */
const turn = 1000;

export function serviceManagerOf({
  environment,
  outside: { runner, clock },
  terminal,
}: Pick<Run, 'environment' | 'outside'> & { readonly terminal: Pick<Run['terminal'], 'err'> }): ServiceManager {
  const socket = environment['NOTIFY_SOCKET'];
  if (!socket) return nobody;
  let isWarned = false;
  const say = async (...words: readonly string[]) => {
    // Programs that we run get nothing of our environment: this one is told the one thing it needs.
    const argv = ['env', `NOTIFY_SOCKET=${socket}`, 'systemd-notify', `--pid=${process.pid}`, ...words] as const;
    const end = await runner.run(argv, { milliseconds: 1000 * minutes(1), outputBytes: 1024 });
    if (end.end === 'exited' && end.code === 0) return;
    // Not told that we are ready, systemd ends us after a while: whoever reads the journal then sees why.
    if (!isWarned) terminal.err(`systemd-notify could not tell systemd ${words.join(' ')}: ${causeOf(end)}\n`);
    isWarned = true;
  };
  // One after the other: what is said last is what holds.
  let said = Promise.resolve();
  const tell = (...words: readonly string[]): Promise<void> => {
    said = said.then(() => say(...words));
    return said;
  };
  const every = periodOf(environment);
  let last = clock.elapsed();
  let isReloading = false;
  return {
    ready: () => tell('--ready'),
    alive() {
      if (every === undefined || clock.elapsed() - last < every) return;
      last = clock.elapsed();
      void tell('WATCHDOG=1');
    },
    reloading() {
      isReloading = true;
      // With the time, for units of `Type=notify-reload`.
      void tell('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`);
    },
    looked() {
      if (isReloading) void tell('--ready');
      isReloading = false;
    },
    stopping: () => tell('STOPPING=1'),
  };
}

const causeOf = (end: ProcessEnd): string => {
  switch (end.end) {
    case 'not-started':
      return end.cause;
    case 'timed-out':
      return 'it took too long';
    case 'signalled':
      return `ended by ${end.signal}`;
    case 'exited':
      return end.output.trim() || `exit code ${end.code}`;
  }
};

/** At least twice in what the watchdog allows, as sd_watchdog_enabled(3) recommends, in milliseconds; undefined where it is meant for nobody or somebody else. */
function periodOf(environment: Run['environment']): number | undefined {
  const { WATCHDOG_USEC: allowed, WATCHDOG_PID: whom } = environment;
  if (allowed === undefined || !/^\d{1,15}$/.test(allowed) || (whom && whom !== `${process.pid}`)) return undefined;
  return Math.max(0, Number(allowed) / 2000 - turn);
}
