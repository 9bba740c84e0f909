/** What the program says when it cannot go on: a bug of its own, and a question that nobody can answer. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inScene, type Scene } from '../support/scene.ts';

const test = suite('cli/main');

/** Node's own `hostname` fails, which nothing expects. */
function withBug(scene: Scene): { readonly env: Record<string, string> } {
  const sabotage = join(scene.folder, 'sabotage.cjs');
  writeFileSync(sabotage, "require('node:os').hostname = () => { throw new Error('the moon is in the wrong place'); };\n");
  return { env: { NODE_OPTIONS: `--require ${sabotage}` } };
}

test('a bug is said to be one, in a sentence, with the version and what to do; the stack only where it is asked for', () =>
  inScene((scene) => {
    const plain = scene.runIn(withBug(scene), 'plan');
    assert.equal([plain.exit, plain.stdout], [1, '']);
    assert.match(plain.stderr, /^error\[internal-error\]: this is a bug in certstate \d+\.\d+\.\d+: the moon is in the wrong place\n/);
    assert.not.match(plain.stderr, /\n\s+at /);
    const debug = scene.runIn(withBug(scene), 'plan', '--debug');
    assert.is(debug.exit, 1);
    assert.match(debug.stderr, /\n\s+at .*certstate\.cjs/);
  }));

test('a program that reads JSON is told of a bug in JSON', () =>
  inScene((scene) => {
    const { exit, stdout, stderr } = scene.runIn(withBug(scene), 'plan', '--json');
    const { diagnostics } = JSON.parse(stdout) as { readonly diagnostics: readonly { readonly code: string }[] };
    assert.equal([exit, stderr, diagnostics.map(({ code }) => code)], [1, '', ['internal-error']]);
  }));

test('what is printed and cannot be written is no success: a full disk is said in one line, and costs the exit code', () =>
  inScene(({ runIn }) => {
    const ontoFullDisk = { under: ['sh', '-c', 'exec "$@" > /dev/full', 'sh'] };
    for (const [command, ...flags] of [['check'], ['plan', '--exit-code'], ['plan', '--json'], ['validate']] as const) {
      const { exit, stderr } = runIn(ontoFullDisk, command, ...flags);
      assert.is(exit, 1, command);
      assert.match(stderr, /^error\[report-unwritable\]: standard output cannot be written: ENOSPC.*\n$/, command);
    }
  }));

test('a wrong argument is shown on one line, whatever is in it', () =>
  inScene(({ run }) => {
    for (const [command, ...flags] of [
      ['plan', '--set', 'x\n::error::y'],
      ['x\n::error::y'],
      ['plan', '--x\u001b[31m\n::error::y'],
    ] as const) {
      const { exit, stderr } = run(command, ...flags);
      assert.is(exit, 64);
      assert.match(stderr, /^error\[usage\]: .*\\u\{a\}::error::y.*\n {2}= help: .*\n$/);
      assert.not.match(stderr, '\u001b');
    }
  }));

test('what is wrong with the words is said as one document on stdout to whoever reads JSON, however that was asked for', () =>
  inScene(({ run }) => {
    for (const [command, ...flags] of [
      ['check', '--bogus', '--json'],
      ['check', '--report=json', '--bogus'],
      ['plan', '-o', '-', '--bogus'],
      ['plan', '--report', 'json', '--report', 'sarif'],
      ['bogus', '--json'],
      ['--json'],
    ] as const) {
      const { exit, stdout, stderr } = run(command, ...flags);
      const { diagnostics } = JSON.parse(stdout) as { readonly diagnostics: readonly { readonly code: string }[] };
      assert.equal([exit, stderr, diagnostics.map(({ code }) => code)], [64, '', ['usage']], `${command} ${flags.join(' ')}`);
    }
  }));

test('without a terminal and without --yes nothing is changed, and the flag to add is said', () =>
  inScene((scene) => {
    let said = { exit: null as number | null, stdout: '', stderr: '' };
    assert.equal(
      scene.changes(() => {
        said = scene.run('apply', '--confirm', 'ca/etcd');
      }),
      [],
    );
    assert.is(said.exit, 20);
    assert.match(said.stderr, /^error\[declined\]: nothing was changed: there is no terminal to ask on\n.*--yes/s);
    assert.match(scene.run('apply', '--confirm', 'ca/etcd', '--json').stdout, /"code":"declined"/);
  }));

test.run();
