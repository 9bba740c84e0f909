import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lookForStaticPod, type PodResult, restartStaticPod } from '../../src/services/static-pod.ts';
import { recordedContainers, recordedPods } from '../support/recorded-crictl.ts';
import { type NodeOptions, type SimulatedPod, simulatedNode } from '../support/simulated-node.ts';

const test = suite('services/static-pod');

const apiserver: SimulatedPod = { name: 'kube-apiserver-node1', containers: ['kube-apiserver'] };
const told = (result: PodResult): string => (result.result === 'failed' ? `failed ${result.failure}` : result.result);

interface Row {
  readonly pods: readonly SimulatedPod[];
  readonly name?: string;
  readonly options?: NodeOptions;
  readonly milliseconds?: number;
  readonly result: string;
  readonly stopped?: readonly string[];
}

const rows: Readonly<Record<string, Row>> = {
  'the container of the pod is stopped, and another one waited for': {
    pods: [apiserver, { name: 'etcd-node1', containers: ['etcd'] }],
    result: 'ok',
    stopped: ['stop --timeout=30 kube-apiserver#0'],
  },
  'each container of a pod is stopped, once, and each must run again': {
    pods: [{ ...apiserver, containers: ['kube-apiserver', 'sidecar'] }],
    result: 'ok',
    stopped: ['stop --timeout=30 kube-apiserver#0', 'stop --timeout=30 sidecar#0'],
  },
  'a pod that is not here is absent, and nothing is stopped': { pods: [{ name: 'etcd-node1', containers: ['etcd'] }], result: 'absent' },
  'a pod that came from the API is none of ours, whatever its name': { pods: [{ ...apiserver, source: 'api' }], result: 'absent' },
  'a pod that says nothing of where it comes from is not taken for a static one': {
    pods: [{ ...apiserver, source: '' }],
    result: 'absent',
  },
  'a pod from a web address is as static as one from a file': {
    pods: [{ ...apiserver, source: 'http' }],
    result: 'ok',
    stopped: ['stop --timeout=30 kube-apiserver#0'],
  },
  'the name of the node need not be that of the host where a container has the name': {
    pods: [{ ...apiserver, name: 'kube-apiserver-elsewhere' }],
    result: 'ok',
    stopped: ['stop --timeout=30 kube-apiserver#0'],
  },
  'the node goes by the first label of the name of the host, in small letters': {
    pods: [{ name: 'kube-apiserver-node1', containers: ['server'] }],
    options: { host: 'Node1.example.com' },
    result: 'ok',
    stopped: ['stop --timeout=30 server#0'],
  },
  'or by all of it': {
    pods: [{ name: 'kube-apiserver-node1.example.com', containers: ['server'] }],
    options: { host: 'node1.example.com' },
    result: 'ok',
    stopped: ['stop --timeout=30 server#0'],
  },
  'a pod with more in its name is another one where the node is known': {
    pods: [
      { name: 'etcd-events-node1', containers: ['etcd'] },
      { name: 'etcd-node1', containers: ['etcd'] },
    ],
    name: 'etcd',
    result: 'ok',
    stopped: ['stop --timeout=30 etcd#0'],
  },
  'two that may be meant are none': {
    pods: [
      { name: 'etcd-main-a', containers: ['etcd'] },
      { name: 'etcd-events-a', containers: ['etcd'] },
    ],
    name: 'etcd',
    result: 'failed not-understood',
  },
  'the only one of that beginning is not guessed to be meant': {
    pods: [{ name: 'etcd-manager-main-a', containers: ['manager'] }],
    name: 'etcd',
    result: 'failed not-understood',
  },
  'a full name leaves no doubt': {
    pods: [
      { name: 'etcd-main-a', containers: ['etcd'] },
      { name: 'etcd-main-a-b', containers: ['etcd'] },
    ],
    name: 'etcd-main-a',
    result: 'ok',
    stopped: ['stop --timeout=30 etcd#0'],
  },
  'a dot in a name is a dot': { pods: [{ name: 'lbx4-node1', containers: ['lb'] }], name: 'lb.4', result: 'absent' },
  'a pod of which nothing runs is waited for and not stopped': { pods: [{ ...apiserver, ended: ['kube-apiserver'] }], result: 'ok' },
  'a pod that is not started again in its time is not back': {
    pods: [{ ...apiserver, startsAfter: null }],
    result: 'failed not-back',
    stopped: ['stop --timeout=30 kube-apiserver#0'],
  },
  'nor is one whose containers keep ending': {
    pods: [{ ...apiserver, startsAfter: 600, runsFor: 500 }],
    result: 'failed not-back',
    stopped: ['stop --timeout=30 kube-apiserver#0'],
  },
  'nor is one of whose two containers one stays away': {
    pods: [{ ...apiserver, containers: ['kube-apiserver', 'sidecar'], startsAfter: 200_000 }],
    result: 'failed not-back',
    stopped: ['stop --timeout=30 kube-apiserver#0', 'stop --timeout=30 sidecar#0'],
  },
  'half of a short time is the grace that a container has': {
    pods: [apiserver],
    milliseconds: 10_000,
    result: 'ok',
    stopped: ['stop --timeout=5 kube-apiserver#0'],
  },
  'an interruption ends the waiting': {
    pods: [{ ...apiserver, startsAfter: null }],
    options: { abortAfter: 1000 },
    result: 'failed interrupted',
    stopped: ['stop --timeout=30 kube-apiserver#0'],
  },
};
for (const [sentence, { pods, name = 'kube-apiserver', options, milliseconds = 120_000, result, stopped = [] }] of Object.entries(rows))
  test(sentence, async () => {
    const node = simulatedNode(pods, options);
    assert.is(told(await restartStaticPod(name, milliseconds, node.context)), result);
    assert.equal(
      node.ran.filter((line) => line.startsWith('stop')),
      stopped,
    );
    assert.ok(node.elapsed() <= milliseconds + 1000);
  });

