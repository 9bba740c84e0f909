import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredService } from '../../src/domain/desired-state.ts';
import type { Served } from '../../src/domain/served.ts';
import type { PendingService, ServiceOutcome } from '../../src/domain/service-outcome.ts';
import { instantOf, seconds } from '../../src/domain/time.ts';
import type { ProcessEnd } from '../../src/ports/process-runner.ts';
import { tellServices } from '../../src/services/tell-services.ts';
import { simulatedNode } from '../support/simulated-node.ts';

const test = suite('services/tell-services');

const place = { file: 'pki.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 };
const service = (name: string, rest: Partial<DesiredService> = {}): DesiredService => ({ name, place, after: [], ...rest });
const etcd = service('etcd', { reload: ['reload', 'etcd'], onTrustChange: ['restart', 'etcd'] });
const apiserver = service('apiserver', { reload: ['reload', 'apiserver'], onTrustChange: ['restart', 'apiserver'], after: ['etcd'] });

const exited = (code: number): ProcessEnd => ({ end: 'exited', code, output: '' });

const nothingLooksAt = {
  userOf: () => undefined,
  expectedOf: () => [],
  look: () => Promise.resolve(new Map()),
  pause: () => Promise.resolve(),
  host: 'node1',
};

interface Row {
  readonly name: string;
  readonly services?: readonly DesiredService[];
  readonly pending: readonly PendingService[];
  readonly ends?: Readonly<Record<string, ProcessEnd>>;
  readonly ran: readonly string[];
  readonly outcomes: readonly string[];
}

const told = ({ service: name, result, ...rest }: ServiceOutcome): string =>
  [name, result, 'because' in rest ? rest.because : 'failure' in rest ? rest.failure : undefined].filter(Boolean).join(' ');

const reload = (name: string): PendingService => ({ service: name, when: 'reload' });
const trust = (name: string): PendingService => ({ service: name, when: 'trust-change' });

const rows: readonly Row[] = [
  { name: 'nothing pending runs nothing', pending: [], ran: [], outcomes: [] },
  {
    name: 'a service is told once, however often it is marked',
    pending: [reload('etcd'), reload('etcd')],
    ran: ['reload etcd'],
    outcomes: ['etcd unverified'],
  },
  {
    name: 'who restarts for its trust does not reload too',
    pending: [trust('etcd'), reload('etcd')],
    ran: ['restart etcd'],
    outcomes: ['etcd unverified'],
  },
  {
    name: 'a service is told after those it comes after',
    services: [apiserver, etcd],
    pending: [trust('apiserver'), trust('etcd')],
    ran: ['restart etcd', 'restart apiserver'],
    outcomes: ['etcd unverified', 'apiserver unverified'],
  },
  {
    name: 'a failure holds back who comes after, and nobody else',
    services: [etcd, apiserver, service('nginx', { reload: ['reload', 'nginx'] })],
    pending: [trust('etcd'), trust('apiserver'), reload('nginx')],
    ends: { 'restart etcd': exited(1) },
    ran: ['restart etcd', 'reload nginx'],
    outcomes: ['etcd failed exit-code', 'apiserver held-back etcd', 'nginx unverified'],
  },
  {
    name: 'a service that is not active is skipped',
    services: [{ ...etcd, activeIf: ['is-active', 'etcd'] }],
    pending: [reload('etcd')],
    ends: { 'is-active etcd': exited(3) },
    ran: ['is-active etcd'],
    outcomes: ['etcd skipped not-active'],
  },
  {
    name: 'a service whose activity cannot be asked is told all the same',
    services: [{ ...etcd, activeIf: ['is-active', 'etcd'] }],
    pending: [reload('etcd')],
    ends: { 'is-active etcd': { end: 'not-started', cause: 'ENOENT' } },
    ran: ['is-active etcd', 'reload etcd'],
    outcomes: ['etcd unverified'],
  },
  {
    name: 'a service that the desired state no longer has is skipped',
    pending: [reload('gone')],
    ran: [],
    outcomes: ['gone skipped no-command'],
  },
  {
    name: 'a command that cannot be started has failed',
    pending: [reload('etcd')],
    ends: { 'reload etcd': { end: 'not-started', cause: 'ENOENT' } },
    ran: ['reload etcd'],
    outcomes: ['etcd failed not-started'],
  },
  {
    name: 'a command that hangs has failed',
    pending: [reload('etcd')],
    ends: { 'reload etcd': { end: 'timed-out', output: '' } },
    ran: ['reload etcd'],
    outcomes: ['etcd failed timed-out'],
  },
  {
    name: 'a command that is killed has failed',
    pending: [reload('etcd')],
    ends: { 'reload etcd': { end: 'signalled', signal: 'SIGSEGV', output: '' } },
    ran: ['reload etcd'],
    outcomes: ['etcd failed signal'],
  },
];

for (const { name, services = [etcd, apiserver], pending, ends = {}, ran, outcomes } of rows) {
  test(name, async () => {
    const commands: string[] = [];
    const result = await tellServices({
      pending,
      services,
      runner: {
        run(argv) {
          commands.push(argv.join(' '));
          return Promise.resolve(ends[argv.join(' ')] ?? exited(0));
        },
      },
      clock: { elapsed: () => 0 },
      ...nothingLooksAt,
      onStart: () => {},
      onEnd: () => {},
      signal: new AbortController().signal,
    });
    assert.equal(commands, ran);
    assert.equal(result.map(told), outcomes);
  });
}

// biome-ignore format: table
const causes: Readonly<Record<string, RegExp>> = {
  ENOENT:  /no such program.* first line.* correct the command .*\(ENOENT\)/,
  EACCES:  /chmod \+x.*\(EACCES\)/,
  ENOEXEC: /#!\/bin\/sh.*\(ENOEXEC\)/,
  'reload is not in /bin': /^reload is not in \/bin$/,
};
for (const [cause, words] of Object.entries(causes))
  test(`a command that cannot be started says why and what to do: ${cause}`, async () => {
    const [outcome] = await tellServices({
      pending: [reload('etcd')],
      services: [etcd],
      runner: { run: () => Promise.resolve({ end: 'not-started', cause }) },
      clock: { elapsed: () => 0 },
      ...nothingLooksAt,
      onStart: () => {},
      onEnd: () => {},
      signal: new AbortController().signal,
    });
    assert.ok(outcome?.result === 'failed');
    assert.match(outcome.detail, words);
  });

/** A service with a probe that shows these, one look after the other; looks happen at the end of what it is given. */
async function probed(
  shows: readonly ('new' | 'old' | 'refused')[],
  services: readonly DesiredService[],
  ends: Readonly<Record<string, ProcessEnd>> = {},
) {
  const ran: string[] = [];
  let [elapsed, looks] = [0, 0];
  const certificate = (sha256: string) => ({ sha256, subject: 'CN=etcd', serial: '1', notAfter: instantOf(0) });
  const about = { endpoint: 'a:1', at: instantOf(0) };
  const [outcome] = await tellServices({
    pending: [reload('etcd')],
    services,
    runner: {
      run(argv, { milliseconds, user }) {
        ran.push(
          [argv.join(' '), milliseconds === 120_000 ? '' : `${milliseconds} ms`, user ? `as ${user.uid}` : ''].filter(Boolean).join(', '),
        );
        return Promise.resolve(ends[argv.join(' ')] ?? exited(0));
      },
    },
    clock: { elapsed: () => elapsed },
    userOf: (name) => (name === 'etcd' ? { uid: 52, gid: 52 } : undefined),
    expectedOf: () => [{ address: 'cert/etcd', endpoint: 'a:1', onDisk: certificate('new'), milliseconds: 100 }],
    look() {
      const shown = shows[Math.min(looks, shows.length - 1)] ?? 'new';
      looks += 1;
      const served: Served =
        shown === 'refused'
          ? { ...about, state: 'failed', failure: 'refused', cause: 'connection refused' }
          : { ...about, state: 'served', certificate: certificate(shown) };
      return Promise.resolve(new Map([['cert/etcd', served]]));
    },
    pause(milliseconds) {
      elapsed += milliseconds;
      return Promise.resolve();
    },
    host: 'node1',
    onStart: () => {},
    onEnd: () => {},
    signal: new AbortController().signal,
  });
  return { ran, outcome: outcome as ServiceOutcome };
}

const silent = service('etcd');
// biome-ignore format: table
const looks: readonly (readonly [name: string, shows: Parameters<typeof probed>[0], services: readonly DesiredService[], ran: readonly string[], outcome: string])[] = [
  ['one that serves the new certificate at once is done',        ['new'],                        [etcd],   ['reload etcd'],                 'etcd served'],
  ['one that takes a moment is waited for',                      ['old', 'refused', 'new'],      [etcd],   ['reload etcd'],                 'etcd served'],
  ['one that does not is told once more, and that may help',     ['old', 'old', 'old', 'new'],   [etcd],   ['reload etcd', 'reload etcd'],  'etcd served'],
  ['or not: then it is stale',                                   ['old'],                        [etcd],   ['reload etcd', 'reload etcd'],  'etcd stale'],
  ['one that is not there after its reload is not told again',   ['refused'],                    [etcd],   ['reload etcd'],                 'etcd unreachable'],
  ['one that reads its files by itself is looked at',            ['old', 'new'],                 [silent], [],                              'etcd served'],
  ['and where it does not read them, it is stale',               ['old'],                        [silent], [],                              'etcd stale'],
  ['one that nobody told and where nobody listens is not active', ['refused'],                   [silent], [],                              'etcd skipped not-active'],
  ['a test comes first, and each command has its time and user', ['new'], [{ ...etcd, test: ['test', 'etcd'], timeout: seconds(5), user: 'etcd' }], ['test etcd, 5000 ms, as 52', 'reload etcd, 5000 ms, as 52'], 'etcd served'],
  ['a user that the host does not have runs nothing',            ['new'],                        [{ ...etcd, user: 'nobody-here' }], [],    'etcd failed unknown-user'],
  ['a unit is told through systemctl, as we run',                ['new'], [service('etcd', { systemd: 'etcd.service', user: 'etcd' })], ['systemctl is-active --quiet -- etcd.service', 'systemctl try-reload-or-restart -- etcd.service'], 'etcd served'],
];
for (const [name, shows, services, ran, wanted] of looks)
  test(name, async () => {
    const result = await probed(shows, services);
    assert.equal(result.ran, ran);
    assert.is(told(result.outcome), wanted);
  });

test('a test that fails leaves the service as it is', async () => {
  const { ran, outcome } = await probed(['old'], [{ ...etcd, test: ['test', 'etcd'] }], { 'test etcd': exited(1) });
  assert.equal(ran, ['test etcd']);
  assert.is(told(outcome), 'etcd failed test-failed');
});

const controlPlane = (rest: Partial<DesiredService> = {}) => service('kube-apiserver', { staticPod: 'kube-apiserver', ...rest });
const podOf = (name: string) => ({ name: `${name}-node1`, containers: [name] });
// biome-ignore format: table
const inPods: readonly (readonly [name: string, pods: readonly string[], services: readonly DesiredService[], stops: number, outcomes: readonly string[]])[] = [
  ['a static pod is restarted',                                      ['kube-apiserver'], [controlPlane()],                         1, ['kube-apiserver unverified']],
  ['one that is not here is skipped',                                ['etcd'],           [controlPlane()],                         0, ['kube-apiserver skipped not-active']],
  ['also where something else says that it is active',               ['etcd'],           [controlPlane({ activeIf: ['true'] })],   0, ['kube-apiserver skipped not-active']],
  ['what the YAML names is run in the place of a restart',           ['kube-apiserver'], [controlPlane({ onTrustChange: ['true'] })], 0, ['kube-apiserver unverified']],
  ['a test that fails leaves the pod as it is',                      ['kube-apiserver'], [controlPlane({ test: ['false'] })],      0, ['kube-apiserver failed test-failed']],
];
for (const [name, pods, services, stops, outcomes] of inPods)
  test(name, async () => {
    const node = simulatedNode(pods.map(podOf));
    const result = await tellServices({
      ...nothingLooksAt,
      ...node.context,
      runner: {
        run: (argv, limits) =>
          argv[0] === 'crictl' ? node.context.runner.run(argv, limits) : Promise.resolve(exited(argv[0] === 'true' ? 0 : 1)),
      },
      pending: [trust('kube-apiserver'), reload('kube-apiserver')],
      services,
      onStart: () => {},
      onEnd: () => {},
    });
    assert.equal(result.map(told), outcomes);
    assert.is(node.ran.filter((line) => line.startsWith('stop')).length, stops);
  });

test('crictl that fails is not taken for a pod that is not there', async () => {
  const node = simulatedNode([podOf('etcd')], { answers: { pods: { end: 'exited', code: 1, output: '' } } });
  const result = await tellServices({
    ...nothingLooksAt,
    ...node.context,
    pending: [reload('etcd')],
    services: [service('etcd', { staticPod: 'etcd' })],
    onStart: () => {},
    onEnd: () => {},
  });
  assert.equal(result.map(told), ['etcd failed exit-code']);
});

test('a pod that cannot be asked for holds back who comes after it', async () => {
  const node = simulatedNode([podOf('etcd')], { answers: { pods: { end: 'not-started', cause: 'crictl is not in /bin' } } });
  const result = await tellServices({
    ...nothingLooksAt,
    ...node.context,
    pending: [trust('etcd'), trust('kube-apiserver')],
    services: [service('etcd', { staticPod: 'etcd' }), controlPlane({ after: ['etcd'] })],
    onStart: () => {},
    onEnd: () => {},
  });
  assert.equal(result.map(told), ['etcd failed not-started', 'kube-apiserver held-back etcd']);
  assert.ok(result[0]?.result === 'failed' && result[0].staticPod === 'etcd' && result[0].argv.length === 0);
});

test('what a stale service was told of in vain is what it should serve', async () => {
  const { outcome } = await probed(['old'], [etcd]);
  assert.ok(outcome.result === 'stale');
  assert.equal([outcome.certificates, outcome.times, outcome.notServed.map(({ address }) => address)], [['new'], 2, ['cert/etcd']]);
});

test.run();
