/** On a terminal: what is asked, and what each answer does. `script` is the terminal. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs, programPath } from '../support/needs.ts';
import { plainEnvironment, program } from '../support/run-certstate.ts';
import { inScene, type Scene } from '../support/scene.ts';

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

function onTerminal({ folder }: Scene, columns: number, words: string, steps: readonly Step[]): Promise<Session> {
  const command = `stty cols ${columns} rows 24; exec ${process.execPath} ${program} ${words}`;
  const { CI: _, ...env } = plainEnvironment();
  const child = spawn(programPath('script') ?? '', ['-qefc', command, '/dev/null'], {
    cwd: folder,
    env: { ...env, TERM: 'xterm', SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
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
    child.on('close', (exit) => resolve({ exit, raw, text: raw.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replaceAll('\r', '') })),
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

if (needs('script')) {
  test('only the address makes an authority, and only yes applies', async () => {
    for (const { name, steps, exit, made } of answers) {
      await inScene(async (scene) => {
        const session = await onTerminal(scene, 80, `apply ${scope}`, steps);
        assert.is(session.exit, exit, `${name}:\n${session.text}`);
        assert.is(existsSync(scene.at('/pki/ca.key')), made, name);
        assert.is(existsSync(scene.at('/tls/server.key')), made, name);
        if (!made) assert.equal(readdirSync(scene.root), [], `${name}: something was written`);
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
      assert.equal(readdirSync(scene.root), []);
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
}

test.run();
