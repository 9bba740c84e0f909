import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Precondition } from '../../src/domain/plan.ts';
import type { FileToPublish, Publication } from '../../src/ports/store.ts';
import { createFileStore } from '../../src/store-files/file-store.ts';
import { type MemoryFileSystem, memoryFileSystem, type Operation } from '../support/memory-file-system.ts';

const test = suite('store-files/file-store');

const absent = (path: string): Precondition => ({ path, exists: false, sha256: null, mode: null, uid: null, gid: null });
const present = (path: string, content: string, mode = 0o644): Precondition => ({
  path,
  exists: true,
  sha256: createHash('sha256').update(content).digest('hex'),
  mode,
  uid: 0,
  gid: 0,
});
const publish = (path: string, content: string, rest: Partial<FileToPublish> = {}): FileToPublish => ({
  path,
  bytes: Buffer.from(content),
  mode: 0o644,
  uid: 0,
  gid: 0,
  newFolders: [],
  expected: absent(path),
  ...rest,
});

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

const run = (system: MemoryFileSystem, files: readonly FileToPublish[], root = ''): Publication =>
  createFileStore(system.writer, system.reader, root).publish(files);

const codeOf = (publication: Publication): string => (publication.result === 'published' ? 'published' : publication.diagnostic.code);

test('a pair is replaced with all bytes, modes and owners, and nothing else is left', () => {
  const system = memoryFileSystem();
  const files = pair(system).map((file) => ({ ...file, uid: 7, gid: 8 }));
  const publication = run(system, files);
  assert.is(publication.result, 'published');
  assert.equal(system.tree(), { '/pki': 'folder 0755', '/pki/a.crt': `0644 7:8 ${newCertificate}`, '/pki/a.key': `0600 7:8 ${newKey}` });
  assert.is(publication.result === 'published' && publication.statuses.get('/pki/a.key')?.mode, 0o600);
  assert.is(system.openDescriptors(), 0);
});

test('everything is on the disk before the first rename, and the renames follow one another, keys first', () => {
  const system = memoryFileSystem();
  run(system, pair(system));
  const names = system.operations.map(({ name }) => name);
  const first = names.indexOf('rename');
  assert.equal(names.slice(first, first + 3), ['rename', 'rename', 'syncFolder']);
  assert.equal(
    system.operations.slice(first, first + 3).map(({ detail }) => detail),
    ['/pki/a.key', '/pki/a.crt', '/pki'],
  );
  assert.is(names.slice(0, first).filter((name) => name === 'syncFile').length, 2);
  assert.not(names.slice(first + 3).some((name) => name === 'rename' || name === 'write'));
});

test('a file is given to its owner before its mode, and both before it is flushed', () => {
  const system = memoryFileSystem({ writeAtMost: 10_000 });
  system.folder('/pki');
  run(system, [publish('/pki/a.crt', newCertificate)]);
  const names = system.operations.map(({ name }) => name);
  const from = names.indexOf('createFile');
  assert.equal(names.slice(from, from + 6), ['createFile', 'write', 'setOwner', 'setMode', 'syncFile', 'closeFile']);
});

test('a key is staged in a folder that is closed to others', () => {
  const system = memoryFileSystem();
  const modes: string[] = [];
  system.afterwards = ({ name, detail }: Operation) => {
    if (name !== 'createFile') return;
    const stage = detail.slice(0, detail.lastIndexOf('/'));
    modes.push(`${system.tree()[stage]} ${system.tree()[detail]?.slice(0, 4)}`);
  };
  run(system, pair(system));
  assert.equal(modes, ['folder 0700 0600', 'folder 0700 0600']);
});

const errnos = ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EACCES', 'EMFILE'];
/** How many steps an undisturbed replacement takes. */
const steps = (() => {
  const system = memoryFileSystem();
  run(system, pair(system));
  return system.operations.length;
})();

for (const errno of errnos) {
  test(`${errno} at any step leaves the old pair or, once all is in place, the new one; says so with path and errno`, () => {
    const outcomes = { old: 0, new: 0 };
    for (let failing = 0; failing < steps; failing += 1) {
      const system = memoryFileSystem();
      const files = pair(system);
      system.fault = (_, index) => (index === failing ? errno : undefined);
      const publication = run(system, files);
      const { name } = system.operations[failing] as Operation;
      const state = [system.text('/pki/a.key'), system.text('/pki/a.crt')].map((content) => content?.slice(0, 3));
      assert.ok(state[0] === state[1], `${name} (step ${failing}) left a torn pair: ${state}`);
      outcomes[state[0] as 'old' | 'new'] += 1;
      assert.is(system.openDescriptors(), 0, `${name} (step ${failing}) left descriptors open`);
      if (publication.result === 'published') {
        // What fails after the folder is flushed is tidying up; what fails in linking is made good by a copy.
        assert.ok(['removeFile', 'removeFolder', 'link'].includes(name), `${name} (step ${failing}) failed in silence`);
        continue;
      }
      assert.is(codeOf(publication), 'write-failed');
      assert.match(publication.diagnostic.message, /\/pki\/a\.(key|crt)$/);
      assert.match(publication.diagnostic.notes?.join('\n') ?? '', errno);
      assert.match(publication.diagnostic.notes?.join('\n') ?? '', state[0] === 'old' ? 'untouched' : 'may not survive');
      assert.equal(Object.keys(system.tree()), ['/pki', '/pki/a.crt', '/pki/a.key'], `${name} (step ${failing}) left something behind`);
    }
    assert.ok(outcomes.old > 15 && outcomes.new >= 1, JSON.stringify(outcomes));
  });
}

