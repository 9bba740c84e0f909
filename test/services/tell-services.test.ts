import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredService } from '../../src/domain/desired-state.ts';
import type { PendingService, ServiceOutcome } from '../../src/domain/service-outcome.ts';
import { instantOf } from '../../src/domain/time.ts';
import type { ProcessEnd } from '../../src/ports/process-runner.ts';
import { tellServices } from '../../src/services/tell-services.ts';

const test = suite('services/tell-services');

const place = { file: 'pki.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 };
const service = (name: string, rest: Partial<DesiredService> = {}): DesiredService => ({ name, place, after: [], ...rest });
const etcd = service('etcd', { reload: ['reload', 'etcd'], onTrustChange: ['restart', 'etcd'] });
const apiserver = service('apiserver', { reload: ['reload', 'apiserver'], onTrustChange: ['restart', 'apiserver'], after: ['etcd'] });

const exited = (code: number): ProcessEnd => ({ end: 'exited', code, output: '' });

const nothingLooksAt = {
  userOf: () => undefined,
  expectedOf: () => [],
  looking: { look: () => Promise.resolve(new Map()), pause: () => Promise.resolve() },
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
      clock: { now: () => instantOf(0), elapsed: () => 0 },
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
      clock: { now: () => instantOf(0), elapsed: () => 0 },
      ...nothingLooksAt,
      onStart: () => {},
      onEnd: () => {},
      signal: new AbortController().signal,
    });
    assert.ok(outcome?.result === 'failed');
    assert.match(outcome.detail, words);
  });

test.run();
