import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('scripts/run-tests');

const repository = resolve(import.meta.dirname, '../..');
const head = `
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
const test = suite('sample');
`;
const passing = `test('one is one', () => { assert.is(1, 1); });\n`;

interface Run {
  readonly exit: number | null;
  readonly output: string;
  readonly last: string;
}

/** Runs the runner over a folder that holds just these test files. */
function runTests(files: Record<string, string>, words: readonly string[] = [], environment: Record<string, string> = {}): Promise<Run> {
  return inTemporaryFolder((folder) => {
    symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, 'test', name)), { recursive: true });
      writeFileSync(join(folder, 'test', name), text);
    }
    const runner = ['--import', 'tsx', 'scripts/run-tests.ts', '--folder', join(folder, 'test'), ...words];
    const { status, stdout } = spawnSync(process.execPath, runner, {
      cwd: repository,
      encoding: 'utf8',
      env: { ...process.env, CERTSTATE_NO_SKIP: '', ...environment },
    });
    return { exit: status, output: stdout, last: stdout.trimEnd().split('\n').at(-1) ?? '' };
  });
}

test('passing tests are counted, and the exit code is 0', async () => {
  const run = await runTests({
    'a.test.ts': `${head}${passing}${passing}test.run();\n`,
    'room/b.test.ts': `${head}${passing}test.run();\n`,
    'helper.ts': 'throw new Error()',
  });
  assert.is(run.last, '3 passed, 0 failed');
  assert.is(run.exit, 0);
});

test('a failing test is counted and shown with its difference', async () => {
  const run = await runTests({ 'a.test.ts': `${head}${passing}test('sums', () => { assert.is(1 + 1, 3); });\ntest.run();\n` });
  assert.is(run.last, '1 passed, 1 failed');
  assert.is(run.exit, 1);
  assert.match(run.output, '"sums"');
  assert.match(run.output, '++3');
});

test('a word chooses the files whose path contains it; a word that chooses nothing fails', async () => {
  const files = { 'plan/a.test.ts': `${head}${passing}test.run();\n`, 'report/b.test.ts': `${head}${passing}${passing}test.run();\n` };
  assert.is((await runTests(files, ['plan'])).last, '1 passed, 0 failed');
  assert.is((await runTests(files, ['nowhere'])).exit, 1);
});

/** Each of these would pass, or pass in part, if uvu were asked alone. */
const doors: Record<string, { readonly text: string; readonly complaint: string }> = {
  'a suite whose before hook throws': {
    text: `${head}test.before(() => { throw new Error('no'); });\n${passing}test.run();\n`,
    complaint: 'ran 0 of 1 tests without reporting a failure',
  },
  'an after.each hook that throws and takes a failure with it': {
    text: `${head}test.after.each(() => { throw new Error('no'); });\ntest('fails', () => { assert.unreachable(); });\ntest.run();\n`,
    complaint: 'ran 0 of 1 tests without reporting a failure',
  },
  'an after hook that throws': {
    text: `${head}test.after(() => { throw new Error('no'); });\n${passing}test.run();\n`,
    complaint: 'a hook threw after the tests',
  },
  'a file that forgets run': { text: `${head}${passing}`, complaint: 'registered nothing' },
  'a second suite that is never run': {
    text: `${head}const other = suite('other');\nother('x', () => { assert.unreachable(); });\n${passing}test.run();\n`,
    complaint: 'other.run() is missing',
  },
  'tests after run': {
    text: `${head}${passing}test.run();\ntest('late', () => { assert.unreachable(); });\n`,
    complaint: 'tests after test.run() are never run',
  },
  'a suite without tests': { text: `${head}test.run();\n`, complaint: 'suite 1 has no test' },
  only: {
    text: `${head}test.only('one', () => {});\ntest('two', () => { assert.unreachable(); });\ntest.run();\n`,
    complaint: 'left out 1 tests',
  },
  skip: { text: `${head}${passing}test.skip('two', () => { assert.unreachable(); });\ntest.run();\n`, complaint: 'left out 1 tests' },
  'a file that ends the process': { text: `${head}test('x', () => { process.exit(0); });\ntest.run();\n`, complaint: 'ended its process' },
  'a file that cannot be loaded': { text: `${head}throw new Error('broken');\n`, complaint: 'could not be run' },
  'a promise nobody waited for': {
    text: `${head}test('x', async () => { void Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 50)); });\ntest.run();\n`,
    complaint: 'ended its process',
  },
  'a file left in the temporary folder': {
    text: `import { writeFileSync } from 'node:fs';\nimport { tmpdir } from 'node:os';\n${head}test('x', () => { writeFileSync(tmpdir() + '/litter', ''); });\ntest.run();\n`,
    complaint: 'left litter in the temporary folder',
  },
  'another umask': { text: `${head}test('x', () => { process.umask(0o7); });\ntest.run();\n`, complaint: 'left another umask behind' },
  'another environment': {
    text: `${head}test('x', () => { process.env.SAMPLE = '1'; });\ntest.run();\n`,
    complaint: 'left another SAMPLE in the environment',
  },
};

