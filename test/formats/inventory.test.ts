import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inventoryJson } from '../../src/formats/inventory.ts';
import { mostFaults } from '../../src/formats/json-reader.ts';
import { readInventory } from '../../src/formats/read-inventory.ts';
import { sampleDer, sampleInventory } from '../support/sample-inventory.ts';

const test = suite('formats/inventory');

type Json = Record<string, unknown>;
const document = (): Json => JSON.parse(JSON.stringify(inventoryJson(sampleInventory))) as Json;
const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const faultsOf = (value: unknown): readonly string[] => {
  const read = readInventory(bytesOf(value));
  return read.ok ? [] : read.faults.map(({ at }) => at);
};

test('what was written is read back, to the last fact', () => {
  const read = readInventory(bytesOf(document()));
  assert.ok(read.ok);
  assert.equal(JSON.stringify(inventoryJson(read.value)), JSON.stringify(document()));
  assert.equal(read.value.files, sampleInventory.files);
  assert.equal([...read.value.users], [...sampleInventory.users]);
  assert.equal([...read.value.records.manifest], [...sampleInventory.records.manifest]);
  assert.equal(
    read.value.warnings.map(({ code, address }) => [code, address]),
    [['service-pending', 'service/etcd']],
  );
});

test('it is taken out of a status, and alone', () => {
  assert.ok(readInventory(bytesOf({ format: 'certstate.status', format_version: '1.1', inventory: document() })).ok);
  assert.ok(readInventory(bytesOf(document())).ok);
});

test('a certificate that stands in many files is in it once', () => {
  assert.is(Object.keys(inventoryJson(sampleInventory).certificates).length, 1);
  assert.is(
    inventoryJson(sampleInventory).certificates[createHash('sha256').update(sampleDer).digest('hex')],
    Buffer.from(sampleDer).toString('base64'),
  );
});

test('of a file that holds a key there is neither hash nor size', () => {
  const keys = inventoryJson(sampleInventory).files.filter((file) => 'parts' in file && file.parts?.some((part) => 'key' in part));
  assert.is(keys.length, 3);
  for (const file of keys) {
    assert.not('sha256' in file, file.path);
    assert.not('status' in file && file.status !== undefined && 'size' in file.status, file.path);
  }
});

test('a later minor version may say more', () => {
  assert.ok(readInventory(bytesOf({ ...document(), format_version: '1.7', more: { things: [] } })).ok);
});

test('a problem and a warning that a later version has are no obstacle', () => {
  const later = document();
  (later['files'] as Json[])[0] = { path: '/x', state: 'refused', problem: 'haunted', cause: 'a ghost' };
  later['warnings'] = [{ code: 'haunted', severity: 'warning', message: 'a ghost', hint: 'run', notes: [] }];
  const read = readInventory(bytesOf(later));
  assert.ok(read.ok);
  assert.equal(read.value.files[0]?.seen, { state: 'refused', problem: 'unreadable', cause: 'a ghost' });
  assert.equal(read.value.warnings, []);
});

