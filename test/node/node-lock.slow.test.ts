/** The lock between processes: held as long as its holder lives, and not a moment longer. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LockOwner } from '../../src/domain/lock-owner.ts';
import { instantOf, seconds } from '../../src/domain/time.ts';
import { nodeLocks } from '../../src/node/node-lock.ts';
import { ownIdentity } from '../../src/node/process-identity.ts';
import type { HeldLock, Locking, LockRequest } from '../../src/ports/lock.ts';
import { needs, needsRoot, programPath } from '../support/needs.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('node/node-lock');

const me: LockOwner = { user: 'ana', host: 'ctl-0', pid: process.pid, command: 'certstate apply', since: instantOf(1_800_000_000) };

const wish = (path: string, more: Partial<LockRequest> = {}): LockRequest => ({
  path,
  owner: () => me,
  timeout: seconds(0),
  signal: new AbortController().signal,
  onWait: () => {},
  ...more,
});

function held(locking: Locking): HeldLock {
  if (locking.result !== 'locked') throw new Error(JSON.stringify(locking));
  return locking.lock;
}

const locked = (locking: Locking): boolean => locking.result === 'locked';

/** A process of its own that takes the lock and keeps it until its input ends; resolves once it has it. */
async function holderOf(path: string, under: readonly string[] = []): Promise<ChildProcess> {
  const script = `
import { nodeLocks } from '${resolve('src/node/node-lock.ts')}';
const owner = () => ({ user: 'root', host: 'elsewhere', pid: process.pid, command: 'certstate apply', since: 1800000000 });
const locking = await nodeLocks().acquire({ path: process.argv[1], owner, timeout: 0, signal: new AbortController().signal, onWait() {} });
process.stdout.write(locking.result);
process.stdin.resume();
await new Promise((resolve) => process.stdin.on('end', resolve));`;
  const words = [...under, process.execPath, '--import', 'tsx', '--input-type=module', '-e', script, path];
  const child = spawn(words[0] as string, words.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
  const said = await new Promise((resolveSaid) => {
    child.stdout?.once('data', (data) => resolveSaid(String(data)));
    child.once('close', () => resolveSaid('ended'));
  });
  if (said !== 'locked') throw new Error(`the other process has no lock: ${said}`);
  return child;
}

const ended = (child: ChildProcess): Promise<unknown> =>
  new Promise((done) => (child.exitCode === null && child.signalCode === null ? child.on('close', done) : done(undefined)));

if (needs('flock')) {
  test('one holder at a time, which is named; the file stays and is for its owner alone', () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'lock');
      const lock = held(await nodeLocks().acquire(wish(path)));
      assert.equal(await nodeLocks().acquire(wish(path)), { result: 'busy', holder: me, elsewhere: false });
      assert.is(lstatSync(path).mode & 0o777, 0o600);
      lock.release();
      assert.is(readFileSync(path, 'utf8'), '');
      held(await nodeLocks().acquire(wish(path))).release();
      assert.equal(readdirSync(folder), ['lock']);
    }));

  test('waiting ends in the moment it is released, and is said once, after a second', () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'lock');
      const lock = held(await nodeLocks().acquire(wish(path)));
      const said: unknown[] = [];
      const waiting = nodeLocks().acquire(wish(path, { timeout: seconds(30), onWait: (holder) => said.push(holder) }));
      await sleep(1300);
      assert.equal(said, [me]);
      const before = performance.now();
      lock.release();
      held(await waiting).release();
      assert.ok(performance.now() - before < 1000, 'released, and yet not obtained');
      assert.is(said.length, 1);
    }));

  test('waiting ends when the time is over, and when somebody interrupts it', () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'lock');
      const lock = held(await nodeLocks().acquire(wish(path)));
      const before = performance.now();
      assert.is((await nodeLocks().acquire(wish(path, { timeout: seconds(1) }))).result, 'busy');
      const waited = performance.now() - before;
      assert.ok(waited >= 950 && waited < 2500, `waited ${waited} ms`);
      const controller = new AbortController();
      const waiting = nodeLocks().acquire(wish(path, { timeout: seconds(30), signal: controller.signal }));
      await sleep(100);
      controller.abort();
      assert.equal(await waiting, { result: 'interrupted' });
      lock.release();
    }));

  test('another process holds it until it ends, be it by SIGKILL; a stopped one still holds it', () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'lock');
      const other = await holderOf(path);
      try {
        const busy = await nodeLocks().acquire(wish(path));
        assert.ok(busy.result === 'busy' && busy.holder?.pid === other.pid && busy.holder?.host === 'elsewhere');
        other.kill('SIGSTOP');
        assert.is((await nodeLocks().acquire(wish(path, { timeout: seconds(1) }))).result, 'busy');
        const waiting = nodeLocks().acquire(wish(path, { timeout: seconds(30) }));
        await sleep(200);
        const before = performance.now();
        other.kill('SIGKILL');
        held(await waiting).release();
        assert.ok(performance.now() - before < 1000, `${performance.now() - before} ms after the holder was killed`);
      } finally {
        other.kill('SIGKILL');
        await ended(other);
      }
    }));

  if (needsRoot() && needs('unshare'))
    test('a holder in other namespaces of processes and networks holds it all the same', () =>
      inTemporaryFolder(async (folder) => {
        const path = join(folder, 'lock');
        const other = await holderOf(path, [programPath('unshare') ?? '', '--pid', '--net', '--fork', '--kill-child']);
        try {
          assert.is((await nodeLocks().acquire(wish(path))).result, 'busy');
        } finally {
          other.stdin?.end();
          await ended(other);
        }
        held(await nodeLocks().acquire(wish(path))).release();
      }));

  test('programs that are started meanwhile do not inherit it', () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'lock');
      const lock = held(await nodeLocks().acquire(wish(path)));
      const child = spawn('sleep', ['30'], { stdio: 'ignore' });
      try {
        lock.release();
        held(await nodeLocks().acquire(wish(path))).release();
      } finally {
        child.kill('SIGKILL');
        await ended(child);
      }
    }));

  test('a lock on a file that is no longer at its path is none: the one that is there now is taken', () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'lock');
      const lock = held(await nodeLocks().acquire(wish(path)));
      const waiting = nodeLocks().acquire(wish(path, { timeout: seconds(30) }));
      await sleep(200);
      renameSync(path, join(folder, 'moved'));
      const now = held(await nodeLocks().acquire(wish(path)));
      lock.release();
      await sleep(300);
      assert.is((await nodeLocks().acquire(wish(path))).result, 'busy');
      now.release();
      held(await waiting).release();
    }));

  test('a program that cannot wait for a while only, as that of BusyBox, is asked again and again', () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'lock');
      const busybox = join(folder, 'flock');
      const body = `case "$*" in *-w*) echo "flock: unrecognized option: w" >&2; exit 1 ;; esac; exec ${programPath('flock')} "$@"`;
      writeFileSync(busybox, `#!/bin/sh\n${body}\n`);
      chmodSync(busybox, 0o755);
      const lock = held(await nodeLocks(busybox).acquire(wish(path)));
      assert.is((await nodeLocks(busybox).acquire(wish(path, { timeout: seconds(1) }))).result, 'busy');
      const waiting = nodeLocks(busybox).acquire(wish(path, { timeout: seconds(30) }));
      await sleep(200);
      lock.release();
      held(await waiting).release();
    }));

  test('each way of locking respects the other', () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'lock');
      const byKernel = held(await nodeLocks().acquire(wish(path)));
      assert.is((await nodeLocks(null).acquire(wish(path))).result, 'busy');
      byKernel.release();
      const byRecord = held(await nodeLocks(null).acquire(wish(path)));
      assert.is((await nodeLocks().acquire(wish(path))).result, 'busy');
      byRecord.release();
      held(await nodeLocks().acquire(wish(path))).release();
    }));
}

