import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LookedFile } from '../../src/domain/looked-file.ts';
import { inventoryAccounts, inventorySight } from '../../src/observe/from-inventory.ts';
import { sampleInventory } from '../support/sample-inventory.ts';

const test = suite('observe/from-inventory');

const sight = () => inventorySight(sampleInventory);
const short = (seen: LookedFile): string =>
  [seen.state, 'problem' in seen ? seen.problem : '', 'missingFrom' in seen ? seen.missingFrom : ''].join(' ').trim();

/** What is said of paths that the inventory has, has not, and cannot have. */
// biome-ignore format: table
const paths: readonly (readonly [path: string, said: string, assumed: boolean])[] = [
  ['/pki/ca.crt',            'read',                     false],
  ['/pki/link.crt',          'refused symlink',          false],
  ['/pki/absent.crt',        'absent',                   false],
  ['/pki/never-named.crt',   'absent',                   false], // the names of its folder are known, and it is not among them
  ['/pki/other.txt',         'refused not-in-inventory', false], // it is among them, and was not looked at
  ['/pki/new/below.crt',     'absent  /pki/new',         false],
  ['/pki/sub/below.crt',     'absent',                   true],  // a folder that is there, and whose names nobody knows
  ['/gone/below/x.crt',      'absent  /gone',            false],
  ['/link/ca.crt',           'refused not-in-inventory', false], // there by another name
  ['/link/never-named.crt',  'absent',                   false],
  ['/nowhere/x.crt',         'refused not-in-inventory', false],
  ['/closed/x.crt',          'refused not-in-inventory', false],
  ['/file/x.crt',            'refused not-in-inventory', false],
  ['/elsewhere/x.crt',       'absent',                   true],
];

for (const [path, said, assumed] of paths)
  test(`${path}: ${said}${assumed ? ', which is only assumed' : ''}`, () => {
    const seen = sight();
    assert.is(short(seen.file(path, {})), said);
    assert.is(seen.assumedAbsent.has(path), assumed);
  });

test('a link is followed where it was followed, and else is not known', () => {
  const { files } = sampleInventory;
  const unfollowed = inventorySight({ ...sampleInventory, files: files.map(({ path, seen }) => ({ path, seen })) });
  assert.is(short(sight().file('/pki/link.crt', { followLinks: true })), 'read');
  assert.is(short(unfollowed.file('/pki/link.crt', { followLinks: true })), 'refused not-in-inventory');
  assert.is(short(sight().file('/pki/ca.crt', { followLinks: true })), 'read');
});

test('links that lead to each other come to an end', () => {
  const folders = [
    { path: '/a', state: 'symlink', realPath: '/b' },
    { path: '/b', state: 'symlink', realPath: '/a' },
  ] as const;
  assert.is(short(inventorySight({ ...sampleInventory, folders }).file('/a/x.crt', {})), 'refused not-in-inventory');
});

test('a folder is what it was; one of which nothing is known is taken as absent', () => {
  const states = ['/', '/closed', '/file', '/gone', '/link', '/elsewhere'].map((path) => sight().folder(path).state);
  assert.equal(states, ['present', 'unreadable', 'not-a-directory', 'absent', 'symlink', 'absent']);
  assert.is(sight().realPath('/link'), '/pki');
  assert.is(sight().realPath('/nowhere'), undefined);
  assert.equal(sight().list('/elsewhere'), undefined);
});

test('a folder of which nothing is known is taken as not mounted, and that is said', () => {
  const seen = sight();
  assert.equal(['/pki', '/gone', '/elsewhere'].map(seen.isMountPoint), [false, false, false]);
  assert.equal([...seen.assumedUnmounted], ['/elsewhere']);
});

test('the status of a file is known also where nothing of it was read', () => {
  assert.is(sight().status('/pki/unread.key')?.mode, 0o600);
  assert.is(sight().status('/pki/ca.crt')?.mode, 0o644);
  assert.is(sight().status('/pki/empty.crt'), undefined);
  assert.is(sight().status('/pki/link.crt'), undefined);
  assert.is(sight().status('/pki/absent.crt'), undefined);
});

test('accounts are known by name, by number, and by what their files showed', () => {
  const accounts = inventoryAccounts(sampleInventory);
  assert.equal(['root', '4711', 'www-data', 'nobody-knows', 'postgres', '4294967295'].map(accounts.userId), [
    0,
    4711,
    33,
    undefined,
    undefined,
    undefined,
  ]);
  assert.equal(['root', 'man', 'ssl-cert'].map(accounts.groupId), [0, 12, undefined]);
  assert.is(accounts.userName(33), 'www-data');
  assert.is(accounts.userName(34), undefined);
  assert.equal([...accounts.unknown.users], ['postgres']);
  assert.equal([...accounts.unknown.groups], ['ssl-cert']);
});

test.run();
