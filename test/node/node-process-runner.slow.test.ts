import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeProcessRunner } from '../../src/node/node-process-runner.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('node/node-process-runner');

const limits = { milliseconds: 20_000, outputBytes: 64 * 1024 };
const node = process.execPath;

const words: readonly (readonly [string, string])[] = [
  ['a command substitution', '$(touch /tmp/should-not-be-there)'],
  ['a semicolon', '; rm -rf x'],
  ['a line feed', 'one\ntwo'],
  ['a leading dash', '--version'],
  ['a glob and a tilde', '~/*'],
  ['128 kB less a few', 'x'.repeat(130_000)],
];
for (const [name, word] of words) {
  test(`${name} in an argument is passed as it stands`, async () => {
    const end = await nodeProcessRunner.run(
      [node, '-e', 'process.stdout.write(process.argv.slice(1).join("|").slice(-60000))', '--', word],
      limits,
    );
    assert.equal(end, { end: 'exited', code: 0, output: word.slice(-60_000) });
  });
}

const answering = [node, '-e', 'process.stderr.write("said"); process.stdout.write("x".repeat(100000))'] as const;
test('an answer is kept whole, and apart from what the program says', async () => {
  const end = await nodeProcessRunner.run(answering, { ...limits, outputBytes: 10, answerBytes: 100_000 });
  assert.equal(end, { end: 'exited', code: 0, output: 'said', answer: Buffer.alloc(100_000, 'x') });
});

test('an answer that is longer than may be is none', async () => {
  const end = await nodeProcessRunner.run(answering, { ...limits, answerBytes: 99_999 });
  assert.equal(end, { end: 'exited', code: 0, output: 'said', answer: undefined });
});

test('nothing of our environment reaches the program', async () => {
  process.env['CA_PASSPHRASE'] = 'secret';
  try {
    const end = await nodeProcessRunner.run(['env'], limits);
    assert.equal(
      end.end === 'exited' &&
        end.output
          .split('\n')
          .filter(Boolean)
          .map((line) => line.split('=')[0])
          .sort(),
      ['HOME', 'LANG', 'PATH'],
    );
  } finally {
    delete process.env['CA_PASSPHRASE'];
  }
});

test('no file that we have open is open in the program', async () => {
  const descriptor = openSync('/etc/passwd', 'r');
  try {
    const end = await nodeProcessRunner.run(['ls', '-l', '/proc/self/fd'], limits);
    assert.ok(end.end === 'exited' && end.code === 0);
    assert.not.match(end.output, '/etc/passwd');
  } finally {
    closeSync(descriptor);
  }
});

test('exit code, signal, a name that is nowhere, and a file that is no program are told apart', async () => {
  const run = async (...argv: [string, ...string[]]) => nodeProcessRunner.run(argv, limits);
  assert.equal(await run('sh', '-c', 'exit 7'), { end: 'exited', code: 7, output: '' });
  assert.equal(await run('sh', '-c', 'kill -9 $$'), { end: 'signalled', signal: 'SIGKILL', output: '' });
  assert.is((await run('no-such-program-anywhere')).end, 'not-started');
  assert.equal(await run('/etc/passwd'), { end: 'not-started', cause: 'EACCES' });
});

test('what hangs is ended with everything it started', async () => {
  await inTemporaryFolder(async (folder) => {
    const file = join(folder, 'child');
    const end = await nodeProcessRunner.run(['sh', '-c', `sleep 300 & echo $! > ${file}; wait`], { ...limits, milliseconds: 500 });
    assert.is(end.end, 'timed-out');
    await pause(200);
    assert.not.ok(existsSync(`/proc/${readFileSync(file, 'utf8').trim()}/exe`));
  });
});

test('what ignores SIGTERM is killed', async () => {
  const end = await nodeProcessRunner.run(['sh', '-c', 'trap "" TERM; while :; do sleep 1; done'], { ...limits, milliseconds: 300 });
  assert.is(end.end, 'timed-out');
});

test('a daemon that it leaves behind does not keep us waiting', async () => {
  const start = Date.now();
  const end = await nodeProcessRunner.run(['sh', '-c', 'sleep 4 & exit 0'], limits);
  assert.is(end.end, 'exited');
  assert.ok(Date.now() - start < 3000);
});

test('of endless output the end is kept, and no more', async () => {
  const end = await nodeProcessRunner.run(['sh', '-c', 'yes | head -c 20000000; echo end'], limits);
  assert.ok(end.end === 'exited' && end.output.length <= limits.outputBytes && end.output.endsWith('end\n'));
});

test('interrupted, it is ended', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 200);
  const end = await nodeProcessRunner.run(['sleep', '300'], limits, controller.signal);
  assert.equal(end, { end: 'signalled', signal: 'SIGTERM', output: '' });
});

test.run();
