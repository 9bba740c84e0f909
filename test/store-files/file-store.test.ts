import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FileToPublish, Publication } from '../../src/ports/store.ts';
import { generationsOf } from '../../src/store-files/generations.ts';
import { type MemoryFileSystem, memoryFileSystem, type Operation } from '../support/memory-file-system.ts';
import { absent, codeOf, notesOf, present, publish, publishSet, setOf, storeOn } from '../support/publications.ts';

const test = suite('store-files/file-store');

const newKey = 'new key '.repeat(40);
const newCertificate = 'new certificate '.repeat(40);

/** A pair on disk, about to be replaced by another. */
function pair(system: MemoryFileSystem): readonly FileToPublish[] {
  system.folder('/pki');
  system.file('/pki/a.key', 'old key', { mode: 0o600 });
  system.file('/pki/a.crt', 'old certificate');
  return [
    publish('/pki/a.key', newKey, { mode: 0o600, expected: present('/pki/a.key', 'old key', 0o600) }),
    publish('/pki/a.crt', newCertificate, { expected: present('/pki/a.crt', 'old certificate') }),
  ];
}

const run = (system: MemoryFileSystem, files: readonly FileToPublish[], root = ''): Publication => publishSet(system, files, { root });

/** What is there besides the state directory. */
const targets = (system: MemoryFileSystem): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(system.tree()).filter(([path]) => !path.startsWith('/state')));

test('a pair is replaced with all bytes, modes and owners; what it replaced is a generation, and nothing else is left', () => {
  const system = memoryFileSystem();
  const files = pair(system).map((file) => ({ ...file, uid: 7, gid: 8 }));
  const publication = run(system, files);
  assert.is(publication.result, 'published');
  assert.equal(targets(system), { '/pki': 'folder 0755', '/pki/a.crt': `0644 7:8 ${newCertificate}`, '/pki/a.key': `0600 7:8 ${newKey}` });
  assert.is(publication.result === 'published' && publication.statuses.get('/pki/a.key')?.mode, 0o600);
  assert.is(system.openDescriptors(), 0);
  const remembered = Object.keys(system.tree()).filter((path) => system.text(path) !== '' && path.startsWith('/state/'));
  assert.equal(remembered, [
    '/state/generations/cert/a/1/a.crt',
    '/state/generations/cert/a/1/a.key',
    '/state/generations/cert/a/1/files.json',
    '/state/state-id',
  ]);
  assert.is(system.tree()['/state/generations/cert/a/1/a.key'], '0600 0:0 old key');
});

test('the record is durable before the first rename, the renames follow one another, keys first, and are flushed before the record goes', () => {
  const system = memoryFileSystem();
  run(system, pair(system));
  const steps = system.operations
    .filter(({ name }) => ['rename', 'syncFolder', 'removeFile'].includes(name))
    .map(({ name, detail }) => `${name} ${detail.replace(/\.certstate-[^/]+/, 'STAGE').replace(/[0-9-]+\.json/, 'RECORD')}`);
  const from = steps.indexOf('rename /state/journal/RECORD');
  assert.equal(steps.slice(from - 2, from + 6), [
    'syncFolder /pki/STAGE',
    'syncFolder /pki',
    'rename /state/journal/RECORD',
    'syncFolder /state/journal',
    'rename /pki/a.key',
    'rename /pki/a.crt',
    'syncFolder /pki/STAGE',
    'syncFolder /pki',
  ]);
  assert.ok(steps.indexOf('removeFile /state/journal/RECORD') > from + 5);
});

test('a file is given to its owner before its mode, and both before it is flushed', () => {
  const system = memoryFileSystem({ writeAtMost: 10_000 });
  system.folder('/pki');
  run(system, [publish('/pki/a.crt', newCertificate)]);
  const from = system.operations.findIndex(({ name, detail }) => name === 'createFile' && detail.includes('.certstate-'));
  const names = system.operations.slice(from, from + 6).map(({ name }) => name);
  assert.equal(names, ['createFile', 'write', 'setOwner', 'setMode', 'syncFile', 'closeFile']);
});

