import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeFileReader } from '../../src/node/node-file-reader.ts';
import type { FileReading } from '../../src/ports/file-reader.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('node/node-file-reader');
const maxBytes = 1024;
const read = (path: string, options: { followLinks?: boolean; within?: string } = {}): FileReading =>
  nodeFileReader.read(path, { maxBytes, ...options });
const problemOf = (reading: FileReading) => (reading.state === 'refused' ? reading.problem : reading.state);

test('a plain file is read in full, with its status', () =>
  inTemporaryFolder((folder) => {
    const path = join(folder, 'ca.crt');
    writeFileSync(path, 'content', { mode: 0o640 });
    chmodSync(path, 0o640);
    linkSync(path, join(folder, 'second'));
    const reading = read(path);
    if (reading.state !== 'read') throw new Error(reading.state);
    assert.is(Buffer.from(reading.bytes).toString(), 'content');
    const { mode, uid, size, links, inode, changedAt } = reading.status;
    assert.equal({ mode, uid, size, links }, { mode: 0o640, uid: process.getuid?.(), size: 7, links: 2 });
    assert.is(typeof inode, 'bigint');
    assert.ok(Math.abs(changedAt - Date.now() / 1000) < 60);
  }));

test('files of every size up to the cap are read, and none beyond it', () =>
  inTemporaryFolder((folder) => {
    for (const size of [0, 1, 1023, 1024]) {
      writeFileSync(join(folder, 'file'), Buffer.alloc(size, 7));
      const reading = read(join(folder, 'file'));
      assert.is(reading.state === 'read' && reading.bytes.length, size);
    }
    writeFileSync(join(folder, 'file'), Buffer.alloc(1025));
    assert.is(problemOf(read(join(folder, 'file'))), 'too-large');
  }));

test('a file that is longer than it says (as in /proc) is read to its end', () => {
  const reading = nodeFileReader.read('/proc/self/status', { maxBytes: 100_000 });
  assert.ok(reading.state === 'read' && /VmRSS/.test(Buffer.from(reading.bytes).toString()));
  assert.is(problemOf(nodeFileReader.read('/proc/self/status', { maxBytes: 10 })), 'too-large');
});

test('what is not there is absent, and the first missing folder is named', () =>
  inTemporaryFolder((folder) => {
    assert.equal(read(join(folder, 'ca.crt')), { state: 'absent' });
    assert.equal(read(join(folder, 'a', 'b', 'ca.crt')), { state: 'absent', missingFrom: join(folder, 'a') });
  }));

test('a file where a folder should be is not absence', () =>
  inTemporaryFolder((folder) => {
    writeFileSync(join(folder, 'file'), '');
    assert.is(problemOf(read(join(folder, 'file', 'ca.crt'))), 'unreadable');
  }));

test('a link is refused with its destination, whether that is there, missing, itself, or /etc/shadow', () =>
  inTemporaryFolder((folder) => {
    const link = join(folder, 'link');
    writeFileSync(join(folder, 'file'), 'x');
    for (const [name, destination] of [
      ['good', 'file'],
      ['dangling', 'nowhere'],
      ['loop', 'loop'],
      ['shadow', '/etc/shadow'],
    ] as const) {
      symlinkSync(destination, `${link}-${name}`);
      const reading = read(`${link}-${name}`);
      assert.is(problemOf(reading), 'symlink');
      assert.ok(reading.state === 'refused' && reading.cause.includes(destination), reading.state === 'refused' ? reading.cause : '');
    }
  }));

test('a destination with control characters reaches no terminal', () =>
  inTemporaryFolder((folder) => {
    symlinkSync('a\u001b[31mred', join(folder, 'link'));
    const reading = read(join(folder, 'link'));
    assert.ok(reading.state === 'refused' && !reading.cause.includes('\u001b'));
  }));

