import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { noNames } from '../../src/domain/alternative-names.ts';
import type { DesiredResource } from '../../src/domain/desired-state.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { days, later } from '../../src/domain/time.ts';
import { carriedOut, planAfter } from '../support/plan-carried-out.ts';
import {
  at,
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
  type OnDisk,
  pairAt,
  planOf,
  problem,
  readFile,
  type WorldWishes,
  world,
} from '../support/plan-world.ts';

const test = suite('plan/issuer-outcome');

const decisions = (plan: Plan): Readonly<Record<string, string>> =>
  Object.fromEntries(plan.changes.map((change) => [change.address, decided(change)]));
const isEmpty = (plan: Plan): void => assert.equal(plan.changes.filter(({ action }) => action !== 'noop').map(decided), []);

const client = leaf('client', { names: noNames, usages: ['client auth'] });
const independent = [authority('other'), leaf('neighbour', { issuer: 'ca/other' })];
const family: readonly DesiredResource[] = [authority(), leaf(), client, ...independent];
const oldKey: OnDisk = { certificate: { publicKey: key('etcd') }, key: { size: 256 } };
/** The YAML asks for a larger key of the authority than there is. */
const larger: WorldWishes = {
  resources: [authority('etcd', { privateKey: { size: 384 } }), ...family.slice(1)],
  pairs: { 'ca/etcd': oldKey },
};
const due: OnDisk = { certificate: { notAfter: later(now, days(5)) } };

test('a new key of an authority takes everything it signed along, in the same plan, because of it', () => {
  const confirmed = world({ ...larger, options: { confirm: ['ca/etcd'] } });
  const plan = planOf(confirmed);
  assert.equal(decisions(plan), {
    'ca/etcd': 'rekey new free',
    'cert/server': 'reissue new free',
    'cert/client': 'reissue new free',
    'ca/other': 'noop kept free',
    'cert/neighbour': 'noop kept free',
  });
  assert.equal(codesOf(changeOf(plan, 'cert/server')), ['issuer-rekeyed']);
  assert.is(changeOf(plan, 'cert/server').differences[0]?.becauseOf, 'ca/etcd');
  assert.ok(changeOf(plan, 'ca/etcd').replaces.trustAnchor);
  assert.equal(
    changeOf(plan, 'ca/etcd').effects.map(({ code, detail }) => [code, detail]),
    [
      ['new-trust-anchor', 'ca/etcd'],
      ['children-reissued', 'cert/server, cert/client'],
    ],
  );
  isEmpty(planAfter(confirmed));
});

test('without consent it is blocked and what it signed waits; what it does not concern goes on', () => {
  const wanted = world({ ...larger, pairs: { 'ca/etcd': oldKey, 'cert/neighbour': due } });
  const plan = planOf(wanted);
  assert.equal(decisions(plan), {
    'ca/etcd': 'rekey new protect needs-confirmation ca/etcd',
    'cert/server': 'reissue new waits issuer-blocked',
    'cert/client': 'reissue new waits issuer-blocked',
    'ca/other': 'noop kept free',
    'cert/neighbour': 'renew new free',
  });
  assert.equal(decisions(planAfter(wanted))['cert/neighbour'], 'noop kept free');
});

test('a leaf that is due is renewed under the issuer as it is while the issuer waits for consent, and then waits with the others', () => {
  const wanted = world({ ...larger, pairs: { 'ca/etcd': oldKey, 'cert/server': due } });
  const plan = planOf(wanted);
  assert.is(decided(changeOf(plan, 'cert/server')), 'renew new free');
  assert.equal(codesOf(changeOf(plan, 'cert/server')), ['renewal-due']);
  assert.ok(changeOf(plan, 'cert/server').findings.some(({ code }) => code === 'issuer-rekeyed'));
  assert.is(decided(changeOf(plan, 'cert/client')), 'reissue new waits issuer-blocked');
  assert.is(decided(changeOf(planAfter(wanted), 'cert/server')), 'reissue new waits issuer-blocked');
});

test('a mode is put right while the certificate waits for its issuer', () => {
  const plan = planOf(world({ ...larger, files: { '/pki/server.key': { mode: 0o100644 } } }));
  assert.is(decided(changeOf(plan, 'cert/server')), 'fix kept free');
});

