/** P23: what the operator's commands are handed is literally what the YAML says, and nothing of ours reaches them. */
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeProcessRunner } from '../../src/node/node-process-runner.ts';
import type { ProcessEnd } from '../../src/ports/process-runner.ts';
import { needsRoot } from '../support/needs.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('promises/p23-commands');

const limits = { milliseconds: 10_000, outputBytes: 512 * 1024 };
const run = (argv: readonly [string, ...string[]], more: Partial<typeof limits & { user: { uid: number; gid: number } }> = {}) =>
  nodeProcessRunner.run(argv, { ...limits, ...more });
const printed = (end: ProcessEnd): string => {
  assert.ok(end.end === 'exited' && end.code === 0, JSON.stringify(end).slice(0, 400));
  return end.output;
};

const hostile: Readonly<Record<string, string>> = {
  'a command substitution': '$(touch /tmp/certstate-p23)',
  'back-ticks': '`touch /tmp/certstate-p23`',
  'a second command': '; touch /tmp/certstate-p23;',
  'a pipe and a redirection': '| tee /tmp/certstate-p23 > /tmp/certstate-p23',
  'a line feed': 'one\ntwo\r\n',
  'a leading hyphen': '--version',
  'quotes and a backslash': `'"\\`,
  'a star': '*',
  'a variable': '$HOME ${PATH}',
  'an empty word': '',
  'octets of several alphabets': 'ключ 鍵 \u{1f511}',
  '128 kB but one octet: the longest word that Linux takes': 'x'.repeat(128 * 1024 - 1),
};
for (const [name, word] of Object.entries(hostile))
  test(`an argument arrives as it is: ${name}`, async () => {
    const end = await run([
      '/usr/bin/env',
      '-i',
      process.execPath,
      '-e',
      'process.stdout.write(JSON.stringify(process.argv.slice(1)))',
      '--',
      word,
      'end',
    ]);
    assert.equal(JSON.parse(printed(end)), [word, 'end']);
    assert.not.ok(existsSync('/tmp/certstate-p23'));
  });

test('a longer one is refused by the system, and nothing is run', async () => {
  const end = await run(['true', 'x'.repeat(128 * 1024)]);
  assert.equal(end, { end: 'not-started', cause: 'E2BIG' });
});

test('of our environment nothing is passed on', async () => {
  process.env['CA_PASSPHRASE'] = 'not for anybody';
  try {
    const names = printed(await run(['/usr/bin/env']))
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0]);
    assert.equal(names.sort(), ['HOME', 'LANG', 'PATH']);
  } finally {
    delete process.env['CA_PASSPHRASE'];
  }
});

test('no open file of ours is there, in the root folder', () =>
  inTemporaryFolder(async (folder) => {
    const open = openSync(join(folder, 'private.key'), 'w');
    try {
      const script =
        "const { readdirSync, readlinkSync } = require('node:fs'); process.stdout.write(readdirSync('/proc/self/fd').map((fd) => { try { return readlinkSync('/proc/self/fd/' + fd) } catch { return '' } }).join('\\n') + '\\n' + process.cwd())";
      const links = printed(await run([process.execPath, '-e', script])).split('\n');
      assert.is(links.at(-1), '/');
      assert.not.ok(links.some((link) => link.startsWith(folder)));
    } finally {
      closeSync(open);
    }
  }));

test('what it started ends with it when its time is over', () =>
  inTemporaryFolder(async (folder) => {
    const end = await run(['/bin/sh', '-c', `sleep 60 & echo $! > ${folder}/child; trap '' TERM; wait; sleep 60`], { milliseconds: 500 });
    assert.is(end.end, 'timed-out');
    const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
    let state = 'R';
    for (let tries = 0; tries < 40 && state !== 'gone' && state !== 'Z'; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      state = existsSync(`/proc/${child}/stat`) ? (readFileSync(`/proc/${child}/stat`, 'utf8').split(' ')[2] ?? '') : 'gone';
    }
    assert.ok(state === 'gone' || state === 'Z', state);
  }));

if (needsRoot()) {
  test('run as a user it has that group, none of ours, and cannot get our rights back', async () => {
    const ours = process.getgroups?.() ?? [];
    process.setgroups?.([0, 4, 27]);
    try {
      const user = { uid: 65_534, gid: 65_534 };
      assert.is(printed(await run(['id', '-G'], { user })).trim(), '65534');
      assert.is(printed(await run(['id', '-u'], { user })).trim(), '65534');
      const status = printed(await run(['cat', '/proc/self/status'], { user }));
      assert.match(status, /^Uid:\t65534\t65534\t65534\t65534$/m);
      assert.match(status, /^CapEff:\t0+$/m);
    } finally {
      process.setgroups?.(ours);
    }
  });
}

test.run();
