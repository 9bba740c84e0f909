import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Address } from '../../src/domain/names.ts';
import type { Change } from '../../src/domain/plan.ts';
import type { Served } from '../../src/domain/served.ts';
import { stateOf } from '../../src/report/resource-state.ts';
import { statusPlain, statusText } from '../../src/report/status-text.ts';
import { plainStyle } from '../../src/report/style.ts';
import { at, change, desired, difference, noop, plan, summary } from '../support/change-builders.ts';
import { create, dueRenewal, exposedKey, foreignOwner, newAuthorityKey } from '../support/etcd-changes.ts';

const test = suite('report/status-text');

const otherMode = change('cert/etcd-server', { action: 'fix', differences: [difference('certificate-mode')] });
const given = plan([exposedKey, otherMode, noop.apiserver, dueRenewal]);
const status = (width: number) => statusText(given, { desired, style: { ...plainStyle, width } });

test('a wide terminal shows the files, shortened as a shell would write them', () => {
  assert.is(
    status(120),
    `RESOURCE                    STATE     EXPIRES     LEFT   RENEWS FROM  KEY       ISSUER   FILES
ca/etcd                     insecure  2035-02-27  8.3 y  -            RSA 4096  self     /etc/etcd/ca.{crt,key}
cert/etcd-server            drift     2027-07-02  220 d  2027-06-02   RSA 4096  ca/etcd  /etc/etcd/etcd-server.{crt,key}
cert/apiserver-etcd-client  ok        2027-07-02  220 d  2027-06-02   RSA 4096  ca/etcd  /etc/kubernetes/pki/apiserve...
cert/etcd-client            due       2026-12-14   20 d  2026-11-14   RSA 4096  ca/etcd  /etc/etcd/etcd-client.{crt,key}
`,
  );
});

test('below 120 columns the files are left out', () => {
  const text = status(119);
  assert.not.match(text, 'FILES');
  for (const line of text.split('\n')) assert.ok(line.length <= 100, line);
});

test('--plain is tab-separated, whole, with instants and without a header', () => {
  const [first] = statusPlain(given, { desired, style: plainStyle }).split('\n');
  assert.is(
    first,
    ['ca/etcd', 'insecure', '2035-02-27T00:00:00Z', '-', 'RSA 4096', 'self', '/etc/etcd/ca.crt,/etc/etcd/ca.key', '-'].join('\t'),
  );
});

test('what is absent has dashes, in both forms', () => {
  const fresh = plan([create('ca/etcd')]);
  assert.match(statusText(fresh, { desired, style: plainStyle }), /\nca\/etcd {3}missing {2}- +- +- +- +self\n/);
  assert.is(statusPlain(fresh, { desired, style: plainStyle }), 'ca/etcd\tmissing\t-\t-\t-\tself\t/etc/etcd/ca.crt,/etc/etcd/ca.key\t-\n');
});

test('where something was looked at, a column says whether what is on disk is what is served', () => {
  const [first, second] = [noop.apiserver, dueRenewal];
  const seen = { endpoint: '127.0.0.1:2379', at: at('2026-11-23T12:00:00Z') };
  const certificate = { sha256: first.before?.sha256 ?? '', subject: 'CN=x', serial: '1', notAfter: at('2027-07-02T00:00:00Z') };
  const served = new Map<Address, Served>([
    [first.address, { ...seen, state: 'served', certificate }],
    [second.address, { ...seen, state: 'failed', failure: 'refused', cause: 'connection refused' }],
  ]);
  const text = statusText(given, { desired, observed: { served }, style: plainStyle });
  const [head, ...rows] = text.split('\n');
  assert.match(head ?? '', /ISSUER +SERVED$/);
  assert.equal(
    rows.slice(0, 4).map((row) => /\S+$/.exec(row)?.[0]),
    ['-', '-', 'yes', 'unseen'],
  );
});

test('unmanaged neighbours are named once', () => {
  const unmanaged = [{ path: '/etc/etcd/old.crt', note: 'expired 2025-08-01' }];
  assert.match(
    statusText(given, { desired, style: plainStyle, unmanaged }),
    '\n\nNot managed, same folders: /etc/etcd/old.crt (expired 2025-08-01)\n',
  );
});

const expired = change('cert/etcd-server', {
  before: summary({ notAfter: at('2026-11-20T00:00:00Z') }),
  differences: [difference('expired')],
});
// biome-ignore format: table
const states: readonly (readonly [string, Change])[] = [
  ['ok',         noop.server],
  ['ok',         change('cert/etcd-server', { findings: [{ code: 'key-usage-not-critical', detail: '' }] })],
  ['due',        dueRenewal],
  ['drift',      otherMode],
  ['insecure',   exposedKey],
  ['insecure',   foreignOwner],
  ['insecure',   change('ca/etcd', { findings: [{ code: 'signature-weak', detail: '' }] })],
  ['expired',    expired],
  ['expired',    { ...expired, blocked: { by: 'issuer', code: 'issuer-expired', detail: 'ca/etcd', confirm: null } }],
  ['missing',    create('ca/etcd')],
  ['missing',    create('ca/etcd', { blocked: { by: 'protect', code: 'needs-confirmation', detail: 'ca/etcd', confirm: 'ca/etcd' } })],
  ['blocked',    newAuthorityKey(false)],
  ['drift',      newAuthorityKey(true)],
  ['unreadable', change('ca/etcd', { blocked: { by: 'unreadable', code: 'unreadable', detail: '', confirm: null } })],
  ['unreadable', change('ca/etcd', { differences: [difference('unparsable'), difference('missing')] })],
  ['orphan',     change('cert/etcd-server', { action: 'forget', differences: [difference('no-longer-managed')] })],
];
states.forEach(([state, given], index) => {
  test(`row ${index + 1}: a resource is "${state}" by the worst that is known of it`, () => assert.is(stateOf(given), state));
});

test('time that is over is negative', () => {
  assert.match(statusText(plan([expired]), { desired, style: plainStyle }), '2026-11-20  -3 d');
});

test.run();
