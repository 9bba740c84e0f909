import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredResource, FileSet } from '../../src/domain/desired-state.ts';
import { days, earlier, later } from '../../src/domain/time.ts';
import { planAfter } from '../support/plan-carried-out.ts';
import {
  absent,
  authority,
  blockOf,
  certificateFor,
  changeOf,
  codesOf,
  type Disk,
  decided,
  file,
  type Half,
  key,
  leaf,
  now,
  pairAt,
  planOf,
  readFile,
  sealed,
  status,
  type World,
  world,
} from '../support/plan-world.ts';

const test = suite('plan/choose-reference');

const sets = (name: string): readonly [FileSet, ...FileSet[]] => [{ files: pairAt('/pki', name) }, { files: pairAt('/copy', name) }];
const copiedLeaf = leaf('server', { fileSets: sets('server') });
const copiedRoot = authority('etcd', { fileSets: sets('etcd') });
const ofLeaf = (): World => world({ resources: [authority(), copiedLeaf] });
const ofRoot = (): World => world({ resources: [copiedRoot] });

const put = (into: World, folder: string, name: string, pair: { certificate?: Half['certificate']; key?: Half['key'] }): World => {
  const paths = { crt: `${folder}/${name}.crt`, key: `${folder}/${name}.key` };
  const disk: Disk = new Map([
    ...into.disk,
    [paths.crt, pair.certificate ? readFile(paths.crt, { certificates: [pair.certificate] }) : absent(paths.crt)],
    [paths.key, pair.key ? readFile(paths.key, { keys: [pair.key] }, status({ mode: 0o100600 })) : absent(paths.key)],
  ]);
  return { ...into, disk };
};
const rootHalf: Half = { key: key('etcd'), certificate: certificateFor(authority(), key('etcd'), undefined) };
const issuedAt = (desired: DesiredResource, id: string, daysAgo: number): Half => {
  const dates = { notBefore: earlier(now, days(daysAgo)), notAfter: later(now, days(365 - daysAgo)) };
  return { key: key(id), certificate: certificateFor(desired, key(id), desired.kind === 'ca' ? undefined : rootHalf, dates) };
};
const isDone = (wanted: World): void => assert.ok(planAfter(wanted).changes.every(({ action }) => action === 'noop'));

// biome-ignore format: table
const lost = [
  ['the whole master', '/pki',  {},                              ['copy-missing', 'copy-missing']],
  ['the whole copy',   '/copy', {},                              ['copy-missing', 'copy-missing']],
  ['the key of the master', '/pki', { certificate: true },       ['copy-missing']],
  ['the certificate of the master', '/pki', { key: true },       ['copy-missing']],
  ['the key of the copy', '/copy', { certificate: true },        ['copy-missing']],
] as const;
for (const [kind, name, address, make] of [
  ['leaf', 'server', 'cert/server', ofLeaf],
  ['authority', 'etcd', 'ca/etcd', ofRoot],
] as const) {
  for (const [what, folder, keeps, codes] of lost) {
    test(`${what} of a ${kind} is brought back from the other set, and nothing is issued`, () => {
      const inOrder = make();
      const read = (path: string) => inOrder.disk.get(path);
      const wanted = { ...inOrder, disk: new Map(inOrder.disk) };
      const paths = { certificate: `${folder}/${name}.crt`, key: `${folder}/${name}.key` };
      for (const half of ['certificate', 'key'] as const)
        wanted.disk.set(paths[half], half in keeps ? (read(paths[half]) ?? absent('')) : absent(paths[half]));
      const change = changeOf(planOf(wanted), address);
      assert.equal([decided(change), codesOf(change)], ['fix kept free', codes]);
      isDone(wanted);
    });
  }
}

test('of two good pairs of a leaf the newer one wins, wherever it stands', () => {
  for (const folder of ['/pki', '/copy']) {
    const newer = issuedAt(copiedLeaf, 'newer', 1);
    const wanted = put(ofLeaf(), folder, 'server', newer);
    const change = changeOf(planOf(wanted), 'cert/server');
    assert.equal([decided(change), codesOf(change)], ['fix kept free', ['copy-content', 'copy-content']]);
    assert.is(change.before?.sha256, newer.certificate.sha256);
    isDone(wanted);
  }
});

test('a newer pair that the issuer did not sign never wins: whoever can write a copy cannot put his own pair in place of the master', () => {
  const strange = issuedAt(copiedLeaf, 'strange', 1);
  const forged = { ...strange, certificate: sealed({ ...strange.certificate, authorityKeyIdentifier: 'the forger' }) };
  const inCopy = changeOf(planOf(put(ofLeaf(), '/copy', 'server', forged)), 'cert/server');
  assert.equal([decided(inCopy), codesOf(inCopy)], ['fix kept free', ['copy-content', 'copy-content']]);
  assert.equal(
    inCopy.files.map(({ path }) => path),
    ['/copy/server.crt', '/copy/server.key'],
  );
  const inMaster = changeOf(planOf(put(ofLeaf(), '/pki', 'server', forged)), 'cert/server');
  assert.equal([decided(inMaster), inMaster.files.map(({ path }) => path)], ['fix kept free', ['/pki/server.crt', '/pki/server.key']]);
});