test('an authority that nothing can bring back by consent makes nobody wait', () => {
  const plan = planOf(world({ ...larger, files: { '/pki/etcd.key': problem('/pki/etcd.key', 'unreadable') } }));
  assert.is(blockOf(changeOf(plan, 'ca/etcd')), 'unreadable unreadable');
  assert.is(decided(changeOf(plan, 'cert/server')), 'noop kept free');
});

test('new dates of an authority keep its key, its subject and its identifier, need no consent and change no child', () => {
  const wanted = world({ resources: family, options: { renew: ['ca/etcd'] } });
  const plan = planOf(wanted);
  assert.is(decided(changeOf(plan, 'ca/etcd')), 'renew kept free');
  assert.equal(
    plan.changes.filter(({ action }) => action !== 'noop').map(({ address }) => address),
    ['ca/etcd'],
  );
  assert.not(changeOf(plan, 'ca/etcd').replaces.trustAnchor);
  const { material } = changeOf(plan, 'ca/etcd');
  assert.is(material?.certificate.from === 'issue' && material.certificate.issuance.subjectKeyIdentifier, key('etcd').spkiSha256);
  isEmpty(planAfter(wanted));
});

const permitted = (...dnsNames: readonly string[]) => ({ permitted: { ...noNames, dnsNames }, excluded: noNames });
const excluded = (...dnsNames: readonly string[]) => ({ permitted: noNames, excluded: { ...noNames, dnsNames } });
// biome-ignore format: table
const limits = [
  ['another subject',              { subject: { commonName: 'new' } }, { subject: { commonName: 'etcd' } },      true,  true],
  ['a first path length',          { pathLength: 1 },                  { basicConstraints: { ca: true } },      true,  false],
  ['a smaller path length',        { pathLength: 1 },                  { basicConstraints: { ca: true, pathLength: 2 } }, true, false],
  ['a larger path length',         { pathLength: 2 },                  { basicConstraints: { ca: true, pathLength: 1 } }, false, false],
  ['no path length any more',      {},                                 { basicConstraints: { ca: true, pathLength: 1 } }, false, false],
  ['a first permitted name',       { nameConstraints: permitted('a') },      {},                                 true,  false],
  ['a further permitted name',     { nameConstraints: permitted('a', 'b') }, permitted('a'),                     false, false],
  ['one permitted name less',      { nameConstraints: permitted('a') },      permitted('a', 'b'),                true,  false],
  ['another permitted name',       { nameConstraints: permitted('a') },      permitted('b'),                     true,  false],
  ['no permitted name any more',   {},                                       permitted('a'),                     false, false],
  ['an excluded name',             { nameConstraints: excluded('a') },       {},                                 true,  false],
  ['one excluded name less',       { nameConstraints: excluded('a') },       excluded('a', 'b'),                 false, false],
] as const;
for (const [what, desired, onDisk, needsConsent, reissuesChildren] of limits) {
  test(`${what} of an authority ${needsConsent ? 'needs' : 'needs no'} consent and ${reissuesChildren ? 'reissues' : 'does not reissue'} what it signed`, () => {
    const observed = (side: typeof noNames) => ({ ...side, otherNames: [] });
    const certificate =
      'permitted' in onDisk ? { nameConstraints: { permitted: observed(onDisk.permitted), excluded: observed(onDisk.excluded) } } : onDisk;
    const wishes = {
      resources: [authority('etcd', desired), leaf()],
      pairs: { 'ca/etcd': { certificate: { nameConstraints: undefined, basicConstraints: { ca: true }, ...certificate } } },
    };
    const asked = planOf(world(wishes));
    assert.is(changeOf(asked, 'ca/etcd').action, 'reissue');
    assert.is(changeOf(asked, 'ca/etcd').replaces.trustAnchor, needsConsent);
    assert.is(blockOf(changeOf(asked, 'ca/etcd')), needsConsent ? 'protect needs-confirmation ca/etcd' : 'free');
    const confirmed = world({ ...wishes, options: { confirm: ['ca/etcd'] } });
    assert.equal(codesOf(changeOf(planOf(confirmed), 'cert/server')), reissuesChildren ? ['issuer-rekeyed'] : []);
    isEmpty(planAfter(confirmed));
  });
}