test('what is no regular file is no lock, and is left as it is', () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, 'lock');
    symlinkSync(join(folder, 'target'), path);
    assert.is((await nodeLocks().acquire(wish(path))).result, 'refused');
    assert.not.ok(existsSync(join(folder, 'target')));
    mkdirSync(join(folder, 'folder'));
    assert.is((await nodeLocks().acquire(wish(join(folder, 'folder')))).result, 'refused');
    spawnSync('mkfifo', [join(folder, 'pipe')]);
    assert.is((await nodeLocks().acquire(wish(join(folder, 'pipe')))).result, 'refused');
    assert.is((await nodeLocks().acquire(wish(join(folder, 'nowhere', 'lock')))).result, 'refused');
  }));

test('without the kernel: one holder at a time, and nothing is left behind', () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, 'lock');
    const lock = held(await nodeLocks(null).acquire(wish(path)));
    assert.equal(await nodeLocks(null).acquire(wish(path)), { result: 'busy', holder: me, elsewhere: false });
    const waiting = nodeLocks(null).acquire(wish(path, { timeout: seconds(30) }));
    await sleep(150);
    lock.release();
    held(await waiting).release();
    assert.equal(readdirSync(folder), []);
  }));

// biome-ignore format: table
const gone: readonly (readonly [what: string, change: Readonly<Record<string, unknown>>, obtained: boolean])[] = [
  ['its process is there',                              {},                                      false],
  ['its number is another process by now',              { start: '1' },                          true],
  ['the machine was started again since',               { boot: 'another' },                     true],
  ['it is in another namespace, where we cannot look',  { namespace: 'pid:[1]', start: '1' },    false],
];
for (const [what, change, obtained] of gone)
  test(`without the kernel: ${obtained ? 'broken' : 'never broken'} where ${what}`, () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'lock');
      const { user, host, command } = me;
      writeFileSync(`${path}.held`, JSON.stringify({ user, host, command, since: '2026-01-01T00:00:00Z', ...ownIdentity(), ...change }));
      const locking = await nodeLocks(null).acquire(wish(path, { timeout: seconds(obtained ? 0 : 1) }));
      assert.is(locked(locking), obtained);
      if (locking.result === 'locked') {
        assert.is(locking.lock.takenOverFrom?.user, 'ana');
        locking.lock.release();
      } else assert.ok(locking.result === 'busy' && locking.elsewhere === (change['namespace'] !== undefined));
    }));

test('without the kernel: only its own lock is given up, be it that somebody has removed the file meanwhile', () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, 'lock');
    const removed = held(await nodeLocks(null).acquire(wish(path)));
    rmSync(`${path}.held`);
    removed.release();
    const first = held(await nodeLocks(null).acquire(wish(path)));
    rmSync(`${path}.held`);
    const second = held(await nodeLocks(null).acquire(wish(path)));
    first.release();
    assert.is((await nodeLocks(null).acquire(wish(path))).result, 'busy', 'the lock of another was given up');
    second.release();
    assert.equal(readdirSync(folder), []);
  }));

test('without the kernel: what nobody can read as a record is nobody certain to be gone', () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, 'lock');
    for (const text of ['', '{', 'null', '{"pid":1}']) {
      writeFileSync(`${path}.held`, text);
      assert.is((await nodeLocks(null).acquire(wish(path))).result, 'busy');
    }
  }));

test.run();
