import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ReadProblem } from '../../src/domain/codes.ts';
import type { Records } from '../../src/domain/records.ts';
import { desiredHash } from '../../src/plan/desired-hash.ts';
import { isUnknowable } from '../../src/plan/problem-checks.ts';
import { planAfter } from '../support/plan-carried-out.ts';
import {
  authority,
  blockOf,
  changeOf,
  codesOf,
  decided,
  key,
  leaf,
  now,
  type OnDisk,
  pairAt,
  planOf,
  problem,
  type World,
  world,
} from '../support/plan-world.ts';

const test = suite('plan/plan-resource');

const gone: OnDisk = { certificate: 'absent', key: 'absent' };
const onlyKey: OnDisk = { certificate: 'absent' };
const onlyCertificate: OnDisk = { key: 'absent' };
const torn: OnDisk = { key: key('another') };

/** Records of the ordinary pair, as an apply leaves them. */
const recordsOf = (of: World): Records => ({
  highWater: null,
  manifest: new Map(
    of.resources.map((resource) => {
      const paths = resource.fileSets.flatMap(({ files }) => files.map(({ path }) => path));
      const written = Object.fromEntries(paths.map((path) => [path, 'as we wrote it']));
      const entry = {
        address: resource.address,
        source: ['pki.yaml'],
        paths,
        spkiSha256: key(resource.name).spkiSha256,
        written,
        desired: desiredHash(resource),
        protect: false,
        appliedAt: now,
      };
      return [resource.address, entry] as const;
    }),
  ),
});

interface Cell {
  readonly name: string;
  readonly world: World;
  readonly leaf: readonly [without: string, recorded: string, confirmed: string];
  readonly authority: readonly [without: string, recorded: string, confirmed: string];
}

const both = (pair: OnDisk) => ({ 'cert/server': pair, 'ca/etcd': pair });
const bothFiles = (half: 'crt' | 'key', code: ReadProblem) => ({
  [`/pki/server.${half}`]: problem(`/pki/server.${half}`, code),
  [`/pki/etcd.${half}`]: problem(`/pki/etcd.${half}`, code),
});
const always = (answer: string) => [answer, answer, answer] as const;
const lost = always('create new authority-lost authority-lost');

/** The authority stands alone, so that its own cell is judged and not what hangs on it. The leaf has an authority in order. */
// biome-ignore format: table
const cells: readonly Cell[] = [
  { name: 'both are absent',      world: world({ pairs: both(gone) }),             leaf: always('create new free'),   authority: ['create new protect needs-confirmation ca/etcd', 'create new protect needs-confirmation ca/etcd', 'create new free'] },
  { name: 'only the key is gone', world: world({ pairs: both(onlyCertificate) }),  leaf: always('rekey new free'),    authority: always('noop kept free') },
  { name: 'only the certificate is gone', world: world({ pairs: both(onlyKey) }),  leaf: always('reissue kept free'), authority: ['reissue kept not-ours key-of-unknown-origin ca/etcd', 'reissue kept not-ours key-of-unknown-origin ca/etcd', 'reissue kept free'] },
  { name: 'they do not match',    world: world({ pairs: both(torn) }),             leaf: always('rekey new free'),    authority: ['rekey new not-ours authority-pair-mismatch ca/etcd', 'rekey new not-ours authority-pair-mismatch ca/etcd', 'rekey new free'] },
  ...(['empty', 'unparsable', 'wrong-kind'] as const).flatMap((code) => (['crt', 'key'] as const).map((half): Cell => ({
    name: `the ${half} is ${code}`, world: world({ files: bothFiles(half, code) }),
    leaf: [`rekey new not-ours ${code} cert/server`, 'rekey new free', 'rekey new free'], authority: always(`fix kept not-ours ${code}`),
  }))),
  ...(Object.keys(isUnknowable) as ReadProblem[]).filter((code) => isUnknowable[code]).flatMap((code) => (['crt', 'key'] as const).map((half): Cell => ({
    name: `the ${half} is ${code}`, world: world({ files: bothFiles(half, code) }),
    leaf: always(`fix kept unreadable ${code}`), authority: always(`fix kept unreadable ${code}`),
  }))),
];

