/** `certstate check` as it is run: what it finds, what fails, what is tolerated, and exit codes that mean one thing. */
import { chmodSync, copyFileSync, existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CommandResult, runCertstate } from '../support/run-certstate.ts';
import { inAppliedScene, inScene, type Scene, smallState } from '../support/scene.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('cli/check');

interface Verdict {
  readonly ok: boolean;
  readonly findings: readonly {
    readonly address: string | null;
    readonly code: string;
    readonly class: string;
    readonly severity: string;
    readonly fails: boolean;
    readonly accepted: { readonly reason: string; readonly until: string } | null;
    readonly file: string | null;
    readonly hint: string;
  }[];
}

const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(JSON.parse(runCertstate('schema', 'check').stdout) as object);

/** The verdict, which must be what its schema says, and agree with its exit code. */
function verdictOf({ exit, stdout, stderr }: CommandResult): Verdict {
  assert.is(stderr, '');
  const verdict = JSON.parse(stdout) as Verdict;
  assert.ok(validate(verdict), JSON.stringify(validate.errors));
  assert.is(exit, verdict.ok ? 0 : 2);
  assert.is(
    verdict.ok,
    verdict.findings.every(({ fails }) => !fails),
  );
  return verdict;
}

/** `cert/server expired expired fails`. */
const linesOf = (scene: Scene, ...flags: readonly string[]): readonly string[] =>
  verdictOf(scene.run('check', '--json', ...flags)).findings.map((finding) =>
    [finding.address ?? '-', finding.code, finding.class, finding.accepted ? 'accepted' : finding.fails ? 'fails' : 'passes'].join(' '),
  );

const now = Date.now();
const inDays = (days: number): string => new Date(now + days * 86_400_000).toISOString().replace(/\.\d+Z/, 'Z');

test('as time goes by: all good, due, overdue, expired; text, JSON and exit code agree', () =>
  inAppliedScene((scene) => {
    // Leaves of a year with a window of thirty days; their authority has ten years.
    // biome-ignore format: table
    const times: readonly (readonly [days: number, exit: number, lines: readonly string[]])[] = [
      [100, 0, []],
      [336, 0, ['cert/server renewal-due due passes', 'cert/client renewal-due due passes']],
      [350, 2, ['cert/server renewal-due overdue fails', 'cert/client renewal-due overdue fails']],
      [366, 2, ['cert/server expired expired fails', 'cert/client expired expired fails']],
    ];
    for (const [days, exit, lines] of times) {
      const text = scene.run('check', '--now', inDays(days));
      assert.is(text.exit, exit, `${days} days: ${text.stdout}`);
      assert.equal(linesOf(scene, '--now', inDays(days)), lines, `${days} days`);
      assert.match(
        text.stdout,
        lines.length === 0 ? 'All good: 3 resources' : exit === 0 ? '; none fails the check.' : '; 2 fail the check.',
      );
    }
  }));

test('--within looks ahead, and --fail-on decides what fails', () =>
  inAppliedScene((scene) => {
    const soon = ['cert/server due-within due fails', 'cert/client due-within due fails'];
    assert.equal(linesOf(scene, '--within', '340d'), soon);
    assert.equal(linesOf(scene, '--within', '300d'), []);
    assert.is(scene.run('check', '--now', inDays(336), '--fail-on', 'due').exit, 2);
    assert.is(scene.run('check', '--now', inDays(350), '--fail-on', 'expired').exit, 0);
    assert.is(scene.run('check', '--now', inDays(366), '--fail-on', 'drift,insecure').exit, 0);
  }));

test('--max cuts the text and never the JSON', () =>
  inAppliedScene((scene) => {
    const text = scene.run('check', '--now', inDays(350), '--max', '1');
    assert.match(text.stdout, 'not shown: 1 renewal-due (--max none shows all)');
    assert.is(linesOf(scene, '--now', inDays(350), '--max', '1').length, 2);
  }));