test('looking stops nothing', async () => {
  const node = simulatedNode([apiserver]);
  assert.is(told(await lookForStaticPod('kube-apiserver', 1000, node.context)), 'ok');
  assert.is(told(await lookForStaticPod('etcd', 1000, node.context)), 'absent');
  assert.not.ok(node.ran.some((line) => line.startsWith('stop')));
});

const answer = (text: string) => ({ end: 'exited', code: 0, output: '', answer: Buffer.from(text) }) as const;
const metadata = '"metadata":{"name":"kube-apiserver-node1","namespace":"kube-system"}';
const asked: Readonly<Record<string, readonly [options: NonNullable<NodeOptions['answers']>, failure: string, says: RegExp]>> = {
  'crictl that is not there': [{ pods: { end: 'not-started', cause: 'crictl is not in /bin' } }, 'not-started', /cri-tools.*runs on/],
  'crictl that fails': [
    { pods: { end: 'exited', code: 1, output: 'FATA[0002] no runtime' } },
    'exit-code',
    /crictl pods .* code 1; nothing was stopped/,
  ],
  'crictl that hangs': [{ ps: { end: 'timed-out', output: '' } }, 'timed-out', /crictl ps did not answer.*runs on/],
  'crictl that crashes': [{ ps: { end: 'signalled', signal: 'SIGSEGV', output: '' } }, 'signal', /SIGSEGV/],
  'a container that cannot be stopped': [{ stop: { end: 'exited', code: 1, output: '' } }, 'exit-code', /crictl stop .*; it may still run/],
  'an answer that is no JSON': [{ pods: answer('POD ID  CREATED') }, 'not-understood', /JSON of CRI/],
  'an answer that is none': [{ pods: answer('') }, 'not-understood', /JSON of CRI/],
  'an answer of other words': [{ pods: answer('{"pods":[]}') }, 'not-understood', /JSON of CRI/],
  'an answer that is too long': [{ pods: { end: 'exited', code: 0, output: '' } }, 'not-understood', /more than 16 MiB/],
  'a pod without a name': [{ pods: answer('{"items":[{"id":"0f","metadata":{}}]}') }, 'not-understood', /JSON of CRI/],
  'a pod whose id is a flag': [{ pods: answer(`{"items":[{"id":"--all",${metadata}}]}`) }, 'not-understood', /JSON of CRI/],
  'a pod whose source is a list': [
    { pods: answer(`{"items":[{"id":"0f",${metadata},"annotations":{"kubernetes.io/config.source":["file"]}}]}`) },
    'not-understood',
    /JSON of CRI/,
  ],
  'a container whose id is a flag': [
    { ps: answer('{"containers":[{"id":"-a","podSandboxId":"0f","metadata":{"name":"x"},"state":"CONTAINER_RUNNING"}]}') },
    'not-understood',
    /JSON of CRI/,
  ],
  'a container without a state': [
    { ps: answer('{"containers":[{"id":"0f","podSandboxId":"0f","metadata":{"name":"x"}}]}') },
    'not-understood',
    /JSON of CRI/,
  ],
};
for (const [what, [answers, failure, says]] of Object.entries(asked))
  test(`${what}: nothing is taken for granted, and it is said what still runs`, async () => {
    const node = simulatedNode([apiserver], { answers });
    const result = await restartStaticPod('kube-apiserver', 120_000, node.context);
    assert.ok(result.result === 'failed');
    assert.is(result.failure, failure);
    assert.match(result.detail, says);
    assert.match(result.detail, /it (?:runs on|may still run) with the files it has read/);
  });

