/** The program as it is run: exit codes, streams and formats, situation by situation. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs, needsRoot, programPath } from '../support/needs.ts';
import { type CommandResult, plainEnvironment, program, runCertstateIn } from '../support/run-certstate.ts';
import { inAppliedScene, inScene, type Scene, smallState } from '../support/scene.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('cli/commands');

type Lines = RegExp | '' | 'anything';

interface Situation {
  readonly name: string;
  /** The words after `certstate`; FILE and ROOT stand for `-f state.yaml --root …`. */
  readonly words: string;
  readonly exit: number;
  readonly stdout?: Lines;
  readonly stderr?: Lines;
}

const scope = '-f state.yaml --root root';

// biome-ignore format: table
const onNothing: readonly Situation[] = [
  { name: 'no command',                       words: '',                                             exit: 64, stderr: /Usage: certstate COMMAND/ },
  { name: 'help asked for',                   words: '--help',                                       exit: 0,  stdout: /Usage: certstate COMMAND/ },
  { name: 'help of a command',                words: 'plan --help',                                  exit: 0,  stdout: /Usage: certstate plan/ },
  { name: 'help of a command, the other way', words: 'help apply',                                   exit: 0,  stdout: /Usage: certstate apply/ },
  { name: 'help of nothing',                  words: 'help nope',                                    exit: 64, stderr: /error\[usage\]: unknown command 'nope'/ },
  { name: 'version',                          words: '--version',                                    exit: 0,  stdout: /^certstate \d+\.\d+\.\d+\n$/ },
  { name: 'unknown command',                  words: 'plna',                                         exit: 64, stderr: /^error\[usage\]: unknown command 'plna'\n {2}= help: did you mean plan\?\n$/ },
  { name: 'unknown flag',                     words: 'plan --jsno',                                  exit: 64, stderr: /^error\[usage\]: unknown option '--jsno'\n {2}= help: did you mean --json\?\n$/ },
  { name: 'a word too many',                  words: `plan extra ${scope}`,                          exit: 64, stderr: /^error\[usage\]: too many arguments/ },
  { name: 'a flag of another command',        words: `plan --yes ${scope}`,                          exit: 64, stderr: /^error\[usage\]: unknown option '--yes'/ },
  { name: 'unknown address',                  words: `plan --target cert/servr ${scope}`,            exit: 64, stderr: /did you mean cert\/server\?/ },
  { name: 'unknown address to show',          words: `show cert/nope ${scope}`,                      exit: 64, stderr: /error\[usage\]: nothing .* has the address cert\/nope/ },
  { name: 'nothing to show',                  words: `show ${scope}`,                                exit: 64, stderr: /missing required argument 'address\|plan'/ },
  { name: 'not an address',                   words: `apply --confirm etcd ${scope}`,                exit: 64, stderr: /--confirm etcd is not an address/ },
  { name: 'bad time',                         words: `plan --now tomorrow ${scope}`,                 exit: 64, stderr: /RFC 3339/ },
  { name: 'a day that is none',               words: `plan --now 2027-02-30T00:00:00Z ${scope}`,     exit: 64, stderr: /RFC 3339/ },
  { name: 'bad variable',                     words: `plan --set foo ${scope}`,                      exit: 64, stderr: /NAME=VALUE/ },
  { name: 'bad number of keys at once',       words: `apply --yes --parallelism 0 ${scope}`,         exit: 64, stderr: /1 to 64/ },
  { name: 'half a key at once',               words: `apply --yes --parallelism 1.5 ${scope}`,       exit: 64, stderr: /1 to 64/ },
  { name: 'a time to wait that is none',      words: `apply --yes --lock-timeout soon ${scope}`,     exit: 64, stderr: /--lock-timeout soon is not a length of time/ },
  { name: 'apply as of another time',         words: `apply --yes --now 2027-01-01T00:00:00Z ${scope}`, exit: 64, stderr: /unknown option '--now'/ },
  { name: 'bad colour',                       words: `plan --color sometimes ${scope}`,              exit: 64, stderr: /auto, always, never/ },
  { name: 'unknown code',                     words: 'explain nope',                                 exit: 64, stderr: /there is no code nope/ },
  { name: 'unknown schema',                   words: 'schema nope',                                  exit: 64, stderr: /there is no schema nope/ },
  { name: 'unknown shell',                    words: 'completion tcsh',                              exit: 64, stderr: /bash, zsh, fish/ },
  { name: 'a usage error, as JSON',           words: 'plan --jsno --json',                           exit: 64, stdout: /"usage"/ },
  { name: 'an unknown command, as JSON',      words: '--json plna',                                  exit: 64, stdout: /"usage"/ },
  { name: 'an unknown address, as JSON',      words: `plan --json --target cert/x ${scope}`,         exit: 64, stdout: /"usage"/ },

  { name: 'no such file',                     words: 'plan -f nope.yaml',                            exit: 65, stderr: /^error\[file-missing\]/ },
  { name: 'no such file, as JSON',            words: 'plan --json -f nope.yaml',                     exit: 65, stdout: /"file-missing"/ },
  { name: 'bad YAML',                         words: 'plan -f bad.yaml',                             exit: 65, stderr: /bad\.yaml:\d+:\d+/ },
  { name: 'bad YAML, as JSON',                words: 'apply --yes --json -f bad.yaml',               exit: 65, stdout: /"diagnostics"/ },
  { name: 'bad YAML to validate',             words: 'validate bad.yaml',                            exit: 65, stderr: /error/ },
  { name: 'bad YAML to check',                words: 'check -f bad.yaml',                            exit: 65, stderr: /error/ },
  { name: 'bad YAML to list',                 words: 'status -f bad.yaml',                           exit: 65, stderr: /error/ },
  { name: 'a variable nobody uses',           words: `plan --set foo=1 ${scope}`,                    exit: 65, stderr: /unknown-variable/ },
  { name: 'an empty folder',                  words: 'plan -f empty',                                exit: 65, stderr: /no YAML file/ },
  { name: 'good YAML',                        words: 'validate state.yaml',                          exit: 0,  stdout: /is valid/ },
  { name: 'good YAML, as JSON',               words: 'validate --json state.yaml',                   exit: 0,  stdout: /"ok": true/ },

  { name: 'a plan with changes',              words: `plan ${scope}`,                                exit: 0,  stdout: /3 to create/ },
  { name: 'a plan with changes, to be told',  words: `plan --exit-code ${scope}`,                    exit: 2,  stdout: /3 to create/ },
  { name: 'the same by another name',         words: `plan --detailed-exitcode ${scope}`,            exit: 2,  stdout: /3 to create/ },
  { name: 'flags before the command',         words: `${scope} plan --exit-code`,                    exit: 2,  stdout: /3 to create/ },
  { name: 'flags on both sides',              words: `--root root plan -f state.yaml`,               exit: 0,  stdout: /3 to create/ },
  { name: 'a plan as JSON',                   words: `plan --json ${scope}`,                         exit: 0,  stdout: /"certstate\.plan"/ },
  { name: 'a plan in short',                  words: `plan --summary ${scope}`,                      exit: 0,  stdout: /3 to create/ },
  { name: 'a plan with decoded certificates', words: `plan --diff ${scope}`,                         exit: 0,  stdout: /3 to create/ },
  { name: 'a dry run',                        words: `apply --dry-run --yes --confirm ca/etcd ${scope}`, exit: 0, stdout: /3 to create/ },
  { name: 'only one, with its issuer',        words: `plan --target cert/server ${scope}`,           exit: 0,  stdout: /2 to create/ },
  { name: 'all but one',                      words: `plan --exclude cert/server ${scope}`,          exit: 0,  stdout: /2 to create/ },
  { name: 'those of a kind',                  words: `plan --target cert/* ${scope}`,                exit: 0,  stdout: /3 to create/ },
  { name: 'findings',                         words: `check ${scope}`,                               exit: 2,  stdout: /missing/ },
  { name: 'findings, as JSON',                words: `check --json ${scope}`,                        exit: 2,  stdout: /"findings"/ },
  { name: 'a list',                           words: `status ${scope}`,                              exit: 0,  stdout: /^RESOURCE/ },
  { name: 'a list for scripts',               words: `status --plain ${scope}`,                      exit: 0,  stdout: /^ca\/etcd\t/m },
  { name: 'a list as JSON',                   words: `status --json ${scope}`,                       exit: 0,  stdout: /"format"/ },
  { name: 'one resource',                     words: `show cert/server ${scope}`,                    exit: 0,  stdout: /^cert\/server/ },
  { name: 'one resource, as JSON',            words: `show --json cert/server ${scope}`,             exit: 0,  stdout: /"cert\/server"/ },
  { name: 'a code',                           words: 'explain renewal-due',                          exit: 0,  stdout: /^renewal-due/ },
  { name: 'all codes',                        words: 'explain',                                      exit: 0,  stdout: /renewal-due/ },
  { name: 'a code, as JSON',                  words: 'explain --json renewal-due',                   exit: 0,  stdout: /"renewal-due"/ },
  { name: 'the schema',                       words: 'schema config',                                exit: 0,  stdout: /"\$schema"/ },
  { name: 'a completion',                     words: 'completion bash',                              exit: 0,  stdout: /complete/ },

  { name: 'an authority nobody confirmed',    words: `apply --yes ${scope}`,                         exit: 22, stdout: /--confirm ca\/etcd/ },
  { name: 'the same, as JSON',                words: `apply --yes --json ${scope}`,                  exit: 22, stdout: /"exit_code":22/ },
  { name: 'nobody to ask',                    words: `apply --confirm ca/etcd ${scope}`,             exit: 20, stdout: /3 to create/, stderr: /^error\[declined\].*--yes/s },
  { name: 'nobody to ask, as JSON',           words: `apply --json --confirm ca/etcd ${scope}`,      exit: 20, stdout: /"declined"/ },
];

