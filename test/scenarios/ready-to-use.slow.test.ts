/** What others take from this repository to run certstate: the GitHub action, the GitLab template, the hooks of pre-commit. Their scripts are run as they stand. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { needs, programPath } from '../support/needs.ts';
import { plainEnvironment } from '../support/run-certstate.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('scenarios/ready-to-use');

const repository = resolve(import.meta.dirname, '../..');
const textOf = (name: string): string => readFileSync(join(repository, name), 'utf8');

const good = `version: 1
authorities:
  site:
    commonName: Site CA
    files: { certificate: /etc/tls/ca.crt, privateKey: /etc/tls/ca.key }
`;
const bad = good.replace('commonName', 'comonName');

interface Step {
  readonly id?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly run: string;
  readonly shell: string;
}
interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}
const action = parse(textOf('action.yml')) as Action;

/** The package as it is published, of what `npm test` has built. */
function packedInto(folder: string): string {
  const { stdout, stderr, status } = spawnSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
    cwd: repository,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return join(folder, stdout.trim().split('\n').at(-1) ?? '');
}

function bash(script: string, cwd: string, env: Readonly<Record<string, string>>) {
  // As GitHub and GitLab run it: what fails ends the script.
  const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd,
    encoding: 'utf8',
    env: { ...plainEnvironment(), GITHUB_ACTIONS: undefined, ...env },
  });
  return { status, stdout, stderr };
}

/** Runs the action as a runner does: expressions filled in, one step after the other until one fails. */
function runAction(folder: string, inputs: Readonly<Record<string, string>>, actionPath = repository) {
  const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary.md') };
  for (const path of Object.values(files)) writeFileSync(path, '');
  const value = (expression: string): string => {
    const [, of, name = ''] = /^\$\{\{ (inputs|github)\.([\w-]+) \}\}$/.exec(expression) ?? [];
    if (of === 'github') return actionPath;
    if (of === 'inputs') return inputs[name] ?? action.inputs[name]?.default ?? '';
    throw new Error(`${expression} is not understood here`);
  };
  let result = { status: 0 as number | null, stdout: '', stderr: '' };
  for (const { env, run } of action.runs.steps) {
    const filled = Object.fromEntries(Object.entries(env).map(([name, expression]) => [name, value(expression)]));
    const ended = bash(run, join(folder, 'work'), {
      ...filled,
      ...files,
      RUNNER_TEMP: join(folder, 'temp'),
      GITHUB_ACTIONS: 'true',
      CI: 'true',
    });
    result = { ...ended, stdout: result.stdout + ended.stdout };
    if (ended.status !== 0) break;
  }
  const outputs = Object.fromEntries(
    readFileSync(files.GITHUB_OUTPUT, 'utf8')
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  return { ...result, outputs, summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8') };
}

async function inCheckout(text: string, body: (folder: string, version: string) => void): Promise<void> {
  await inTemporaryFolder((folder) => {
    const version = packedInto(folder);
    for (const name of ['work/desired-state', 'temp', 'root']) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'work/desired-state/site.yaml'), text);
    body(folder, version);
  });
}

