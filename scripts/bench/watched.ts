/** certstate watch as it is shipped, with its events as they come, and what it has used so far, told by itself. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { createInterface } from 'node:readline';

export interface Used {
  /** Milliseconds of CPU, of all its threads. */
  readonly cpu: number;
  /** Megabytes that are resident now. */
  readonly megabytes: number;
}

interface Event {
  readonly type: string;
  readonly address?: string | null;
  readonly code?: string;
}

export interface Watched {
  readonly used: () => Promise<Used>;
  /** Does something and waits for the event that fits; milliseconds until it came. Rejects after a minute. */
  readonly until: (fits: (event: Event) => boolean, act: () => void) => Promise<number>;
  /** Has everything looked at, and waits until it was. */
  readonly lookAtAll: () => Promise<void>;
}

/** Answers every message with what the process has used; keeps it from ending no longer than it would go on anyway. */
const gauge = `process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send({ cpu: (user + system) / 1000, megabytes: process.memoryUsage.rss() / 1048576 });
});
process.channel.unref();
`;

const patience = 60_000;

/** Watches from its first look at everything on, for as long as the body runs. */
export async function whileWatched<Value>(
  program: string,
  { yaml, root, folder }: { readonly yaml: string; readonly root: string; readonly folder: string },
  body: (watched: Watched) => Promise<Value>,
): Promise<Value> {
  const preload = join(folder, 'gauge.cjs');
  writeFileSync(preload, gauge);
  const words = ['--require', preload, program, 'watch', '-f', yaml, '--root', root, '--json', '--interval', '1h'];
  const child = spawn(process.execPath, words, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const hearers = new Set<(event: Event) => void>();
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  lines.on('line', (line) => {
    const event = JSON.parse(line) as Event;
    for (const hear of hearers) hear(event);
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const until: Watched['until'] = (fits, act) =>
    new Promise((resolve, reject) => {
      const begun = performance.now();
      const stop = () => {
        clearTimeout(timer);
        hearers.delete(hear);
      };
      const hear = (event: Event) => {
        if (!fits(event)) return;
        stop();
        resolve(performance.now() - begun);
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error('certstate watch has told nothing of it'));
      }, patience);
      hearers.add(hear);
      act();
    });
  const isHeartbeat = ({ type }: Event): boolean => type === 'heartbeat';
  try {
    await until(isHeartbeat, () => {});
    return await body({
      until,
      lookAtAll: async () => void (await until(isHeartbeat, () => child.kill('SIGHUP'))),
      used: () =>
        new Promise((resolve) => {
          child.once('message', (used) => resolve(used as Used));
          child.send('used');
        }),
    });
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}
