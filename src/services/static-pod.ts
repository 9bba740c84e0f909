/** Static pods: kubelet runs them from files, and starts a container again that somebody has stopped. So stopping it is how it comes to read its files. */
import type { ServiceFailure } from '../domain/service-outcome.ts';
import type { Clock, Pause } from '../ports/clock.ts';
import type { ProcessRunner } from '../ports/process-runner.ts';
import { type Asked, type Container, type CrictlContext, containersOf, type Pod, podsCalled, stopContainer } from './crictl.ts';

export interface PodContext {
  readonly runner: ProcessRunner;
  readonly clock: Pick<Clock, 'elapsed'>;
  readonly pause: Pause;
  /** What this host is called: the name of its node, as a rule. */
  readonly host: string;
  readonly signal: AbortSignal;
}

export type PodResult =
  | { readonly result: 'ok' }
  /** kubelet has no such pod here. */
  | { readonly result: 'absent' }
  | { readonly result: 'failed'; readonly failure: ServiceFailure; readonly detail: string; readonly output: string };

/** The grace of Kubernetes for a pod that names none (terminationGracePeriodSeconds). */
const graceSeconds = 30;
/** Between two looks. kubelet looks once a second itself. */
const pauseMilliseconds = 1000;

interface FoundPod {
  readonly pod: Pod;
  readonly containers: readonly Container[];
}

/** Whether this host has such a static pod. */
export async function lookForStaticPod(name: string, milliseconds: number, context: PodContext): Promise<PodResult> {
  const found = await findPod(name, timed(milliseconds, context), context.host);
  if (!found.ok) return failed(found);
  return { result: found.value ? 'ok' : 'absent' };
}

/**
 * Stops what runs in the static pod, and waits until kubelet has started all of it again and it stays: other containers, seen at two looks. A pod none of
 * whose containers runs is waited for and not stopped: it reads its files when it starts.
 * @param milliseconds for all of it.
 */
export async function restartStaticPod(name: string, milliseconds: number, context: PodContext): Promise<PodResult> {
  const crictl = timed(milliseconds, context);
  const found = await findPod(name, crictl, context.host);
  if (!found.ok) return failed(found, runsOn);
  if (!found.value) return { result: 'absent' };
  const { pod, containers } = found.value;
  const stopped = containers.filter(({ runs }) => runs);
  for (const { id } of stopped) {
    const grace = Math.max(1, Math.min(graceSeconds, Math.floor(crictl.milliseconds() / 2000)));
    const asked = await stopContainer(id, grace, crictl);
    if (!asked.ok) return failed(asked, '; it may still run with the files it has read');
  }
  return waitFor(pod.name, stopped, milliseconds, crictl, context);
}

const runsOn = '; nothing was stopped, it runs on with the files it has read';

async function waitFor(
  podName: string,
  stopped: readonly Container[],
  milliseconds: number,
  crictl: CrictlContext,
  { pause, signal }: PodContext,
): Promise<PodResult> {
  const old = new Set(stopped.map(({ id }) => id));
  let before: ReadonlySet<string> = new Set();
  let away: readonly string[] = [];
  let problem: Extract<Asked<FoundPod>, { ok: false }> | undefined;
  while (crictl.milliseconds() > 0 && !signal.aborted) {
    const found = await findPod(podName, crictl, '');
    problem = found.ok ? undefined : found;
    const runs = (found.ok && found.value ? found.value.containers : []).filter((container) => container.runs && !old.has(container.id));
    const stay = new Set(runs.flatMap(({ id, name }) => (before.has(id) ? [name] : [])));
    away = stopped.flatMap(({ name }) => (stay.has(name) ? [] : [name]));
    if (stay.size > 0 && away.length === 0) return { result: 'ok' };
    before = new Set(runs.map(({ id }) => id));
    await pause(Math.min(pauseMilliseconds, Math.max(0, crictl.milliseconds())), signal);
  }
  const what =
    stopped.length === 0
      ? 'nothing of it ran'
      : `it was stopped (${stopped.map(({ name, id }) => `${name} ${id.slice(0, 13)}`).join(', ')})`;
  if (signal.aborted)
    return { result: 'failed', failure: 'interrupted', detail: `interrupted; ${what}, and was not yet seen to run again`, output: '' };
  // Of several containers one may be back.
  const who = away.length < stopped.length ? away.join(', ') : 'it';
  const why = problem ? problem.detail : 'crictl ps --all and journalctl -u kubelet say why';
  return {
    result: 'failed',
    failure: 'not-back',
    detail: `${what}, and ${who} does not run again after ${milliseconds / 1000} s: kubelet should start it with the files that are on disk now; ${why}`,
    output: '',
  };
}

/**
 * Which of the pods that run here is meant, surest first: the one of this very name, the one of this name on this node, the one with a container of this
 * name, as all of kubeadm's have it. Among static pods only: whoever may write to the API cannot have another pod taken for one.
 */
async function findPod(name: string, crictl: CrictlContext, host: string): Promise<Asked<FoundPod | undefined>> {
  const asked = await podsCalled(name, crictl);
  if (!asked.ok) return asked;
  const pods: FoundPod[] = [];
  for (const pod of asked.value) {
    if (pod.source !== 'file' && pod.source !== 'http') continue;
    const containers = await containersOf(pod, crictl);
    if (!containers.ok) return containers;
    pods.push({ pod, containers: containers.value });
  }
  const nodes = [host, host.split('.')[0] ?? ''].map((text) => `${name}-${text.toLowerCase()}`);
  const matches: readonly ((found: FoundPod) => boolean)[] = [
    ({ pod }) => pod.name === name,
    ({ pod }) => nodes.includes(pod.name),
    ({ containers }) => containers.some((container) => container.name === name),
  ];
  const meant = matches.map((isMeant) => pods.filter(isMeant)).find(({ length }) => length > 0);
  if (meant?.length === 1 || pods.length === 0) return { ok: true, value: meant?.[0] };
  const possible = meant ?? pods;
  const names = possible.map(({ pod }) => `${pod.namespace}/${pod.name}`).join(', ');
  // A node may have static pods of one name in two namespaces: no name in the desired state tells those apart.
  const isOneName = new Set(possible.map(({ pod }) => pod.name)).size < possible.length;
  const hint = isOneName
    ? 'give one of them another name in its manifest'
    : `write its full name in the desired state, for example "${name}-\${host}"`;
  return { ok: false, failure: 'not-understood', detail: `it is not clear which static pod is meant (${names}): ${hint}`, output: '' };
}

function timed(milliseconds: number, { runner, clock, signal }: PodContext): CrictlContext {
  const end = clock.elapsed() + milliseconds;
  return { runner, signal, milliseconds: () => end - clock.elapsed() };
}

const failed = (asked: Extract<Asked<unknown>, { ok: false }>, more = ''): PodResult => ({
  result: 'failed',
  failure: asked.failure,
  detail: `${asked.detail}${more}`,
  output: asked.output,
});
