/** Disks that fill up. (Eyes that watch: promises/p11-keys-closed.) */
import { execFileSync, spawnSync } from 'node:child_process';
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

test.run();