for (const { name, world: wanted, leaf: ofLeaf, authority: ofAuthority } of cells) {
  for (const [address, answers] of [
    ['cert/server', ofLeaf],
    ['ca/etcd', ofAuthority],
  ] as const) {
    for (const [index, how] of ['without records', 'with records of both', 'with --confirm'].entries()) {
      test(`where ${name}, ${address} ${how}: ${answers[index]}`, () => {
        const alone =
          address === 'ca/etcd'
            ? { ...wanted, resources: [authority()] }
            : { ...wanted, disk: new Map([...wanted.disk, ...authorityInOrder]) };
        const records = index === 1 ? recordsOf(alone) : wanted.records;
        const plan = planOf({ ...alone, records, options: { confirm: index === 2 ? [address] : [] } });
        assert.is(decided(changeOf(plan, address)), answers[index]);
      });
    }
  }
}

const authorityInOrder = [...world().disk].filter(([path]) => path.startsWith('/pki/etcd'));

test('an authority that is gone while something under its name is here is never invented again, whoever consents', () => {
  for (const confirm of [[], ['ca/etcd']]) {
    const plan = planOf(world({ pairs: { 'ca/etcd': gone }, options: { confirm } }));
    assert.is(decided(changeOf(plan, 'ca/etcd')), lost[0]);
    assert.is(decided(changeOf(plan, 'cert/server')), 'noop kept free');
  }
});

test('unreadable is never absent: nothing is said to be missing behind a file that could not be read', () => {
  for (const half of ['crt', 'key'] as const) {
    const plan = planOf(world({ files: bothFiles(half, 'unreadable') }));
    for (const address of ['ca/etcd', 'cert/server']) assert.equal(codesOf(changeOf(plan, address)), ['unreadable']);
  }
});

test('a child that cannot be read may have been issued by the authority that is gone, which is therefore not made', () => {
  const wanted = world({
    pairs: { 'ca/etcd': gone },
    files: { '/pki/server.crt': problem('/pki/server.crt', 'unreadable') },
    options: { confirm: ['ca/etcd'] },
  });
  assert.is(blockOf(changeOf(planOf(wanted), 'ca/etcd')), 'authority-lost authority-lost');
});

test('what an authority signed stays as it is while its key is away, and what needs that key waits for it', () => {
  const away = world({ pairs: { 'ca/etcd': onlyCertificate } });
  assert.equal(
    planOf(away).changes.map(({ action }) => action),
    ['noop', 'noop'],
  );
  assert.equal(
    changeOf(planOf(away), 'ca/etcd').findings.map(({ code }) => code),
    ['authority-key-absent'],
  );
  const due = planOf({ ...away, options: { renew: ['cert/server'] } });
  assert.is(decided(changeOf(due, 'cert/server')), 'renew new issuer issuer-key-absent');
});

test('new dates for an authority need its key: without it no other key is made, whoever consents', () => {
  const plan = planOf(
    world({ resources: [authority()], pairs: { 'ca/etcd': onlyCertificate }, options: { renew: ['ca/etcd'], confirm: ['ca/etcd'] } }),
  );
  assert.is(decided(changeOf(plan, 'ca/etcd')), 'renew kept issuer issuer-key-absent');
});

test('every difference is reported, and the strongest remedy does the work of the weaker ones in one change', () => {
  const wanted = world({
    pairs: { 'cert/server': { certificate: { usages: ['client auth'] }, key: key('another') } },
    files: { '/pki/server.key': { mode: 0o100644 } },
  });
  const change = changeOf(planOf(wanted), 'cert/server');
  assert.equal(codesOf(change), ['key-mismatch', 'usages', 'private-key-mode']);
  assert.is(decided(change), 'rekey new free');
  assert.equal(
    change.files.map(({ path, after }) => [path, after.mode]),
    [
      ['/pki/server.crt', 0o644],
      ['/pki/server.key', 0o600],
    ],
  );
  assert.ok(planAfter(wanted).changes.every(({ action }) => action === 'noop'));
});

