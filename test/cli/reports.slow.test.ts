import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inAppliedScene, inScene, type Scene } from '../support/scene.ts';

const test = suite('cli/reports');

/** No pipeline of somebody else's may speak for the one of a test. */
const quiet = {
  GITHUB_ACTIONS: '',
  GITHUB_OUTPUT: '',
  GITHUB_STEP_SUMMARY: '',
  GITHUB_WORKSPACE: '',
  GITHUB_SHA: '',
  CI_PROJECT_DIR: '',
  CI_PROJECT_URL: '',
};

const run = ({ runIn }: Scene, env: Readonly<Record<string, string>>, command: string, ...args: readonly string[]) =>
  runIn({ env: { ...quiet, ...env } }, command, ...args);

const read = ({ folder }: Scene, name: string): string => readFileSync(join(folder, name), 'utf8');

test('one run writes every report it is asked for, and prints what it prints without them', () =>
  inAppliedScene((scene) => {
    chmodSync(scene.at('/tls/server.key'), 0o644);
    const plain = run(scene, {}, 'check');
    const formats = [
      'sarif=c.sarif',
      'junit=c.xml',
      'gitlab=c.json',
      'rdjson=r.json',
      'markdown=c.md',
      'github=g.txt',
      'json=j.json',
      'text=t.txt',
    ];
    const { exit, stdout, stderr } = run(scene, {}, 'check', ...formats.flatMap((format) => ['--report', format]));
    assert.is(exit, 2);
    assert.is(stdout, plain.stdout);
    assert.is(stderr, plain.stderr);
    assert.is(read(scene, 't.txt'), stdout);
    const found = ['c.sarif', 'c.xml', 'c.json', 'r.json', 'c.md', 'g.txt', 'j.json', 't.txt'].map((name) =>
      read(scene, name).includes('private-key-mode'),
    );
    assert.ok(found.every(Boolean));
  }));

test('--report json is --json, and a format on stdout is there alone', () =>
  inAppliedScene((scene) => {
    const idOf = (...flags: readonly string[]) =>
      (JSON.parse(run(scene, {}, 'plan', ...flags, '--now', '2030-01-01T00:00Z').stdout) as { readonly id: string }).id;
    assert.is(idOf('--report', 'json'), idOf('--json'));
    const { stdout, stderr } = run(scene, {}, 'check', '--report', 'sarif');
    assert.is((JSON.parse(stdout) as { version: string }).version, '2.1.0');
    assert.is(stderr, '');
  }));

for (const command of ['plan', 'check', 'validate', 'status']) {
  test(`${command} reports broken text too: exit code 65, the diagnostics in every format`, () =>
    inScene((scene) => {
      writeFileSync(scene.file, scene.yaml.replace('issuer: etcd', 'issuer: ectd'));
      if (command === 'status') {
        assert.is(run(scene, {}, command, '--report', 'openmetrics=m.prom').exit, 65);
        assert.match(read(scene, 'm.prom'), 'certstate_findings{code="unknown-issuer",class="error",level="error"} 1');
        return;
      }
      const { exit, stdout, stderr } = run(
        scene,
        {},
        command,
        '--report',
        'sarif=c.sarif',
        '--report',
        'markdown=c.md',
        '--report',
        'junit=c.xml',
        '--report',
        'github',
      );
      assert.is(exit, 65);
      assert.match(stderr, 'error[unknown-issuer]');
      assert.match(stdout, /^::error file=state\.yaml,line=5,/);
      const { results, invocations } = (
        JSON.parse(read(scene, 'c.sarif')) as {
          runs: [{ results: { ruleId: string }[]; invocations: { executionSuccessful: boolean; exitCode: number }[] }];
        }
      ).runs[0];
      assert.equal(
        [results[0]?.ruleId, invocations[0]?.executionSuccessful, invocations[0]?.exitCode],
        ['unknown-issuer', command === 'validate', 65],
      );
      assert.match(read(scene, 'c.md'), 'in the text of the desired state');
      assert.match(read(scene, 'c.xml'), '<failure type="unknown-issuer"');
    }));
}

test('in GitHub Actions check and validate annotate by themselves below their text; a word about text or JSON turns it off', () =>
  inAppliedScene((scene) => {
    chmodSync(scene.at('/tls/server.key'), 0o644);
    const actions = { GITHUB_ACTIONS: 'true' };
    assert.match(run(scene, actions, 'check').stdout, /fails? the check[\s\S]*\n::error file=state\.yaml,line=5,/);
    assert.match(run(scene, actions, 'check', '--report', 'sarif=c.sarif').stdout, '::error ');
    for (const off of [['--report', 'text'], ['--json'], ['--report', 'github=g.txt'], ['--report', 'markdown']])
      assert.not.match(run(scene, actions, 'check', ...off).stdout, /^::/m);
    assert.not.match(run(scene, actions, 'plan').stdout, /^::/m);
    assert.not.match(run(scene, {}, 'check').stdout, /^::/m);
  }));

test('paths and links are those of the repository, wherever in it the command runs', () =>
  inAppliedScene((scene) => {
    const parent = join(scene.folder, '..');
    const name = scene.folder.slice(parent.length + 1);
    const sha = 'a'.repeat(40);
    const env = { GITHUB_WORKSPACE: parent, GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'o/r', GITHUB_SHA: sha };
    chmodSync(scene.at('/tls/server.key'), 0o644);
    assert.match(run(scene, env, 'check', '--report', 'github').stdout, `file=${name}/state.yaml,`);
    assert.match(run(scene, env, 'plan', '--report', 'markdown').stdout, `https://github.com/o/r/blob/${sha}/${name}/state.yaml#L5`);
  }));