// biome-ignore format: table
const onEverything: readonly Situation[] = [
  { name: 'nothing to do',                    words: `apply --yes ${scope}`,                         exit: 0,  stdout: /No changes\./ },
  { name: 'nothing to do, nobody to ask',     words: `apply ${scope}`,                               exit: 0,  stdout: /No changes\./ },
  { name: 'nothing to do, as JSON',           words: `apply --json ${scope}`,                        exit: 0,  stdout: /"exit_code":0/ },
  { name: 'an empty plan',                    words: `plan --exit-code ${scope}`,                    exit: 0,  stdout: /^No changes\. 3 resources match/ },
  { name: 'an empty plan, all shown',         words: `plan --all ${scope}`,                          exit: 0,  stdout: /cert\/server/ },
  { name: 'all good',                         words: `check ${scope}`,                               exit: 0,  stdout: /./ },
  { name: 'due later',                        words: `plan --exit-code --now 2099-01-01T00:00:00Z ${scope}`, exit: 2, stdout: /BLOCKED/ },
  { name: 'expired later',                    words: `check --now 2099-01-01T00:00:00Z ${scope}`,    exit: 2,  stdout: /expired/ },
  { name: 'renewed on request',               words: `plan --renew cert/server ${scope}`,            exit: 0,  stdout: /1 to renew/ },
  { name: 'a new key on request',             words: `plan --rekey ca/etcd ${scope}`,                exit: 0,  stdout: /BLOCKED/ },
];

