import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredAuthority } from '../../src/domain/desired-state.ts';
import type { KeyFacts } from '../../src/domain/keys.ts';
import type { CertificateFacts, ObservedFile } from '../../src/domain/observed-state.ts';
import { days, later } from '../../src/domain/time.ts';
import { planAfter } from '../support/plan-carried-out.ts';
import {
  absent,
  authority,
  blockOf,
  certificateFor,
  changeOf,
  codesOf,
  decided,
  file,
  key,
  leaf,
  now,
  place,
  planOf,
  problem,
  readFile,
  status,
  type World,
  type WorldWishes,
  world,
} from '../support/plan-world.ts';

const test = suite('plan/provided-checks');

const strong = key('brought', { size: 384 });
const source = { certificate: '/import/ca.crt', privateKey: '/import/ca.key', place: place(4) };
const provided = (rest: Partial<DesiredAuthority> = {}): DesiredAuthority => authority('etcd', { provided: source, ...rest });
const brought = (rest: Partial<CertificateFacts> = {}, privateKey = strong): Readonly<Record<string, ObservedFile>> => ({
  '/import/ca.crt': readFile('/import/ca.crt', { certificates: [certificateFor(authority(), strong, undefined, rest)] }),
  '/import/ca.key': readFile('/import/ca.key', { keys: [privateKey] }, status({ mode: 0o100400 })),
});
const sourceGone = { '/import/ca.crt': absent('/import/ca.crt'), '/import/ca.key': absent('/import/ca.key') };
const notInstalled = { 'ca/etcd': { certificate: 'absent', key: 'absent' } } as const;
const confirm = { confirm: ['ca/etcd'] };
const root = (wanted: World) => changeOf(planOf(wanted), 'ca/etcd');
const fresh = (wishes: WorldWishes = {}): World => world({ resources: [provided()], pairs: notInstalled, files: brought(), ...wishes });

test('a provided pair is installed as it is, once a person has said so', () => {
  assert.is(decided(root(fresh())), 'create new protect needs-confirmation ca/etcd');
  const confirmed = fresh({ options: confirm });
  const { material, after } = root(confirmed);
  assert.equal(material?.key, { from: 'file', path: '/import/ca.key', spkiSha256: strong.spkiSha256, encoding: undefined });
  assert.is(material?.certificate.from === 'file' && material.certificate.path, '/import/ca.crt');
  assert.is(after?.key?.spkiSha256, strong.spkiSha256);
  assert.ok(planAfter(confirmed).changes.every(({ action }) => action === 'noop'));
});

test('a lost pair may be installed again although its children are here: they were signed by it', () => {
  const wanted = world({ resources: [provided(), leaf()], pairs: notInstalled, files: brought(), options: confirm });
  assert.is(decided(root(wanted)), 'create new free');
  assert.is(decided(changeOf(planOf(wanted), 'cert/server')), 'noop kept free');
});

test('a source that is gone leaves what is installed in order', () => {
  assert.is(decided(root(world({ resources: [provided()], files: sourceGone }))), 'noop kept free');
});

test('a source that is gone installs nothing', () => {
  assert.is(decided(root(fresh({ files: sourceGone, options: confirm }))), 'create new host provided-unreadable');
});

test('a source that cannot be read is not a source that is gone', () => {
  const files = { ...brought(), '/import/ca.key': problem('/import/ca.key', 'encrypted') };
  assert.is(decided(root(fresh({ files, options: confirm }))), 'create new host provided-unreadable');
});

test('another pair at the source replaces the trust anchor, and takes the children along', () => {
  const wanted = world({ resources: [provided(), leaf()], files: brought() });
  assert.equal([decided(root(wanted)), codesOf(root(wanted))], ['rekey new protect needs-confirmation ca/etcd', ['provided-differs']]);
  assert.is(blockOf(changeOf(planOf(wanted), 'cert/server')), 'waits issuer-blocked');
  const confirmed = { ...wanted, options: confirm };
  assert.is(decided(changeOf(planOf(confirmed), 'cert/server')), 'reissue new free');
  assert.ok(planAfter(confirmed).changes.every(({ action }) => action === 'noop'));
});

test('a pair that was renewed at the source under its old key is installed with that key, and changes no child', () => {
  const resources = [provided({ privateKey: { size: 384 } }), leaf()];
  const before = world({ resources, files: sourceGone });
  const installed = key('etcd', { size: 384 });
  const renewed = readFile('/import/ca.crt', { certificates: [certificateFor(authority(), installed, undefined, { serial: '77' })] });
  const disk = new Map([
    ...before.disk,
    ['/import/ca.crt', renewed],
    ['/import/ca.key', readFile('/import/ca.key', { keys: [installed] }, status({ mode: 0o100400 }))],
  ]);
  const wanted = { ...before, disk, options: confirm };
  assert.is(decided(root({ ...wanted, options: {} })), 'rekey kept protect needs-confirmation ca/etcd');
  assert.equal(planOf(wanted).changes.map(decided), ['rekey kept free', 'noop kept free']);
  assert.ok(planAfter(wanted).changes.every(({ action }) => action === 'noop'));
});

