import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Precondition } from '../../src/domain/plan.ts';
import { nodeFileReader } from '../../src/node/node-file-reader.ts';
import { nodeFileWriter } from '../../src/node/node-file-writer.ts';
import type { FileWriter } from '../../src/ports/file-writer.ts';
import type { FileToPublish, Publication } from '../../src/ports/store.ts';
import { codeOf, publishSet } from '../support/publications.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('store-files/file-store on a real disk');

const self = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

/** What a plan would have seen a moment ago. */
function asFound(path: string): Precondition {
  const found = fs.lstatSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) return { path, exists: false, sha256: null, mode: null, uid: null, gid: null };
  const sha256 = createHash('sha256').update(fs.readFileSync(path)).digest('hex');
  return { path, exists: true, sha256, mode: found.mode & 0o7777, uid: found.uid, gid: found.gid };
}

const file = (path: string, content: string, mode = 0o600, newFolders: readonly string[] = []): FileToPublish => ({
  path,
  bytes: Buffer.from(content),
  mode,
  ...self,
  newFolders,
  expected: asFound(path),
  replaced: 'kept',
  copy: false,
});

/** With a state directory that is new each time, and goes at once. */
function run(files: readonly FileToPublish[], writer: FileWriter = nodeFileWriter()): Publication {
  const stateFolder = join(tmpdir(), `certstate-state-${process.pid}`);
  try {
    return publishSet({ writer, reader: nodeFileReader }, files, { stateFolder });
  } finally {
    fs.rmSync(stateFolder, { recursive: true, force: true });
  }
}

const modeOf = (path: string): number => fs.lstatSync(path).mode & 0o7777;

function withUmask<Value>(umask: number, body: () => Value): Value {
  const before = process.umask(umask);
  try {
    return body();
  } finally {
    process.umask(before);
  }
}

for (const umask of [0o000, 0o022, 0o077, 0o777]) {
  test(`under umask ${umask.toString(8).padStart(3, '0')} files and new folders get exactly the mode that was asked for`, () =>
    inTemporaryFolder((folder) => {
      const [key, certificate] = [join(folder, 'a/b/x.key'), join(folder, 'a/b/x.crt')];
      const newFolders = [join(folder, 'a'), join(folder, 'a/b')];
      const publication = withUmask(umask, () => {
        const result = run([file(key, 'key', 0o640, newFolders), file(certificate, 'certificate', 0o664, newFolders)]);
        assert.is(process.umask(), umask, 'the umask was not put back');
        return result;
      });
      assert.is(codeOf(publication), 'published');
      assert.equal([key, certificate, ...newFolders].map(modeOf), [0o640, 0o664, 0o755, 0o755]);
      assert.equal(fs.readdirSync(join(folder, 'a/b')).sort(), ['x.crt', 'x.key']);
    }));
}

test('a key that stood open to all becomes another file: the mode of the old one is not inherited', () =>
  inTemporaryFolder((folder) => {
    const path = join(folder, 'x.key');
    fs.writeFileSync(path, 'old', { mode: 0o644 });
    fs.chmodSync(path, 0o644);
    const before = fs.statSync(path).ino;
    assert.is(codeOf(run([file(path, 'new')])), 'published');
    assert.is(modeOf(path), 0o600);
    assert.is.not(fs.statSync(path).ino, before);
  }));

test('what publish reports of a file is what stat says of it', () =>
  inTemporaryFolder((folder) => {
    const path = join(folder, 'x.crt');
    const publication = run([file(path, 'content', 0o644)]);
    const { ino, dev, mode, size } = fs.statSync(path, { bigint: true });
    const status = publication.result === 'published' ? publication.statuses.get(path) : undefined;
    assert.equal(
      [status?.inode, status?.device, status?.mode, status?.size, status?.links],
      [ino, dev, Number(mode) & 0o7777, Number(size), 1],
    );
  }));

