/** Disks that fill up, and eyes that watch. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeFileReader } from '../../src/node/node-file-reader.ts';
import { nodeFileWriter } from '../../src/node/node-file-writer.ts';
import type { FileToPublish, Publication } from '../../src/ports/store.ts';
import { needsRoot, skippedTests } from '../support/needs.ts';
import { notesOf, publishSet } from '../support/publications.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('store-files/file-store in hardship');

function replacement(path: string, content: Buffer, mode: number): FileToPublish {
  const found = fs.lstatSync(path, { throwIfNoEntry: false });
  const sha256 = found ? createHash('sha256').update(fs.readFileSync(path)).digest('hex') : null;
  const expected = { path, exists: found !== undefined, sha256, mode: null, uid: null, gid: null };
  return {
    path,
    bytes: content,
    mode,
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    newFolders: [],
    expected,
    replaced: 'kept',
    copy: false,
  };
}

const publish = (files: readonly FileToPublish[], stateFolder: string): Publication =>
  publishSet({ writer: nodeFileWriter(), reader: nodeFileReader }, files, { stateFolder });

/** Gives the body a small file system of its own in memory, where we may mount one. */
async function onTmpfs(size: string, body: (folder: string) => void): Promise<void> {
  if (!needsRoot()) return;
  await inTemporaryFolder((folder) => {
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
    if (mounted.status !== 0) {
      skippedTests.push('needs the right to mount');
      process.stdout.write('skipped: needs the right to mount\n');
      return;
    }
    try {
      body(folder);
    } finally {
      execFileSync('umount', [folder]);
      fs.rmSync(`${folder}-state`, { recursive: true, force: true });
    }
  });
}

test('on a disk with 0 to 64 kB left, a pair is replaced whole or not at all, and what failed is said', () =>
  onTmpfs('256k', (folder) => {
    const [key, certificate, filler] = ['x.key', 'x.crt', 'filler'].map((name) => join(folder, name)) as [string, string, string];
    const seen = new Set<string>();
    for (let free = 0; free <= 64 * 1024; free += 512) {
      for (const path of [key, certificate]) fs.writeFileSync(path, 'old');
      fs.writeFileSync(filler, '');
      const { bavail, bsize } = fs.statfsSync(folder);
      fs.writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - free)));
      const publication = publish(
        [replacement(key, Buffer.alloc(9_000, 'new'), 0o600), replacement(certificate, Buffer.alloc(9_000, 'new'), 0o644)],
        `${folder}-state`,
      );
      const contents = [key, certificate].map((path) => fs.readFileSync(path, 'utf8'));
      const whole = publication.result === 'published' ? 'new'.repeat(3_000) : 'old';
      assert.ok(
        contents.every((content) => content === whole),
        `${free} bytes free: ${publication.result}, ${contents.map(({ length }) => length)} bytes`,
      );
      if (publication.result !== 'published') assert.match(notesOf(publication), 'ENOSPC');
      assert.equal(fs.readdirSync(folder).sort(), ['filler', 'x.crt', 'x.key']);
      seen.add(publication.result);
    }
    assert.equal([...seen].sort(), ['failed', 'published']);
  }));

/** Tries to read every key that it can name, as fast as it can, until it is told to stop; says how often it looked and what it could read. */
const watcher = `
const fs = require('node:fs');
const [folder] = process.argv.slice(1);
let [looks, read] = [0, { key: 0, open: 0 }];
const tryToRead = (path, kind) => { try { fs.closeSync(fs.openSync(path, 'r')); read[kind] += 1; } catch {} };
process.on('SIGTERM', () => { fs.writeSync(1, JSON.stringify({ looks, ...read })); process.exit(0); });
fs.writeSync(2, 'watching');
(function look() {
  for (let round = 0; round < 50; round += 1) {
    looks += 1;
    for (const name of fs.readdirSync(folder)) {
      if (name === '.state') { tryToRead(folder + '/.state/generations/cert/a/' + looks + '/x.key', 'key'); continue; }
      if (name === 'open.crt') tryToRead(folder + '/' + name, 'open');
      else if (name.startsWith('.certstate-')) for (const inner of ['1-x.key', 'old-1-x.key']) tryToRead(folder + '/' + name + '/' + inner, 'key');
      else tryToRead(folder + '/' + name, 'key');
    }
  }
  setImmediate(look);
})();
`;

test('over 500 rotations, nobody ever reads a key, nor anything in a stage', async () => {
  if (!needsRoot()) return;
  await inTemporaryFolder(async (folder) => {
    fs.chmodSync(folder, 0o755);
    fs.writeFileSync(join(folder, 'open.crt'), 'for all', { mode: 0o644 });
    const child = spawn(process.execPath, ['-e', watcher, folder], { uid: 65_534, gid: 65_534, stdio: ['ignore', 'pipe', 'pipe'] });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    await new Promise((resolve) => child.stderr.once('data', resolve));
    const before = process.umask(0);
    try {
      for (let round = 0; round < 500; round += 1) {
        assert.is(
          publish([replacement(join(folder, 'x.key'), Buffer.from(`key ${round}`), 0o600)], join(folder, '.state')).result,
          'published',
        );
      }
    } finally {
      process.umask(before);
      child.kill('SIGTERM');
      await exited;
    }
    const { looks, key, open } = JSON.parse(said) as { looks: number; key: number; open: number };
    assert.is(key, 0);
    assert.ok(looks > 100 && open > 100, `the watcher saw nothing: ${said}`);
  });
});

test.run();
