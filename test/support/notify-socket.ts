/** The end of systemd to which a service of type `notify` speaks (sd_notify(3)). Node has no datagram sockets of that kind, Python has. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Notified {
  /** Its lines, as they came in one datagram: `READY=1`, `WATCHDOG=1`… */
  readonly text: string;
  /** Who sent it, as the kernel says. */
  readonly pid: number;
  /** By this process's own clock, in milliseconds. */
  readonly heard: number;
}

/** What is sent along with BARRIER=1 is a descriptor: closing it is the answer that the sender waits for. */
const receiver = `
import array, json, os, socket, struct, sys
name = sys.argv[1]
end = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
end.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
end.bind('\\0' + name[1:] if name.startswith('@') else name)
print('{}', flush=True)
while True:
    data, ancillary, _, _ = end.recvmsg(4096, 4096)
    pid = 0
    for level, kind, value in ancillary:
        if kind == socket.SCM_CREDENTIALS: pid = struct.unpack('3i', value)[0]
        if kind == socket.SCM_RIGHTS:
            for descriptor in array.array('i', value): os.close(descriptor)
    if data != b'BARRIER=1': print(json.dumps({'text': data.decode(), 'pid': pid}), flush=True)
`;

/** Listens at a path, or an abstract name that begins with `@`, while the body runs. */
export async function withNotifySocket(name: string, body: (notified: readonly Notified[]) => Promise<void>): Promise<void> {
  const python = spawn('/usr/bin/python3', ['-c', receiver, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  const notified: Notified[] = [];
  let [rest, listens] = ['', false];
  python.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '{}') listens = true;
      else notified.push({ ...(JSON.parse(line) as Omit<Notified, 'heard'>), heard: performance.now() });
    }
  });
  const ended = new Promise<void>((resolve) => python.once('exit', () => resolve()));
  try {
    while (!listens && python.exitCode === null) await sleep(10);
    if (!listens) throw new Error(`nobody listens at ${name}`);
    await body(notified);
  } finally {
    python.kill('SIGKILL');
    await ended;
  }
}
