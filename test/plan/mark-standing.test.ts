import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredCertificate, DesiredService } from '../../src/domain/desired-state.ts';
import type { Address } from '../../src/domain/names.ts';
import type { Change } from '../../src/domain/plan.ts';
import type { Served } from '../../src/domain/served.ts';
import type { PendingService } from '../../src/domain/service-outcome.ts';
import type { Instant } from '../../src/domain/time.ts';
import { standingMarks } from '../../src/plan/mark-standing.ts';
import { change } from '../support/change-builders.ts';

const test = suite('plan/mark-standing');

const place = { file: 'pki.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 };
const service = (name: string, ...after: readonly string[]): DesiredService => ({ name, place, after, reload: ['reload', name] });
const services = [service('etcd'), service('apiserver', 'etcd'), service('scheduler', 'apiserver'), service('nginx')];
const etcd = { kind: 'cert', address: 'cert/etcd', services: ['etcd'], probe: { tls: 'a:1' } } as unknown as DesiredCertificate;
const onDisk = change('cert/etcd', { action: 'noop', before: { sha256: 'new' } as Change['before'] });

const at = { endpoint: 'a:1', at: 0 as Instant };
const serving = (sha256: string): Served => ({ ...at, state: 'served', certificate: { sha256, subject: '', serial: '', notAfter: at.at } });
const unseen: Served = { ...at, state: 'failed', failure: 'refused', cause: 'ECONNREFUSED' };

const waits = (name: string): PendingService => ({ service: name, when: 'reload' });
const twice = (name: string): PendingService => ({ ...waits(name), tried: { times: 2, argv: ['reload', name] } });
const inVain = (...certificates: readonly string[]): PendingService => ({
  ...waits('etcd'),
  toldInVain: { certificates, argv: ['reload', 'etcd'] },
});

interface Row {
  readonly marks: readonly PendingService[];
  readonly served?: Served;
  /** None of the certificate was looked at. */
  readonly isPartial?: true;
  readonly is: readonly string[];
}

const rows: Readonly<Record<string, Row>> = {
  'what was never told waits': { marks: [waits('etcd')], is: ['etcd waits'] },
  'what was told twice is given up': { marks: [twice('etcd')], is: ['etcd given-up'] },
  'who comes after it is held back, directly or not; nobody else': {
    marks: [twice('etcd'), waits('apiserver'), waits('scheduler'), waits('nginx')],
    is: ['etcd given-up', 'apiserver held-back', 'scheduler held-back', 'nginx waits'],
  },
  'it is over where it serves what is on disk': {
    marks: [twice('etcd'), waits('apiserver')],
    served: serving('new'),
    is: ['etcd served', 'apiserver waits'],
  },
  'and not where it serves another': { marks: [twice('etcd')], served: serving('old'), is: ['etcd given-up'] },
  'or cannot be reached': { marks: [twice('etcd')], served: unseen, is: ['etcd given-up'] },
  'or was not looked at': { marks: [twice('etcd')], served: serving('new'), isPartial: true, is: ['etcd given-up'] },
  'a service without a probe is never seen to serve anything': { marks: [twice('nginx')], is: ['nginx given-up'] },
  'a service that the YAML does not name any more waits to be forgotten': { marks: [twice('gone')], is: ['gone waits'] },
  'what was told in vain stays so while another certificate is served': {
    marks: [inVain('new')],
    served: serving('old'),
    is: ['etcd in-vain'],
  },
  'and while it cannot be reached': { marks: [inVain('new')], served: unseen, is: ['etcd in-vain'] },
  'not once it is served': { marks: [inVain('new')], served: serving('new'), is: [] },
  'nor where something else is on disk by now': { marks: [inVain('old')], served: serving('old'), is: [] },
  'a look at something else says nothing of it': { marks: [inVain('new')], isPartial: true, is: ['etcd unseen'] },
  'nobody connected: nothing is known': { marks: [inVain('new')], is: [] },
};
for (const [sentence, { marks, served, isPartial, is }] of Object.entries(rows))
  test(sentence, () => {
    const standing = standingMarks(marks, {
      resources: [etcd],
      services: new Map(services.map((one) => [one.name, one])),
      changes: isPartial ? [] : [onDisk],
      observed: { served: served && new Map<Address, Served>([['cert/etcd', served]]) },
    });
    assert.equal(
      standing.map(({ mark, is: how }) => `${mark.service} ${how}`),
      is,
    );
  });

test.run();