test('whatever could have passed without testing is a failure and is named', async () => {
  const files = Object.fromEntries(Object.values(doors).map(({ text }, index) => [`door-${index}.test.ts`, text]));
  const run = await runTests({ ...files, 'good.test.ts': `${head}${passing}test.run();\n` });
  Object.entries(doors).forEach(([name, { complaint }], index) => {
    assert.ok(run.output.includes(`FAIL  door-${index}.test.ts`), `${name} has passed`);
    assert.ok(
      new RegExp(`door-${index}\\.test\\.ts .*${complaint.replace(/[.()]/g, '\\$&')}`).test(run.output),
      `${name}: not told as "${complaint}"\n${run.output}`,
    );
  });
  assert.match(run.output, 'ok    good.test.ts');
  assert.match(run.last, new RegExp(`, ${Object.keys(doors).length} failed$`));
  assert.is(run.exit, 1);
});

/** A process that has ended may stay as a zombie where nobody collects it. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

test('a file that hangs is ended, with everything it started', async () => {
  const hanging = `import { spawn } from 'node:child_process';\n${head}test('x', async () => { console.log('started ' + spawn('sleep', ['60']).pid + '.'); await new Promise((r) => setTimeout(r, 60000)); });\ntest.run();\n`;
  const run = await runTests({ 'a.test.ts': hanging, 'b.test.ts': `${head}${passing}test.run();\n` }, [], { CERTSTATE_TEST_SECONDS: '2' });
  assert.match(run.output, 'a.test.ts did not end within 2 seconds');
  assert.is(run.last, '1 passed, 1 failed');
  const pid = Number(/started (\d+)\./.exec(run.output)?.[1]);
  assert.not(isRunning(pid));
});

test('a slow file that leaves a process running fails', async () => {
  const leaving = `import { spawn } from 'node:child_process';\n${head}test('x', () => { spawn('sleep', ['60'], { stdio: 'ignore' }).unref(); });\ntest.run();\n`;
  const run = await runTests({ 'a.slow.test.ts': leaving });
  assert.match(run.output, 'left a process running');
  assert.is(run.last, '1 passed, 1 failed');
});

test('a missing program is one skipped test, and none where no skip is allowed', async () => {
  const needing = `import { needs } from '${join(repository, 'test/support/needs.ts')}';\n${head}${passing}if (needs('minica')) test('x', () => {});\ntest('y', () => { if (!needs('cfssl')) return; });\ntest.run();\n`;
  const bare = { PATH: '/nowhere' };
  const run = await runTests({ 'a.test.ts': needing }, [], bare);
  assert.match(run.output, 'skipped: needs minica (Debian: minica)');
  assert.is(run.last, '1 passed, 0 failed, 2 skipped');
  assert.is(run.exit, 0);
  const strict = await runTests({ 'a.test.ts': needing }, [], { ...bare, CERTSTATE_NO_SKIP: '1' });
  assert.is(strict.last, '1 passed, 2 failed');
  assert.is(strict.exit, 1);
});

test('help is printed, and nothing is run; a flag that there is not is said in a sentence', () => {
  const runner = (...words: readonly string[]) => spawnSync(process.execPath, words, { cwd: repository, encoding: 'utf8' });
  const help = runner('scripts/test.mjs', '--help');
  assert.equal([help.status, help.stderr], [0, '']);
  assert.match(help.stdout, /^npm test \[-- WORD\.\.\.\]/);
  const wrong = runner('--import', 'tsx', 'scripts/run-tests.ts', '--nonsense');
  assert.equal([wrong.status, wrong.stdout], [64, '']);
  assert.match(wrong.stderr, /^Unknown option '--nonsense'/);
  assert.not.match(wrong.stderr, /\n\s+at /);
});

test.run();