test('the action takes no input into the text of a script, and every input and output of it is used', () => {
  const { steps, using } = action.runs;
  assert.is(using, 'composite');
  for (const { run, shell } of steps) {
    assert.not.match(run, /\$\{\{/);
    assert.is(shell, 'bash');
  }
  const used = textOf('action.yml');
  for (const [name, { description }] of Object.entries(action.inputs)) {
    assert.match(used, `\${{ inputs.${name} }}`);
    assert.ok(description.length > 0);
  }
  for (const { value } of Object.values(action.outputs)) assert.match(value, /^\$\{\{ steps\.run\.outputs\.[\w-]+ \}\}$/);
});

test('the action annotates what is wrong in the YAML, fails, and says why in its outputs', async () => {
  await inCheckout(bad, (folder, version) => {
    const { status, stdout, outputs, summary } = runAction(folder, { version, sarif: 'certstate.sarif' });
    assert.is(status, 65, stdout);
    assert.match(summary, '1 problem in the text of the desired state');
    assert.is(runAction(folder, { version, summary: 'false' }).summary, '');
    assert.match(stdout, /^::error file=desired-state\/site\.yaml,line=4,/m);
    assert.is(outputs['exit-code'], '65');
    assert.is(outputs['failure-reason'], 'config');
    assert.is(JSON.parse(readFileSync(join(folder, 'work/certstate.sarif'), 'utf8')).version, '2.1.0');
  });
});

test('the action shows a plan in the step summary, and gives its id to later steps', async () => {
  await inCheckout(good, (folder, version) => {
    const { status, stderr, outputs, summary } = runAction(folder, { version, command: 'plan', root: join(folder, 'root'), fail: 'false' });
    assert.is(status, 0, stderr);
    assert.is(outputs['changes'], 'true');
    assert.is(outputs['exit-code'], '2');
    assert.match(outputs['plan-id'] ?? '', /^sha256:[0-9a-f]{64}$/);
    assert.match(summary, 'ca/site');
    const failing = runAction(folder, { version, command: 'plan', root: join(folder, 'root') });
    assert.is(failing.status, 2);
    assert.is(runAction(folder, { version, command: 'apply; touch harm' }).status, 64);
    assert.not.ok(existsSync(join(folder, 'work/harm')));
  });
});

/** The package as it is published, as a folder that is packed without being built. */
function unpackedInto(folder: string, prepack: string): string {
  const to = join(folder, 'unpacked');
  mkdirSync(to);
  spawnSync('tar', ['-xzf', packedInto(folder), '--strip-components=1'], { cwd: to });
  const { scripts: _, devDependencies: __, ...manifest } = JSON.parse(readFileSync(join(to, 'package.json'), 'utf8'));
  writeFileSync(join(to, 'package.json'), JSON.stringify({ ...manifest, scripts: { prepack } }));
  copyFileSync(join(repository, '.npmrc'), join(to, '.npmrc'));
  return to;
}

test('the action that is told no version installs what it is itself, from nowhere else', async () => {
  await inCheckout(good, (folder) => {
    const action = unpackedInto(join(folder, 'temp'), 'echo built >&2; echo built >built');
    const { name, version } = JSON.parse(readFileSync(join(action, 'package.json'), 'utf8'));
    writeFileSync(
      join(action, 'package-lock.json'),
      JSON.stringify({ name, version, lockfileVersion: 3, packages: { '': { name, version } } }),
    );
    const { status, stdout, stderr, outputs } = runAction(folder, {}, action);
    assert.is(status, 0, stdout + stderr);
    assert.is(outputs['exit-code'], '0');
    assert.ok(existsSync(join(action, 'built')));
  });
});

test('the action says why it could not be installed', async () => {
  await inCheckout(good, (folder) => {
    const { status, stderr } = runAction(folder, { version: './nowhere.tgz' });
    assert.ok(status);
    assert.match(stderr, 'nowhere.tgz');
  });
});

test('the GitLab template judges the text and leaves what GitLab shows in a merge request', async () => {
  await inCheckout(good, (folder, version) => {
    const template = parse(textOf('templates/certstate.gitlab-ci.yml')) as Record<
      string,
      {
        readonly script: readonly string[];
        readonly before_script: readonly string[];
        readonly artifacts: { readonly reports: Readonly<Record<string, string>> };
      }
    >;
    const { before_script: before = [] } = template['.certstate'] ?? {};
    const unset = bash(before.join('\n'), join(folder, 'work'), { CI_PROJECT_DIR: join(folder, 'work'), CERTSTATE_PACKAGE: '' });
    assert.is(unset.status, 1);
    assert.match(unset.stdout, 'CERTSTATE_PACKAGE is not set');
    for (const name of ['certstate-validate', 'certstate-plan']) {
      const job = template[name];
      assert.ok(job);
      const env = { CI_PROJECT_DIR: join(folder, 'work'), CERTSTATE_PACKAGE: version, CERTSTATE_INVENTORY: 'inventory.json' };
      if (name === 'certstate-plan') {
        const script = `${before.join('\n')}\ncertstate status --json --root "${folder}/root" > inventory.json`;
        assert.is(bash(script, join(folder, 'work'), env).status, 0);
      }
      const { status, stdout, stderr } = bash([...before, ...(job?.script ?? [])].join('\n'), join(folder, 'work'), env);
      assert.is(status, 0, `${name}: ${stdout}${stderr}`);
      for (const file of Object.values(job?.artifacts.reports ?? {}))
        assert.ok(existsSync(join(folder, 'work', file)), `${name} leaves no ${file}`);
    }
    const { create } = JSON.parse(readFileSync(join(folder, 'work/plan.json'), 'utf8'));
    assert.is(create, 1);
  });
});

test('pre-commit installs the hooks out of this repository, and they refuse broken YAML and private keys', async () => {
  if (!needs('pre-commit', 'git')) return;
  await inTemporaryFolder((folder) => {
    const checkout = join(folder, 'checkout');
    const git = (cwd: string, ...args: string[]) => {
      const identity = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', '-c', 'commit.gpgsign=false'];
      const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], { cwd, encoding: 'utf8' });
      if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
      return stdout.trim();
    };
    // A repository that has the package as it is published, so that nothing has to be built for the hooks; pre-commit packs it, which runs `prepack`.
    const hooks = unpackedInto(folder, 'node -e 0');
    copyFileSync(join(repository, '.pre-commit-hooks.yaml'), join(hooks, '.pre-commit-hooks.yaml'));
    git(hooks, 'init', '--quiet');
    git(hooks, 'add', '--force', '--all');
    git(hooks, 'commit', '--quiet', '--message', 'hooks');
    mkdirSync(join(checkout, 'desired-state'), { recursive: true });
    git(checkout, 'init', '--quiet');
    const ids = ['certstate-validate', 'certstate-no-private-keys'];
    const config = `repos:\n  - repo: ${hooks}\n    rev: ${git(hooks, 'rev-parse', 'HEAD')}\n    hooks:\n${ids.map((id) => `      - id: ${id}\n`).join('')}`;
    writeFileSync(join(checkout, '.pre-commit-config.yaml'), config);
    writeFileSync(join(checkout, 'desired-state/site.yaml'), good);
    writeFileSync(join(checkout, '-r'), 'a name like a flag\n');
    git(checkout, 'add', '--all');
    const preCommit = () =>
      spawnSync(programPath('pre-commit') ?? '', ['run', '--all-files', '--color', 'never'], {
        cwd: checkout,
        encoding: 'utf8',
        env: { ...plainEnvironment(), PRE_COMMIT_HOME: join(folder, 'cache') },
      });
    const passed = preCommit();
    assert.is(passed.status, 0, passed.stdout + passed.stderr);
    assert.match(passed.stdout, /certstate validate\.+Passed/);
    writeFileSync(join(checkout, 'desired-state/site.yaml'), bad);
    const openssl = spawnSync('openssl', ['genpkey', '-algorithm', 'ED25519'], { encoding: 'utf8' });
    writeFileSync(join(checkout, 'server.txt'), openssl.stdout);
    git(checkout, 'add', '--all');
    const refused = preCommit();
    assert.is(refused.status, 1);
    assert.match(refused.stdout, /certstate validate\.+Failed/);
    assert.match(refused.stdout, /no private keys in git\.+Failed/);
    assert.match(refused.stdout, 'server.txt:1');
    assert.not.match(refused.stdout, openssl.stdout.split('\n')[1] ?? 'nothing');
  });
});

test.run();
