import { type ChildProcess, spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A port on 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

/**
 * Starts a server, waits until it accepts connections on the port, gives it to the body, and stops it whatever happens.
 * If it ends early, the error carries what it printed.
 */
export async function withServer<Value>(
  file: string,
  args: readonly string[],
  port: number,
  body: (server: ChildProcess) => Promise<Value>,
): Promise<Value> {
  const server = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [server.stdout, server.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<void>((resolve) => server.on('close', () => resolve()));
  try {
    for (let tries = 0; !(await accepts(port)); tries += 1) {
      if (server.exitCode !== null || tries > 200) throw new Error(`${file} does not listen on ${port}:\n${output}`);
      await sleep(50);
    }
    return await body(server);
  } finally {
    server.kill('SIGKILL');
    await ended;
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
