/** From a branch to the host: what was reviewed without the host's files is what is done there, once, and nothing else. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCertstateIn } from '../support/run-certstate.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { changedPaths, treeOf } from '../support/tree.ts';

const test = suite('scenarios/pipeline');

const yaml = `version: 1

authorities:
  site:
    commonName: Site CA
    files: { certificate: /etc/tls/ca.crt, privateKey: /etc/tls/ca.key }

certificates:
  web:
    issuer: site
    commonName: web.example.com
    dnsNames: [web.example.com]
    profile: server
    files: { certificate: /etc/tls/web.crt, privateKey: /etc/tls/web.key }
  metrics:
    issuer: site
    commonName: metrics
    profile: client
    files: { certificate: /etc/tls/metrics.crt, privateKey: /etc/tls/metrics.key }
`;

interface PlanDocument {
  readonly id: string;
  readonly changes: readonly { readonly address: string; readonly action: string; readonly key: string }[];
}

/** Three places that share nothing but a git repository: where it is edited, a runner of the pipeline, and the host. */
interface Places {
  readonly git: (...args: string[]) => void;
  /** Writes the YAML on a branch of its own, and brings it into main. */
  readonly edit: (branch: string, text: string) => void;
  readonly merge: (branch: string) => void;
  /** Runs certstate in a fresh clone of a branch while the host's files cannot be reached. */
  readonly onRunner: (
    branch: string,
    ...args: string[]
  ) => { readonly exit: number | null; readonly stdout: string; readonly stderr: string };
  readonly onHost: (...args: string[]) => { readonly exit: number | null; readonly stdout: string; readonly stderr: string };
  /** A file that the runner left behind. */
  readonly artifact: (name: string) => string;
  readonly host: string;
}

const identity = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', '-c', 'init.defaultBranch=main', '-c', 'commit.gpgsign=false'];

