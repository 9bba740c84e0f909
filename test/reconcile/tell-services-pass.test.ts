import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredService, DesiredState } from '../../src/domain/desired-state.ts';
import type { ServiceOutcome } from '../../src/domain/service-outcome.ts';
import type { ProcessEnd } from '../../src/ports/process-runner.ts';
import type { Scope, WritingEnvironment } from '../../src/reconcile/environment.ts';
import { pendingServiceWarnings, servicesToTell, type TellsAs } from '../../src/reconcile/open-services.ts';
import { markServices } from '../../src/reconcile/service-marks.ts';
import { tellServicesPass } from '../../src/reconcile/tell-services-pass.ts';
import { memoryFileSystem } from '../support/memory-file-system.ts';
import { leaf } from '../support/plan-world.ts';

const test = suite('reconcile/tell-services-pass');

const scope = { root: '', stateFolder: '/state', host: 'node1' } as Scope;
const place = { file: 'pki.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 };
const etcd: DesiredService = { name: 'etcd', place, after: [], reload: ['reload', 'etcd'] };

interface Host {
  /** What one run makes of it. */
  readonly run: (who: TellsAs, end: ProcessEnd | 'dies', service?: DesiredService) => Promise<readonly string[]>;
  readonly publish: () => void;
  /** How often the command of the service was run, so far. */
  readonly runs: () => number;
  readonly said: () => string;
}

/** A state directory over several runs, in which one service is marked. */
function host(): Host {
  const system = memoryFileSystem();
  let runs = 0;
  const seenOf = (service: DesiredService) => {
    const desired = { services: [service], resources: [], from: ['pki.yaml'] } as unknown as DesiredState;
    return { desired, observed: {}, plan: { changes: [] } };
  };
  const publish = () =>
    markServices(system, scope, { from: ['pki.yaml'] })([{ name: 'cert/x', services: [{ service: 'etcd', when: 'reload' }] }]);
  publish();
  return {
    publish,
    runs: () => runs,
    said: () =>
      pendingServiceWarnings(system, scope, seenOf(etcd), 'reads')
        .map(({ message }) => message)
        .join(),
    async run(who, end, service = etcd) {
      const seen = seenOf(service);
      if (servicesToTell(system, scope, seen, who).length === 0) return [];
      const environment = {
        ...system,
        clock: { now: () => 0, elapsed: () => 0 },
        pause: () => Promise.resolve(),
        accounts: { member: () => undefined },
        runner: {
          run() {
            runs += 1;
            if (end === 'dies') throw new Error('killed');
            return Promise.resolve(end);
          },
        },
      } as unknown as WritingEnvironment;
      const outcomes: ServiceOutcome[] = [];
      const request = { seen, who, reloads: [], published: [], onStart: () => {}, signal: new AbortController().signal };
      await tellServicesPass(environment, scope, { ...request, onEnd: (outcome) => outcomes.push(outcome) }).catch(() => {});
      return outcomes.map(({ result }) => result);
    },
  };
}

const fails: ProcessEnd = { end: 'exited', code: 3, output: 'no' };
const works: ProcessEnd = { end: 'exited', code: 0, output: '' };

test('whoever is not asked tells a service once, and once more, over all runs together; then it says what was tried, and how often', async () => {
  const { run, runs, said } = host();
  for (let passes = 0; passes < 5; passes += 1) await run('schedule', fails);
  assert.is(runs(), 2);
  assert.is(
    said(),
    'service/etcd was told twice of a change that is on disk, in vain (reload etcd failed: exit code 3): nobody tells it again unasked',
  );
});

test('a run that dies while it tells a service has told it', async () => {
  const { run, runs, said } = host();
  for (let passes = 0; passes < 5; passes += 1) await run('schedule', 'dies');
  assert.is(runs(), 2);
  assert.match(said(), /\(reload etcd was not seen to end\)/);
});

test('a person has it told again at once, and that begins a new count', async () => {
  const { run, runs, said } = host();
  for (let passes = 0; passes < 3; passes += 1) await run('schedule', fails);
  assert.equal(await run('person', fails), ['failed']);
  assert.is(runs(), 3);
  for (let passes = 0; passes < 3; passes += 1) await run('schedule', fails);
  assert.is(runs(), 4, 'once more, unasked');
  assert.equal(await run('person', works), ['unverified']);
  assert.is(said(), '');
  assert.equal(await run('schedule', works), []);
});

test('a new change begins a new count, and so does another command', async () => {
  const { run, runs, publish } = host();
  for (let passes = 0; passes < 3; passes += 1) await run('schedule', fails);
  publish();
  for (let passes = 0; passes < 3; passes += 1) await run('schedule', fails);
  assert.is(runs(), 4);
  for (let passes = 0; passes < 3; passes += 1) await run('schedule', fails, { ...etcd, reload: ['restart', 'etcd'] });
  assert.is(runs(), 6);
});

for (const [what, service, outcomes] of [
  ['is told by a command, of which nothing is said', etcd, []],
  ['reads its files by itself, which is looked at', { ...etcd, reload: undefined }, ['skipped']],
] as const)
  test(`what was mended without other content, of a service that ${what}`, async () => {
    const ran: string[] = [];
    const resource = leaf('server', { services: ['etcd'], probe: { tls: { host: '127.0.0.1', port: 1 } } as never });
    const desired = { services: [service], resources: [resource], from: ['pki.yaml'] } as unknown as DesiredState;
    const environment = {
      ...memoryFileSystem(),
      ...{ clock: { now: () => 0, elapsed: () => 0 }, pause: () => Promise.resolve(), process: { uid: 0, gid: 0 } },
      accounts: { member: () => undefined, userName: () => undefined, groupName: () => undefined },
      tlsProbe: { look: () => Promise.resolve({ state: 'failed', failure: 'refused' }) },
      runner: { run: (argv: readonly string[]) => Promise.resolve(ran.push(argv.join(' ')) && works) },
    } as unknown as WritingEnvironment;
    const seen = { desired, observed: {}, plan: { changes: [] } };
    const request = { seen, who: 'schedule' as const, reloads: [], published: [resource.address], onStart: () => {}, onEnd: () => {} };
    const told = await tellServicesPass(environment, scope, { ...request, signal: new AbortController().signal });
    assert.equal(
      told.map(({ result }) => result),
      outcomes,
    );
    assert.equal(ran, []);
  });

test('a service that is not active is not told, and nothing is counted', async () => {
  const { run, runs } = host();
  const stopped = { ...etcd, activeIf: ['is-active', 'etcd'] } as const;
  assert.equal(await run('schedule', fails, stopped), ['skipped']);
  assert.is(runs(), 1, 'it was asked whether it runs');
  assert.equal(await run('schedule', fails), [], 'it reads its files when it starts');
});

test.run();