test('a fresh disk: the authority asks for consent, everything below waits, and one consent makes all of it in one plan', () => {
  const gone = { certificate: 'absent', key: 'absent' } as const;
  const wishes = {
    resources: [authority(), authority('middle', { issuer: 'ca/etcd' }), leaf('server', { issuer: 'ca/middle' })],
    pairs: { 'ca/etcd': gone, 'ca/middle': gone, 'cert/server': gone },
  };
  assert.equal(decisions(planOf(world(wishes))), {
    'ca/etcd': 'create new protect needs-confirmation ca/etcd',
    'ca/middle': 'create new waits issuer-blocked',
    'cert/server': 'create new waits issuer-blocked',
  });
  const confirmed = world({ ...wishes, options: { confirm: ['ca/etcd', 'ca/middle'] } });
  assert.equal(planOf(confirmed).changes.map(blockOf), ['free', 'free', 'free']);
  assert.is(changeOf(planOf(confirmed), 'cert/server').after?.issuer, 'CN=middle');
  isEmpty(planAfter(confirmed));
});

test('a leaf that is moved to an authority that this plan makes is signed by it in the same plan', () => {
  const before = world();
  const moved = { ...before, resources: [authority('new'), leaf('server', { issuer: 'ca/new' })], options: { confirm: ['ca/new'] } };
  const disk = new Map(before.disk)
    .set('/pki/new.crt', { state: 'absent', path: '/pki/new.crt' })
    .set('/pki/new.key', { state: 'absent', path: '/pki/new.key' });
  const plan = planOf({ ...moved, disk });
  assert.equal(decisions(plan), { 'ca/new': 'create new free', 'cert/server': 'reissue new free' });
  assert.equal(codesOf(changeOf(plan, 'cert/server')), ['issuer']);
  isEmpty(planAfter({ ...moved, disk }));
});

test('same name, other key: a certificate signed by a namesake of its issuer is found by the signature', () => {
  const namesake = { authorityKeyIdentifier: 'the namesake' };
  assert.equal(codesOf(changeOf(planOf(world({ pairs: { 'cert/server': { certificate: namesake } } })), 'cert/server')), ['issuer']);
});

// biome-ignore format: table
const cannotSign: readonly (readonly [string, string, WorldWishes])[] = [
  ['is absent',           'issuer issuer-absent',       { resources: [authority('etcd', { optional: true }), leaf()], pairs: { 'ca/etcd': { certificate: 'absent', key: 'absent' } } }],
  ['is to be made first', 'waits issuer-blocked',       { pairs: { 'ca/etcd': { certificate: 'absent', key: 'absent' } } }],
  ['is external',         'issuer external-authority',  { resources: [authority('etcd', { external: true, fileSets: [{ files: [file('certificate', '/pki/etcd.crt')] }] }), leaf()] }],
  ['has lost its key',    'issuer issuer-key-absent',   { pairs: { 'ca/etcd': { key: 'absent' } } }],
  ['does not match its key', 'issuer issuer-mismatch',  { resources: [authority('etcd', { manage: 'observe' }), leaf()], pairs: { 'ca/etcd': { key: key('another') } } }],
  ['is no authority',     'issuer issuer-mismatch',     { resources: [authority('etcd', { manage: 'observe' }), leaf()], pairs: { 'ca/etcd': { certificate: { basicConstraints: undefined } } } }],
  ['may not sign',        'issuer issuer-mismatch',     { pairs: { 'ca/etcd': { certificate: { usages: ['digital signature'] } } } }],
  ['has expired',         'issuer issuer-expired',      { pairs: { 'ca/etcd': { certificate: { notAfter: at('2026-11-23') } } } }],
  ['has a date that does not parse', 'issuer issuer-expired', { pairs: { 'ca/etcd': { certificate: { notAfter: Number.NaN as never } } } }],
  ['is not valid yet',    'issuer issuer-not-yet-valid', { pairs: { 'ca/etcd': { certificate: { notBefore: at('2026-11-24') } } } }],
  ['is foreign',          'issuer issuer-foreign',      { resources: [authority('etcd', { fingerprint: key('pinned').spkiSha256 }), leaf()] }],
  ['cannot be read',      'issuer issuer-unreadable',   { files: { '/pki/etcd.key': problem('/pki/etcd.key', 'unreadable') } }],
];
for (const [how, answer, wishes] of cannotSign) {
  test(`an authority that ${how} signs nothing: what needs a certificate is blocked (${answer}), what is in order is left alone`, () => {
    const asked = planOf(world({ ...wishes, options: { renew: ['cert/server'] } }));
    assert.is(blockOf(changeOf(asked, 'cert/server')), answer);
    assert.equal(decided(changeOf(planOf(world(wishes)), 'cert/server')), 'noop kept free');
  });
}

