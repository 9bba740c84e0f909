/**
 * P11: a key is never readable by more than was asked for, at no instant. Another user looks all the time, by every name a key has on its way, while the pair
 * is replaced again and again; also where the folder gives everything that is created in it to everybody (a default ACL) and the umask holds nothing back.
 * The system calls themselves (created exclusively, 0600, in a folder that is 0700) are in `store-files/file-store-traced`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeFileReader } from '../../src/node/node-file-reader.ts';
import { nodeFileWriter } from '../../src/node/node-file-writer.ts';
import type { FileToPublish } from '../../src/ports/store.ts';
import { setOpenDefaultAcl } from '../support/default-acl.ts';
import { needsRoot } from '../support/needs.ts';
import { publishSet } from '../support/publications.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { isTorture, printFigure } from '../support/torture.ts';

const test = suite('promises/p11-keys-closed');

const rotations = isTorture ? 1_000 : 150;
const nobody = 65_534;

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

interface Seen {
  readonly looks: number;
  readonly key: number;
  readonly open: number;
}

/** Lets nobody look into a folder as long as the body takes. */
async function watched(folder: string, body: () => void): Promise<Seen> {
  fs.chmodSync(folder, 0o755);
  fs.writeFileSync(join(folder, 'open.crt'), 'for all', { mode: 0o644 });
  const child = spawn(process.execPath, ['-e', watcher, folder], { uid: nobody, gid: nobody, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise((resolve) => child.once('close', resolve));
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  await new Promise((resolve) => child.stderr.once('data', resolve));
  const umask = process.umask(0);
  try {
    body();
  } finally {
    process.umask(umask);
    child.kill('SIGTERM');
    await exited;
  }
  return JSON.parse(said) as Seen;
}

function rotate(folder: string, round: number): void {
  const path = join(folder, 'x.key');
  const found = fs.lstatSync(path, { throwIfNoEntry: false });
  const sha256 = found ? createHash('sha256').update(fs.readFileSync(path)).digest('hex') : null;
  const expected = { path, exists: found !== undefined, sha256, mode: null, uid: null, gid: null };
  const bytes = Buffer.from(`key ${round}`);
  const file: FileToPublish = { path, bytes, mode: 0o600, uid: 0, gid: 0, newFolders: [], expected, replaced: 'kept', copy: false };
  assert.is(
    publishSet({ writer: nodeFileWriter(), reader: nodeFileReader }, [file], { stateFolder: join(folder, '.state') }).result,
    'published',
  );
}

const isReadableByNobody = (path: string): boolean => spawnSync('cat', [path], { uid: nobody, gid: nobody }).status === 0;

if (needsRoot())
  for (const withAcl of [false, true])
    test(`over ${rotations} rotations${withAcl ? ' where a default ACL gives everything to everybody' : ''}, nobody ever reads a key, nor anything in a stage`, () =>
      inTemporaryFolder(async (folder) => {
        if (withAcl) {
          // Not every file system has such lists: then there is nothing that could open a key.
          if (!setOpenDefaultAcl(folder, nobody)) return printFigure('P11', 'default ACLs cannot be set here: not tried');
          fs.chmodSync(folder, 0o755);
          fs.writeFileSync(join(folder, 'trial'), '', { mode: 0o666 });
          assert.ok(isReadableByNobody(join(folder, 'trial')), 'the list has no effect');
          fs.rmSync(join(folder, 'trial'));
        }
        const seen = await watched(folder, () => {
          for (let round = 0; round < rotations; round += 1) rotate(folder, round);
        });
        assert.is(seen.key, 0);
        assert.ok(seen.looks > 100 && seen.open > 100, `the watcher saw nothing: ${JSON.stringify(seen)}`);
        assert.not(isReadableByNobody(join(folder, 'x.key')));
        printFigure(
          'P11',
          `${rotations} rotations${withAcl ? ' under an open default ACL' : ''}, ${seen.looks} looks of another user: 0 keys read`,
        );
      }));

test.run();