test('a new key is of the kind that was there, where the YAML leaves it open', () => {
  const rsa = { algorithm: 'RSA', size: 4096 } as const;
  const pair = {
    certificate: { publicKey: { ...rsa, spkiSha256: key('server').spkiSha256 } },
    key: { ...rsa, encoding: 'PKCS1' as const },
  };
  const { material } = changeOf(planOf(world({ pairs: { 'cert/server': pair }, options: { rekey: ['cert/server'] } })), 'cert/server');
  assert.equal(material?.key, { from: 'new', spec: { algorithm: 'RSA', size: 4096 }, encoding: 'PKCS1' });
});

test('what is only observed is reported in full and never touched, not even on request', () => {
  const observed = leaf('server', { manage: 'observe' });
  const wanted = world({
    resources: [authority(), observed],
    pairs: { 'cert/server': { certificate: { usages: [] } } },
    files: { '/pki/server.key': { mode: 0o100644 } },
    options: { renew: ['cert/server'] },
  });
  const change = changeOf(planOf(wanted), 'cert/server');
  assert.is(decided(change), 'noop kept free');
  assert.equal(codesOf(change), []);
  assert.equal(
    change.findings.map(({ code }) => code),
    ['usages', 'requested-renew', 'private-key-mode', 'key-exposed'],
  );
  assert.equal(change.files, []);
  assert.is(change.material, null);
});

test('absence of something optional is in order, half of it is not', () => {
  const optional = [authority(), leaf('server', { optional: true })];
  const absentAll = changeOf(planOf(world({ resources: optional, pairs: { 'cert/server': gone } })), 'cert/server');
  assert.is(decided(absentAll), 'noop kept free');
  assert.equal(
    absentAll.findings.map(({ code }) => code),
    ['absent-optional'],
  );
  assert.is(
    decided(changeOf(planOf(world({ resources: optional, pairs: { 'cert/server': onlyKey } })), 'cert/server')),
    'reissue kept free',
  );
});

test('a protected leaf is renewed, and keeps its key until a person says otherwise', () => {
  const resources = [authority(), leaf('server', { protect: true })];
  assert.is(decided(changeOf(planOf(world({ resources, options: { renew: ['cert/server'] } })), 'cert/server')), 'renew new free');
  const rekey = { rekey: ['cert/server'] } as const;
  const change = changeOf(planOf(world({ resources, options: rekey })), 'cert/server');
  assert.is(decided(change), 'rekey new protect protected cert/server');
  const confirmed = changeOf(planOf(world({ resources, options: { ...rekey, confirm: ['cert/server'] } })), 'cert/server');
  assert.is(decided(confirmed), 'rekey new free');
  assert.is(confirmed.consent, 'cert/server');
});

test('the origin of a difference: the YAML where it was edited since, else the disk; without records nobody knows', () => {
  const odd = world({ pairs: { 'cert/server': { certificate: { usages: [] } } } });
  const origin = (wanted: World) => changeOf(planOf(wanted), 'cert/server').differences[0]?.origin;
  assert.is(origin({ ...odd, records: recordsOf(odd) }), 'drift');
  assert.is(origin({ ...odd, records: recordsOf({ ...odd, resources: [authority(), leaf('server', { services: ['etcd'] })] }) }), 'config');
  assert.is(origin(odd), 'config');
});

test('a file that is not there has been taken away only where it was, as the records have it: else the YAML names a new place', () => {
  const moved = [authority(), leaf('server', { fileSets: [{ files: pairAt('/moved', 'server') }] })];
  for (const [left, without] of [
    [gone, 'config'],
    [onlyKey, 'config'],
    [onlyCertificate, 'drift'],
  ] as const) {
    const wanted = world({ pairs: { 'cert/server': left } });
    const origin = (records = wanted.records) => changeOf(planOf({ ...wanted, records }), 'cert/server').differences[0]?.origin;
    assert.is(origin(), without);
    assert.is(origin(recordsOf(wanted)), 'drift');
    assert.is(origin(recordsOf({ ...wanted, resources: moved })), 'config');
  }
});

test.run();
