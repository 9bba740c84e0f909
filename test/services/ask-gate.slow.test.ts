import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seconds } from '../../src/domain/time.ts';
import type { DesiredGate } from '../../src/domain/windows.ts';
import { nodeProcessRunner } from '../../src/node/node-process-runner.ts';
import { askGate } from '../../src/services/ask-gate.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('services/ask-gate');

const place = { file: 'pki.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 };
const ask = async (command: readonly string[], rest: Partial<DesiredGate> = {}): Promise<string> => {
  const answer = await askGate(
    { name: 'gate', place, command, timeout: seconds(20), ...rest },
    { runner: nodeProcessRunner, userOf: () => undefined, signal: new AbortController().signal },
  );
  switch (answer.answer) {
    case 'go':
      return 'go';
    case 'not-now':
      return `not now: ${answer.reason}`;
    case 'none':
      return `none: ${answer.detail}${answer.output === '' ? '' : `: ${answer.output.trim()}`}`;
  }
};
const sh = (line: string): readonly string[] => ['/bin/sh', '-c', line];

// biome-ignore format: table
const rows: readonly (readonly [string, readonly string[], string])[] = [
  ['0 means go',                        sh('exit 0'),                             'go'],
  ['whatever it prints',                sh('echo no; exit 0'),                    'go'],
  ['75 means not now',                  sh('exit 75'),                            'not now: '],
  ['and its last line says why',        sh('echo looking; echo member 2 is not healthy; exit 75'), 'not now: member 2 is not healthy'],
  ['1 is no answer',                    sh('echo broken; exit 1'),                'none: exit code 1: broken'],
  ['nor is 127',                        sh('exit 127'),                           'none: exit code 127'],
  ['nor a signal',                      sh('kill -9 $$'),                         'none: ended by SIGKILL'],
];
for (const [name, command, expected] of rows)
  test(name, async () => {
    assert.is(await ask(command), expected);
  });

test('a program that hangs is ended when its time is over, and what it started with it', () =>
  inTemporaryFolder(async (folder) => {
    const late = join(folder, 'late');
    const began = Date.now();
    assert.is(await ask(sh(`(sleep 3; touch ${late}) & sleep 60`), { timeout: seconds(1) }), 'none: not finished after 1 s');
    assert.ok(Date.now() - began < 15_000);
    await new Promise((resolve) => setTimeout(resolve, 3500));
    assert.not(existsSync(late));
  }));

test('a program that is not there, or may not be run, is no answer', () =>
  inTemporaryFolder(async (folder) => {
    assert.match(await ask(['/nowhere/gate']), /^none: .*\(ENOENT\)/);
    const file = join(folder, 'gate');
    writeFileSync(file, '#!/bin/sh\nexit 0\n');
    chmodSync(file, 0o644);
    assert.match(await ask([file]), /^none: .*\(EACCES\)/);
  }));

test('arguments reach it as they stand: nothing is a shell, and nothing of our environment is there', async () => {
  const words = ['$(touch /tmp/never)', ';', '`id`', '&&', '--', '-x', 'a b', '*'];
  const script = `process.exit(JSON.stringify(process.argv.slice(1)) === ${JSON.stringify(JSON.stringify(words))} && process.env.SECRET === undefined ? 75 : 3)`;
  process.env['SECRET'] = 'key';
  try {
    assert.is(await ask([process.execPath, '-e', script, '--', ...words]), 'not now: ');
  } finally {
    delete process.env['SECRET'];
  }
});

test('a user that this host does not have is no answer', async () => {
  assert.is(await ask(sh('exit 0'), { user: 'nobody-of-that-name' }), 'none: this host has no user nobody-of-that-name to run it as');
});

test.run();