// biome-ignore format: table
const wrongFlags: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['an unknown class, with the nearest',   ['--fail-on', 'expird'],    /--fail-on expird is not a class of findings\n {2}= help: did you mean expired\?/],
  ['an unknown class, with all of them',   ['--fail-on', 'x,due'],     /the classes are expired, overdue, due, drift, insecure, orphan, warning/],
  ['no class at all',                      ['--fail-on', ''],          /--fail-on names no class/],
  ['no duration',                          ['--within', '45'],         /--within 45 is not a duration/],
  ['no number',                            ['--max', 'few'],           /--max few is not a number/],
];
for (const [what, flags, said] of wrongFlags)
  test(`a wrong flag is a usage error, whatever is on disk: ${what}`, () =>
    inScene((scene) => {
      const { exit, stdout, stderr } = scene.run('check', ...flags);
      assert.is(exit, 64);
      assert.is(stdout, '');
      assert.match(stderr, said);
    }));

test('a finding that is accepted is shown and does not fail; the day after, it does, and the text says why', () => {
  const accepting = (code: string) =>
    smallState.replace('profile: server,', `profile: server, accept: [{ code: ${code}, reason: replaced in March, until: "2031-03-31" }],`);
  const at = (time: string) => ['--now', time];
  return inAppliedScene((scene) => {
    chmodSync(scene.at('/tls/server.key'), 0o640);
    chmodSync(scene.at('/tls/client.key'), 0o640);
    writeFileSync(scene.file, accepting('private-key-mode'));
    const fails = ['cert/client private-key-mode insecure fails'];
    assert.equal(linesOf(scene), ['cert/server private-key-mode insecure accepted', ...fails]);
    assert.match(scene.run('check').stdout, /^accepted +cert\/server .* \(accepted until 2031-03-31: replaced in March\)/m);
    const ofServer = (time: string) =>
      linesOf(scene, ...at(time)).filter((line) => line.includes('private-key-mode') && line.includes('server'));
    assert.equal(ofServer('2031-03-31T23:59:59Z'), ['cert/server private-key-mode insecure accepted']);
    assert.equal(ofServer('2031-04-01T00:00:00Z'), ['cert/server private-key-mode insecure fails']);
    assert.match(scene.run('check', ...at('2031-04-01T00:00:00Z')).stdout, 'accept-expired');
    writeFileSync(scene.file, accepting('expired'));
    assert.equal(linesOf(scene), ['cert/server private-key-mode insecure fails', 'cert/server accept-unused warning passes', ...fails]);
  });
});

test('what lies beside the managed files is found, and belongs to nobody', () =>
  inAppliedScene((scene) => {
    copyFileSync(scene.at('/tls/server.key'), scene.at('/tls/old.key'));
    chmodSync(scene.at('/tls/old.key'), 0o644);
    copyFileSync(scene.at('/tls/server.crt'), scene.at('/tls/old.crt'));
    assert.equal(linesOf(scene), ['- unmanaged-key-exposed warning passes', '- unmanaged orphan passes']);
    assert.ok(linesOf(scene, '--now', inDays(366)).includes('- unmanaged-expired warning passes'));
    assert.is(scene.run('check', '--fail-on', 'orphan').exit, 2);
    assert.equal(linesOf(scene, '--target', 'cert/client'), []);
  }));

test('what the YAML names no longer is an orphan, of this source alone and not with --target', () =>
  inAppliedScene((scene) => {
    const without = smallState.replace(/^ {2}client:.*\n/m, '');
    writeFileSync(scene.file, without);
    assert.equal(linesOf(scene), ['cert/client no-longer-managed orphan passes']);
    assert.is(scene.run('check', '--fail-on', 'orphan').exit, 2);
    assert.equal(linesOf(scene, '--target', 'cert/server'), []);
    const elsewhere = join(scene.folder, 'other.yaml');
    writeFileSync(elsewhere, without);
    const other = runCertstate('check', '--json', '-f', elsewhere, '--root', scene.root);
    assert.equal(verdictOf(other).findings, []);
  }));

