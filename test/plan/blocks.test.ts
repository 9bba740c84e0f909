import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { noNames } from '../../src/domain/alternative-names.ts';
import { type DesiredCertificate, filesOf } from '../../src/domain/desired-state.ts';
import type { ObservedFolder, ObservedState } from '../../src/domain/observed-state.ts';
import type { ManifestEntry } from '../../src/domain/records.ts';
import { desiredHash } from '../../src/plan/desired-hash.ts';
import {
  authority,
  blockOf,
  changeOf,
  codesOf,
  decided,
  leaf,
  now,
  pairAt,
  planOf,
  problem,
  type World,
  type WorldWishes,
  world,
} from '../support/plan-world.ts';

const test = suite('plan/blocks');

const server = (wanted: World) => changeOf(planOf(wanted), 'cert/server');
const owned = (rest: { owner?: string; group?: string }): Partial<DesiredCertificate> => ({
  fileSets: [{ files: pairAt('/pki', 'server').map((file) => ({ ...file, ...rest })) }],
});
const onHost = (rest: Partial<DesiredCertificate>, environment: Partial<ObservedState>, wishes: WorldWishes = {}): World =>
  world({ resources: [authority(), leaf('server', rest)], environment, options: { renew: ['cert/server'] }, ...wishes });
const folder = (path: string, rest: Partial<ObservedFolder>): Partial<ObservedState> => ({
  folders: new Map([[path, { path, state: 'usable', ...rest }]]),
});

// biome-ignore format: table
const rows: readonly (readonly [string, World, string])[] = [
  ['a user that this host does not have',   onHost(owned({ owner: 'etcd' }), { users: new Map([['etcd', undefined]]) }),        'host unknown-user'],
  ['a group that this host does not have',  onHost(owned({ group: 'etcd' }), { groups: new Map([['etcd', undefined]]) }),       'host unknown-group'],
  ['a user that this host has',             onHost(owned({ owner: 'etcd' }), { users: new Map([['etcd', 999]]) }),              'free'],
  ['an owner that only root can give',      onHost(owned({ owner: 'etcd' }), { users: new Map([['etcd', 999]]), process: { uid: 1000, gid: 1000 } }), 'host owner-needs-root'],
  ['an owner that is ourselves',            onHost(owned({ owner: 'me' }), { users: new Map([['me', 1000]]), process: { uid: 1000, gid: 1000 } }), 'free'],
  ['a folder in which others can write',    onHost({}, folder('/pki', { state: 'unsafe', cause: 'everybody can write it' })),   'host unsafe-folder'],
  ['a file where a folder should be',       onHost({}, folder('/pki', { state: 'not-a-directory' })),                           'host folder-not-usable'],
  ['a file where a folder should be, whatever that makes of the files', onHost({}, folder('/pki', { state: 'not-a-directory' }), { files: { '/pki/server.crt': problem('/pki/server.crt', 'unreadable'), '/pki/server.key': problem('/pki/server.key', 'unreadable') } }), 'host folder-not-usable'],
  ['a folder that cannot be read',          onHost({}, folder('/pki', { state: 'unreadable', cause: 'EACCES' })),               'host folder-not-usable'],
  ['a folder that will be made',            onHost({}, folder('/pki', { state: 'absent' })),                                    'free'],
];
for (const [what, wanted, answer] of rows) {
  test(`${what}: ${answer}`, () => assert.is(blockOf(server(wanted)), answer));
}

test('an owner whom this host does not know is drift as long as the file has another, and blocks it', () => {
  const wanted = { ...onHost(owned({ owner: 'etcd' }), { users: new Map([['etcd', undefined]]) }), options: {} };
  assert.equal(
    [codesOf(server(wanted)), decided(server(wanted))],
    [['certificate-owner', 'private-key-owner'], 'fix kept host unknown-user'],
  );
});

test('what the host cannot do concerns the one resource: neighbours and issuer go on', () => {
  const wanted = onHost(owned({ owner: 'nobody-here' }), { users: new Map([['nobody-here', undefined]]) });
  const plan = planOf({
    ...wanted,
    resources: [...wanted.resources, leaf('client')],
    disk: new Map([...wanted.disk, ...world({ resources: [authority(), leaf('client')] }).disk]),
    options: { renew: ['cert/server', 'cert/client', 'ca/etcd'] },
  });
  assert.equal(plan.changes.map(blockOf), ['free', 'host unknown-user', 'free']);
});