/** What `--json` promises: one document, or one per line, and nothing on stderr. */
function judgeJson({ stdout, stderr }: CommandResult, words: string): void {
  assert.is(stderr, '');
  const documents =
    words.includes('apply') && !words.includes('bad.yaml') && !words.includes('--dry-run') ? stdout.trimEnd().split('\n') : [stdout];
  for (const document of documents) assert.not.throws(() => JSON.parse(document), `not JSON: ${document.slice(0, 200)}`);
}

function judge(result: CommandResult, { words, exit, stdout = '', stderr = '' }: Situation): void {
  assert.is(result.exit, exit, `exit code of "${words}":\n${result.stdout}${result.stderr}`);
  for (const [stream, wanted] of [
    ['stdout', stdout],
    ['stderr', stderr],
  ] as const) {
    if (wanted === 'anything') continue;
    if (wanted === '') assert.is(result[stream], '', `${stream} of "${words}"`);
    else assert.match(result[stream], wanted, `${stream} of "${words}"`);
  }
  if (words.includes('--json')) judgeJson(result, words);
  assert.not.match(result.stderr, /^\s+at .*:\d+:\d+\)?$/m, 'a stack trace');
}

const inWords = (words: string): readonly string[] => words.split(' ').filter((word) => word !== '');

test('each situation has its exit code, its stream and its format: nothing on disk yet', () =>
  inScene(({ folder, changes }) => {
    writeFileSync(join(folder, 'bad.yaml'), 'version: 1\nauthorities:\n  etcd: { commonNam: etcd }\n');
    mkdirSync(join(folder, 'empty'));
    const changed = changes(() => {
      for (const situation of onNothing) judge(runCertstateIn({ cwd: folder }, ...inWords(situation.words)), situation);
    });
    assert.equal(changed, []);
    assert.not.ok(existsSync(join(folder, 'root/var')), 'something was remembered of nothing');
  }));