test('a key is staged in a folder that is closed to others', () => {
  const system = memoryFileSystem();
  const modes: string[] = [];
  system.afterwards = ({ name, detail }: Operation) => {
    if (name !== 'createFile' || !detail.startsWith('/pki/')) return;
    const stage = detail.slice(0, detail.lastIndexOf('/'));
    modes.push(`${system.tree()[stage]} ${system.tree()[detail]?.slice(0, 4)}`);
  };
  run(system, pair(system));
  assert.equal(modes, ['folder 0700 0600', 'folder 0700 0600']);
});

test('a set that fails before the commit point drops out, and the others go on', () => {
  const system = memoryFileSystem();
  const files = pair(system);
  system.file('/pki/b.crt', 'edited meanwhile');
  const b = setOf([publish('/pki/b.key', newKey, { mode: 0o600 }), publish('/pki/b.crt', newCertificate)], { name: 'cert/b' });
  const c = setOf([publish('/pki/c.crt', newCertificate)], { name: 'cert/c' });
  const publications = storeOn(system).publish([setOf(files), b, c]);
  assert.equal(publications.map(codeOf), ['published', 'changed-since-plan', 'published']);
  assert.equal(Object.keys(targets(system)), ['/pki', '/pki/a.crt', '/pki/a.key', '/pki/b.crt', '/pki/c.crt']);
  assert.is(system.text('/pki/b.crt'), 'edited meanwhile');
});

test('what drops out leaves no stage, even where the others go on, in a folder of its own or in one that was made for it', () => {
  const system = memoryFileSystem();
  const files = pair(system);
  system.folder('/tls');
  system.file('/tls/b.crt', 'edited meanwhile');
  const b = setOf([publish('/tls/b.crt', newCertificate)], { name: 'cert/b' });
  const c = setOf(
    [publish('/made/c.key', newKey, { newFolders: ['/made'] }), publish('/gone/c.crt', newCertificate)], // /gone is not there
    { name: 'cert/c' },
  );
  assert.equal(
    storeOn(system)
      .publish([b, setOf(files), c])
      .map(codeOf),
    ['changed-since-plan', 'published', 'changed-since-plan'],
  );
  assert.equal(Object.keys(targets(system)), ['/pki', '/pki/a.crt', '/pki/a.key', '/tls', '/tls/b.crt']);
  assert.is(system.openDescriptors(), 0);
});

test('a stage that cannot be removed is named', () => {
  const system = memoryFileSystem();
  const files = pair(system);
  system.fault = ({ name }) => (name === 'syncFile' || name === 'removeFolder' ? 'EIO' : undefined);
  system.folder('/state', { mode: 0o700 });
  system.file('/state/state-id', '00000000000000aa');
  assert.match(notesOf(run(system, files)), /untouched; .* safe to delete: \/pki\/\.certstate-00000000000000aa-/);
});

test('of a group all are published or none', () => {
  const system = memoryFileSystem();
  const files = pair(system);
  system.file('/pki/b.crt', 'edited meanwhile');
  const b = setOf([publish('/pki/b.crt', newCertificate)], { name: 'cert/b', group: 'ca/x' });
  const publications = storeOn(system).publish([setOf(files, { group: 'ca/x' }), b]);
  assert.equal(publications, [{ result: 'held-back', because: 'cert/b' }, publications[1]]);
  assert.is(codeOf(publications[1]), 'changed-since-plan');
  assert.equal([system.text('/pki/a.key'), system.text('/pki/a.crt')], ['old key', 'old certificate']);
});

test('many sets in one folder share one stage and one record', () => {
  const system = memoryFileSystem();
  system.folder('/pki');
  const sets = ['a', 'b', 'c', 'd'].map((name) => setOf([publish(`/pki/${name}`, newKey)], { name: `cert/${name}` }));
  assert.equal(storeOn(system).publish(sets).map(codeOf), ['published', 'published', 'published', 'published']);
  assert.is(system.operations.filter(({ name, detail }) => name === 'makeFolder' && detail.startsWith('/pki')).length, 1);
  assert.is(system.operations.filter(({ name, detail }) => name === 'rename' && detail.startsWith('/state/journal')).length, 1);
});