test('if what was replaced cannot be put back either, the message says where it is', () => {
  const system = memoryFileSystem();
  const files = pair(system);
  let renames = 0;
  system.fault = ({ name }) => (name === 'rename' && ++renames > 1 ? 'EIO' : undefined);
  const publication = run(system, files);
  assert.is(publication.result, 'failed');
  const kept = Object.entries(system.tree()).find(([, content]) => content.endsWith('old key'))?.[0];
  assert.ok(kept, 'the old key is gone');
  assert.match((publication.result === 'failed' && publication.diagnostic.notes?.join('\n')) || '', kept);
});

test('a file that cannot be linked is kept by a copy', () => {
  const system = memoryFileSystem();
  const files = pair(system);
  let renames = 0;
  system.fault = ({ name }) => (name === 'link' ? 'EPERM' : name === 'rename' && ++renames === 2 ? 'EBUSY' : undefined);
  const publication = run(system, files);
  assert.is(codeOf(publication), 'write-failed');
  assert.match((publication.result === 'failed' && publication.diagnostic.hint) || '', 'mount the folder');
  assert.is(system.text('/pki/a.key'), 'old key');
  assert.is(system.tree()['/pki/a.key']?.slice(0, 8), '0600 0:0');
});

test('a failed flush is never tried again on the same file', () => {
  const system = memoryFileSystem();
  const files = pair(system);
  let flushes = 0;
  system.fault = ({ name }) => (name === 'syncFile' && ++flushes === 1 ? 'EIO' : undefined);
  assert.is(codeOf(run(system, files)), 'write-failed');
  assert.is(flushes, 1);
  assert.is(run(system, files).result, 'published');
  const flushed = system.operations.filter(({ name }) => name === 'syncFile').map(({ detail }) => detail);
  assert.is(new Set(flushed).size, flushed.length);
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
    assert.equal(system.tree(), before);
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
  assert.equal(Object.keys(system.tree()), ['/a', '/a/b', '/a/b/c', '/a/b/c/x.crt']);
  assert.is(system.tree()['/a/b'], 'folder 0755');
  assert.equal(
    system.operations.filter(({ name }) => name === 'syncFolder').map(({ detail }) => detail),
    ['/', '/a', '/a/b', '/a/b/c'],
  );
});

test('folders made for a publication that fails are taken away again', () => {
  const system = memoryFileSystem();
  system.fault = ({ name }) => (name === 'rename' ? 'EIO' : undefined);
  run(system, [publish('/a/b/x.crt', newCertificate, { newFolders: ['/a', '/a/b'] })]);
  assert.equal(system.tree(), {});
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

test('a hard-linked target is replaced under its own name; the other name keeps the old content', () => {
  const system = memoryFileSystem();
  const files = pair(system);
  const root = system.writer.openRoot();
  const folder = system.writer.openFolder(root, 'pki');
  system.writer.link(folder, 'a.crt', folder, 'other.crt');
  assert.is(run(system, files).result, 'published');
  assert.is(system.text('/pki/other.crt'), 'old certificate');
  assert.is(system.text('/pki/a.crt'), newCertificate);
});

test('a batch makes its stage once in each folder, and takes it away at its end', async () => {
  const system = memoryFileSystem();
  for (const folder of ['/pki', '/etc']) system.folder(folder);
  const store = createFileStore(system.writer, system.reader);
  await store.inBatch(async () => {
    for (const path of ['/pki/a', '/etc/b', '/pki/c', '/pki/d', '/etc/e'])
      assert.is(store.publish([publish(path, newKey)]).result, 'published');
  });
  assert.is(system.operations.filter(({ name }) => name === 'makeFolder').length, 2);
  assert.equal(Object.keys(system.tree()), ['/etc', '/etc/b', '/etc/e', '/pki', '/pki/a', '/pki/c', '/pki/d']);
  assert.is(system.openDescriptors(), 0);
});

test('a batch that fails leaves nothing, and a failure in it does not disturb what follows', async () => {
  const system = memoryFileSystem();
  system.folder('/pki');
  const store = createFileStore(system.writer, system.reader);
  system.fault = ({ name, detail }) => (name === 'rename' && detail === '/pki/b' ? 'EIO' : undefined);
  const results: string[] = [];
  const batch = store.inBatch(async () => {
    for (const path of ['/pki/a', '/pki/b', '/pki/c']) results.push(store.publish([publish(path, newKey)]).result);
    throw new Error('a bug');
  });
  assert.is(await batch.catch(({ message }) => message), 'a bug');
  assert.equal(results, ['published', 'failed', 'published']);
  assert.equal(Object.keys(system.tree()), ['/pki', '/pki/a', '/pki/c']);
});

test('a stage that somebody has opened to others in the meantime is not used again', async () => {
  const system = memoryFileSystem();
  system.folder('/pki');
  const store = createFileStore(system.writer, system.reader);
  await store.inBatch(async () => {
    store.publish([publish('/pki/a', newKey)]);
    const stage = Object.keys(system.tree()).find((path) => path.includes('.certstate-')) ?? '';
    system.folder(stage, { mode: 0o755 });
    store.publish([publish('/pki/b', newKey)]);
  });
  assert.is(system.operations.filter(({ name }) => name === 'makeFolder').length, 2);
});

test('publishing nothing touches nothing', () => {
  const system = memoryFileSystem();
  assert.is(run(system, []).result, 'published');
  assert.is(system.operations.length, 0);
});

test.run();