const year = days(365);
// What StarlingX checks of its strictest authority, one fault each.
// biome-ignore format: table
const faults: readonly (readonly [string, Readonly<Record<string, ObservedFile>>, Partial<DesiredAuthority>?])[] = [
  ['more than one certificate',   { ...brought(), '/import/ca.crt': readFile('/import/ca.crt', { certificates: [certificateFor(authority(), strong, undefined), certificateFor(leaf(), key('x'), undefined)] }) }],
  ['a key under ECDSA 384',       brought({ publicKey: key('weak') }, key('weak'))],
  ['a key under RSA 4096',        brought({ publicKey: key('weak', { algorithm: 'RSA', size: 3072 }) }, key('weak', { algorithm: 'RSA', size: 3072 }))],
  ['a key of another certificate', brought({}, key('other'))],
  ['no CA:TRUE',                  brought({ basicConstraints: { ca: false } })],
  ['no right to sign',            brought({ usages: ['digital signature'] })],
  ['another issuer than itself',  brought({ issuer: { commonName: 'somebody' } })],
  ['another key than the pin',    brought(), { fingerprint: key('pinned').spkiSha256 }],
  ['a beginning in the future',   brought({ notBefore: later(now, days(1)), notAfter: later(now, days(4000)) })],
  ['a signature of another key',  brought({ authorityKeyIdentifier: 'another key of that name' })],
  ['another subject',             brought({ subject: { commonName: 'Corporate' }, issuer: { commonName: 'Corporate' } })],
  ['another path length',         brought({ basicConstraints: { ca: true, pathLength: 1 } }), { pathLength: 0 }],
  ['no path length, where one is stated', brought(), { pathLength: 0 }],
  ['less than three years left',  brought({ notAfter: later(now, days(3 * 365 - 1)) })],
  ['a date that does not parse',  brought({ notAfter: Number.NaN as never })],
];
for (const [fault, files, rest] of faults) {
  test(`a provided pair with ${fault} is not installed, whoever consents`, () => {
    assert.is(blockOf(root(fresh({ resources: [provided(rest)], files, options: confirm }))), 'host provided-invalid');
  });
}

test('exactly three years left are enough', () => {
  assert.is(blockOf(root(fresh({ files: brought({ notAfter: later(now, (3 * year) as typeof year) }), options: confirm }))), 'free');
});

for (const request of ['renew', 'rekey'] as const) {
  test(`--${request} of a provided or an external authority is not possible here`, () => {
    const external = authority('etcd', { external: true, fileSets: [{ files: [file('certificate', '/pki/etcd.crt')] }] });
    for (const desired of [provided(), external]) {
      const wanted = world({
        resources: [desired],
        files: desired.provided ? sourceGone : {},
        options: { [request]: ['ca/etcd'], ...confirm },
      });
      assert.is(blockOf(root(wanted)), 'issuer external-authority');
    }
  });
}

test('what is on disk of a provided or external authority is reported where it differs, and never reissued', () => {
  const change = root(
    world({
      resources: [provided({ pathLength: 1 })],
      files: sourceGone,
      pairs: { 'ca/etcd': { certificate: { basicConstraints: { ca: true, pathLength: 5 }, notAfter: later(now, days(-1 as never)) } } },
    }),
  );
  assert.is(decided(change), 'noop kept free');
  assert.equal(
    change.findings.map(({ code }) => code),
    ['path-length', 'expired'],
  );
});

test('of a provided authority, what the YAML leaves open is right as it was given', () => {
  const open = provided({ subject: {} });
  const given = {
    subject: { commonName: 'Corporate' },
    issuer: { commonName: 'Corporate' },
    basicConstraints: { ca: true, pathLength: 3 },
  };
  const wanted = fresh({ resources: [open], files: brought(given), options: confirm });
  assert.is(decided(root(wanted)), 'create new free');
  const after = planAfter(wanted);
  assert.equal([decided(changeOf(after, 'ca/etcd')), changeOf(after, 'ca/etcd').findings], ['noop kept free', []]);
});

const middle = (rest: Partial<DesiredAuthority> = {}) => authority('middle', { issuer: 'ca/etcd', provided: source, ...rest });
const broughtMiddle = (signer: KeyFacts, rest: Partial<CertificateFacts> = {}) => {
  const issuer = { key: signer, certificate: certificateFor(authority(), signer, undefined) };
  return { ...brought(), '/import/ca.crt': readFile('/import/ca.crt', { certificates: [certificateFor(middle(), strong, issuer, rest)] }) };
};
const middleAbsent = { 'ca/middle': { certificate: 'absent', key: 'absent' } } as const;
const nothing = { ...notInstalled, ...middleAbsent } as const;
const confirmBoth = { confirm: ['ca/etcd', 'ca/middle'] };
const offlineRoot = { certificate: '/import/root.crt', place: place(4) };
const importedRoot = authority('etcd', {
  external: true,
  provided: offlineRoot,
  fileSets: [{ files: [file('certificate', '/pki/etcd.crt')] }],
});
const rootFile = { '/import/root.crt': readFile('/import/root.crt', { certificates: [certificateFor(authority(), strong, undefined)] }) };

