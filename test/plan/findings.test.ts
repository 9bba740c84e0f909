import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { days, earlier, later } from '../../src/domain/time.ts';
import { at, authority, changeOf, file, leaf, now, pairAt, planOf, type World, world } from '../support/plan-world.ts';

const test = suite('plan/findings');

const findings = (wanted: World, address = 'cert/server'): readonly string[] =>
  changeOf(planOf(wanted), address).findings.map(({ code, detail }) => `${code} ${detail}`);

const twoLeaves = [authority(), leaf(), leaf('client')];
const serial = '7c22e0d9f1aa'.repeat(3);
const fresh = {
  'ca/root': { certificate: { notBefore: now, notAfter: later(now, days(3650)) } },
  'ca/etcd': { certificate: { notBefore: now, notAfter: later(now, days(3650)) } },
};
const sameSerial = { 'cert/server': { certificate: { serial } }, 'cert/client': { certificate: { serial } } };

// biome-ignore format: table
const rows: readonly (readonly [string, World, string, readonly string[]])[] = [
  ['a disk in order', world(), 'cert/server', []],
  ['an authority in order', world(), 'ca/etcd', []],
  ['what a verifier rejects in a certificate', world({ pairs: { 'cert/server': { certificate: { problems: [{ code: 'key-weak', detail: 'RSA 1024' }] } } } }), 'cert/server', ['key-weak RSA 1024']],
  ['an authority with less than 180 days to live', world({ pairs: { 'ca/etcd': { certificate: { notAfter: later(now, days(179)) } } } }), 'ca/etcd', ['expiring 2027-05-21']],
  ['an authority whose child is asked to live longer than it has', world({ resources: [authority(), leaf('server', { duration: days(700) })], pairs: { 'ca/etcd': { certificate: { notBefore: earlier(now, days(3000)), notAfter: later(now, days(600)) } } } }), 'ca/etcd', ['expiring 2028-07-15']],
  ['a fresh authority is not nearing its end, whatever stands below it', world({ resources: [authority('root'), authority('etcd', { issuer: 'ca/root' }), leaf('server', { duration: days(3650) })], pairs: fresh }), 'ca/root', []],
  ['nor is one below another', world({ resources: [authority('root'), authority('etcd', { issuer: 'ca/root' }), leaf('server', { duration: days(3650) })], pairs: fresh }), 'ca/etcd', []],
  ['a short-lived authority has two thirds of its life in peace', world({ pairs: { 'ca/etcd': { certificate: { notBefore: earlier(now, days(59)), notAfter: later(now, days(31)) } } } }), 'ca/etcd', []],
  ['and is warned about in the last', world({ pairs: { 'ca/etcd': { certificate: { notBefore: earlier(now, days(60)), notAfter: later(now, days(30)) } } } }), 'ca/etcd', ['expiring 2026-12-23']],
  ['an authority, warned about as the YAML says', world({ resources: [authority('etcd', { warnBefore: days(30) }), leaf()], pairs: { 'ca/etcd': { certificate: { notAfter: later(now, days(31)) } } } }), 'ca/etcd', []],
  ['a leaf is due before it ages, so it warns only where the YAML asks', world({ resources: [authority(), leaf('server', { warnBefore: days(340) })] }), 'cert/server', ['expiring 2027-10-18']],
  ['a leaf that outlives its issuer', world({ pairs: { 'ca/etcd': { certificate: { notAfter: at('2027-09-01') } } } }), 'cert/server', ['outlives-issuer 2027-10-18 after 2027-09-01']],
  ['two certificates of one issuer with one serial number', world({ resources: twoLeaves, pairs: sameSerial }), 'cert/client', ['serial-duplicate cert/server']],
  ['an authority whose key is gone', world({ pairs: { 'ca/etcd': { key: 'absent' } } }), 'ca/etcd', ['authority-key-absent ca/etcd']],
  ['an external authority whose key is here all the same', world({ resources: [authority('etcd', { external: true, fileSets: [{ files: pairAt('/pki', 'etcd') }] }), leaf()] }), 'ca/etcd', ['external-key-present /pki/etcd.key']],
  ['an external authority without a key is in order', world({ resources: [authority('etcd', { external: true, fileSets: [{ files: [file('certificate', '/pki/etcd.crt')] }] }), leaf()] }), 'ca/etcd', []],
  ['a file with another name', world({ files: { '/pki/server.crt': { links: 2 } } }), 'cert/server', ['hard-linked 2 names']],
  ['a key that everybody can read', world({ files: { '/pki/server.key': { mode: 0o100604 } } }), 'cert/server', ['key-exposed 0604']],
  ['an absence that is in order', world({ resources: [authority('etcd', { optional: true })], pairs: { 'ca/etcd': { certificate: 'absent', key: 'absent' } } }), 'ca/etcd', ['absent-optional ca/etcd']],
  ['owners under another root', world({ resources: [authority(), leaf('server', { fileSets: [{ files: [file('certificate', '/pki/server.crt', { owner: 'etcd', group: 'tls' }), file('privateKey', '/pki/server.key')] }] })], options: { root: '/mnt' } }), 'cert/server', ['owner-not-target etcd:tls']],
];
for (const [what, wanted, address, expected] of rows) {
  test(`${what}: ${expected.map((finding) => finding.split(' ')[0]).join(', ') || 'no finding'}`, () =>
    assert.equal(findings(wanted, address), expected));
}

test('a serial number shared by many names a few of them', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const pairs = Object.fromEntries(names.map((name) => [`cert/${name}`, { certificate: { serial } }]));
  const wanted = world({ resources: [authority(), ...names.map((name) => leaf(name))], pairs });
  assert.equal(findings(wanted, 'cert/f'), ['serial-duplicate cert/a, cert/b, cert/c, cert/d and 1 more']);
});

test('a finding alone asks for no action', () => {
  const wanted = world({ resources: twoLeaves, pairs: sameSerial });
  assert.is(changeOf(planOf(wanted), 'cert/server').action, 'noop');
});

test.run();