test('an authority with an unreadable copy can sign all the same: the pair that counts is good', () => {
  const copied = authority('etcd', { fileSets: [{ files: pairAt('/pki', 'etcd') }, { files: pairAt('/copy', 'etcd') }] });
  const plan = planOf(
    world({
      resources: [copied, leaf()],
      files: { '/copy/etcd.key': problem('/copy/etcd.key', 'unreadable') },
      options: { renew: ['cert/server'] },
    }),
  );
  assert.is(blockOf(changeOf(plan, 'ca/etcd')), 'unreadable unreadable');
  assert.is(blockOf(changeOf(plan, 'cert/server')), 'free');
});

test('while the pair of an authority is lost and a good copy is here, children are signed with the copy', () => {
  const copied = authority('etcd', { fileSets: [{ files: pairAt('/pki', 'etcd') }, { files: pairAt('/copy', 'etcd') }] });
  const lostMaster = {
    '/pki/etcd.crt': { state: 'absent', path: '/pki/etcd.crt' },
    '/pki/etcd.key': { state: 'absent', path: '/pki/etcd.key' },
  } as const;
  const wanted = world({ resources: [copied, leaf()], files: lostMaster, options: { renew: ['cert/server'] } });
  const { material } = changeOf(planOf(wanted), 'cert/server');
  assert.equal(material?.certificate.from === 'issue' && material.certificate.issuance.issuer, {
    address: 'ca/etcd',
    certificate: '/copy/etcd.crt',
    privateKey: '/copy/etcd.key',
  });
  isEmpty(planAfter(wanted));
});

const chained: readonly DesiredResource[] = [
  authority('root'),
  authority('middle', { issuer: 'ca/root' }),
  leaf('server', {
    issuer: 'ca/middle',
    fileSets: [
      {
        files: [
          ...pairAt('/pki', 'server'),
          file('chain', '/pki/chain'),
          file('fullChain', '/pki/full'),
          file('combined', '/pki/combined'),
        ],
      },
    ],
  }),
];

test('a renewed intermediate updates the chains of what it signed, which keeps key and certificate', () => {
  const wanted = world({ resources: chained, options: { renew: ['ca/middle'] } });
  const plan = planOf(wanted);
  assert.equal(decisions(plan), { 'ca/root': 'noop kept free', 'ca/middle': 'renew kept free', 'cert/server': 'fix kept free' });
  const { differences } = changeOf(plan, 'cert/server');
  assert.equal(codesOf(changeOf(plan, 'cert/server')), ['chain', 'full-chain', 'combined']);
  assert.ok(
    differences.every(({ origin, desired }) => origin === 'issuer' && desired === 'ca/middle'),
    'nothing of it is drift',
  );
  isEmpty(planAfter(wanted));
});

test('a new key of the root reissues the intermediate with its key, and below it only chains change, after the intermediate', () => {
  const wanted = world({ resources: chained, options: { rekey: ['ca/root'], confirm: ['ca/root'] } });
  const plan = planOf(wanted);
  assert.equal(decisions(plan), { 'ca/root': 'rekey new free', 'ca/middle': 'reissue kept free', 'cert/server': 'fix kept free' });
  assert.equal(changeOf(plan, 'cert/server').dependsOn, ['ca/middle', 'ca/root']);
  isEmpty(planAfter(wanted));
});

const tall: readonly DesiredResource[] = [
  authority('root'),
  authority('middle', { issuer: 'ca/root' }),
  authority('low', { issuer: 'ca/middle' }),
  { ...(chained[2] as DesiredResource), issuer: 'ca/low' } as DesiredResource,
];