test('links are followed where that is asked for, and one that leads nowhere is not absence', () =>
  inTemporaryFolder((folder) => {
    writeFileSync(join(folder, 'file'), 'x');
    symlinkSync('file', join(folder, 'good'));
    symlinkSync('nowhere', join(folder, 'dangling'));
    assert.is(read(join(folder, 'good'), { followLinks: true }).state, 'read');
    assert.is(problemOf(read(join(folder, 'dangling'), { followLinks: true })), 'symlink');
  }));

test('a folder behind a dangling link is not an absent folder', () =>
  inTemporaryFolder((folder) => {
    symlinkSync('nowhere', join(folder, 'etc'));
    assert.is(problemOf(read(join(folder, 'etc', 'ca.crt'))), 'symlink');
  }));

test('a folder and a device are refused without reading', () => {
  for (const [path, cause] of [
    ['/etc', 'a folder'],
    ['/dev/zero', 'a device'],
  ] as const) {
    const reading = read(path);
    assert.is(problemOf(reading), 'not-regular');
    assert.is(reading.state === 'refused' && reading.cause, cause);
  }
});

test('a name that is too long is unreadable, and nothing is thrown', () => {
  assert.is(problemOf(read(`/${'a'.repeat(300)}`)), 'unreadable');
});

test('under a root, links on the way stay inside or are refused', () =>
  inTemporaryFolder((folder) => {
    const root = join(folder, 'root');
    mkdirSync(join(root, 'srv'), { recursive: true });
    mkdirSync(join(folder, 'outside'));
    writeFileSync(join(folder, 'outside', 'ca.crt'), 'x');
    writeFileSync(join(root, 'srv', 'ca.crt'), 'x');
    symlinkSync('srv', join(root, 'inside'));
    symlinkSync('../outside', join(root, 'out'));
    symlinkSync(join('..', '..', 'outside', 'ca.crt'), join(root, 'srv', 'link'));
    assert.is(read(join(root, 'inside', 'ca.crt'), { within: root }).state, 'read');
    assert.is(problemOf(read(join(root, 'out', 'ca.crt'), { within: root })), 'symlink');
    assert.is(problemOf(read(join(root, 'out', 'missing'), { within: root })), 'symlink');
    assert.is(problemOf(read(join(root, 'srv', 'link'), { within: root, followLinks: true })), 'symlink');
    assert.is(problemOf(read(join(folder, 'outside', 'ca.crt'), { within: root })), 'symlink');
    assert.is(read(join(root, 'out', 'ca.crt')).state, 'read');
  }));

test('under a root that is not there yet everything is absent', () =>
  inTemporaryFolder((folder) => {
    const root = join(folder, 'root');
    assert.equal(read(join(root, 'etc', 'ca.crt'), { within: root }), { state: 'absent', missingFrom: root });
  }));

test('folders are told apart from files, links and nothing', () =>
  inTemporaryFolder((folder) => {
    writeFileSync(join(folder, 'file'), '');
    symlinkSync('.', join(folder, 'link'));
    const present = nodeFileReader.folder(folder);
    assert.is(present.state === 'present' && present.mode, 0o700);
    assert.is(nodeFileReader.folder(join(folder, 'file')).state, 'not-a-directory');
    assert.is(nodeFileReader.folder(join(folder, 'link')).state, 'symlink');
    assert.is(nodeFileReader.folder(join(folder, 'link'), { followLinks: true }).state, 'present');
    assert.is(nodeFileReader.folder(join(folder, 'none')).state, 'absent');
    assert.equal(nodeFileReader.list(folder), ['file', 'link']);
    assert.is(nodeFileReader.list(join(folder, 'none')), undefined);
    assert.is(nodeFileReader.isMountPoint(folder), false);
    assert.is(nodeFileReader.isMountPoint('/proc'), true);
    assert.is(nodeFileReader.isMountPoint('/'), true);
    assert.is(nodeFileReader.realPath(join(folder, 'link')), folder);
  }));

test.run();
