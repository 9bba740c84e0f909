import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredCertificate, DesiredService } from '../../src/domain/desired-state.ts';
import type { Address } from '../../src/domain/names.ts';
import type { Change } from '../../src/domain/plan.ts';
import type { Served } from '../../src/domain/served.ts';
import type { PendingService } from '../../src/domain/service-outcome.ts';
import type { Instant } from '../../src/domain/time.ts';
import { plannedReloads } from '../../src/plan/service-reloads.ts';
import { change, difference } from '../support/change-builders.ts';

const test = suite('plan/service-reloads');

const place = { file: 'pki.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 };
const proxy: DesiredService = { name: 'proxy', place, after: [], reload: ['reload', 'proxy'], onTrustChange: ['restart', 'proxy'] };
const unit: DesiredService = { name: 'proxy', place, after: [], systemd: 'proxy.service' };
const pod: DesiredService = { name: 'proxy', place, after: [], staticPod: 'proxy' };
const web = { kind: 'cert', address: 'cert/web', services: ['proxy'], probe: { tls: 'a:1' } } as unknown as DesiredCertificate;
const before = { sha256: 'new' } as Change['before'];
const quiet = change('cert/web', { action: 'noop', before });
const stale: Change = { ...quiet, findings: [{ code: 'service-stale', detail: 'a:1 serves CN=web' }] };

interface Given {
  readonly service?: DesiredService;
  readonly change?: Change;
  readonly resource?: DesiredCertificate;
  readonly pending?: readonly PendingService[];
  readonly root?: string;
  readonly scheduled?: true;
  readonly served?: ReadonlyMap<Address, Served>;
}
const reloads = (given: Given): readonly string[] => {
  const { service = proxy, change: one = quiet, resource = web, pending = [], root = '', scheduled, served } = given;
  return plannedReloads({
    resources: [resource],
    services: new Map([[service.name, service]]),
    changes: [one],
    observed: { pendingServices: pending, served },
    options: { root, scheduled },
  }).map(({ service: name, argv, staticPod = '', because, of, isGivenUp }) =>
    [name, because, staticPod + argv.join(' '), ...of, ...(isGivenUp ? ['given up'] : [])].join(' | '),
  );
};

const mark: PendingService = { service: 'proxy', when: 'reload' };
const inVain = (more: object = {}): PendingService => ({
  ...mark,
  toldInVain: { certificates: ['new'], argv: ['reload', 'proxy'], ...more },
});
const tried = (times: number, argv: readonly string[] = ['reload', 'proxy']): PendingService => ({ ...mark, tried: { times, argv } });
const seen = { endpoint: 'a:1', at: 1_900_000_000 as Instant };
const unreachable = new Map<Address, Served>([['cert/web', { ...seen, state: 'failed', failure: 'refused', cause: 'ECONNREFUSED' }]]);
const serves = new Map<Address, Served>([
  ['cert/web', { ...seen, state: 'served', certificate: { sha256: 'new', subject: '', serial: '', notAfter: seen.at } }],
]);
const tells: Change = {
  ...stale,
  action: 'renew',
  differences: [{ ...difference('renewal-due'), forces: 'certificate' }],
  services: [{ service: 'proxy', argv: ['reload', 'proxy'], when: 'reload' }],
};
const blocked: Change = { ...tells, services: [], blocked: { by: 'host', code: 'unknown-user', detail: '', confirm: null } };
const staleReload = 'proxy | stale | reload proxy | cert/web';

const rows: readonly (readonly [name: string, given: Given, reloads: readonly string[]])[] = [
  ['nothing is told where what is on disk is served', {}, []],
  ['a service that is stale is told', { change: stale }, [staleReload]],
  [
    'through systemctl where it is a unit',
    { change: stale, service: unit },
    ['proxy | stale | systemctl try-reload-or-restart -- proxy.service | cert/web'],
  ],
  ['or by a restart where it is a static pod', { change: stale, service: pod }, ['proxy | stale | proxy | cert/web']],
  [
    'but not again unasked of what that pod was told in vain',
    { change: stale, service: pod, pending: [inVain({ argv: [], staticPod: 'proxy' })], scheduled: true },
    [],
  ],
  [
    'and again where it is another pod',
    { change: stale, service: pod, pending: [inVain({ argv: [], staticPod: 'other' })] },
    ['proxy | stale | proxy | cert/web'],
  ],
  ['a service without a command is only looked at', { change: stale, service: { name: 'proxy', place, after: [] } }, []],
  ['under another root nobody is told', { change: stale, pending: [mark], root: '/sandbox' }, []],
  ['a service that has still to be told is told', { pending: [mark] }, ['proxy | pending | reload proxy']],
  [
    'and restarted where what it trusts has changed',
    { pending: [mark, { ...mark, when: 'trust-change' }] },
    ['proxy | pending | restart proxy'],
  ],
  ['a service that a change tells anyway is left to that', { change: tells, pending: [mark] }, []],
  ['what was told in vain is not told again unasked', { change: stale, pending: [inVain()], scheduled: true }, []],
  ['a person has it told again', { change: stale, pending: [inVain()] }, [`${staleReload} | given up`]],
  [
    'it is told unasked once its certificate changes',
    { change: stale, pending: [inVain({ certificates: ['old'] })], scheduled: true },
    [staleReload],
  ],
  ['or its command', { change: stale, pending: [inVain({ argv: ['true'] })], scheduled: true }, [staleReload]],
  ['one that cannot be reached since it was told is left alone too', { pending: [inVain()], served: unreachable, scheduled: true }, []],
  ['and told again by a person', { pending: [inVain()], served: unreachable }, ['proxy | pending | reload proxy | given up']],
  ['where it serves what is on disk there is nothing to tell', { pending: [inVain()], served: serves }, []],
  ['nobody is to load again a pair that is not in order', { change: blocked, pending: [inVain()], served: unreachable }, []],
  ['what was tried once is tried again', { pending: [tried(1)], scheduled: true }, ['proxy | pending | reload proxy']],
  ['what was tried twice is left alone', { pending: [tried(2)], scheduled: true }, []],
  ['but for a person', { pending: [tried(2)] }, ['proxy | pending | reload proxy | given up']],
  ['and where its command is another now', { pending: [tried(2, ['true'])], scheduled: true }, ['proxy | pending | reload proxy']],
  ['nothing is left to tell where somebody else has told it', { pending: [tried(2)], served: serves }, []],
  [
    'what it serves says nothing of what it trusts',
    { pending: [{ ...tried(2, ['restart', 'proxy']), when: 'trust-change' }], served: serves },
    ['proxy | pending | restart proxy | given up'],
  ],
  ['a mark of another service is none of ours', { pending: [{ ...mark, service: 'other' }] }, []],
  ['nobody is to load a pair that is not in order', { change: blocked }, []],
  ['what is only observed is not acted on', { change: stale, resource: { ...web, manage: 'observe' } }, []],
];
for (const [name, given, wanted] of rows) test(name, () => assert.equal(reloads(given), wanted));

test.run();