test('under another root owners are notes: neither compared, nor set, nor a reason to stop', () => {
  const options = { root: '/sandbox', renew: ['cert/server'] } as const;
  const wanted = onHost(
    owned({ owner: 'etcd', group: 'etcd' }),
    { users: new Map([['etcd', undefined]]), groups: new Map([['etcd', undefined]]), process: { uid: 1000, gid: 1000 } },
    { options },
  );
  const change = server(wanted);
  assert.equal([codesOf(change), blockOf(change)], [['requested-renew'], 'free']);
  assert.equal(
    change.files.map(({ after }) => [after.uid, after.gid]),
    [
      [1000, 1000],
      [1000, 1000],
    ],
  );
  assert.equal(
    change.findings.map(({ code, detail }) => [code, detail]),
    [
      ['owner-not-target', 'etcd:etcd'],
      ['owner-not-target', 'etcd:etcd'],
    ],
  );
});

test('nobody is asked to consent to what cannot be done anyway', () => {
  const wanted = world({ resources: [authority()], environment: folder('/pki', { state: 'unsafe' }), options: { rekey: ['ca/etcd'] } });
  const change = changeOf(planOf(wanted), 'ca/etcd');
  assert.equal([blockOf(change), change.consent], ['host unsafe-folder', 'ca/etcd']);
});

test('a consent names exactly one address: no pattern, and no other resource', () => {
  for (const confirm of ['ca/*', '*', 'ca/other', 'etcd']) {
    assert.is(
      blockOf(changeOf(planOf(world({ resources: [authority()], options: { rekey: ['ca/etcd'], confirm: [confirm] } })), 'ca/etcd')),
      'protect needs-confirmation ca/etcd',
    );
  }
});

test('protect: false takes nothing from the rule that only a person makes or replaces a trust anchor', () => {
  const wanted = world({ resources: [authority('etcd', { protect: false })], options: { rekey: ['ca/etcd'] } });
  assert.is(blockOf(changeOf(planOf(wanted), 'ca/etcd')), 'protect needs-confirmation ca/etcd');
});

test('a file that is absent behind absent folders says which folders are made on the way', () => {
  const gone = { certificate: 'absent', key: 'absent' } as const;
  const files = { '/pki/server.crt': { state: 'absent', path: '/pki/server.crt', missingFrom: '/pki' } } as const;
  const change = server(world({ pairs: { 'cert/server': gone }, files }));
  assert.equal(
    change.files.map(({ newFolders }) => newFolders),
    [['/pki'], []],
  );
});

/** A server whose certificate lacks a name, and records that say for what it was last issued. */
function lackingName(entry: Partial<ManifestEntry>, options: World['options'] = {}): World {
  const resource = leaf('server', { names: { ...noNames, dnsNames: ['server.example', 'new.example'] } });
  const lacking = world({ resources: [authority(), leaf('server')] });
  const paths = filesOf(resource).map(({ path }) => path);
  const hashOf = (path: string) => {
    const found = lacking.disk.get(path);
    return found?.state === 'read' ? (found.sha256 ?? '') : '';
  };
  const written = Object.fromEntries(paths.map((path) => [path, hashOf(path)]));
  const known: ManifestEntry = {
    address: resource.address,
    source: ['pki.yaml'],
    paths,
    spkiSha256: null,
    written,
    desired: desiredHash(resource),
    protect: false,
    issuedFor: ['dns-names'],
    appliedAt: now,
    ...entry,
  };
  const records = { highWater: null, manifest: new Map([[resource.address, known]]) };
  return { ...lacking, resources: [authority(), resource], records, options };
}

// biome-ignore format: table
const again: readonly (readonly [string, World, string])[] = [
  ['issued for it, untouched, and it differs again', lackingName({}),                                        'not-converging not-converging'],
  ['issued for something else',                      lackingName({ issuedFor: ['ip-addresses'] }),           'free'],
  ['never issued by us',                             lackingName({ issuedFor: undefined }),                  'free'],
  ['the YAML has changed since',                     lackingName({ desired: 'another' }),                    'free'],
  ['somebody has written the files since',           lackingName({ written: { '/pki/server.crt': 'other' } }), 'free'],
  ['a person asks for it',                           lackingName({}, { renew: ['cert/server'] }),            'free'],
];
for (const [what, wanted, answer] of again) {
  test(`the same difference right after issuing is no reason to issue again: ${what}`, () => assert.is(blockOf(server(wanted)), answer));
}

test.run();
