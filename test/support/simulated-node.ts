import { createHash } from 'node:crypto';
import type { PodContext } from '../../src/services/static-pod.ts';

/** A pod as kubelet is given it. */
export interface SimulatedPod {
  readonly name: string;
  readonly namespace?: string;
  /** `file` and `http` are static pods. */
  readonly source?: string;
  readonly containers: readonly string[];
  /** So many milliseconds after it was stopped a container is started again; never where this is null. */
  readonly startsAfter?: number | null;
  /** How long a container runs that was started again. */
  readonly runsFor?: number;
  /** Containers that have ended before anybody looked. */
  readonly ended?: readonly string[];
  /** Containers that are not started again. */
  readonly stayAway?: readonly string[];
}

interface Run {
  readonly id: string;
  readonly name: string;
  readonly from: number;
  until: number;
}

export interface SimulatedNode {
  readonly context: PodContext;
  /** What was run, without what every call has; ids by the name of their container and the number of its start. */
  readonly ran: string[];
  readonly elapsed: () => number;
}

const idOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * A node with crictl and kubelet, in the JSON that crictl prints (protojson of the CRI, defaults included). Only pauses take time.
 * @param answers what is answered in the place of that, by the verb of the call.
 */
export function simulatedNode(
  pods: readonly SimulatedPod[],
  { host = 'node1', answers = {}, abortAfter = Number.POSITIVE_INFINITY }: NodeOptions = {},
): SimulatedNode {
  const controller = new AbortController();
  const ran: string[] = [];
  const names = new Map<string, string>();
  let now = 0;
  const runs = new Map(
    pods.map((pod) => [pod, pod.containers.map((name): Run => runOf(pod, name, 0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY))]),
  );
  for (const pod of pods) for (const run of runs.get(pod) ?? []) if (pod.ended?.includes(run.name)) run.until = -1;

  function runOf(pod: SimulatedPod, name: string, start: number, from: number, until: number): Run {
    const id = idOf(`${pod.namespace ?? ''} ${pod.name} ${name} ${start}`);
    names.set(id, `${name}#${start}`);
    return { id, name, from, until };
  }

  /** What kubelet has done until now. */
  function settle(pod: SimulatedPod): readonly Run[] {
    const all = runs.get(pod) ?? [];
    const { startsAfter = 2500, runsFor = Number.POSITIVE_INFINITY } = pod;
    for (const name of pod.containers.filter((one) => !pod.stayAway?.includes(one))) {
      for (let last = latest(all, name); last && last.until <= now && startsAfter !== null; last = latest(all, name)) {
        const from = last.until + startsAfter;
        if (from > now) break;
        all.push(runOf(pod, name, all.filter((run) => run.name === name).length, from, from + runsFor));
      }
    }
    return all.filter(({ from }) => from <= now);
  }

  function stop(id: string): boolean {
    const run = [...runs.values()].flat().find((one) => one.id === id);
    if (run) run.until = Math.min(run.until, now);
    return run !== undefined;
  }

  function answerTo(words: readonly string[]): { readonly code: number; readonly text: string } {
    const flag = (name: string): string => words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? '';
    if (words[0] === 'stop') return { code: stop(words.at(-1) ?? '') ? 0 : 1, text: '' };
    if (words[0] === 'pods')
      return { code: 0, text: JSON.stringify({ items: pods.filter(({ name }) => new RegExp(flag('name')).test(name)).map(podJson) }) };
    const pod = pods.find((one) => podId(one) === flag('pod'));
    return { code: 0, text: JSON.stringify({ containers: pod ? settle(pod).map((run) => containerJson(pod, run, now)) : [] }) };
  }

  return {
    ran,
    elapsed: () => now,
    context: {
      host,
      signal: controller.signal,
      clock: { elapsed: () => now },
      pause(milliseconds) {
        now += milliseconds;
        if (now >= abortAfter) controller.abort();
        return Promise.resolve();
      },
      runner: {
        run([program, limit, ...words]) {
          if (program !== 'crictl' || limit !== '--timeout=10s')
            throw new Error(`crictl was not called as it should be: ${program} ${limit}`);
          ran.push(words.map((word) => names.get(word) ?? word).join(' '));
          const given = answers[words[0] ?? ''];
          if (given) return Promise.resolve(given);
          const { code, text } = answerTo(words);
          return Promise.resolve({ end: 'exited', code, output: '', answer: Buffer.from(text) });
        },
      },
    },
  };
}

export interface NodeOptions {
  readonly host?: string;
  readonly answers?: Readonly<Record<string, Awaited<ReturnType<PodContext['runner']['run']>>>>;
  readonly abortAfter?: number;
}

const latest = (runs: readonly Run[], name: string): Run | undefined => runs.filter((run) => run.name === name).at(-1);
const podId = ({ name, namespace }: SimulatedPod): string => idOf(`${namespace ?? ''} ${name}`);

const podJson = (pod: SimulatedPod) => ({
  id: podId(pod),
  metadata: { name: pod.name, uid: '0f1e', namespace: pod.namespace ?? 'kube-system', attempt: 0 },
  state: 'SANDBOX_READY',
  createdAt: '1700000000000000000',
  labels: { 'io.kubernetes.pod.name': pod.name, 'io.kubernetes.pod.namespace': pod.namespace ?? 'kube-system' },
  annotations: { 'kubernetes.io/config.hash': '0f1e', 'kubernetes.io/config.source': pod.source ?? 'file' },
  runtimeHandler: '',
});

const containerJson = (pod: SimulatedPod, { id, name, until }: Run, now: number) => ({
  id,
  podSandboxId: podId(pod),
  metadata: { name, attempt: 0 },
  image: { image: 'sha256:0f1e', annotations: {}, userSpecifiedImage: '', runtimeHandler: '', imageRef: '' },
  imageRef: 'sha256:0f1e',
  state: until <= now ? 'CONTAINER_EXITED' : 'CONTAINER_RUNNING',
  createdAt: '1700000000000000000',
  labels: { 'io.kubernetes.container.name': name, 'io.kubernetes.pod.name': pod.name },
  annotations: { 'io.kubernetes.container.restartCount': '0' },
  imageId: '',
});