test('a valid pair wins over one that has begun later and is not valid', () => {
  const future = {
    key: key('future'),
    certificate: certificateFor(copiedLeaf, key('future'), rootHalf, { notBefore: later(now, days(1)), notAfter: later(now, days(400)) }),
  };
  const undated = {
    key: key('undated'),
    certificate: certificateFor(copiedLeaf, key('undated'), rootHalf, { notBefore: Number.NaN as never }),
  };
  for (const invalid of [future, undated]) {
    for (const folder of ['/pki', '/copy']) {
      const change = changeOf(planOf(put(ofLeaf(), folder, 'server', invalid)), 'cert/server');
      assert.is(change.before?.key?.spkiSha256, key('server').spkiSha256);
    }
  }
});

test('two good pairs of an authority that differ are a conflict that no consent decides', () => {
  const wanted = put(ofRoot(), '/copy', 'etcd', issuedAt(copiedRoot, 'another', 1));
  for (const confirm of [[], ['ca/etcd']])
    assert.is(blockOf(changeOf(planOf({ ...wanted, options: { confirm } }), 'ca/etcd')), 'conflict copies-disagree');
});

test('a torn master of an authority beside a good copy is a conflict too: one of the halves is not the copy’s', () => {
  const master = { certificate: issuedAt(copiedRoot, 'another', 1).certificate, key: key('etcd') };
  assert.is(blockOf(changeOf(planOf(put(ofRoot(), '/pki', 'etcd', master)), 'ca/etcd')), 'conflict copies-disagree');
});

test('what is left of an authority in a copy is never taken for absent', () => {
  const onlyKey = put(put(ofRoot(), '/pki', 'etcd', {}), '/copy', 'etcd', { key: key('etcd') });
  assert.is(decided(changeOf(planOf(onlyKey), 'ca/etcd')), 'reissue kept not-ours key-of-unknown-origin ca/etcd');
  const onlyCertificate = put(put(ofRoot(), '/pki', 'etcd', {}), '/copy', 'etcd', { certificate: rootHalf.certificate });
  assert.is(decided(changeOf(planOf(onlyCertificate), 'ca/etcd')), 'noop kept free');
});

test('a copy on a mount point that is not mounted is not here: no drift, nothing written, a note', () => {
  const removable = leaf('server', {
    fileSets: [{ files: pairAt('/pki', 'server') }, { files: pairAt('/mnt/usb', 'server'), mount: '/mnt/usb' }],
  });
  const wanted = world({
    resources: [authority(), removable],
    options: { renew: ['cert/server'] },
    files: { '/mnt/usb/server.crt': absent('/mnt/usb/server.crt'), '/mnt/usb/server.key': absent('/mnt/usb/server.key') },
  });
  const away = changeOf(planOf(wanted), 'cert/server');
  assert.equal(codesOf(away), ['requested-renew']);
  assert.equal(
    away.files.map(({ path }) => path),
    ['/pki/server.crt', '/pki/server.key'],
  );
  assert.equal(
    away.findings.map(({ code, detail }) => [code, detail]),
    [['not-here', '/mnt/usb']],
  );
  const mounted = changeOf(planOf({ ...wanted, environment: { mounted: new Set(['/mnt/usb']) }, options: {} }), 'cert/server');
  assert.equal(codesOf(mounted), ['copy-missing', 'copy-missing']);
});

test('a copy may hold the certificate alone, and follows it', () => {
  const trusting = authority('etcd', {
    fileSets: [{ files: pairAt('/pki', 'etcd') }, { files: [file('certificate', '/etc/ssl/etcd.crt')] }],
  });
  const stale = world({
    resources: [trusting],
    files: { '/etc/ssl/etcd.crt': readFile('/etc/ssl/etcd.crt', { certificates: [issuedAt(trusting, 'old', 400).certificate] }) },
  });
  const change = changeOf(planOf(stale), 'ca/etcd');
  assert.equal([decided(change), codesOf(change)], ['fix kept free', ['copy-content']]);
  isDone(stale);
});

test('a certificate file that says something else than the full chain beside it is found, and the one whose key is here counts', () => {
  const files = [...pairAt('/pki', 'server'), file('fullChain', '/pki/full')];
  const wanted = world({
    resources: [authority(), leaf('server', { fileSets: [{ files }] })],
    files: { '/pki/server.crt': readFile('/pki/server.crt', { certificates: [issuedAt(leaf(), 'old', 300).certificate] }) },
  });
  const change = changeOf(planOf(wanted), 'cert/server');
  assert.equal([decided(change), change.before?.key?.spkiSha256], ['fix kept free', key('server').spkiSha256]);
  isDone(wanted);
});

test('further certificates beside that of a leaf are no drift, and go when a new one is issued', () => {
  const wanted = ofLeaf();
  const own = wanted.disk.get('/pki/server.crt');
  if (own?.state !== 'read') throw new Error('it is there');
  const both = [...own.content.certificates, rootHalf.certificate];
  const disk = new Map(
    [...wanted.disk].map(([path, found]) => (path.endsWith('server.crt') ? [path, readFile(path, { certificates: both })] : [path, found])),
  );
  assert.is(decided(changeOf(planOf({ ...wanted, disk }), 'cert/server')), 'noop kept free');
  isDone({ ...wanted, disk, options: { renew: ['cert/server'] } });
});

test.run();
