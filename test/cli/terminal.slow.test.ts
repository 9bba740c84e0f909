/** On a terminal: what is asked, and what each answer does. `script` is the terminal. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs, programPath } from '../support/needs.ts';
import { plainEnvironment, program, runCertstateIn } from '../support/run-certstate.ts';
import { inAppliedScene, inScene } from '../support/scene.ts';
import { breaking, placeIn, slowKeys } from '../support/situations.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('cli/terminal');

/** Waits for this text, and if need be some milliseconds more, then types that. */
type Step = readonly [seen: string, keys: string, later?: number];

interface Session {
  readonly exit: number | null;
  /** As it was drawn, with all control sequences. */
  readonly raw: string;
  /** Without them. */
  readonly text: string;
}

const keys = { enter: '\r', interrupt: '\u0003', endOfInput: '\u0004' };

interface Surroundings {
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
}

function onTerminal({ folder, env: more = {} }: Surroundings, columns: number, words: string, steps: readonly Step[]): Promise<Session> {
  const command = `stty cols ${columns} rows 24; exec ${process.execPath} ${program} ${words}`;
  const { CI: _, ...env } = plainEnvironment();
  const child = spawn(programPath('script') ?? '', ['-qefc', command, '/dev/null'], {
    cwd: folder,
    env: { ...env, TERM: 'xterm', SHELL: '/bin/sh', ...more },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // A question that nobody answers would be waited for without end.
  const limit = setTimeout(() => child.kill(), 60_000);
  const left = [...steps];
  let raw = '';
  let from = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    raw += text;
    for (let next = left[0]; next; next = left[0]) {
      if (!raw.slice(from).includes(next[0])) return;
      from = raw.length;
      left.shift();
      setTimeout((typed: string) => child.stdin.write(typed), next[2] ?? 0, next[1]);
    }
  });
  return new Promise((resolve) =>
    child.on('close', (exit) => {
      clearTimeout(limit);
      resolve({ exit, raw, text: raw.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replaceAll('\r', '') });
    }),
  );
}

const scope = '-f state.yaml --root root';
const confirmation: Step = ['Type ca/etcd to continue', `ca/etcd${keys.enter}`];
const consented = (answer: string): readonly Step[] => [confirmation, ['Only "yes" continues', answer]];

interface Answer {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly exit: number;
  /** Whether the authority is there afterwards. */
  readonly made: boolean;
}

// biome-ignore format: table
const answers: readonly Answer[] = [
  { name: 'the address, then yes',        steps: consented(`yes${keys.enter}`),                                exit: 0,   made: true },
  { name: 'the address, then no',         steps: consented(`no${keys.enter}`),                                 exit: 20,  made: false },
  { name: 'the address, then y',          steps: consented(`y${keys.enter}`),                                  exit: 20,  made: false },
  { name: 'the address, then nothing',    steps: consented(keys.enter),                                        exit: 20,  made: false },
  { name: 'the address, then Ctrl-D',     steps: consented(keys.endOfInput),                                   exit: 20,  made: false },
  { name: 'the address, then Ctrl-C',     steps: consented(keys.interrupt),                                    exit: 130, made: false },
  { name: 'Ctrl-C at once',               steps: [['Type ca/etcd', keys.interrupt]],                           exit: 130, made: false },
  { name: 'yes instead of the address',   steps: [['Type ca/etcd', `yes${keys.enter}`]],                       exit: 22,  made: false },
  { name: 'another address',              steps: [['Type ca/etcd', `ca/etcd2${keys.enter}`]],                  exit: 22,  made: false },
];

/** What apply may remember of a desired state that is in order does not count. */
const filesBelow = (root: string): readonly string[] => readdirSync(root).filter((name) => name !== 'var');