test('a cascade that is held back is told to its end: chains further down wait too, and go on with what else they need', () => {
  const wishes: WorldWishes = { resources: tall, options: { rekey: ['ca/middle'] } };
  const plan = planOf(world(wishes));
  assert.equal(decisions(plan), {
    'ca/root': 'noop kept free',
    'ca/middle': 'rekey new protect needs-confirmation ca/middle',
    'ca/low': 'reissue kept waits issuer-blocked',
    'cert/server': 'fix kept waits issuer-blocked',
  });
  const below = changeOf(plan, 'cert/server');
  assert.equal(codesOf(below), ['chain', 'full-chain', 'combined']);
  assert.is(below.blocked?.detail, 'ca/low');
  assert.ok(below.differences.every(({ origin, becauseOf }) => origin === 'issuer' && becauseOf === 'ca/low'));
  assert.equal(
    changeOf(plan, 'ca/low').effects.filter(({ code }) => code === 'children-reissued'),
    [],
  );
  const exposed = planOf(world({ ...wishes, files: { '/pki/server.key': { mode: 0o100644 } } }));
  assert.equal(
    [decided(changeOf(exposed, 'cert/server')), codesOf(changeOf(exposed, 'cert/server'))],
    ['fix kept free', ['private-key-mode']],
  );
  const confirmed = world({ ...wishes, options: { rekey: ['ca/middle'], confirm: ['ca/middle'] } });
  assert.is(decided(changeOf(planOf(confirmed), 'cert/server')), 'fix kept free');
  isEmpty(planAfter(confirmed));
});

test('a leaf right under a root has no intermediates: its chain file is neither written nor judged', () => {
  const wanted = world({
    resources: [authority(), leaf('server', { fileSets: [{ files: [...pairAt('/pki', 'server'), file('chain', '/pki/chain')] }] })],
  });
  isEmpty(planOf(wanted));
  isEmpty(planOf({ ...wanted, disk: new Map([...wanted.disk, ['/pki/chain', problem('/pki/chain', 'unparsable')]]) }));
});

test('a chain with a lost link is not written in part, while all that needs no chain goes on', () => {
  const files = [...pairAt('/pki', 'server'), file('fullChain', '/pki/full')];
  const resources = [
    authority('root'),
    authority('upper', { issuer: 'ca/root', optional: true }),
    authority('lower', { issuer: 'ca/upper' }),
    leaf('server', { issuer: 'ca/lower', fileSets: [{ files }] }),
  ];
  const lost = world({
    resources,
    pairs: { 'ca/upper': { certificate: 'absent', key: 'absent' } },
    files: { '/pki/server.key': { mode: 0o100644 } },
  });
  const mended = changeOf(planOf(lost), 'cert/server');
  assert.equal([decided(mended), mended.material?.chain], ['fix kept free', []]);
  isEmpty(planAfter(lost));
  const renewed = changeOf(planOf({ ...lost, options: { renew: ['cert/server'] } }), 'cert/server');
  assert.equal([decided(renewed), renewed.blocked?.detail], ['renew new issuer issuer-absent', 'ca/upper']);
});

test('a file of an authority with two generations is in order; children of either are too, each with its own in the chain', () => {
  const inOrder = world({ resources: chained });
  const middle = chained[1] as DesiredResource;
  const found = inOrder.disk.get('/pki/middle.crt');
  const rootFound = inOrder.disk.get('/pki/root.crt');
  if (found?.state !== 'read' || rootFound?.state !== 'read') throw new Error('they are there');
  const [old] = found.content.certificates;
  const [rootCertificate] = rootFound.content.certificates;
  if (!old || !rootCertificate) throw new Error('they hold a certificate');
  const next = certificateFor(middle, key('next'), { key: key('root'), certificate: rootCertificate });
  for (const both of [
    [old, next],
    [next, old],
  ]) {
    const disk = new Map(inOrder.disk).set('/pki/middle.crt', readFile('/pki/middle.crt', { certificates: both }, found.status));
    disk.set('/pki/middle.key', readFile('/pki/middle.key', { keys: [key('next')] }, { ...found.status, mode: 0o100600 }));
    const plan = planOf({ ...inOrder, disk });
    isEmpty(plan);
    assert.ok(changeOf(plan, 'ca/middle').findings.some(({ code }) => code === 'several-generations'));
    // Neither a renewal nor a copy takes a generation away.
    const renewed = carriedOut(
      { ...inOrder, disk, options: { renew: ['ca/middle'] } },
      planOf({ ...inOrder, disk, options: { renew: ['ca/middle'] } }),
    );
    const file = renewed.disk.get('/pki/middle.crt');
    assert.is(file?.state === 'read' && file.content.certificates.length, 2);
    isEmpty(planOf(renewed));
  }
});

test.run();
