/** Node has no flock(2). The program `flock` takes the lock for us: it belongs to the open file, which we share with it, and outlives it (8 ms). */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';

/** Never looked up in PATH: it would run with our rights. */
const places = ['/usr/bin/flock', '/bin/flock', '/usr/local/bin/flock', '/run/current-system/sw/bin/flock'];

export function findFlock(): string | undefined {
  return places.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export type Flocking = 'locked' | 'busy' | 'interrupted' | { readonly cause: string };

/** Tries once. Both util-linux and BusyBox end with 1, and say nothing, where somebody else holds it. */
export function tryFlock(program: string, descriptor: number, signal: AbortSignal): Promise<Flocking> {
  return run(program, ['-x', '-n', '3'], descriptor, signal, 1);
}

/** Waits in the kernel, first come first served. BusyBox cannot wait for a while only: then it is tried ten times a second. */
export async function waitForFlock(program: string, descriptor: number, milliseconds: number, signal: AbortSignal): Promise<Flocking> {
  const deadline = performance.now() + milliseconds;
  const waited = await run(program, ['-x', '-w', (milliseconds / 1000).toFixed(3), '-E', '23', '3'], descriptor, signal, 23);
  if (typeof waited === 'string') return waited;
  for (;;) {
    const tried = await tryFlock(program, descriptor, signal);
    if (tried !== 'busy' || performance.now() >= deadline) return tried;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function run(program: string, words: readonly string[], descriptor: number, signal: AbortSignal, busy: number): Promise<Flocking> {
  if (signal.aborted) return Promise.resolve('interrupted');
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe', descriptor], env: { LC_ALL: 'C' }, cwd: '/' });
    const stop = (): void => void child.kill('SIGKILL');
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(0, 200);
    });
    const end = (answer: Flocking): void => {
      signal.removeEventListener('abort', stop);
      resolve(answer);
    };
    signal.addEventListener('abort', stop);
    child.on('error', (error) => end({ cause: `${program} cannot be started: ${error.message}` }));
    child.on('close', (code) => {
      if (code === 0) return end('locked');
      if (signal.aborted) return end('interrupted');
      if (code === busy && said === '') return end('busy');
      end({ cause: said.split('\n')[0] || `${program} ended with ${code}` });
    });
  });
}