test('a link is not written through, whatever it leads to', () =>
  inTemporaryFolder((folder) => {
    const [path, outside] = [join(folder, 'x.crt'), join(folder, 'outside')];
    fs.writeFileSync(outside, 'precious');
    fs.symlinkSync(outside, path);
    assert.is(codeOf(run([file(path, 'new')])), 'symlink');
    fs.unlinkSync(outside);
    assert.is(codeOf(run([file(path, 'new')])), 'symlink', 'a dangling link');
    assert.not(fs.existsSync(outside));
    assert.equal(fs.readdirSync(folder), ['x.crt']);
  }));

test('a FIFO in the place of a file is refused, without waiting for a writer', () =>
  inTemporaryFolder((folder) => {
    execFileSync('mkfifo', [join(folder, 'x.crt')]);
    assert.is(codeOf(run([file(join(folder, 'x.crt'), 'new')])), 'not-regular');
  }));

test('a folder that is swapped for a link while we write leads nowhere: the files go to the folder that was opened', () =>
  inTemporaryFolder((folder) => {
    const [pki, elsewhere] = [join(folder, 'pki'), join(folder, 'elsewhere')];
    fs.mkdirSync(pki);
    fs.mkdirSync(elsewhere);
    const real = nodeFileWriter();
    const swapping: FileWriter = {
      ...real,
      createFile(parent, name) {
        if (parent.path.startsWith(pki) && fs.lstatSync(pki).isDirectory()) {
          fs.renameSync(pki, join(folder, 'moved'));
          fs.symlinkSync(elsewhere, pki);
        }
        return real.createFile(parent, name);
      },
    };
    assert.is(codeOf(run([file(join(pki, 'x.key'), 'key'), file(join(pki, 'x.crt'), 'certificate')], swapping)), 'published');
    assert.equal(fs.readdirSync(elsewhere), []);
    assert.equal(fs.readdirSync(join(folder, 'moved')).sort(), ['x.crt', 'x.key']);
  }));

test('a hard-linked target is detached: the other name keeps what it had', () =>
  inTemporaryFolder((folder) => {
    const [path, other] = [join(folder, 'x.crt'), join(folder, 'other.crt')];
    fs.writeFileSync(path, 'old');
    fs.linkSync(path, other);
    assert.is(codeOf(run([file(path, 'new')])), 'published');
    assert.equal(
      [path, other].map((name) => fs.readFileSync(name, 'utf8')),
      ['new', 'old'],
    );
  }));

test('neighbours and their times stay as they are', () =>
  inTemporaryFolder((folder) => {
    const neighbour = join(folder, 'neighbour');
    fs.writeFileSync(neighbour, 'mine');
    fs.utimesSync(neighbour, 1, 2);
    const before = fs.statSync(neighbour, { bigint: true });
    run([file(join(folder, 'x.key'), 'key'), file(join(folder, 'x.crt'), 'certificate')]);
    const after = fs.statSync(neighbour, { bigint: true });
    assert.equal([after.ino, after.mtimeNs, after.ctimeNs], [before.ino, before.mtimeNs, before.ctimeNs]);
  }));

test('no descriptor stays open', () =>
  inTemporaryFolder((folder) => {
    const count = () => fs.readdirSync('/proc/self/fd').length;
    const before = count();
    for (let round = 0; round < 20; round += 1) run([file(join(folder, 'x.key'), `${round}`), file(join(folder, 'sub/x.crt'), 'y')]);
    assert.is(count(), before);
  }));

test('a name that leads somewhere is a bug, and thrown', () =>
  inTemporaryFolder((folder) => {
    const writer = nodeFileWriter();
    const root = writer.openRoot();
    for (const name of ['..', '.', '', 'a/b', 'a\0b']) assert.throws(() => writer.createFile(root, name), RangeError);
    writer.closeFolder(root);
    assert.equal(fs.readdirSync(folder), []);
  }));

test.run();
