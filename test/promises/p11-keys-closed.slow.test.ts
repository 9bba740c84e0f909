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
import { plainEnvironment, program } from '../support/run-certstate.ts';
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
async function watched(folder: string, body: () => void | Promise<void>, how = watcher): Promise<Seen> {
  fs.chmodSync(folder, 0o755);
  fs.writeFileSync(join(folder, 'open.crt'), 'for all', { mode: 0o644 });
  const child = spawn(process.execPath, ['-e', how, folder], { uid: nobody, gid: nobody, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise((resolve) => child.once('close', resolve));
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  await new Promise((resolve) => child.stderr.once('data', resolve));
  const umask = process.umask(0);
  try {
    await body();
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

/** Goes wherever it is let in, and tries to read whatever is no certificate. */
const walker = `
const fs = require('node:fs');
const [folder] = process.argv.slice(1);
let [looks, read] = [0, { key: 0, open: 0 }];
process.on('SIGTERM', () => { fs.writeSync(1, JSON.stringify({ looks, ...read })); process.exit(0); });
fs.writeSync(2, 'watching');
const walk = (place) => {
  let entries = [];
  try { entries = fs.readdirSync(place, { withFileTypes: true }); } catch {}
  for (const entry of entries) {
    const path = place + '/' + entry.name;
    if (entry.isDirectory()) walk(path);
    else try { fs.closeSync(fs.openSync(path, 'r')); read[entry.name.endsWith('.crt') ? 'open' : 'key'] += 1; } catch {}
  }
};
(function look() { looks += 1; walk(folder); setImmediate(look); })();
`;

const yaml = `version: 1
authorities:
  etcd: { commonName: etcd, files: { certificate: /pki/ca.crt, privateKey: /pki/ca.key } }
certificates:
  server: { issuer: etcd, commonName: server, dnsNames: [server.example], profile: server, files: { certificate: /tls/server.crt, privateKey: /tls/server.key, combined: /tls/server.pem }, copies: [{ certificate: /copy/deep/server.crt, combined: /copy/deep/server.pem }] }
`;

/** What everything below a root may be; the state directory is closed as a whole. */
// biome-ignore format: table
const wanted: Readonly<Record<string, number>> = {
  'copy': 0o755, 'copy/deep': 0o755, 'pki': 0o755, 'tls': 0o755, 'var': 0o755, 'var/lib': 0o755, 'var/lib/certstate': 0o700,
  'pki/ca.crt': 0o644, 'pki/ca.key': 0o600, 'tls/server.crt': 0o644, 'tls/server.key': 0o600, 'tls/server.pem': 0o600,
  'copy/deep/server.crt': 0o644, 'copy/deep/server.pem': 0o600,
};

const modesBelow = (root: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    fs
      .readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => !name.startsWith('var/lib/certstate/'))
      .map((name) => [name, fs.lstatSync(join(root, name)).mode & 0o7777]),
  );

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

const runCertstateAsync = (under: readonly string[], ...words: readonly string[]) =>
  new Promise<{ readonly exit: number | null; readonly stderr: string }>((resolve) => {
    const [first, ...rest] = [...under, process.execPath, program, ...words] as [string, ...string[]];
    const child = spawn(first, rest, { env: plainEnvironment(), stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.once('close', (exit) => resolve({ exit, stderr }));
  });

const runs = isTorture ? 20 : 3;
if (needsRoot())
  for (const umask of ['000', '022', '077', '777'])
    test(`the program under umask ${umask}: every file gets the mode it is to have, and nobody reads a key on the way`, () =>
      inTemporaryFolder(async (folder) => {
        const [root, file] = [join(folder, 'root'), join(folder, 'state.yaml')];
        fs.mkdirSync(root);
        fs.writeFileSync(file, yaml);
        for (const path of [root, folder]) fs.chmodSync(path, 0o755);
        // Where the file system has such lists, every folder that is made gives everything to everybody as well.
        const withAcl = setOpenDefaultAcl(root, nobody);
        const under = ['sh', '-c', `umask ${umask}; exec "$@"`, 'sh'];
        const apply = (...words: readonly string[]) =>
          runCertstateAsync(under, 'apply', '--yes', '-f', file, '--root', root, '--confirm', 'ca/etcd', ...words);
        const seen = await watched(
          root,
          async () => {
            for (let round = 0; round < runs; round += 1) {
              const { exit, stderr } = await apply(...(round === 0 ? [] : ['--rekey', 'cert/server', '--rekey', 'ca/etcd']));
              assert.is(exit, 0, stderr);
            }
          },
          walker,
        );
        const { 'open.crt': _, ...modes } = modesBelow(root);
        assert.equal(modes, wanted);
        for (const path of ['pki/ca.key', 'tls/server.key', 'tls/server.pem', 'copy/deep/server.pem'])
          assert.not(isReadableByNobody(join(root, path)), path);
        assert.is(seen.key, 0);
        assert.ok(seen.looks > 20 && seen.open > 20, `the watcher saw nothing: ${JSON.stringify(seen)}`);
        printFigure(
          'P11',
          `the program under umask ${umask}${withAcl ? ' and an open default ACL' : ''}, ${runs} runs, ${seen.looks} walks of another user: 0 keys read`,
        );
      }));

test.run();
