/** What the kernel sees of a publication: the promise about keys is about system calls, so system calls are what is looked at. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs } from '../support/needs.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('store-files/file-store traced');

const source = (path: string): string => resolve('src', path);

/** A program that publishes a pair into the folder it is given, over one that is there already or not. */
const program = `
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { nodeFileReader } from '${source('node/node-file-reader.ts')}';
import { nodeFileWriter } from '${source('node/node-file-writer.ts')}';
import { createFileStore } from '${source('store-files/file-store.ts')}';
const [folder, umask] = process.argv.slice(2);
process.umask(Number.parseInt(umask, 8));
const file = (name, mode) => {
  const path = folder + '/' + name;
  const found = fs.lstatSync(path, { throwIfNoEntry: false });
  const expected = found
    ? { path, exists: true, sha256: createHash('sha256').update(fs.readFileSync(path)).digest('hex'), mode: found.mode & 0o7777, uid: found.uid, gid: found.gid }
    : { path, exists: false, sha256: null, mode: null, uid: null, gid: null };
  return { path, bytes: Buffer.from((name + process.pid).repeat(100)), mode, uid: process.getuid(), gid: process.getgid(), newFolders: [], expected, replaced: 'kept', copy: false };
};
const files = [file('x.key', 0o600), file('x.crt', 0o644)];
fs.writeSync(1, 'publishing\\n');
const store = createFileStore({ writer: nodeFileWriter(), reader: nodeFileReader, root: '', stateFolder: folder.slice(0, folder.lastIndexOf('/')) + '/state', settled: () => {}, warn: () => {} });
const [{ result }] = store.publish([{ name: 'cert/x', files, keep: 1, group: null, services: [], ledger: null }]);
fs.writeSync(1, result);
`;

interface Call {
  readonly name: string;
  readonly text: string;
}

/** On a busy machine another thread comes in between the two halves of a call. */
const joined = (lines: readonly string[]): readonly string[] =>
  lines.map((line, index) => {
    const [, thread, name] = /^(\d+)\s+(\w+)\(.*<unfinished \.\.\.>$/.exec(line) ?? [];
    if (thread === undefined) return line;
    const end = new RegExp(`^${thread}\\s+<\\.\\.\\. ${name} resumed>`);
    const rest = lines.slice(index + 1).find((other) => end.test(other)) ?? '';
    return line.replace(/ ?<unfinished \.\.\.>$/, rest.replace(end, ''));
  });

/** The system calls of one publication, as strace prints them, from the first word of the program on. */
function trace(folder: string, umask: string): readonly Call[] {
  const script = join(folder, 'program.mts');
  writeFileSync(script, program);
  const target = join(folder, 'pki');
  mkdirSync(target, { recursive: true });
  const log = join(folder, 'trace');
  const strace = [
    '-f',
    '-y',
    '-o',
    log,
    '-e',
    'trace=open,openat,creat,mkdir,mkdirat,chmod,fchmod,fchmodat,chown,fchown,write,fsync,link,linkat,rename,renameat,renameat2,unlink,rmdir',
  ];
  const { stdout, stderr } = spawnSync('strace', [...strace, process.execPath, '--import', 'tsx', script, target, umask], {
    encoding: 'utf8',
    env: { ...process.env, UV_USE_IO_URING: '0' },
  });
  assert.match(stdout, /published$/, stderr);
  const lines = joined(execFileSync('cat', [log], { encoding: 'utf8' }).split('\n'));
  const begin = lines.findIndex((line) => line.includes('"publishing'));
  const end = lines.findIndex((line) => line.includes('"published"'));
  return lines.slice(begin + 1, end).flatMap((line) => {
    const match = /^\d+\s+(\w+)\(/.exec(line);
    // Node's threads wake each other by writing to an event descriptor whenever they please.
    return match && !line.includes('<anon_inode:') ? [{ name: match[1] as string, text: line }] : [];
  });
}

for (const umask of ['000', '022', '077', '777']) {
  test(`under umask ${umask} every file is created exclusively, 0600, without following links, in a folder that is 0700`, async () => {
    if (!needs('strace')) return;
    await inTemporaryFolder((folder) => {
      for (const round of ['first', 'over the first']) {
        const calls = trace(folder, umask);
        const creating = calls.filter(({ name, text }) => name === 'creat' || text.includes('O_CREAT'));
        assert.is(creating.filter(({ text }) => text.includes('/.certstate-')).length, 2, round);
        for (const { text } of creating) {
          assert.match(text, /O_EXCL/);
          assert.match(text, /O_NOFOLLOW/);
          assert.match(text, /, 0600\)\s+= /, text);
          assert.match(text, /\/\.certstate-[0-9a-f]{16}-\d{8}-[0-9a-f]{16}\/|\/state\//, 'neither in a stage nor in the state directory');
        }
        const folders = calls.filter(({ name }) => name.startsWith('mkdir')).map(({ text }) => /, (0\d+)\)\s+= 0/.exec(text)?.[1]);
        assert.equal([...new Set(folders)], ['0700']);
        assert.equal(
          calls.filter(({ name }) => /^(chmod|fchmodat|chown)$/.test(name)),
          [],
          'modes and owners are set on descriptors only',
        );
        assert.equal(
          calls.filter(({ text }) => text.includes('"/tmp/') && text.includes('O_CREAT')),
          [],
          'names are looked up in open folders',
        );
      }
    });
  });
}

test('the calls come in the order that survives a loss of power', async () => {
  if (!needs('strace')) return;
  await inTemporaryFolder((folder) => {
    trace(folder, '022');
    const names = trace(folder, '022').map(({ name }) => name.replace(/at2?$/, ''));
    const steps = names.filter((name) => /^(mkdir|write|fchown|fchmod|fsync|link|rename|unlink|rmdir)$/.test(name));
    assert.equal(steps, [
      'mkdir',
      // the key, then the certificate, each with a second name for what it replaces
      ...['write', 'fchown', 'fchmod', 'fsync', 'link'],
      ...['write', 'fchown', 'fchmod', 'fsync', 'link'],
      ...['fsync', 'fsync'], // the stage and its folder
      ...['write', 'fchmod', 'fsync', 'rename', 'fsync'], // the record: the commit point
      ...['rename', 'rename', 'fsync', 'fsync'],
      // the generation: this is the second change of the pair, and the first with a predecessor
      ...['mkdir', 'fsync', 'mkdir', 'fsync', 'mkdir', 'fsync', 'mkdir', 'fsync'],
      ...['link', 'link', 'write', 'fchmod', 'fsync', 'rename', 'fsync', 'fsync'],
      ...['unlink', 'fsync'], // the record
      ...['unlink', 'unlink', 'rmdir'],
    ]);
  });
});

test.run();
