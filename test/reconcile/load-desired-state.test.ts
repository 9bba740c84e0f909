import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { instantOf } from '../../src/domain/time.ts';
import { nodeFileReader } from '../../src/node/node-file-reader.ts';
import type { FileReader } from '../../src/ports/file-reader.ts';
import { loadDesiredState } from '../../src/reconcile/load-desired-state.ts';
import { type MemoryFileSystem, memoryFileSystem } from '../support/memory-file-system.ts';

const test = suite('reconcile/load-desired-state');

const authority = (name: string): string =>
  `version: 1\nauthorities: { ${name}: { commonName: ${name}, files: { combined: /${name} } } }\n`;

const load = (reader: FileReader, ...paths: readonly string[]) =>
  loadDesiredState({
    paths,
    reader,
    host: 'h',
    root: '',
    stateFolder: '/var/lib/certstate',
    set: new Map(),
    now: instantOf(1.8e9),
    process: { uid: 0 },
  });

/** A folder with what may lie beside the desired state. */
function folder(): MemoryFileSystem {
  const disk = memoryFileSystem();
  disk.folder('/etc');
  disk.folder('/etc/pki');
  disk.folder('/etc/pki/sub');
  disk.file('/etc/pki/b.yaml', authority('b'));
  disk.file('/etc/pki/a.yml', authority('a'));
  disk.file('/etc/pki/.hidden.yaml', '[');
  disk.file('/etc/pki/schema.v1.json', '{');
  disk.file('/etc/pki/a.yaml~', '[');
  disk.file('/etc/pki/sub/c.yaml', authority('c'));
  return disk;
}

const addresses = ({ state }: ReturnType<typeof load>) => state?.resources.map(({ address }) => address);
const codesOf = ({ diagnostics }: ReturnType<typeof load>) => diagnostics.map(({ code }) => code);

test('a folder means its own YAML files in the order of their names, and nothing below', () => {
  const loaded = load(folder().reader, '/etc/pki/');
  assert.equal(addresses(loaded), ['ca/a', 'ca/b']);
  assert.equal(
    loaded.state?.sources.map(({ file }) => file),
    ['/etc/pki/a.yml', '/etc/pki/b.yaml'],
  );
  assert.equal(loaded.state?.from, ['/etc/pki/']);
});

test('files and folders may be named together; a file that is reached twice is read once', () => {
  assert.equal(addresses(load(folder().reader, '/etc/pki/b.yaml', '/etc/pki', '/etc/pki/sub')), ['ca/b', 'ca/a', 'ca/c']);
});

test('a file that is not there: file-missing, and the others are judged all the same', () => {
  const disk = folder();
  disk.file('/etc/bad.yaml', 'version: 2\n');
  const loaded = load(disk.reader, '/etc/nobody.yaml', '/etc/bad.yaml');
  assert.equal(codesOf(loaded), ['file-missing', 'unsupported-version']);
  assert.is(loaded.state, undefined);
});

test('what may stand in a file that could not be read is not called unknown', () => {
  const disk = folder();
  disk.file(
    '/etc/leaf.yaml',
    'version: 1\ncertificates: { x: { issuer: gone, commonName: x, profile: client, files: { combined: /x } } }\n',
  );
  assert.equal(codesOf(load(disk.reader, '/etc/nobody.yaml', '/etc/leaf.yaml')), ['file-missing']);
});

test('a folder without a YAML file is no empty desired state', () => {
  const disk = memoryFileSystem();
  disk.folder('/empty');
  assert.equal(codesOf(load(disk.reader, '/empty')), ['file-missing']);
});

test('row 6: a file of 2 MB is not read', () => {
  const disk = memoryFileSystem();
  disk.file('/big.yaml', Buffer.alloc(2 ** 21, '#'));
  assert.equal(codesOf(load(disk.reader, '/big.yaml')), ['file-too-large']);
});

test('row 6: nor is what is no regular file', () => {
  assert.equal(codesOf(load(nodeFileReader, '/dev/zero')), ['file-not-regular']);
  const disk = memoryFileSystem();
  disk.special('/fifo');
  assert.equal(codesOf(load(disk.reader, '/fifo')), ['file-not-regular']);
});

test('what cannot be read is said so, and is not absent', () => {
  const refusing: FileReader = {
    ...memoryFileSystem().reader,
    read: () => ({ state: 'refused', problem: 'unreadable', cause: 'permission denied (EACCES)' }),
  };
  assert.equal(codesOf(load(refusing, '/a.yaml')), ['file-unreadable']);
});

for (const [name, status, expected] of [
  ['everybody can write', { mode: 0o666 }, ['file-writable-by-others']],
  ['somebody else owns', { uid: 1000 }, ['file-writable-by-others']],
  ['only its group can write', { mode: 0o664 }, []],
] as const) {
  test(`row 38: a file that ${name}: ${expected.length === 0 ? 'accepted' : 'warned of'}`, () => {
    const disk = memoryFileSystem();
    disk.file('/a.yaml', authority('a'), status);
    const loaded = load(disk.reader, '/a.yaml');
    assert.equal(codesOf(loaded), expected);
    assert.equal(addresses(loaded), ['ca/a']);
  });
}

for (const [mode, warned] of [
  [0o777, true],
  [0o1777, false],
  [0o775, false],
] as const)
  test(`row 38: files in a folder with mode ${mode.toString(8)}: ${warned ? 'warned of once' : 'accepted'}`, () => {
    const disk = memoryFileSystem();
    disk.folder('/etc');
    disk.folder('/etc/pki', { mode });
    for (const name of ['a', 'b']) disk.file(`/etc/pki/${name}.yaml`, authority(name));
    const loaded = load(disk.reader, '/etc/pki');
    assert.equal(codesOf(loaded), warned ? ['file-writable-by-others'] : []);
    assert.equal(addresses(loaded), ['ca/a', 'ca/b']);
  });

test.run();