test('a file that cannot be linked is kept by a copy', () => {
  const system = memoryFileSystem();
  const files = pair(system);
  system.fault = ({ name }) => (name === 'link' ? 'EPERM' : undefined);
  assert.is(codeOf(run(system, files)), 'published');
  assert.is(system.tree()['/state/generations/cert/a/1/a.key'], '0600 0:0 old key');
});

test('a file with further names is kept by a copy: through them it could still be changed', () => {
  const system = memoryFileSystem();
  const files = pair(system);
  const folder = system.writer.openFolder(system.writer.openRoot(), 'pki');
  system.writer.link(folder, 'a.crt', folder, 'other.crt');
  assert.is(run(system, files).result, 'published');
  assert.is(system.text('/pki/other.crt'), 'old certificate');
  assert.is(system.text('/pki/a.crt'), newCertificate);
  assert.is(system.writer.entry(folder, 'other.crt')?.links, 1);
});

test('a mounted file is refused before anything is committed', () => {
  const system = memoryFileSystem();
  const files = pair(system);
  system.mount('/pki/a.crt', 2n);
  const publication = run(system, files);
  assert.is(codeOf(publication), 'file-mounted');
  assert.match(notesOf(publication), 'EXDEV');
  assert.equal(Object.keys(targets(system)), ['/pki', '/pki/a.crt', '/pki/a.key']);
  assert.is(system.text('/pki/a.key'), 'old key');
});

test('an immutable file is refused before anything is committed', () => {
  const system = memoryFileSystem();
  const files = pair(system);
  system.fault = ({ name, detail }) => (name === 'openExisting' || (name === 'link' && detail.endsWith('a.crt')) ? 'EPERM' : undefined);
  assert.is(codeOf(run(system, files)), 'file-immutable');
  assert.is(system.text('/pki/a.key'), 'old key');
});

test('generations go from the state directory as newer ones come: the newest stay, as many as were asked for', () => {
  const system = memoryFileSystem();
  system.folder('/pki');
  for (let round = 0; round < 5; round += 1) {
    const expected = round === 0 ? absent('/pki/a.key') : present('/pki/a.key', `key ${round - 1}`, 0o600);
    const files = [publish('/pki/a.key', `key ${round}`, { mode: 0o600, expected })];
    const [publication] = storeOn(system).publish([setOf(files, { name: 'ca/a', keep: 2 })]);
    assert.is(codeOf(publication), 'published');
  }
  assert.equal(system.reader.list('/state/generations/ca/a'), ['3', '4']);
  assert.equal(
    generationsOf(system.reader, { stateFolder: '/state', root: '' }, 'ca/a').map(({ number, files }) => [
      number,
      files.map(({ path, keptAt }) => [path, system.text(keptAt)]),
    ]),
    [
      [4, [['/pki/a.key', 'key 3']]],
      [3, [['/pki/a.key', 'key 2']]],
    ],
  );
});

test('what differs in its mode alone makes no generation; what was broken goes to the quarantine', () => {
  const system = memoryFileSystem();
  system.folder('/pki');
  system.file('/pki/a.key', 'key', { mode: 0o644 });
  system.file('/pki/a.crt', 'garbage');
  const files = [
    publish('/pki/a.key', 'key', { mode: 0o600, expected: present('/pki/a.key', 'key') }),
    publish('/pki/a.crt', newCertificate, { expected: present('/pki/a.crt', 'garbage'), replaced: 'quarantined' }),
  ];
  assert.is(codeOf(run(system, files)), 'published');
  assert.is(system.tree()['/pki/a.key'], '0600 0:0 key');
  assert.is(system.reader.folder('/state/generations').state, 'absent');
  const [name] = system.reader.list('/state/quarantine') ?? [];
  assert.is(system.text(`/state/quarantine/${name}`), 'garbage');
});

