import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { noNames } from '../../src/domain/alternative-names.ts';
import type { DesiredResource, DesiredService } from '../../src/domain/desired-state.ts';
import type { ManifestEntry } from '../../src/domain/records.ts';
import { days, later } from '../../src/domain/time.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import {
  at,
  authority,
  changeOf,
  codesOf,
  decided,
  file,
  inputOf,
  key,
  leaf,
  now,
  pairAt,
  place,
  planOf,
  problem,
  type World,
  type WorldWishes,
  world,
} from '../support/plan-world.ts';

const test = suite('plan/make-plan');

const family: readonly DesiredResource[] = [
  authority('root'),
  authority('etcd', { issuer: 'ca/root' }),
  leaf('server'),
  leaf('client'),
  authority('other'),
  leaf('web', { issuer: 'ca/other' }),
];
const addresses = (wanted: World) => planOf(wanted).changes.map(({ address }) => address);

test('issuers come before what they sign, else the order is that of the YAML', () => {
  assert.equal(addresses({ ...world({ resources: family }), resources: [...family].reverse() }), [
    'ca/other',
    'cert/web',
    'ca/root',
    'ca/etcd',
    'cert/client',
    'cert/server',
  ]);
});

// biome-ignore format: table
const selections: readonly (readonly [string, WorldWishes['options'], readonly string[]])[] = [
  ['everything',                      {},                                                        ['ca/root', 'ca/etcd', 'cert/server', 'cert/client', 'ca/other', 'cert/web']],
  ['a target and its issuers',        { targets: ['cert/server'] },                              ['ca/root', 'ca/etcd', 'cert/server']],
  ['what a pattern fits',             { targets: ['cert/*e*'] },                                 ['ca/root', 'ca/etcd', 'cert/server', 'cert/client', 'ca/other', 'cert/web']],
  ['an authority without its children', { targets: ['ca/etcd'] },                                ['ca/root', 'ca/etcd']],
  ['all but what is excluded',        { excludes: ['cert/*'] },                                  ['ca/root', 'ca/etcd', 'ca/other']],
  ['an exclusion is stronger',        { targets: ['cert/server'], excludes: ['ca/root'] },       ['ca/etcd', 'cert/server']],
  ['a pattern is not an expression',  { targets: ['cert/.*'] },                                  []],
];
for (const [what, options, expected] of selections) {
  test(`planned: ${what}`, () => {
    const wanted = world({ resources: family, options: options ?? {} });
    assert.equal(addresses(wanted), expected);
    assert.is(planOf(wanted).leftOut, family.length - expected.length);
  });
}

test('an issuer that is left out signs as it is on disk, whatever the YAML wants of it', () => {
  const resources = [authority('etcd', { privateKey: { size: 384 } }), leaf()];
  const pairs = { 'ca/etcd': { key: { size: 256 }, certificate: { publicKey: key('etcd') } } };
  const plan = planOf(world({ resources, pairs, options: { excludes: ['ca/etcd'], renew: ['cert/server'] } }));
  assert.equal(
    plan.changes.map((change) => [change.address, decided(change), ...codesOf(change)]),
    [['cert/server', 'renew new free', 'requested-renew']],
  );
});

test('--renew and --rekey take patterns too', () => {
  const plan = planOf(world({ resources: family, options: { renew: ['cert/*'] } }));
  assert.equal(
    plan.changes.filter(({ action }) => action === 'renew').map(({ address }) => address),
    ['cert/server', 'cert/client', 'cert/web'],
  );
});