test('a step tells those after it whether something would change, the plan, the exit code and why', () =>
  inScene((scene) => {
    const output = join(scene.folder, 'output');
    const told = (...args: readonly [string, ...string[]]): Readonly<Record<string, string>> => {
      writeFileSync(output, '');
      run(scene, { GITHUB_OUTPUT: output }, ...args);
      return Object.fromEntries(
        readFileSync(output, 'utf8')
          .trimEnd()
          .split('\n')
          .map((line) => line.split('=') as [string, string]),
      );
    };
    const { 'plan-id': id, ...others } = told('plan', '--exit-code');
    assert.match(id ?? '', /^sha256:[0-9a-f]{64}$/);
    assert.equal(others, { changes: 'true', 'exit-code': '2', 'failure-reason': 'changes' });
    assert.equal(told('apply', '--yes'), { 'exit-code': '22', 'failure-reason': 'blocked' });
    assert.equal(told('apply', '--yes', '--confirm', 'ca/etcd'), { 'exit-code': '0', 'failure-reason': '' });
    assert.is(told('plan')['changes'], 'false');
    for (const wrong of ['plan --no-such-flag', 'no-such-command', 'check --fail-on expird'])
      assert.equal(told(...(wrong.split(' ') as [string, ...string[]])), { 'exit-code': '64', 'failure-reason': 'usage' });
    writeFileSync(scene.file, '{');
    assert.equal(told('check'), { 'exit-code': '65', 'failure-reason': 'config' });
  }));

test('a step summary is added to, any other file is replaced', () =>
  inAppliedScene((scene) => {
    const summary = join(scene.folder, 'summary.md');
    writeFileSync(summary, 'what an earlier step said\n');
    for (const name of ['summary.md', 'other.md']) {
      for (let time = 0; time < 2; time += 1) run(scene, { GITHUB_STEP_SUMMARY: summary }, 'check', '--report', `markdown=${name}`);
    }
    assert.match(read(scene, 'summary.md'), /^what an earlier step said\n<!-- certstate:check:state -->/);
    assert.is(read(scene, 'summary.md').split('<!-- certstate').length, 3);
    assert.is(read(scene, 'other.md').split('<!-- certstate').length, 2);
  }));

test('a report that cannot be written is exit code 1; the verdict is printed and its exit code said, the other reports are written', () =>
  inAppliedScene((scene) => {
    chmodSync(scene.at('/tls/server.key'), 0o644);
    symlinkSync('elsewhere', join(scene.folder, 'link.xml'));
    const { exit, stdout, stderr } = run(
      scene,
      {},
      'check',
      '--report',
      'sarif=nowhere/c.sarif',
      '--report',
      'junit=link.xml',
      '--report',
      'markdown=c.md',
    );
    assert.is(exit, 1);
    assert.match(stdout, 'private-key-mode');
    assert.is(stderr.split('error[report-unwritable]').length, 3);
    assert.match(stderr, 'otherwise the exit code would be 2');
    assert.ok(existsSync(join(scene.folder, 'c.md')));
    assert.not(existsSync(join(scene.folder, 'elsewhere')));
  }));

test('a mistyped path costs neither a key nor the desired state: exit code 1, and both are as they were', () =>
  inAppliedScene((scene) => {
    const places = [scene.at('/tls/server.key'), scene.file];
    const before = places.map((path) => readFileSync(path, 'utf8'));
    for (const command of ['plan', 'check', 'validate', 'status']) {
      for (const path of places) {
        const { exit, stderr } = run(scene, {}, command, '--report', `json=${path}`);
        assert.is(exit, 1, `${command} ${path}`);
        assert.match(stderr, /error\[report-unwritable\].*is there, and stays/s, command);
      }
    }
    assert.equal(
      places.map((path) => readFileSync(path, 'utf8')),
      before,
    );
  }));

test('commands without reports refuse broken text in JSON as they did', () =>
  inScene((scene) => {
    writeFileSync(scene.file, '{');
    const commands: readonly (readonly [string, ...string[]])[] = [['apply', '--dry-run'], ['apply'], ['show', 'ca/etcd']];
    for (const [command, ...args] of commands) {
      const { exit, stdout, stderr } = run(scene, {}, command, ...args, '--json');
      assert.equal([exit, stderr], [65, '']);
      assert.match(stdout, '"certstate.');
    }
  }));

test('no report holds a private key, nor what stands in a key file', () =>
  inAppliedScene((scene) => {
    const secret = readFileSync(scene.at('/tls/server.key'), 'utf8').split('\n')[1] as string;
    // A key in the place of a certificate is what somebody might have quoted in a message.
    mkdirSync(scene.at('/tls'), { recursive: true });
    writeFileSync(scene.at('/tls/server.crt'), readFileSync(scene.at('/tls/server.key')));
    for (const format of ['sarif', 'junit', 'gitlab', 'rdjson', 'markdown', 'github', 'json', 'text']) {
      const { stdout, stderr } = run(scene, {}, 'check', '--report', format);
      assert.not.ok(`${stdout}${stderr}`.includes(secret), format);
    }
  }));

test.run();