test('a copy on another mount is a transaction of its own: what is wrong there does not hold up the pair', () => {
  const system = memoryFileSystem();
  const files = pair(system);
  system.folder('/mnt');
  system.mount('/mnt', 2n);
  system.fault = ({ name, detail }) => (name === 'createFile' && detail.startsWith('/mnt') ? 'EROFS' : undefined);
  const warnings: string[] = [];
  const copies = [publish('/mnt/a.key', newKey, { mode: 0o600, copy: true }), publish('/mnt/a.crt', newCertificate, { copy: true })];
  const publication = publishSet(system, [...files, ...copies], { warn: ({ code }) => warnings.push(code) });
  assert.is(publication.result, 'published');
  assert.equal(warnings, ['file-system-read-only']);
  assert.is(system.text('/pki/a.key'), newKey);
  system.fault = () => undefined;
  const again = [publish('/pki/a.key', newKey, { mode: 0o600, expected: present('/pki/a.key', newKey, 0o600) }), ...copies];
  assert.is(publishSet(system, again).result, 'published');
  assert.equal([system.text('/mnt/a.key'), system.text('/mnt/a.crt')], [newKey, newCertificate]);
});

for (const [what, age, code] of [
  ['a young stage of another state directory blocks its folder', 60, 'another-instance'],
  ['an old one is told of', 4_000, 'published'],
] as const)
  test(what, () => {
    const system = memoryFileSystem();
    const files = pair(system);
    const foreign = '/pki/.certstate-00000000000000ff-00000001-0000000000000001';
    system.folder(foreign, { mode: 0o700 });
    system.touch(foreign, 100_000 - age);
    system.afterwards = ({ name, detail }) => {
      if (name === 'makeFolder' && detail.startsWith('/pki/')) system.touch(detail, 100_000);
    };
    const warnings: string[] = [];
    const other = setOf([publish('/pki/b.crt', newCertificate)], { name: 'cert/b' });
    const store = storeOn(system, { warn: ({ code: warned }) => warnings.push(warned) });
    assert.equal(store.publish([setOf(files), other]).map(codeOf), [code, code]);
    assert.equal(warnings, code === 'published' ? ['stage-left-behind'] : []);
    const expected = ['/pki/a.crt', '/pki/a.key', ...(code === 'published' ? ['/pki/b.crt'] : [])];
    assert.equal(Object.keys(targets(system)), ['/pki', foreign, ...expected]);
    assert.is(system.text('/pki/a.key'), code === 'published' ? newKey : 'old key');
  });

test('a state directory that others may write is not trusted', () => {
  const system = memoryFileSystem();
  const files = pair(system);
  system.folder('/state', { mode: 0o777 });
  assert.is(codeOf(run(system, files)), 'state-folder');
  assert.is(system.text('/pki/a.key'), 'old key');
});

// biome-ignore format: table
const changes: Record<string, readonly [(system: MemoryFileSystem) => void, string]> = {
  'other content':   [(system) => system.file('/pki/a.crt', 'edited'), 'changed-since-plan'],
  'another mode':    [(system) => system.file('/pki/a.crt', 'old certificate', { mode: 0o600 }), 'changed-since-plan'],
  'another owner':   [(system) => system.file('/pki/a.crt', 'old certificate', { uid: 12 }), 'changed-since-plan'],
  'a symbolic link': [(system) => system.link('/pki/a.crt', '/etc/shadow'), 'symlink'],
  'a FIFO':          [(system) => system.special('/pki/a.crt'), 'not-regular'],
  'a folder':        [(system) => system.folder('/pki/a.crt'), 'not-regular'],
};
for (const [what, [change, code]] of Object.entries(changes)) {
  test(`a target that has become ${what} since the plan is refused, and nothing is touched`, () => {
    const system = memoryFileSystem();
    const files = pair(system);
    change(system);
    const before = system.tree();
    const publication = run(system, files);
    assert.is(publication.result, 'refused');
    assert.is(codeOf(publication), code);
    assert.equal(targets(system), before);
  });
}