// biome-ignore format: table
const intermediates: readonly (readonly [string, string, WorldWishes])[] = [
  ['signed by the root that is here',                  'free',                   { resources: [authority(), middle()], pairs: middleAbsent, files: broughtMiddle(key('etcd')) }],
  ['signed by a namesake of its root',                 'host provided-invalid',  { resources: [authority(), middle()], pairs: middleAbsent, files: broughtMiddle(key('namesake')) }],
  ['whose root bears another name',                    'host provided-invalid',  { resources: [authority(), middle()], pairs: middleAbsent, files: broughtMiddle(key('etcd'), { issuer: { commonName: 'other' } }) }],
  ['under a root that this plan is yet to make',       'host provided-invalid',  { resources: [authority(), middle()], pairs: nothing, files: broughtMiddle(key('etcd')) }],
  ['under a root that is given another key',           'host provided-invalid',  { resources: [authority(), middle()], pairs: middleAbsent, files: broughtMiddle(key('etcd')), options: { rekey: ['ca/etcd'], ...confirmBoth } }],
  ['under a root that is installed in the same plan',  'free',                   { resources: [importedRoot, middle()], pairs: nothing, files: { ...broughtMiddle(strong), ...rootFile } }],
  ['never signed by the root that is installed with it', 'host provided-invalid', { resources: [importedRoot, middle()], pairs: nothing, files: { ...broughtMiddle(key('etcd')), ...rootFile } }],
];
for (const [what, answer, wishes] of intermediates) {
  test(`a provided intermediate ${what}: ${answer}`, () => {
    assert.is(blockOf(changeOf(planOf(world({ options: confirmBoth, ...wishes })), 'ca/middle')), answer);
  });
}

test('an offline root is brought by its certificate alone: its children are verified, never signed', () => {
  const offline = authority('etcd', {
    external: true,
    provided: { certificate: '/import/ca.crt', place: place(4) },
    fileSets: [{ files: [file('certificate', '/pki/etcd.crt')] }],
  });
  const wanted = world({ resources: [offline], pairs: notInstalled, files: brought(), options: confirm });
  assert.is(decided(root(wanted)), 'create none free');
  assert.equal(root(wanted).material?.key, { from: 'nowhere' });
  assert.ok(planAfter(wanted).changes.every(({ action }) => action === 'noop'));
});

test('what stands below an offline root that is imported in this plan is blocked in this plan, not at apply', () => {
  const resources = [importedRoot, leaf()];
  const pairs = { ...notInstalled, 'cert/server': { certificate: 'absent', key: 'absent' } } as const;
  for (const options of [confirm, {}]) {
    const wanted = world({ resources, pairs, files: rootFile, options });
    const below = changeOf(planOf(wanted), 'cert/server');
    assert.is(decided(below), 'create new issuer external-authority');
    assert.equal(below.material?.certificate.from === 'issue' && below.material.certificate.issuance.issuer, {
      address: 'ca/etcd',
      certificate: '/pki/etcd.crt',
      privateKey: null,
    });
    assert.is(blockOf(changeOf(planAfter(wanted), 'cert/server')), 'issuer external-authority');
  }
});

test('an external authority that is absent must be brought from where it is kept', () => {
  const external = authority('etcd', { external: true, fileSets: [{ files: [file('certificate', '/pki/etcd.crt')] }] });
  const wanted = world({ resources: [external], pairs: notInstalled, options: confirm });
  assert.is(decided(root(wanted)), 'create none issuer external-authority');
});

const pin = key('etcd').spkiSha256;
test('a pinned authority in its place is like any other', () => {
  assert.is(decided(root(world({ resources: [authority('etcd', { fingerprint: pin }), leaf()] }))), 'noop kept free');
});

test('another key in the place of a pinned authority is said, and nothing about it is repaired, renewed or copied', () => {
  const resources = [authority('etcd', { fingerprint: key('pinned').spkiSha256 })];
  const wanted = world({ resources, files: { '/pki/etcd.key': { mode: 0o100644 } }, options: { renew: ['ca/etcd'], ...confirm } });
  assert.equal(
    [decided(root(wanted)), codesOf(root(wanted))],
    ['renew kept not-ours pinned-key-differs', ['foreign-authority', 'requested-renew', 'private-key-mode']],
  );
});

test('a pinned authority that is absent is never made, and never gets another key', () => {
  const resources = [authority('etcd', { fingerprint: pin, privateKey: { size: 384 } })];
  assert.is(blockOf(root(world({ resources, pairs: notInstalled, options: confirm }))), 'authority-lost authority-lost');
  const smaller = world({
    resources,
    pairs: { 'ca/etcd': { key: { size: 256 }, certificate: { publicKey: key('etcd') } } },
    options: confirm,
  });
  assert.is(decided(root(smaller)), 'rekey new not-ours pinned-key-differs');
});

test('a pin that the provided pair fulfils lets it be installed', () => {
  const wanted = fresh({ resources: [provided({ fingerprint: strong.spkiSha256 })], options: confirm });
  assert.is(decided(root(wanted)), 'create new free');
});

test.run();