test('a pod that is not back says what was stopped, how long it was waited for, and where to look', async () => {
  const node = simulatedNode([{ ...apiserver, startsAfter: null }]);
  const result = await restartStaticPod('kube-apiserver', 120_000, node.context);
  assert.ok(result.result === 'failed');
  assert.match(
    result.detail,
    /^it was stopped \(kube-apiserver [0-9a-f]{13}\), and it does not run again after 120 s.*files that are on disk now.*journalctl -u kubelet/,
  );
});

test('names that could be meant are said, and how to write which one is', async () => {
  const node = simulatedNode([{ name: 'etcd-manager-main-a', containers: ['manager'] }]);
  const result = await restartStaticPod('etcd', 120_000, node.context);
  assert.ok(result.result === 'failed');
  assert.match(result.detail, /kube-system\/etcd-manager-main-a.*full name/);
});

test('of several containers, those that stay away are named', async () => {
  const node = simulatedNode([{ ...apiserver, containers: ['kube-apiserver', 'sidecar'], startsAfter: 2500, stayAway: ['sidecar'] }]);
  const result = await restartStaticPod('kube-apiserver', 20_000, node.context);
  assert.ok(result.result === 'failed');
  assert.match(
    result.detail,
    /^it was stopped \(kube-apiserver [0-9a-f]{13}, sidecar [0-9a-f]{13}\), and sidecar does not run again after 20 s/,
  );
});

test('two of the very same name, in two namespaces, are told apart by no name: it is said what helps', async () => {
  const node = simulatedNode([apiserver, { ...apiserver, namespace: 'other' }]);
  const result = await restartStaticPod('kube-apiserver', 120_000, node.context);
  assert.ok(result.result === 'failed');
  assert.is(result.failure, 'not-understood');
  assert.match(result.detail, /kube-system\/kube-apiserver-node1, other\/kube-apiserver-node1.*another name in its manifest/);
});

for (const [version, containers] of Object.entries(recordedContainers))
  test(`what a runtime has answered is understood, as crictl prints it: CRI ${version}`, async () => {
    const node = simulatedNode([], { answers: { pods: answer(recordedPods), ps: answer(containers), stop: answer('') } });
    const result = await restartStaticPod('etcd', 3000, node.context);
    assert.is(told(result), 'failed not-back', 'the same container still runs');
    assert.equal(
      node.ran.filter((line) => line.startsWith('stop')),
      ['stop --timeout=1 d7314fc749be16398f93f4e954ed782d68c547aefed209474102dfcb5c019b5d'],
      'of the pod of kubelet what runs, not what has ended; of the one from the API nothing',
    );
  });

test.run();
