/**
 * What crictl, the client of every container runtime of Kubernetes, says of the pods of this host. Which runtime that is stands in /etc/crictl.yaml, or
 * crictl finds it; nothing of our environment decides. Its answers are somebody else's JSON, and taken for what we know of it only.
 */
import { isObject, jsonOf } from '../domain/json.ts';
import type { ServiceFailure } from '../domain/service-outcome.ts';
import type { ProcessEnd, ProcessLimits, ProcessRunner } from '../ports/process-runner.ts';

/** A sandbox in which the containers of a pod run. */
export interface Pod {
  readonly id: string;
  readonly namespace: string;
  /** As kubelet names it: for a static pod the name of its manifest, a hyphen and the name of the node. */
  readonly name: string;
  /** Where kubelet has it from: `file`, `http`, or for all that are no static pods `api`. */
  readonly source: string;
}

export interface Container {
  readonly id: string;
  readonly pod: string;
  readonly name: string;
  readonly runs: boolean;
}

export type Asked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: ServiceFailure; readonly detail: string; readonly output: string };

export interface CrictlContext {
  readonly runner: ProcessRunner;
  readonly signal: AbortSignal;
  /** How long this call may take. */
  readonly milliseconds: () => number;
}

/** Five hundred containers are less than one of these. */
const answerBytes = 16 * 1024 * 1024;
/** Its own limit for the way to the runtime is two seconds, which a busy host does not keep. */
const program = ['crictl', '--timeout=10s'] as const;

/** The pods that run here and are called this, or this and more behind a hyphen. */
export const podsCalled = (name: string, context: CrictlContext): Promise<Asked<readonly Pod[]>> =>
  list(['pods', '--state=ready', `--name=^${name.replaceAll('.', '[.]')}(-|$)`, '--output=json'], 'items', podOf, context);

/** All containers of a pod, also those that have ended. */
export const containersOf = ({ id }: Pick<Pod, 'id'>, context: CrictlContext): Promise<Asked<readonly Container[]>> =>
  list(['ps', '--all', `--pod=${id}`, '--output=json'], 'containers', containerOf, context);

/** SIGTERM, and SIGKILL after so many seconds: without a time, crictl would kill at once. */
export async function stopContainer(id: string, seconds: number, context: CrictlContext): Promise<Asked<undefined>> {
  const asked = await ask(['stop', `--timeout=${seconds}`, id], context);
  return asked.ok ? { ok: true, value: undefined } : asked;
}

async function list<Value>(
  words: readonly [string, ...string[]],
  key: 'items' | 'containers',
  read: (item: unknown) => Value | undefined,
  context: CrictlContext,
): Promise<Asked<readonly Value[]>> {
  const asked = await ask(words, context);
  if (!asked.ok) return asked;
  const document = asked.value && jsonOf(asked.value);
  const items = isObject(document) ? document[key] : undefined;
  const values = Array.isArray(items) ? items.map(read) : [undefined];
  const known = values.filter((value) => value !== undefined);
  if (known.length === values.length) return { ok: true, value: known };
  const detail =
    asked.value === undefined
      ? `crictl ${words[0]} answers with more than 16 MiB`
      : `crictl ${words[0]} does not answer in the JSON of CRI`;
  return { ok: false, failure: 'not-understood', detail, output: '' };
}

async function ask(words: readonly [string, ...string[]], context: CrictlContext): Promise<Asked<Uint8Array | undefined>> {
  const { runner, signal } = context;
  const limits: ProcessLimits = { milliseconds: Math.max(1, context.milliseconds()), outputBytes: 4096, answerBytes };
  const end = await runner.run([...program, ...words], limits, signal);
  if (end.end === 'exited' && end.code === 0) return { ok: true, value: end.answer };
  if (signal.aborted) return { ok: false, failure: 'interrupted', detail: 'interrupted', output: '' };
  return { ok: false, ...failureOf(end, words[0]), output: 'output' in end ? end.output : '' };
}

function failureOf(end: ProcessEnd, verb: string): { readonly failure: ServiceFailure; readonly detail: string } {
  switch (end.end) {
    case 'exited':
      return { failure: 'exit-code', detail: `crictl ${verb} ended with exit code ${end.code}` };
    case 'signalled':
      return { failure: 'signal', detail: `crictl ${verb} was ended by ${end.signal}` };
    case 'timed-out':
      return { failure: 'timed-out', detail: `crictl ${verb} did not answer in time` };
    case 'not-started':
      return { failure: 'not-started', detail: `crictl cannot be run (${end.cause}); it comes with cri-tools` };
  }
}

/** An id is handed back to crictl, and must not be taken for a flag there. */
const isId = (value: unknown): value is string => typeof value === 'string' && /^[0-9A-Za-z]{1,128}$/.test(value);
const isText = (value: unknown): value is string => typeof value === 'string';

function podOf(item: unknown): Pod | undefined {
  if (!isObject(item) || !isObject(item['metadata']) || !isId(item['id'])) return undefined;
  const { name, namespace } = item['metadata'];
  const annotations = item['annotations'] ?? {};
  if (!isText(name) || !isText(namespace) || !isObject(annotations)) return undefined;
  const source = annotations['kubernetes.io/config.source'] ?? '';
  return isText(source) ? { id: item['id'], namespace, name, source } : undefined;
}

function containerOf(item: unknown): Container | undefined {
  if (!isObject(item) || !isObject(item['metadata']) || !isId(item['id']) || !isId(item['podSandboxId'])) return undefined;
  const { name } = item['metadata'];
  if (!isText(name) || !isText(item['state'])) return undefined;
  return { id: item['id'], pod: item['podSandboxId'], name, runs: item['state'] === 'CONTAINER_RUNNING' };
}