if (needs('script')) {
  test('only the address makes an authority, and only yes applies', async () => {
    for (const { name, steps, exit, made } of answers) {
      await inScene(async (scene) => {
        const session = await onTerminal(scene, 80, `apply ${scope}`, steps);
        assert.is(session.exit, exit, `${name}:\n${session.text}`);
        assert.is(existsSync(scene.at('/pki/ca.key')), made, name);
        assert.is(existsSync(scene.at('/tls/server.key')), made, name);
        if (!made) assert.equal(filesBelow(scene.root), [], `${name}: something was written`);
        if (exit === 20 || exit === 130) assert.match(session.text, 'Nothing was changed.');
        assert.not.match(session.text, /^\s+at .*:\d+:\d+/m, 'a stack trace');
      });
    }
  });

  test('--yes is not asked, --no-input is not either, and neither stands for a consent', () =>
    inScene(async (scene) => {
      const yes = await onTerminal(scene, 80, `apply --yes ${scope}`, []);
      assert.is(yes.exit, 22, yes.text);
      const silent = await onTerminal(scene, 80, `apply --no-input --confirm ca/etcd ${scope}`, []);
      assert.is(silent.exit, 20, silent.text);
      assert.match(silent.text, '--yes');
      const json = await onTerminal(scene, 80, `apply --json --confirm ca/etcd ${scope}`, []);
      assert.is(json.exit, 20, json.text);
      assert.equal(filesBelow(scene.root), []);
    }));

  test('Ctrl-C while a key is made ends with 130; nothing is half-written and the terminal is as it was', () =>
    inScene(
      async (scene) => {
        const slow = `apply --yes --confirm ca/etcd --confirm ca/second --parallelism 1 ${scope}`;
        const session = await onTerminal(scene, 80, slow, [['Plan ', keys.interrupt, 300]]);
        assert.is(session.exit, 130, session.text);
        assert.match(session.text, 'finishing what is being written');
        const left = readdirSync(scene.root, { recursive: true, encoding: 'utf8' });
        assert.equal(
          left.filter((name) => name.includes('.certstate-')),
          [],
        );
        assert.is(existsSync(scene.at('/pki/ca.key')), existsSync(scene.at('/pki/ca.crt')), 'half an authority');
        assert.not.ok(existsSync(scene.at('/pki/2.key')), 'it went on');
      },
      `version: 1
authorities:
  etcd: { commonName: etcd, privateKey: { algorithm: RSA, size: 4096 }, files: { certificate: /pki/ca.crt, privateKey: /pki/ca.key } }
  second: { commonName: second, privateKey: { algorithm: RSA, size: 4096 }, files: { certificate: /pki/2.crt, privateKey: /pki/2.key } }
`,
    ));

  test('what is said fits the terminal, however narrow; a terminal that knows no width is no reason to stop', () =>
    inScene(async (scene) => {
      scene.run('apply', '--yes', '--confirm', 'ca/etcd');
      for (const words of [`plan --all ${scope}`, `plan --summary --rekey ca/etcd ${scope}`, `status ${scope}`, 'explain renewal-due']) {
        const { text, raw, exit } = await onTerminal(scene, 80, words, []);
        assert.ok(exit === 0 || exit === 2, text);
        // The verdict is one line; paths and commands are not broken: they are there to be copied.
        const long = text.split('\n').filter((line) => line.length > 80 && !/^No changes|certstate apply|\S{40}/.test(line));
        assert.equal(long, [], words);
        if (words.startsWith('plan')) assert.match(raw, '\u001b[', 'no colour on a terminal');
      }
      // Below 60 columns we wrap at 60: narrower, a table of facts is harder to read than a broken line.
      const narrow = await onTerminal(scene, 40, `plan --rekey ca/etcd ${scope}`, []);
      assert.equal(
        narrow.text.split('\n').filter((line) => line.length > 60 && !/certstate apply|\S{25}/.test(line)),
        [],
      );
      const unknown = await onTerminal(scene, 0, `plan --all ${scope}`, []);
      assert.is(unknown.exit, 0);
      assert.ok(
        unknown.text.split('\n').some((line) => line.length > 40),
        unknown.text,
      );
    }));

  test('progress is drawn on stderr and taken away again', () =>
    inScene(async (scene) => {
      const session = await onTerminal(scene, 100, `apply --yes --confirm ca/etcd ${scope}`, []);
      assert.is(session.exit, 0, session.text);
      assert.match(session.text, /ca\/etcd +create +done/);
      assert.match(session.text, /Applied: 3 created, 6 files written\./);
    }));

  test('the plain question, of apply and of restore: yes in full and nothing else', () =>
    inAppliedScene(async (scene) => {
      scene.run('apply', '--yes', '--renew', 'cert/server');
      const serial = () => readFileSync(scene.at('/tls/server.crt'), 'utf8');
      for (const [command, question] of [
        ['apply --renew cert/server', 'to this host? Only "yes" continues: '],
        ['restore cert/server', 'on this host? Only "yes" continues: '],
      ] as const) {
        for (const [answer, exit] of [
          [`no${keys.enter}`, 20],
          [keys.enter, 20],
          [`YES${keys.enter}`, 20],
          [keys.endOfInput, 20],
          [keys.interrupt, 130],
          [`yes${keys.enter}`, 0],
        ] as const) {
          const before = serial();
          const session = await onTerminal(scene, 80, `${command} ${scope}`, [[question, answer]]);
          assert.is(session.exit, exit, `${command}, ${JSON.stringify(answer)}:\n${session.text}`);
          assert.is(serial() !== before, exit === 0, command);
          if (exit !== 0) assert.match(session.text, 'Nothing was changed.');
        }
      }
    }));

  test('an authority is put back only where its address is typed', () =>
    inAppliedScene(async (scene) => {
      scene.run('apply', '--yes', '--rekey', 'ca/etcd', '--confirm', 'ca/etcd');
      const stop = await onTerminal(scene, 80, `restore ${scope}`, [['Type ca/etcd to continue', `yes${keys.enter}`]]);
      assert.is(stop.exit, 22, stop.text);
      const done = await onTerminal(scene, 80, `restore ${scope}`, [confirmation, ['Only "yes" continues', `yes${keys.enter}`]]);
      assert.is(done.exit, 0, done.text);
      assert.match(done.text, 'Put back: ');
    }));

  test('while a key is made one line is drawn over and over, and nothing of it is left; where nobody looks it is a line of its own', () =>
    inScene(async (scene) => {
      const env = breaking(placeIn(scene.folder), slowKeys(1500));
      const { raw, text, exit } = await onTerminal({ ...scene, env }, 100, `apply --yes --confirm ca/etcd ${scope}`, []);
      assert.is(exit, 0, text);
      const drawn = raw.split('\r\u001b[K');
      assert.ok(drawn.length > 3, 'nothing was drawn over');
      const progress = drawn.filter((piece) => /generating/.test(piece));
      assert.ok(progress.length > 0, raw);
      for (const piece of progress) assert.not.match(piece, /generating.*\n/, 'progress ends a line, and would stay');
      assert.not.match(drawn.at(-1) ?? '', 'generating');
      rmSync(scene.root, { recursive: true });
      const piped = runCertstateIn({ cwd: scene.folder, env }, 'apply', ...`--yes --confirm ca/etcd ${scope}`.split(' '));
      assert.is(piped.exit, 0, piped.stderr);
      assert.match(piped.stderr, /^\S+Z ca\/etcd create still generating .*\n/m);
      assert.not.match(piped.stdout + piped.stderr, /[\r\u001b]/);
      rmSync(scene.root, { recursive: true });
      const quiet = runCertstateIn({ cwd: scene.folder, env }, 'apply', ...`--yes --quiet --confirm ca/etcd ${scope}`.split(' '));
      assert.is(quiet.stderr, '');
    }));

  test('Ctrl-C while a service is told ends with 130: the files are right, and the next apply tells it', () =>
    inTemporaryFolder(async (folder) => {
      const place = placeIn(folder);
      place.put(
        'state.yaml',
        `version: 1
authorities:
  etcd: { commonName: etcd, files: { certificate: ${folder}/ca.crt, privateKey: ${folder}/ca.key }, trustedBy: [slow] }
services:
  slow: { onTrustChange: [sleep, "30"] }
`,
      );
      const own = '-f state.yaml --state-dir state';
      const session = await onTerminal(place, 100, `apply --yes --confirm ca/etcd ${own}`, [['service/slow ...', keys.interrupt, 200]]);
      assert.is(session.exit, 130, session.text);
      assert.ok(existsSync(join(folder, 'ca.key')) && existsSync(join(folder, 'ca.crt')));
      assert.match((await place.run(`plan ${own}`)).stderr, 'service-pending');
    }));

  test('a second Ctrl-C ends at once; nothing is left behind, and the lock is free', () =>
    inScene(async (scene) => {
      const env = breaking(placeIn(scene.folder), slowKeys(20_000));
      const begun = performance.now();
      const session = await onTerminal({ ...scene, env }, 100, `apply --yes --confirm ca/etcd ${scope}`, [
        ['generating', keys.interrupt, 200],
        ['again = stop now', keys.interrupt, 200],
      ]);
      assert.is(session.exit, 130, session.text);
      assert.ok(performance.now() - begun < 19_000, 'it waited for the key');
      assert.equal(filesBelow(scene.root), []);
      const next = scene.run('apply', '--yes', '--confirm', 'ca/etcd', '--lock-timeout', '0s');
      assert.is(next.exit, 0, next.stderr);
    }));

  test('colour on a terminal: by flag, then FORCE_COLOR, then NO_COLOR that is not empty, then TERM=dumb', () =>
    inScene(async (scene) => {
      // biome-ignore format: table
      const rows: readonly (readonly [env: Readonly<Record<string, string>>, flags: string, coloured: boolean])[] = [
        [{},                                    '',               true],
        [{ NO_COLOR: '1' },                     '',               false],
        [{ NO_COLOR: '' },                      '',               true],
        [{ TERM: 'dumb' },                      '',               false],
        [{ FORCE_COLOR: '1', TERM: 'dumb' },    '',               true],
        [{ FORCE_COLOR: '1', NO_COLOR: '1' },   '',               true],
        [{ FORCE_COLOR: '1' },                  '--no-color',     false],
        [{},                                    '--color never',  false],
        [{ NO_COLOR: '1' },                     '--color always', true],
        [{},                                    '--json',         false],
      ];
      for (const [env, flags, coloured] of rows) {
        const { raw } = await onTerminal({ ...scene, env }, 80, `plan ${scope} ${flags}`, []);
        assert.is(raw.includes('\u001b['), coloured, JSON.stringify([env, flags]));
      }
      const ascii = await onTerminal(scene, 80, `status --ascii ${scope}`, []);
      assert.match(ascii.text, /^[\n -~]*$/);
    }));
}

test.run();
