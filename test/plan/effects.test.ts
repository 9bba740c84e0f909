import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { noNames } from '../../src/domain/alternative-names.ts';
import { days, later } from '../../src/domain/time.ts';
import { at, authority, certificateFor, changeOf, key, leaf, now, planOf, type World, world } from '../support/plan-world.ts';

const test = suite('plan/effects');

const effects = (wanted: World, address = 'cert/server'): readonly string[] =>
  changeOf(planOf(wanted), address).effects.map(({ code, detail }) => `${code} ${detail}`);

const etcd = { name: 'etcd', place: { file: 'pki.yaml', line: 9, column: 3, endLine: 9, endColumn: 7 }, after: [] };
const services = [{ ...etcd, reload: ['systemctl', 'reload', 'etcd'], onTrustChange: ['systemctl', 'restart', 'etcd'] }];

// biome-ignore format: table
const rows: readonly (readonly [string, World, string, readonly string[]])[] = [
  ['nothing to do means nothing', world(), 'cert/server', []],
  ['a name taken away', world({ pairs: { 'cert/server': { certificate: { names: { ...noNames, dnsNames: ['old.example', 'server.example'], otherNames: [] } } } } }), 'cert/server', ['name-removed old.example']],
  ['a name added takes nothing away', world({ resources: [authority(), leaf('server', { names: { ...noNames, dnsNames: ['a.example', 'server.example'] } })], pairs: { 'cert/server': { certificate: { names: { ...noNames, dnsNames: ['server.example'], otherNames: [] } } } } }), 'cert/server', []],
  ['a usage taken away', world({ pairs: { 'cert/server': { certificate: { usages: ['digital signature', 'server auth', 'client auth'] } } } }), 'cert/server', ['usage-removed client auth']],
  ['another subject', world({ pairs: { 'cert/server': { certificate: { subject: { commonName: 'old' } } } } }), 'cert/server', ['subject-changed CN=old']],
  ['a key that everybody could read', world({ files: { '/pki/server.key': { mode: 0o100644 } } }), 'cert/server', ['key-was-exposed /pki/server.key']],
  ['a key that the group could read was not exposed to everybody', world({ files: { '/pki/server.key': { mode: 0o100640 } } }), 'cert/server', []],
  ['another name of a file that is replaced keeps the old content', world({ files: { '/pki/server.crt': { links: 2 } }, options: { renew: ['cert/server'] } }), 'cert/server', ['hard-link-detached /pki/server.crt']],
  ['another name of a file that stays', world({ files: { '/pki/server.crt': { links: 2 } } }), 'cert/server', []],
  ['an authority renewed by hand keeps its key', world({ options: { renew: ['ca/etcd'], confirm: ['ca/etcd'] } }), 'ca/etcd', ['trust-anchor-renewed ca/etcd']],
  ['an authority with a new key', world({ options: { rekey: ['ca/etcd'], confirm: ['ca/etcd'] } }), 'ca/etcd', ['new-trust-anchor ca/etcd', 'children-reissued cert/server']],
  ['a certificate that its issuer does not let live as long as asked', world({ pairs: { 'ca/etcd': { certificate: { notAfter: at('2027-03-01') } } }, options: { renew: ['cert/server'] } }), 'cert/server', ['validity-clipped 2027-03-01']],
  ['a certificate that ends with its issuer to the second is not clipped', world({ pairs: { 'ca/etcd': { certificate: { notAfter: later(now, days(365)) } } }, options: { renew: ['cert/server'] } }), 'cert/server', []],
  ['services that will be told', world({ resources: [authority(), leaf('server', { services: ['etcd'] })], services, options: { renew: ['cert/server'] } }), 'cert/server', []],
  ['services of another root', world({ resources: [authority(), leaf('server', { services: ['etcd'] })], services, options: { renew: ['cert/server'], root: '/mnt' } }), 'cert/server', ['services-not-run under another root']],
];
for (const [what, wanted, address, expected] of rows) {
  test(`${what}: ${expected.join(', ') || 'no effect'}`, () => assert.equal(effects(wanted, address), expected));
}

test('effects are told in the order in which they matter', () => {
  const certificate = certificateFor(leaf(), key('server'), undefined);
  const wanted = world({
    pairs: {
      'cert/server': {
        certificate: { subject: { commonName: 'old' }, usages: [...certificate.usages, 'client auth'] },
      },
    },
    files: { '/pki/server.key': { mode: 0o100644 } },
  });
  assert.equal(
    effects(wanted).map((effect) => effect.split(' ')[0]),
    ['subject-changed', 'usage-removed', 'key-was-exposed'],
  );
});

test.run();