test('each situation has its exit code, its stream and its format: everything in order', () =>
  inAppliedScene(({ folder, changes }) => {
    const changed = changes(() => {
      for (const situation of onEverything) judge(runCertstateIn({ cwd: folder }, ...inWords(situation.words)), situation);
    });
    assert.equal(changed, []);
  }));

test('every command says what it is for, with each of its flags and exit codes', () => {
  const { stdout } = runCertstateIn({}, '--help');
  const commands = [...stdout.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name = '']) => name);
  assert.ok(commands.includes('plan') && commands.includes('apply') && commands.length >= 9, stdout);
  for (const command of commands.filter((name) => name !== 'help')) {
    const help = runCertstateIn({}, command, '--help');
    assert.is(help.exit, 0);
    assert.match(help.stdout, new RegExp(`^certstate ${command}: `));
    assert.ok(
      help.stdout.split('\n').every((line) => line.length <= 100),
      `a long line in the help of ${command}`,
    );
  }
});

test('the desired state is found by -f (twice, a folder), $CERTSTATE_FILE, and ./desired-state', () =>
  inTemporaryFolder((folder) => {
    const [authorities, certificates] = smallState.replace('version: 1\n', '').split('certificates:\n') as [string, string];
    mkdirSync(join(folder, 'desired-state'));
    writeFileSync(join(folder, 'desired-state/a.yaml'), `version: 1\n${authorities}`);
    writeFileSync(join(folder, 'desired-state/b.yml'), `version: 1\ncertificates:\n${certificates}`);
    writeFileSync(join(folder, 'desired-state/notes.txt'), 'not read');
    const both = ['-f', 'desired-state/a.yaml', '-f', 'desired-state/b.yml'];
    for (const [env, ...args] of [
      [{}, ...both],
      [{}, '-f', 'desired-state'],
      [{}, '-f', 'desired-state/', '-f', 'desired-state/a.yaml'],
      [{ CERTSTATE_FILE: 'desired-state' }],
      [{ CERTSTATE_FILE: '' }],
      [{}],
    ] as readonly [Readonly<Record<string, string>>, ...string[]][]) {
      const plan = runCertstateIn({ cwd: folder, env }, 'plan', '--root', 'root', ...args);
      assert.is(plan.exit, 0, plan.stderr);
      assert.match(plan.stdout, '3 to create');
    }
    const half = runCertstateIn({ cwd: folder }, 'plan', '--root', 'root', '-f', 'desired-state/b.yml');
    assert.is(half.exit, 65);
    assert.match(half.stderr, 'unknown-issuer');
  }));

