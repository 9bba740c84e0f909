import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/**
 * Stands in for crictl, which Debian has no package of, and for kubelet: a program with crictl's flags and JSON (protojson of the CRI, defaults included;
 * warnings on standard error), over static pods whose containers are real servers. A container that is stopped is started again 300 ms later, by whoever
 * asks next.
 */
const program = (state: string): string => `#!${process.execPath}
const { spawn } = require('node:child_process');
const { readFileSync, writeFileSync } = require('node:fs');
const { randomBytes } = require('node:crypto');
const say = (text, code) => { process.stderr.write(text + '\\n'); process.exitCode = code; };
const state = JSON.parse(readFileSync(${JSON.stringify(state)}, 'utf8'));
const [timeout, verb, ...words] = process.argv.slice(2);
const flag = (name) => (words.find((word) => word.startsWith('--' + name + '=')) ?? '').slice(name.length + 3);
const alive = (pid) => { try { process.kill(pid, 0); return true; } catch { return false; } };
const start = (pod) => {
  const child = spawn(process.execPath, ['-e', pod.server], { detached: true, stdio: 'ignore' });
  child.unref();
  pod.containers.push({ id: randomBytes(32).toString('hex'), pid: child.pid, stopped: 0 });
};
const print = (value) => process.stdout.write(JSON.stringify(value, null, 2) + '\\n');
for (const pod of state.pods) {
  const last = pod.containers.at(-1);
  if (last === undefined) start(pod);
  else if (last.stopped && state.kubelet && Date.now() - last.stopped >= 300) start(pod);
}
if (timeout !== '--timeout=10s') say('FATA[0000] not the flags that were expected', 1);
else if (state.broken) say('FATA[0002] connect: connect endpoint \\'unix:///run/containerd/containerd.sock\\'', 1);
else if (verb === 'pods') {
  process.stderr.write('WARN[0000] runtime connect using default endpoints: [unix:///run/containerd/containerd.sock]\\n');
  print({ items: state.pods.filter(({ name }) => new RegExp(flag('name')).test(name)).map(({ id, name }) => ({
    id, metadata: { name, uid: '0f1e', namespace: 'kube-system', attempt: 0 }, state: 'SANDBOX_READY', createdAt: '1700000000000000000',
    labels: { 'io.kubernetes.pod.name': name, 'io.kubernetes.pod.namespace': 'kube-system' },
    annotations: { 'kubernetes.io/config.hash': '0f1e', 'kubernetes.io/config.source': 'file' }, runtimeHandler: '',
  })) });
} else if (verb === 'ps') {
  const pod = state.pods.find(({ id }) => id === flag('pod'));
  print({ containers: (pod ? pod.containers : []).map(({ id, pid, stopped }, attempt) => ({
    id, podSandboxId: pod.id, metadata: { name: pod.container, attempt }, image: { image: 'sha256:0f1e', annotations: {} }, imageRef: 'sha256:0f1e',
    state: !stopped && alive(pid) ? 'CONTAINER_RUNNING' : 'CONTAINER_EXITED', createdAt: '1700000000000000000',
    labels: { 'io.kubernetes.container.name': pod.container, 'io.kubernetes.pod.name': pod.name }, annotations: {},
  })) });
} else if (verb === 'stop') {
  const container = state.pods.flatMap(({ containers }) => containers).find(({ id }) => id === words.at(-1));
  if (!container) say('FATA[0000] stopping the container: NotFound', 1);
  else {
    process.kill(container.pid, 'SIGTERM');
    container.stopped = Date.now();
    process.stdout.write(container.id + '\\n');
  }
} else say('FATA[0000] no such command', 1);
writeFileSync(${JSON.stringify(state)}, JSON.stringify(state));
`;

interface State {
  readonly pods: readonly { readonly containers: readonly { readonly pid: number; readonly stopped: number }[] }[];
  readonly kubelet: boolean;
  readonly broken?: boolean;
}

export interface FakeNode {
  /** What starts a program so that it finds this crictl, in a namespace of mounts of its own. */
  readonly under: readonly string[];
  /** How many containers each pod has had. */
  readonly starts: () => readonly number[];
  /** Whether kubelet starts again what was stopped, and whether crictl reaches its runtime. */
  readonly set: (change: Partial<Pick<State, 'kubelet' | 'broken'>>) => void;
}

export interface FakePod {
  readonly name: string;
  readonly container: string;
  /** What runs in its container: a program for `node -e`. */
  readonly server: string;
}

/** Lays out such a node in a folder for the time of the body; needs root rights and unshare. */
export async function withFakeNode(
  folder: string,
  pods: readonly FakePod[],
  body: (node: FakeNode) => void | Promise<void>,
): Promise<void> {
  const [state, programs] = [join(folder, 'node.json'), join(folder, 'sbin')];
  mkdirSync(programs);
  writeFileSync(join(programs, 'crictl'), program(state));
  chmodSync(join(programs, 'crictl'), 0o755);
  const read = (): State => JSON.parse(readFileSync(state, 'utf8')) as State;
  const write = (value: object): void => writeFileSync(state, JSON.stringify(value));
  write({ kubelet: true, pods: pods.map((pod, index) => ({ ...pod, id: `${index}`.repeat(64), containers: [] })) });
  try {
    await body({
      // The first folder of the search path of what we run.
      under: ['unshare', '--mount', 'sh', '-c', 'mount --bind "$0" /usr/local/sbin && exec "$@"', programs],
      starts: () => read().pods.map(({ containers }) => containers.length),
      set: (change) => write({ ...read(), ...change }),
    });
  } finally {
    for (const { pid, stopped } of read().pods.flatMap(({ containers }) => containers)) if (!stopped) end(pid);
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** A server of TLS that reads its pair once, when it starts. */
export const tlsServer = (port: number, certificate: string, key: string): string =>
  `const { readFileSync } = require('node:fs');
require('node:tls').createServer({ cert: readFileSync('${certificate}'), key: readFileSync('${key}') }).listen(${port}, '127.0.0.1');`;