test('a file that cannot be judged, and a folder that others can write, are findings', () =>
  inAppliedScene((scene) => {
    writeFileSync(scene.at('/tls/server.crt'), 'no certificate');
    rmSync(scene.at('/tls/client.crt'));
    mkdirSync(scene.at('/tls/client.crt'));
    chmodSync(scene.at('/pki'), 0o777);
    assert.equal(linesOf(scene), [
      'ca/etcd unsafe-folder insecure fails',
      'cert/server unparsable drift fails',
      'cert/client not-regular drift fails',
    ]);
  }));

test('a service that has still to be told fails the check, and the check says who', () =>
  inTemporaryFolder((folder) => {
    const file = join(folder, 'pki.yaml');
    const run = (command: string, ...flags: readonly string[]) =>
      runCertstate(command, '-f', file, '--state-dir', join(folder, 'state'), ...flags);
    writeFileSync(
      file,
      `version: 1
authorities:
  root: { commonName: root, files: { certificate: ${folder}/ca.crt, privateKey: ${folder}/ca.key } }
certificates:
  leaf: { issuer: root, commonName: leaf, dnsNames: [leaf], profile: server, services: [web], files: { certificate: ${folder}/leaf.crt, privateKey: ${folder}/leaf.key } }
services:
  web: { reload: [test, -e, ${folder}/ok] }
`,
    );
    assert.is(run('apply', '--yes', '--confirm', 'ca/root').exit, 25);
    const [finding, ...rest] = verdictOf(run('check', '--json')).findings;
    assert.equal(
      [finding?.address, finding?.code, finding?.class, finding?.fails, rest.length],
      ['service/web', 'service-pending', 'drift', true, 0],
    );
    const text = run('check');
    assert.is(text.stderr, '');
    assert.match(text.stdout, /^drift {2}service\/web {2}has still to be told of a change that is on disk/);
    writeFileSync(join(folder, 'ok'), '');
    assert.is(run('apply', '--yes').exit, 0);
    assert.is(run('check').stdout, 'All good: 2 resources as desired, nothing due.\n');
  }));

test('a change that was interrupted fails the check', () =>
  inAppliedScene((scene) => {
    scene.put('/var/lib/certstate/journal/x.json', '{}');
    assert.equal(linesOf(scene), ['- interrupted-change drift fails']);
  }));

test('1 says that it could not be found out, and then never 2; 65 that the YAML is wrong', () =>
  inAppliedScene((scene) => {
    chmodSync(scene.at('/tls/server.key'), 0o644);
    assert.is(scene.run('check').exit, 2);
    const unwritable = scene.run('check', '--report', `json=${join(scene.folder, 'nowhere', 'x.json')}`);
    assert.is(unwritable.exit, 1, unwritable.stdout + unwritable.stderr);
    writeFileSync(scene.file, 'version: 1\nauthorities: {');
    assert.is(scene.run('check').exit, 65);
    rmSync(scene.file);
    assert.is(scene.run('check').exit, 65);
  }));

test('a file with several names is named', () =>
  inAppliedScene(({ run, at }) => {
    linkSync(at('/tls/server.crt'), at('/tls/other-name.crt'));
    assert.match(run('check').stdout, /\/tls\/server\.crt has 2 names: .* hard-linked/);
  }));

test('a root that is not there is no empty host', () =>
  inScene(({ run, root }) => {
    rmSync(root, { recursive: true });
    for (const command of ['check', 'status', 'renew', 'watch', 'restore']) {
      const { exit, stdout, stderr } = run(command);
      assert.equal([exit, stdout], [64, ''], command);
      assert.match(stderr, /^error\[usage\]: --root .*: there is no such folder\n/);
      assert.not.ok(existsSync(root), command);
    }
    assert.is(run('plan').exit, 0, 'an apply may make it');
    writeFileSync(root, '');
    assert.match(run('check').stderr, 'is no folder');
  }));

test('a check writes nothing', () =>
  inAppliedScene((scene) => {
    chmodSync(scene.at('/tls/server.key'), 0o644);
    assert.equal(
      scene.changes(() => {
        scene.run('check', '--within', '400d');
        scene.run('check', '--json');
      }),
      [],
    );
  }));

test.run();