test('variables and hosts are chosen on the command line', () =>
  inScene(
    ({ run }) => {
      assert.match(run('show', 'cert/web', '--host', 'one').stdout, /one\.example.*192\.0\.2\.1|192\.0\.2\.1.*one\.example/s);
      assert.match(run('show', 'cert/web', '--host', 'two', '--set', 'domain=example.org').stdout, 'two.example.org');
      const elsewhere = run('plan', '--host', 'three');
      assert.is(elsewhere.exit, 65);
      assert.match(elsewhere.stderr, 'unknown-host');
    },
    `version: 1
variables: { domain: example }
hosts: { one: { address: 192.0.2.1 }, two: { address: 192.0.2.2 } }
authorities:
  ca: { commonName: CA, files: { certificate: /ca.crt, privateKey: /ca.key } }
certificates:
  web: { issuer: ca, commonName: web, dnsNames: ["\${host}.\${domain}"], ipAddresses: ["\${address}"], profile: server, files: { certificate: /web.crt, privateKey: /web.key } }
`,
  ));

test('colour is decided by flag, then FORCE_COLOR, then NO_COLOR, then the terminal', () =>
  inScene(({ runIn }) => {
    // biome-ignore format: table
    const table: readonly (readonly [env: Readonly<Record<string, string>>, flags: readonly string[], coloured: boolean])[] = [
      [{},                                   [],                   false],
      [{ FORCE_COLOR: '1' },                 [],                   true],
      [{ FORCE_COLOR: '0' },                 [],                   false],
      [{ FORCE_COLOR: '' },                  [],                   false],
      [{ FORCE_COLOR: '1', NO_COLOR: '1' },  [],                   true],
      [{ NO_COLOR: '1' },                    ['--color', 'always'], true],
      [{ FORCE_COLOR: '1' },                 ['--color', 'never'],  false],
      [{ FORCE_COLOR: '1' },                 ['--no-color'],        false],
      [{},                                   ['--color', 'always'], true],
      [{ FORCE_COLOR: '1' },                 ['--json'],            false],
    ];
    for (const [env, flags, coloured] of table) {
      const { stdout, stderr } = runIn({ env }, 'plan', ...flags);
      assert.is(stdout.includes('\u001b['), coloured, JSON.stringify([env, flags]));
      assert.is(stderr, '', 'Node warns about two variables');
    }
  }));

test('whoever reads the output may go at any time', () =>
  inScene(({ folder, root }) => {
    for (const words of [
      'explain',
      'schema config',
      'completion bash',
      `plan --all -f state.yaml --root ${root}`,
      `plan --json -f state.yaml --root ${root}`,
    ]) {
      const script = `set -o pipefail; "$@" ${words} | head -n 1 > /dev/null`;
      const { status, stderr } = spawnSync('bash', ['-c', script, 'bash', process.execPath, program], {
        cwd: folder,
        encoding: 'utf8',
        env: plainEnvironment(),
      });
      assert.is(stderr, '', words);
      assert.is(status, 0, words);
    }
  }));

test('modes are the same under every umask, and the state directory is for its owner alone', () =>
  inScene(({ runIn, run, at, root }) => {
    for (const umask of ['000', '022', '077', '777']) {
      const applied = runIn({ under: ['sh', '-c', `umask ${umask}; exec "$@"`, 'sh'] }, 'apply', '--yes', '--confirm', 'ca/etcd');
      assert.is(applied.exit, 0, applied.stdout + applied.stderr);
      const mode = (path: string): string => (lstatSync(at(path)).mode & 0o7777).toString(8);
      assert.equal(
        ['/pki', '/pki/ca.crt', '/pki/ca.key', '/tls/server.key', '/var/lib/certstate', '/var/lib/certstate/records.json'].map(mode),
        ['755', '644', '600', '600', '700', '600'],
        umask,
      );
      assert.is(run('plan', '--exit-code').exit, 0);
      rmSync(root, { recursive: true });
    }
  }));