const remembered = (address: ManifestEntry['address'], source: readonly string[]): readonly [ManifestEntry['address'], ManifestEntry] => [
  address,
  { address, source, paths: ['/pki/old.crt'], spkiSha256: null, written: {}, desired: '', protect: false, appliedAt: now },
];
test('what the very same source no longer names is forgotten, and nothing on disk is touched; other sources are none of its business', () => {
  const manifest = new Map([
    remembered('cert/server', ['pki.yaml']),
    remembered('cert/old', ['pki.yaml']),
    remembered('cert/elsewhere', ['other.yaml']),
    remembered('cert/both', ['pki.yaml', 'other.yaml']),
  ]);
  const wanted = world({ records: { manifest, highWater: null } });
  const change = changeOf(planOf(wanted), 'cert/old');
  assert.equal([change.action, codesOf(change), change.files, change.material], ['forget', ['no-longer-managed'], [], null]);
  assert.equal(addresses(wanted), ['ca/etcd', 'cert/server', 'cert/old']);
  for (const options of [{ targets: ['*'] }, { excludes: ['cert/server'] }])
    assert.not(addresses({ ...wanted, options }).includes('cert/old'));
});

const services: readonly DesiredService[] = [
  { name: 'etcd', place: place(30), reload: ['/bin/reload'], onTrustChange: ['/bin/restart'], after: [] },
];
const served: readonly DesiredResource[] = [authority('etcd', { trustedBy: ['etcd'] }), leaf('server', { services: ['etcd'] })];
const argvOf = (wanted: World, address: string) => changeOf(planOf(wanted), address).services.map(({ argv, when }) => [when, ...argv]);

test('a service hears of its own new pair and of a new trust anchor, and of no mode', () => {
  assert.equal(argvOf(world({ resources: served, services, options: { renew: ['cert/server'] } }), 'cert/server'), [
    ['reload', '/bin/reload'],
  ]);
  assert.equal(argvOf(world({ resources: served, services, options: { renew: ['ca/etcd'] } }), 'ca/etcd'), [
    ['trust-change', '/bin/restart'],
  ]);
  assert.equal(argvOf(world({ resources: served, services, files: { '/pki/server.key': { mode: 0o100644 } } }), 'cert/server'), []);
});

test('another form of an authority’s key changes no trust', () => {
  const resources = [authority('etcd', { trustedBy: ['etcd'], privateKey: { encoding: 'SEC1' } })];
  const wanted = world({ resources, services, pairs: { 'ca/etcd': { key: { encoding: 'PKCS8' } } } });
  assert.is(changeOf(planOf(wanted), 'ca/etcd').action, 'fix');
  assert.equal(argvOf(wanted, 'ca/etcd'), []);
});

const drifted: WorldWishes = {
  resources: family,
  services,
  pairs: { 'cert/server': { certificate: { usages: [] } }, 'cert/web': { key: 'absent' } },
};
const idOf = (wishes: WorldWishes): string => planOf(world({ ...drifted, ...wishes })).id;
const before = idOf({});
const withServer = (rest: Parameters<typeof leaf>[1]): readonly DesiredResource[] =>
  family.map((resource) => (resource.address === 'cert/server' ? leaf('server', rest) : resource));

test('the id of a plan is that of its meaning', () => {
  assert.match(before, /^sha256:[0-9a-f]{64}$/);
  assert.is(idOf({ now: later(now, days(1)) }), before, 'another time');
  assert.is(
    idOf({ resources: family.map((resource) => ({ ...resource, place: place(77), places: new Map([['subject', place(78)]]) })) }),
    before,
    'other positions',
  );
  const inOrder = world(drifted);
  assert.is(planOf({ ...inOrder, resources: [...family].reverse() }).id, before, 'another order of resources');
  assert.is(
    idOf({ resources: withServer({ services: ['a', 'b'] }) }),
    idOf({ resources: withServer({ services: ['b', 'a'] }) }),
    'another order of services',
  );
  assert.is(idOf({ options: { confirm: ['ca/etcd'] } }), before, 'a consent that nothing asks for');
});

const due = { certificate: { notAfter: later(now, days(5)) } };
test('renewals are not part of the id, so that a plan reviewed yesterday is the same today', () => {
  assert.is(
    idOf({ pairs: { ...drifted.pairs, 'cert/client': due } }),
    idOf({ pairs: { ...drifted.pairs, 'cert/client': { certificate: { notAfter: at('2026-11-01') } } } }),
  );
  assert.is(planOf(world({ pairs: { 'cert/server': due } })).id, planOf(world()).id);
});