function run(cwd: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync('git', [...identity, ...args], { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
}

/** An applied host whose inventory lies in the repository. */
async function inPlaces(body: (places: Places) => void): Promise<void> {
  await inTemporaryFolder((folder) => {
    const [repository, host, away, artifacts] = ['repository', 'host', 'host-away', 'artifacts'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
      string,
    ];
    for (const path of [repository, host, artifacts]) mkdirSync(path);
    mkdirSync(join(repository, 'desired-state'));
    const git = (...args: string[]) => run(repository, ...args);
    git('init', '--quiet');
    const commit = (text: string) => {
      writeFileSync(join(repository, 'desired-state', 'site.yaml'), text);
      git('add', '-A');
      git('commit', '--quiet', '--message', 'Certificates of the site');
    };
    commit(yaml);
    let clones = 0;
    const onHost = (...args: string[]) => {
      const checkout = join(folder, 'checkout');
      if (existsSync(checkout)) run(checkout, 'pull', '--quiet');
      else run(folder, 'clone', '--quiet', '--branch', 'main', repository, checkout);
      return runCertstateIn({ cwd: checkout }, ...args, '--root', host);
    };
    const onRunner = (branch: string, ...args: string[]) => {
      clones += 1;
      const clone = join(folder, `runner-${clones}`);
      run(folder, 'clone', '--quiet', '--branch', branch, repository, clone);
      renameSync(host, away);
      try {
        return runCertstateIn({ cwd: clone }, ...args);
      } finally {
        renameSync(away, host);
      }
    };
    const applied = onHost('apply', '--yes', '--confirm', 'ca/site');
    assert.is(applied.exit, 0, applied.stderr);
    const status = onHost('status', '--json');
    assert.is(status.exit, 0, status.stderr);
    writeFileSync(join(repository, 'inventory.json'), status.stdout);
    git('add', '-A');
    git('commit', '--quiet', '--message', 'Inventory of the host');
    body({
      git,
      host,
      onHost,
      onRunner,
      edit(branch, text) {
        git('checkout', '--quiet', '-b', branch, 'main');
        commit(text);
        git('checkout', '--quiet', 'main');
      },
      merge: (branch) => git('merge', '--quiet', '--no-ff', '--no-edit', branch),
      artifact: (name) => readFileSync(join(folder, `runner-${clones}`, name), 'utf8'),
    });
  });
}

const withAnotherName = yaml.replace('[web.example.com]', '[web.example.com, www.example.com]');
const planned = (stdout: string): PlanDocument => JSON.parse(stdout) as PlanDocument;
const work = ({ changes }: PlanDocument) =>
  changes.filter(({ action }) => action !== 'noop').map(({ address, action, key }) => ({ address, action, key }));

test('what a pull request shows without the host’s files is exactly what the host then does, and only once', async () => {
  await inPlaces(({ edit, merge, onRunner, onHost, artifact, host }) => {
    edit('another-name', withAnotherName);

    const valid = onRunner('another-name', 'validate', '--report', 'sarif=validate.sarif');
    assert.is(valid.exit, 0, valid.stderr);
    assert.is(JSON.parse(artifact('validate.sarif')).version, '2.1.0');

    const reports = ['--report', 'markdown=plan.md', '--report', 'sarif=plan.sarif', '--report', 'json=plan.json'];
    const plan = onRunner('another-name', 'plan', '--inventory', 'inventory.json', '--exit-code', ...reports);
    assert.is(plan.exit, 2, plan.stderr);
    const reviewed = planned(artifact('plan.json'));
    assert.equal(work(reviewed), [{ address: 'cert/web', action: 'reissue', key: 'new' }]);
    const short = reviewed.id.replace('sha256:', '').slice(0, 12);
    assert.match(plan.stdout, `certstate apply`);
    assert.match(artifact('plan.md'), `--expect ${short}`);
    assert.match(artifact('plan.md'), 'www.example.com');
    assert.is(JSON.parse(artifact('plan.sarif')).runs.length, 1);

    merge('another-name');
    const onTheHost = planned(onHost('plan', '--json').stdout);
    assert.is(onTheHost.id, reviewed.id);
    const before = treeOf(join(host, 'etc'));
    const applied = onHost('apply', '--yes', '--expect', short);
    assert.is(applied.exit, 0, applied.stderr);
    assert.equal(changedPaths(before, treeOf(join(host, 'etc'))), ['tls/web.crt', 'tls/web.key']);
    assert.equal(work(planned(onHost('plan', '--json').stdout)), []);

    const after = treeOf(host);
    const again = onHost('apply', '--yes', '--expect', short);
    assert.is(again.exit, 21, again.stdout);
    assert.equal(changedPaths(after, treeOf(host)), []);
  });
});

test('what was changed on the host since the review is named, and nothing is done', async () => {
  await inPlaces(({ edit, merge, onRunner, onHost, host }) => {
    edit('another-name', withAnotherName);
    const { id } = planned(onRunner('another-name', 'plan', '--inventory', 'inventory.json', '--json').stdout);
    merge('another-name');
    chmodSync(join(host, 'etc/tls/web.key'), 0o644);
    const before = treeOf(host);
    const { exit, stdout, stderr } = onHost('apply', '--yes', '--expect', id);
    assert.is(exit, 21, stdout);
    assert.match(stderr, /web/);
    assert.equal(changedPaths(before, treeOf(host)), []);
  });
});

test('what was edited in the repository since the review is named, and nothing is done', async () => {
  await inPlaces(({ edit, merge, onRunner, onHost, host }) => {
    edit('another-name', withAnotherName);
    const { id } = planned(onRunner('another-name', 'plan', '--inventory', 'inventory.json', '--json').stdout);
    merge('another-name');
    edit('something-else', withAnotherName.replace('commonName: metrics', 'commonName: measurements'));
    merge('something-else');
    const before = treeOf(host);
    const { exit, stdout, stderr } = onHost('apply', '--yes', '--expect', id);
    assert.is(exit, 21, stdout);
    assert.match(stderr, /cert\/metrics/);
    assert.equal(changedPaths(before, treeOf(host)), []);
  });
});

test('a saved plan is what is applied on the host that it was made on, and names what has changed since', async () => {
  await inPlaces(({ edit, merge, onHost, host }) => {
    edit('another-name', withAnotherName);
    merge('another-name');
    const file = join(host, '..', 'plan.json');
    assert.is(onHost('plan', '--out', file).exit, 0);
    chmodSync(join(host, 'etc/tls/web.key'), 0o640);
    const stale = onHost('apply', file, '--yes');
    assert.is(stale.exit, 21, stale.stdout);
    assert.match(stale.stderr, 'etc/tls/web.key');
    chmodSync(join(host, 'etc/tls/web.key'), 0o600);
    const applied = onHost('apply', file, '--yes');
    assert.is(applied.exit, 0, applied.stderr);
    assert.is(onHost('apply', file, '--yes').exit, 21);
  });
});

test.run();