test('SIGINT and SIGTERM end apply with 130 and 143; nothing is half-written, and the next run goes on', () =>
  inScene(
    async ({ folder, root, run, at }) => {
      for (const [signal, exit] of [
        ['SIGINT', 130],
        ['SIGTERM', 143],
      ] as const) {
        for (const json of [[], ['--json']]) {
          const args = [
            program,
            'apply',
            '-f',
            'state.yaml',
            '--root',
            'root',
            '--yes',
            '--confirm',
            'ca/quick',
            '--confirm',
            'ca/slow',
            '--parallelism',
            '1',
            ...json,
          ];
          const child = spawn(process.execPath, args, { cwd: folder, env: plainEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
          const said = { stdout: '', stderr: '' };
          const begun = new Promise<void>((resolve) => {
            child.stdout.setEncoding('utf8').on('data', (text: string) => {
              said.stdout += text;
              if (/ca\/quick create done|"apply_done"/.test(said.stdout)) resolve();
            });
          });
          child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
          await begun;
          await sleep(50); // in the middle of an RSA key
          child.kill(signal);
          const code = await new Promise((resolve) => child.on('close', resolve));
          assert.is(code, exit, said.stdout + said.stderr);
          assert.ok(existsSync(at('/quick.key')) && existsSync(at('/quick.crt')), 'what was begun was not finished');
          assert.not.ok(existsSync(at('/slow.key')) || existsSync(at('/slow.crt')), 'the key was made before the signal came');
          assert.equal(
            readdirSync(root).filter((name) => name.startsWith('.certstate')),
            [],
          );
          if (json.length > 0) {
            const events = said.stdout
              .trimEnd()
              .split('\n')
              .map((line) => JSON.parse(line) as { readonly type: string; readonly exit_code?: number });
            assert.is(events.at(-1)?.type, 'summary');
            assert.is(events.at(-1)?.exit_code, exit);
          }
          const next = run('plan', '--summary');
          assert.match(next.stdout, '1 to create');
          rmSync(root, { recursive: true });
        }
      }
    },
    `version: 1
authorities:
  quick: { commonName: quick, files: { certificate: /quick.crt, privateKey: /quick.key } }
  slow: { commonName: slow, privateKey: { algorithm: RSA, size: 4096 }, files: { certificate: /slow.crt, privateKey: /slow.key } }
`,
  ));

/** Where certstate can be run as `nobody`: folders of tests are for their owner alone otherwise. */
async function asNobody(body: (scene: Scene, nobody: readonly string[]) => void): Promise<void> {
  const [id, tests] = [65534, tmpdir()];
  const before = lstatSync(tests).mode & 0o7777;
  chmodSync(tests, before | 0o011);
  try {
    await inScene((scene) => {
      chmodSync(scene.folder, 0o755);
      mkdirSync(join(scene.folder, 'home'));
      chownSync(join(scene.folder, 'home'), id, id);
      const nobody = [
        programPath('setpriv') ?? '',
        '--reuid',
        `${id}`,
        '--regid',
        `${id}`,
        '--clear-groups',
        'env',
        `HOME=${join(scene.folder, 'home')}`,
      ];
      body(scene, nobody);
    });
  } finally {
    chmodSync(tests, before);
  }
}

if (needsRoot() && needs('setpriv')) {
  test('another user can look where reading is allowed, is told what it may not read, and changes nothing', () =>
    asNobody((scene, under) => {
      assert.is(scene.run('apply', '--yes', '--confirm', 'ca/etcd').exit, 0);
      const changed = scene.changes(() => {
        const plan = scene.runIn({ under }, 'plan');
        assert.is(plan.exit, 0, plan.stderr);
        assert.match(plan.stdout, /unreadable|cannot be read/);
        assert.match(plan.stdout, 'permission denied');
        assert.not.match(plan.stdout, 'private-key-missing', 'what cannot be read is not missing');
        assert.not.match(plan.stdout, 'is not on this machine');
        assert.match(plan.stderr, 'records-unreadable');
        assert.is(scene.runIn({ under }, 'check').exit, 2);
        assert.match(scene.runIn({ under }, 'status').stdout, 'unreadable');
        const apply = scene.runIn({ under }, 'apply', '--yes', '--confirm', 'ca/etcd', '--rekey', 'cert/server');
        assert.is(apply.exit, 22, apply.stdout + apply.stderr);
      });
      assert.equal(changed, []);
    }));

  test('another user keeps its own certificates, and its records under $XDG_STATE_HOME or its home', () =>
    asNobody((scene, under) => {
      const home = join(scene.folder, 'home');
      const yaml = scene.yaml.replaceAll('/pki/', `${home}/pki/`).replaceAll('/tls/', `${home}/tls/`);
      writeFileSync(scene.file, yaml);
      const run = (env: Readonly<Record<string, string>>, ...args: readonly string[]) =>
        runCertstateIn(
          { under: [...under, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)], cwd: scene.folder },
          ...args,
          '-f',
          'state.yaml',
        );
      const first = run({}, 'apply', '--yes', '--confirm', 'ca/etcd');
      assert.is(first.exit, 0, first.stdout + first.stderr);
      assert.ok(existsSync(join(home, '.local/state/certstate/records.json')));
      assert.is(lstatSync(join(home, '.local/state/certstate')).mode & 0o7777, 0o700);
      assert.is(lstatSync(join(home, 'tls/server.key')).uid, 65534);
      const second = run({ XDG_STATE_HOME: `${home}/xdg` }, 'apply', '--yes', '--renew', 'cert/server');
      assert.is(second.exit, 0, second.stdout + second.stderr);
      assert.ok(existsSync(join(home, 'xdg/certstate/records.json')));
      const owned = run({}, 'plan', '--exit-code');
      assert.is(owned.exit, 0, owned.stdout);
      writeFileSync(scene.file, yaml.replace(/profile: server/, 'profile: server, owner: root'));
      const foreign = run({}, 'apply', '--yes');
      assert.is(foreign.exit, 22, foreign.stdout);
      assert.match(foreign.stdout, /owner-needs-root|root/);
    }));

  test('where a folder cannot be written, apply ends with 24, the others are done, and nothing is left behind', () =>
    asNobody((scene, under) => {
      mkdirSync(scene.at('/pki'));
      chownSync(scene.at('/pki'), 65534, 65534);
      mkdirSync(scene.at('/tls'), { mode: 0o755 });
      mkdirSync(scene.at('/var/lib/certstate'), { recursive: true });
      chownSync(scene.at('/var/lib/certstate'), 65534, 65534);
      chmodSync(scene.at('/var/lib/certstate'), 0o700);
      const apply = scene.runIn({ under }, 'apply', '--yes', '--confirm', 'ca/etcd');
      assert.is(apply.exit, 24, apply.stdout + apply.stderr);
      assert.match(apply.stderr, /error\[write-failed\].*\/tls\/.*EACCES.*untouched/s);
      assert.not.match(apply.stderr, 'note: note:');
      assert.equal(readdirSync(scene.at('/pki')).sort(), ['ca.crt', 'ca.key']);
      assert.equal(readdirSync(scene.at('/tls')), []);
      const json = scene.runIn({ under }, 'apply', '--yes', '--json');
      judgeJson(json, 'apply');
      assert.is(json.exit, 24);
      assert.match(json.stdout, /"apply_failed"/);
    }));

  test('without a state directory nothing is changed: there would be no lock, and nothing to complete a change from', () =>
    asNobody((scene, under) => {
      chownSync(scene.root, 65534, 65534);
      const state = join(scene.folder, 'state');
      mkdirSync(state, { mode: 0o755 });
      const apply = scene.runIn({ under }, 'apply', '--yes', '--confirm', 'ca/etcd', '--state-dir', state);
      assert.is(apply.exit, 1);
      assert.match(apply.stderr, /^error\[state-folder\]: .*\/state/);
      assert.not.ok(existsSync(scene.at('/tls')));
      const json = scene.runIn({ under }, 'apply', '--yes', '--json', '--confirm', 'ca/etcd', '--state-dir', state);
      judgeJson(json, 'apply');
      assert.match(json.stdout, 'state-folder');
    }));
}

test.run();