// biome-ignore format: table
const meaningful: readonly (readonly [string, WorldWishes])[] = [
  ['another action',            { pairs: { ...drifted.pairs, 'cert/server': { certificate: 'absent', key: 'absent' } } }],
  ['another difference',        { pairs: { ...drifted.pairs, 'cert/server': { certificate: { usages: ['client auth'] } } } }],
  ['a further change',          { pairs: { ...drifted.pairs, 'cert/client': { key: 'absent' } } }],
  ['a policy in the YAML',      { resources: withServer({ duration: days(10) }) }],
  ['a key that stays',          { resources: withServer({ privateKey: { rotationPolicy: 'Never' } }) }],
  ['another path',              { resources: withServer({ fileSets: [{ files: pairAt('/other', 'server') }] }) }],
  ['another mode',              { resources: withServer({ fileSets: [{ files: pairAt('/pki', 'server').map((each) => ({ ...each, mode: 0o400 })) }] }) }],
  ['another owner on disk',     { files: { '/pki/server.key': { uid: 5, mode: 0o100600 } } }],
  ['another owner of a file of the issuer', { files: { '/pki/etcd.key': { uid: 5, mode: 0o100600 } } }],
  ['another command',           { resources: withServer({ services: ['etcd'] }) }],
  ['another service',           { services: [{ ...services[0], argv: [], name: 'etcd', place: place(30), after: [], reload: ['/bin/other'] } as DesiredService] }],
  ['a target',                  { options: { targets: ['cert/server'] } }],
];
for (const [what, wishes] of meaningful) test(`${what} makes another id`, () => assert.is.not(idOf(wishes), before));

test('what the host does to a resource that does not change leaves the id as it was', () => {
  assert.is(
    idOf({ files: { '/pki/other.key': { uid: 5, mode: 0o100600 } } }),
    idOf({ files: { '/pki/other.key': { uid: 5, mode: 0o100600 } } }),
  );
  assert.is(idOf({ files: { '/pki/client.key': { uid: 5, mode: 0o100600 } } }), before);
});

test('a plan rests on every file of what changes, of its issuers, and of what is installed', () => {
  const paths = planOf(world(drifted)).preconditions.map(({ path }) => path);
  assert.equal(paths, [
    '/pki/etcd.crt',
    '/pki/etcd.key',
    '/pki/other.crt',
    '/pki/other.key',
    '/pki/server.crt',
    '/pki/server.key',
    '/pki/web.crt',
    '/pki/web.key',
  ]);
  assert.equal(planOf(world({ resources: family })).preconditions, []);
});

test('a precondition says whether the file is there, what it holds, its mode and its numeric owner', () => {
  const plan = planOf(world({ pairs: { 'cert/server': { key: 'absent' } } }));
  assert.equal(
    plan.preconditions.find(({ path }) => path === '/pki/server.key'),
    { path: '/pki/server.key', exists: false, sha256: null, mode: null, uid: null, gid: null },
  );
  const ofCertificate = plan.preconditions.find(({ path }) => path === '/pki/server.crt') ?? { sha256: null, serial: null };
  const { sha256, serial, ...state } = ofCertificate;
  assert.match(String(sha256), /^[0-9a-f]{64}$/);
  assert.match(String(serial), /^[0-9a-f]+$/);
  assert.equal(state, { path: '/pki/server.crt', exists: true, mode: 0o644, uid: 0, gid: 0 });
  const ofKey = planOf(world({ options: { renew: ['cert/server'] } })).preconditions.find(({ path }) => path === '/pki/server.key');
  assert.is(ofKey?.key?.spkiSha256, key('server').spkiSha256);
  const hidden = planOf(
    world({ files: { '/pki/server.key': problem('/pki/server.key', 'unparsable') }, options: { renew: ['cert/server'] } }),
  );
  assert.equal(hidden.preconditions.find(({ path }) => path === '/pki/server.key')?.key, { spkiSha256: null });
});