/** What is done to a good document, and where it is found out. */
// biome-ignore format: table
const spoiled: readonly (readonly [name: string, spoil: (good: Json) => unknown, at: string])[] = [
  ['not an object',                 () => [],                                                                'format'],
  ['another format',                (good) => ({ ...good, format: 'certstate.plan' }),                       'format'],
  ['a status without an inventory', () => ({ format: 'certstate.status', format_version: '1.0' }),           'inventory'],
  ['another major version',         (good) => ({ ...good, format_version: '2.0' }),                          'format_version'],
  ['no version',                    ({ format_version: _, ...rest }) => rest,                                'format_version'],
  ['no time',                       ({ taken_at: _, ...rest }) => rest,                                      'taken_at'],
  ['a time that is none',           (good) => ({ ...good, taken_at: 'yesterday' }),                          'taken_at'],
  ['no host',                       ({ host: _, ...rest }) => rest,                                          'host'],
  ['a root that is not absolute',   (good) => ({ ...good, host: { ...good['host'] as Json, root: 'x' } }),   'host.root'],
  ['a negative uid',                (good) => ({ ...good, host: { ...good['host'] as Json, uid: -1 } }),     'host.uid'],
  ['files that are no list',        (good) => ({ ...good, files: {} }),                                      'files'],
  ['a file without a path',         (good) => ({ ...good, files: [{ state: 'absent' }] }),                   'files[0].path'],
  ['a state that does not exist',   (good) => ({ ...good, files: [{ path: '/x', state: 'lost' }] }),         'files[0].state'],
  ['a refusal without a cause',     (good) => ({ ...good, files: [{ path: '/x', state: 'refused' }] }),      'files[0]'],
  ['a file read without status',    (good) => ({ ...good, files: [{ path: '/x', state: 'read', parts: [] }] }), 'files[0]'],
  ['a mode that is none',           (good) => ({ ...good, folders: [{ path: '/x', state: 'present', mode: 'rw', uid: 0, gid: 0 }] }), 'folders[0].mode'],
  ['a folder without an owner',     (good) => ({ ...good, folders: [{ path: '/x', state: 'present', mode: '0755' }] }), 'folders[0]'],
  ['a path twice',                  (good) => ({ ...good, files: [{ path: '/x', state: 'absent' }, { path: '/x', state: 'absent' }] }), 'files[1].path'],
  ['a user that is no number',      (good) => ({ ...good, users: { root: 'zero' } }),                        'users["root"]'],
  ['a certificate under another hash', (good) => ({ ...good, certificates: { ['0'.repeat(64)]: 'AAAA' } }),  `certificates["${'0'.repeat(64)}"]`],
  ['a certificate that is no base64', (good) => ({ ...good, certificates: { ['0'.repeat(64)]: '*' } }),      `certificates["${'0'.repeat(64)}"]`],
  ['a certificate that is missing', (good) => ({ ...good, certificates: {} }),                               'files[2].parts'],
  ['a certificate behind a link that is missing', (good) => ({ ...good, files: (good['files'] as Json[]).filter(({ followed }) => followed), certificates: {} }), 'files[0].parts'],
  ['records without an end',        (good) => ({ ...good, records: { high_water: null } }),                  'records.manifest'],
  ['a hash of what was written',    (good) => withManifest(good, { written: { '/x': 'a'.repeat(64) } }),     'records.manifest[0].written["/x"]'],
  ['an address that is none',       (good) => withManifest(good, { address: 'server' }),                     'records.manifest[0].address'],
];

function withManifest(good: Json, more: Json): Json {
  const records = good['records'] as { readonly manifest: readonly Json[] };
  return { ...good, records: { ...records, manifest: [{ ...records.manifest[0], ...more }] } };
}

for (const [name, spoil, at] of spoiled)
  test(`${name} is refused, with its place`, () =>
    assert.ok(faultsOf(spoil(document())).includes(`$.${at}`), faultsOf(spoil(document())).join()));

test('text that is no JSON, no UTF-8, or too deep, is refused and not thrown', () => {
  for (const bytes of [Buffer.from(''), Buffer.from('{'), Buffer.of(0xff, 0xfe), Buffer.from('['.repeat(1_000_000))]) {
    const read = readInventory(bytes);
    assert.equal(read.ok ? [] : read.faults, [{ at: '$', message: 'is not JSON' }]);
  }
});

test('a list that is wrong throughout is not repeated for ever', () => {
  const faults = faultsOf({ ...document(), files: Array.from({ length: 5000 }, () => 7) });
  assert.ok(faults.length >= mostFaults && faults.length < 2 * mostFaults, `${faults.length} faults`);
});

test('names that mean something to JavaScript are names like any other', () => {
  const good = JSON.stringify(document()).replace('"users":{', '"users":{"__proto__":7,"constructor":8,');
  const read = readInventory(Buffer.from(good));
  assert.ok(read.ok);
  assert.equal([...read.value.users].slice(0, 2), [
    ['__proto__', 7],
    ['constructor', 8],
  ]);
});

test.run();