test('a file that appeared since the plan is refused', () => {
  const system = memoryFileSystem();
  system.folder('/pki');
  system.file('/pki/a.crt', 'somebody else');
  assert.is(codeOf(run(system, [publish('/pki/a.crt', newCertificate)])), 'changed-since-plan');
  assert.is(system.text('/pki/a.crt'), 'somebody else');
});

test('missing folders are made one by one, 0755, and each is flushed into its parent', () => {
  const system = memoryFileSystem();
  const file = publish('/a/b/c/x.crt', newCertificate, { newFolders: ['/a', '/a/b', '/a/b/c'] });
  assert.is(run(system, [file]).result, 'published');
  assert.equal(Object.keys(targets(system)), ['/a', '/a/b', '/a/b/c', '/a/b/c/x.crt']);
  assert.is(system.tree()['/a/b'], 'folder 0755');
  const flushed = system.operations.filter(({ name }) => name === 'syncFolder').map(({ detail }) => detail);
  for (const parent of ['/', '/a', '/a/b', '/a/b/c']) assert.ok(flushed.includes(parent), parent);
});

test('folders made for a publication that fails are taken away again', () => {
  const system = memoryFileSystem();
  system.fault = ({ name }) => (name === 'syncFile' ? 'EIO' : undefined);
  system.folder('/state', { mode: 0o700 });
  system.file('/state/state-id', '00000000000000aa');
  run(system, [publish('/a/b/x.crt', newCertificate, { newFolders: ['/a', '/a/b'] })]);
  assert.equal(targets(system), {});
});

test('a folder that is gone and was not to be made is a change since the plan', () => {
  assert.is(codeOf(run(memoryFileSystem(), [publish('/a/x.crt', newCertificate)])), 'changed-since-plan');
});

// biome-ignore format: table
const links: Record<string, readonly [string, (system: MemoryFileSystem) => void, string, string]> = {
  'a link of root on the way is followed':                      ['', (system) => system.link('/l', '/pki'), '/l/x.crt', 'published'],
  'a relative link of root on the way is followed':             ['', (system) => { system.folder('/d'); system.link('/d/l', '../pki'); }, '/d/l/x.crt', 'published'],
  'a link of another user is not':                              ['', (system) => system.link('/l', '/pki', 1000), '/l/x.crt', 'symlink'],
  'a link of root in a folder of another user is not':          ['', (system) => { system.folder('/home', { uid: 1000 }); system.link('/home/l', '/pki'); }, '/home/l/x.crt', 'symlink'],
  'a link of root in a folder that all may write is not':       ['', (system) => { system.folder('/open', { mode: 0o777 }); system.link('/open/l', '/pki'); }, '/open/l/x.crt', 'symlink'],
  'a link of root in a sticky folder is':                       ['', (system) => { system.folder('/tmp', { mode: 0o1777 }); system.link('/tmp/l', '/pki'); }, '/tmp/l/x.crt', 'published'],
  'below a root no link is followed, root\'s neither':          ['/s', (system) => { system.folder('/s'); system.link('/s/etc', '/pki'); }, '/s/etc/x.crt', 'symlink'],
  'the way to the root is the caller\'s own':                   ['/l', (system) => system.link('/l', '/pki', 1000), '/l/x.crt', 'published'],
  'links in a circle end':                                      ['', (system) => { system.link('/l', '/m'); system.link('/m', '/l'); }, '/l/x.crt', 'write-failed'],
  'a file on the way is no folder':                             ['', (system) => system.file('/f', ''), '/f/x.crt', 'folder-not-usable'],
};
for (const [name, [root, prepare, path, code]] of Object.entries(links)) {
  test(name, () => {
    const system = memoryFileSystem();
    system.folder('/pki');
    prepare(system);
    assert.is(codeOf(run(system, [publish(path, newCertificate)], root)), code);
    assert.is(system.text('/pki/x.crt'), code === 'published' ? newCertificate : undefined);
    assert.is(system.openDescriptors(), 0);
  });
}

test('publishing nothing touches nothing', () => {
  const system = memoryFileSystem();
  assert.equal(storeOn(system).publish([]), []);
  assert.is(system.operations.length, 0);
});

test.run();