test('a chain that is rebuilt rests on the files of all the intermediates in it', () => {
  const files = [...pairAt('/pki', 'server'), file('fullChain', '/pki/full')];
  const resources = [
    authority('root'),
    authority('upper', { issuer: 'ca/root' }),
    authority('lower', { issuer: 'ca/upper' }),
    leaf('server', { issuer: 'ca/lower', fileSets: [{ files }] }),
  ];
  const paths = planOf(world({ resources, files: { '/pki/full': { state: 'absent', path: '/pki/full' } } })).preconditions.map(
    ({ path }) => path,
  );
  for (const path of ['/pki/lower.crt', '/pki/upper.crt', '/pki/full']) assert.ok(paths.includes(path), path);
});

const deepFrozen = <Value>(value: Value): Value => {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  if (value instanceof Map || value instanceof Set) {
    for (const method of ['set', 'add', 'delete', 'clear'])
      Object.defineProperty(value, method, { value: () => assert.unreachable(`${method} on the input`) });
    for (const item of value.values()) deepFrozen(item);
  }
  for (const item of Object.values(value)) deepFrozen(item);
  return Object.freeze(value);
};

test('the same input gives the same plan, and the input stays as it was', () => {
  const wanted = deepFrozen(
    world({
      ...drifted,
      pairs: { ...drifted.pairs, 'ca/other': { key: key('torn') } },
      options: { rekey: ['ca/root'], confirm: ['ca/root'] },
    }),
  );
  assert.equal(planOf(wanted), planOf(wanted));
});

test('an empty desired state is an empty plan', () => {
  const options = { targets: [], excludes: [], renew: [], rekey: [], confirm: [], prune: false, acceptClock: false, root: '' };
  const observed = {
    files: new Map(),
    folders: new Map(),
    signedBy: new Map(),
    users: new Map(),
    groups: new Map(),
    userNames: new Map(),
    groupNames: new Map(),
    mounted: new Set<string>(),
    process: { uid: 0, gid: 0 },
  };
  const plan = makePlan({
    desired: { resources: [], services: [], sources: [], from: [], host: 'h' },
    observed,
    records: { manifest: new Map(), highWater: null },
    options,
    now,
  });
  assert.equal([plan.changes, plan.preconditions, plan.looked], [[], [], { files: 0, folders: 0, present: 0 }]);
});

/** So many leaves under one authority that is replaced, so that every note from below is written. */
const crowd = (count: number): World =>
  world({
    resources: [
      authority(),
      ...Array.from({ length: count }, (_, index) => leaf(`leaf-${index}`, { names: { ...noNames, dnsNames: [`leaf-${index}.example`] } })),
    ],
    pairs: Object.fromEntries(Array.from({ length: count }, (_, index) => [`cert/leaf-${index}`, { certificate: { serial: '1' } }])),
    options: { rekey: ['ca/etcd'], confirm: ['ca/etcd'] },
  });

test('every file is looked up a fixed number of times, however many resources there are', () => {
  for (const [what, options] of [
    ['all reissued', undefined],
    ['nothing to do', {}],
  ] as const) {
    const looks = [1000, 10_000].map((count) => {
      const wanted = crowd(count);
      const input = inputOf(options ? { ...wanted, options } : wanted);
      const started = process.hrtime.bigint();
      makePlan(input);
      const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
      let lookups = 0;
      const files = new Map(input.observed.files);
      files.get = (path) => {
        lookups += 1;
        return input.observed.files.get(path);
      };
      makePlan({ ...input, observed: { ...input.observed, files } });
      return { milliseconds, each: lookups / count };
    });
    const [small, large] = looks;
    if (!small || !large) return assert.unreachable();
    const ratio = (large.milliseconds / small.milliseconds).toFixed(1);
    process.stdout.write(
      `  ${what}: plan of 1,000 ${small.milliseconds.toFixed(0)} ms, of 10,000 ${large.milliseconds.toFixed(0)} ms, ${ratio} times\n`,
    );
    assert.ok(Math.abs(large.each - small.each) < 0.1, `${small.each} and ${large.each} lookups for each`);
  }
});

test.run();
