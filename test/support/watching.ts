/** certstate watch as it runs, its events as they come, and how long after something was done they did. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { plainEnvironment, program } from './run-certstate.ts';
import type { Scene } from './scene.ts';

export interface WatchedEvent {
  readonly type: string;
  readonly address?: string | null;
  readonly code?: string;
  /** By this process's own clock, in milliseconds. */
  readonly heard: number;
  readonly [field: string]: unknown;
}

export interface Watching {
  readonly child: ChildProcess;
  readonly events: readonly WatchedEvent[];
  /** Does something, and resolves with the first later event that fits, and how long it took to come. Rejects after so many milliseconds. */
  after(
    act: () => void,
    fits: (event: WatchedEvent) => boolean,
    within?: number,
  ): Promise<WatchedEvent & { readonly milliseconds: number }>;
  /** Events since the last call; left out are heartbeats, and conditions, which sum up what is told. */
  news(): readonly string[];
}

export const is =
  (type: string, code?: string, address?: string) =>
  (event: WatchedEvent): boolean =>
    event.type === type && (code === undefined || event.code === code) && (address === undefined || event.address === address);

export interface WatchSurroundings {
  readonly env?: Readonly<Record<string, string>>;
  /** Flags of Node's own. */
  readonly node?: readonly string[];
  /** Programs and their arguments that start it, and become it. */
  readonly under?: readonly string[];
}

/** Watches a scene while the body runs, from the first heartbeat on; ended by SIGTERM, which has to end it well. */
export async function whileWatching(
  { folder, root, file }: Pick<Scene, 'folder' | 'root' | 'file'>,
  flags: readonly string[],
  body: (watching: Watching) => Promise<void>,
  { env = {}, node = [], under = [] }: WatchSurroundings = {},
): Promise<readonly WatchedEvent[]> {
  const [starter, ...words] = [...under, process.execPath, ...node, program, 'watch', '-f', file, '--root', root, '--json', ...flags];
  const child = spawn(starter as string, words, { cwd: folder, env: { ...plainEnvironment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const events: WatchedEvent[] = [];
  let [rest, errors, told] = ['', '', 0];
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) events.push({ ...(JSON.parse(line) as WatchedEvent), heard: performance.now() });
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const wait = async (fits: (event: WatchedEvent) => boolean, from: number, within: number): Promise<WatchedEvent> => {
    for (const until = performance.now() + within; performance.now() < until; await sleep(2)) {
      const found = events.slice(from).find(fits);
      if (found) return found;
      if (child.exitCode !== null) break;
    }
    throw new Error(`nothing was told of it: ${JSON.stringify(events.slice(from), undefined, 1)}\n${errors}`);
  };
  try {
    await wait(is('heartbeat'), 0, 30_000);
    told = events.length;
    await body({
      child,
      events,
      async after(act, fits, within = 10_000) {
        const [from, begun] = [events.length, performance.now()];
        act();
        const event = await wait(fits, from, within);
        return { ...event, milliseconds: event.heard - begun };
      },
      news() {
        const fresh = events.slice(told).filter(({ type }) => type !== 'heartbeat' && type !== 'condition');
        told = events.length;
        return fresh.map(({ type, address, code }) => [type, address, code].filter(Boolean).join(' '));
      },
    });
  } finally {
    child.kill('SIGTERM');
  }
  const exit = await ended;
  if (exit !== 0 || errors !== '') throw new Error(`watch ended with ${exit}: ${errors}`);
  return events;
}
