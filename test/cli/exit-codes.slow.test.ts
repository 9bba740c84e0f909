/**
 * Every command in every situation it may find itself in: how it ends is one of the codes its help lists, each of them is reached, and text, JSON and exit
 * code say the same. A command without a row here fails, and so does an exit code that no situation reaches.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CommandName, commandNames, commandRow } from '../../src/cli/command-table.ts';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import type { Code } from '../../src/domain/codes.ts';
import { disagreements, judgeDocuments } from '../support/agreement.ts';
import { needs, programPath } from '../support/needs.ts';
import { type CommandResult, plainEnvironment, program } from '../support/run-certstate.ts';
import {
  appliedPlace,
  breaking,
  copyOf,
  ended,
  interruptedChange,
  type Place,
  placeWithService,
  readOnlyFolder,
  replaceBy,
  somethingUnforeseen,
  whileLocked,
  yamlWithWindow,
} from '../support/situations.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { inLanes } from '../support/turns.ts';

const test = suite('cli/exit-codes');

type Exit = keyof typeof exitCodes;

/** The words, how it ends, and the code that text and JSON both name: `['apply --yes', 'blocked', 'needs-confirmation']`. */
type Row = readonly [words: string, exit: Exit, says?: Code | undefined];

interface Situation {
  readonly name: string;
  /** Made of a place where everything is applied. */
  readonly prepare?: (place: Place) => void | Promise<void>;
  /** Where something else has to go on while the command runs. */
  readonly run?: (place: Place, words: string) => Promise<CommandResult>;
  /** Which desired state and which disk; `-f state.yaml --root root` unless it says otherwise. */
  readonly scope?: string;
  readonly rows: readonly Row[];
}

const withEveryCommand = (row: (command: CommandName) => Row): readonly Row[] => commandNames.map(row);
const looking = ['plan', 'check', 'status', 'show cert/server'] as const;
/** Their JSON is one document, so that only a loud one says that it waits. */
const holding = ['hold cert/client --for 4h --reason tried --verbose', 'release cert/client --verbose'] as const;
const writing = ['apply --yes --renew cert/client', 'renew', 'restore --yes', ...holding] as const;
/** All that read the desired state. */
const reading = ['plan', 'apply --yes', 'renew', 'check', 'status', 'validate', 'show cert/server', 'restore --yes'] as const;

const rewrite = ({ at }: Place, yaml: string): void => writeFileSync(at('state.yaml'), yaml);

/** Done once the command says that it has to wait for the lock: everything before that is looking. */
const whileWaiting = (place: Place, words: string, act: (child: ChildProcess, letGo: () => void) => void): Promise<CommandResult> =>
  whileLocked(place, (letGo) => {
    const child = place.start(words);
    let done = false;
    return ended(child, (said) => {
      if (done || !said.includes('waiting')) return;
      done = true;
      act(child, () => void letGo());
    });
  });

const signalled = (signal: 'SIGINT' | 'SIGTERM') => (place: Place, words: string) =>
  whileWaiting(place, words, (child) => void child.kill(signal));

/** While it waits for the lock, whoever holds it changes what it has looked at. */
const overtaken = (place: Place, words: string): Promise<CommandResult> =>
  whileWaiting(place, words, (_, letGo) => {
    replaceBy('garbage', place.at('root/tls/server.key'));
    letGo();
  });

/** The exit code of a command whose reader has gone; a pipeline with `pipefail` shows it. */
function readByHead(place: Place, words: string): Promise<CommandResult> {
  const script = `"$@" | head -n 1 > /dev/null; exit "\${PIPESTATUS[0]}"`;
  return ended(
    spawn(programPath('bash') ?? 'bash', ['-c', script, 'bash', process.execPath, program, ...words.split(' ')], {
      cwd: place.folder,
      env: plainEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

const inOrder: Readonly<Record<CommandName, string>> = {
  plan: 'plan --all',
  apply: 'apply --yes --renew cert/client',
  watch: 'watch --once',
  check: 'check',
  status: 'status',
  validate: 'validate',
  show: 'show cert/server',
  restore: 'restore --yes cert/server',
  hold: 'hold cert/client --for 4h --reason tried',
  release: 'release cert/client',
  history: 'history',
  renew: 'renew',
  explain: 'explain',
  schema: 'schema plan',
  completion: 'completion bash',
};

const situations: readonly Situation[] = [
  {
    name: 'everything in order',
    rows: [
      ...withEveryCommand((command) => [inOrder[command], 'ok']),
      ['plan --exit-code', 'ok'],
      ['apply --yes', 'ok'],
      ['apply', 'ok'],
      ['apply --dry-run', 'ok'],
      ['restore --list', 'ok'],
      ['restore --yes cert/client', 'error', 'nothing-to-restore'],
      ['restore', 'declined', 'declined'],
      ['explain renewal-due', 'ok'],
      ['schema', 'ok'],
      ['validate --no-keys root/tls/server.key', 'config', 'private-key-in-file'],
      ['history cert/server', 'ok'],
    ],
  },
  {
    name: 'nothing on disk yet',
    prepare: ({ at }) => {
      rmSync(at('root'), { recursive: true });
      mkdirSync(at('root'));
    },
    rows: [
      ['plan', 'ok'],
      ['plan --exit-code', 'changes'],
      ['plan --detailed-exitcode', 'changes'],
      ['apply --yes', 'blocked', 'needs-confirmation'],
      ['apply --confirm ca/etcd', 'declined', 'declined'],
      ['apply --yes --confirm ca/etcd', 'ok'],
      ['check', 'changes', 'missing'],
      ['status', 'ok'],
      ['show cert/server', 'ok', 'missing'],
      ['restore --yes', 'error', 'nothing-to-restore'],
      ['restore --list', 'ok'],
      ['renew', 'ok'],
      ['history', 'ok'],
    ],
  },
  {
    name: '--root that is not there',
    scope: '-f state.yaml --root nowhere',
    rows: [
      ['plan --exit-code', 'changes'],
      ['apply --yes', 'blocked', 'needs-confirmation'],
      ['check', 'usage', 'usage'],
      ['status', 'usage', 'usage'],
      ['show cert/server', 'usage', 'usage'],
      ['renew', 'usage', 'usage'],
      ['watch --once', 'usage', 'usage'],
      ['restore --yes', 'usage', 'usage'],
      ['restore --list', 'ok'],
      ['history', 'ok'],
    ],
  },
  {
    name: 'drift',
    prepare: ({ put, folder }) => {
      put('root/tls/server.crt', 'not a certificate\n');
      chmodSync(join(folder, 'root/srv/client.key'), 0o644);
    },
    rows: [
      ['plan --exit-code', 'changes'],
      ['check', 'changes', 'private-key-mode'],
      ['check --exclude cert/client', 'changes', 'unparsable'],
      ['check --fail-on expired', 'ok', 'unparsable'],
      ['watch --once', 'ok', 'private-key-mode'],
      ['status', 'ok'],
      ['show cert/client', 'ok', 'private-key-mode'],
      ['apply --yes', 'blocked', 'unparsable'],
      ['apply --yes --exclude cert/server', 'ok'],
      ['apply --yes --confirm cert/server', 'ok'],
    ],
  },
  {
    name: 'due',
    prepare: (place) => rewrite(place, yamlWithWindow(30)),
    rows: [
      ['plan --exit-code', 'changes'],
      ['apply', 'declined', 'declined'],
      ['apply --yes', 'ok'],
      ['renew', 'ok'],
      ['check', 'ok', 'renewal-due'],
      ['check --fail-on due', 'changes', 'renewal-due'],
      ['check --max 1', 'ok', 'renewal-due'],
      ['status', 'ok'],
      ['show cert/server', 'ok', 'renewal-due'],
    ],
  },
  {
    name: 'overdue',
    prepare: (place) => rewrite(place, yamlWithWindow(45)),
    rows: [
      ['plan', 'ok'],
      ['plan --exit-code', 'changes'],
      ['check', 'changes', 'renewal-due'],
      ['check --fail-on expired', 'ok', 'renewal-due'],
      ['status', 'ok'],
      ['apply --yes', 'ok'],
    ],
  },
  {
    name: 'blocked: a key that is something else',
    prepare: ({ at }) => replaceBy('folder', at('root/srv/client.key')),
    rows: [
      ['plan', 'ok'],
      ['plan --exit-code', 'changes'],
      ['apply --yes', 'blocked', 'not-regular'],
      ['apply --yes --renew cert/server', 'blocked', 'not-regular'],
      ['apply --dry-run', 'ok'],
      ['renew', 'blocked', 'not-regular'],
      ['check', 'changes', 'not-regular'],
      ['status', 'ok'],
      ['show cert/client', 'ok', 'not-regular'],
      ['restore --yes cert/server', 'ok'],
    ],
  },
  {
    name: 'blocked: a key that is a link',
    prepare: ({ at }) => replaceBy('link', at('root/srv/client.key')),
    rows: [
      ['plan --exit-code', 'changes'],
      ['apply --yes', 'blocked', 'symlink'],
      ['check', 'changes', 'symlink'],
      ['show cert/client', 'ok', 'symlink'],
    ],
  },
  {
    name: 'an authority that would be replaced',
    rows: [
      ['plan --exit-code --rekey ca/etcd', 'changes'],
      ['apply --yes --rekey ca/etcd', 'blocked', 'needs-confirmation'],
      ['apply --yes --rekey ca/etcd --confirm ca/etcd', 'ok'],
    ],
  },
  {
    name: 'an authority that was replaced',
    prepare: async ({ run }) => {
      assert.is((await run('apply --yes --rekey ca/etcd --confirm ca/etcd -f state.yaml --root root')).exit, 0);
    },
    rows: [
      ['restore --yes', 'blocked'],
      ['restore --yes --confirm ca/etcd', 'ok'],
      ['restore --confirm ca/etcd', 'declined', 'declined'],
      ['check', 'ok'],
    ],
  },
  {
    name: 'a folder that is mounted read-only',
    run: (place, words) => place.run(words, { env: breaking(place, readOnlyFolder) }),
    rows: [
      ['plan --renew cert/server', 'ok'],
      ['apply --yes --renew cert/server', 'partial', 'file-system-read-only'],
      ['apply --yes --renew cert/server --renew cert/client', 'partial', 'file-system-read-only'],
      ['apply --yes --fail-fast --renew cert/server --renew cert/client', 'partial', 'file-system-read-only'],
      ['restore --yes cert/server', 'error', 'file-system-read-only'],
      ['check', 'ok'],
    ],
  },
  {
    name: 'due, in a folder that is mounted read-only',
    prepare: (place) => rewrite(place, yamlWithWindow(30)),
    run: (place, words) => place.run(words, { env: breaking(place, readOnlyFolder) }),
    rows: [
      ['renew', 'partial', 'file-system-read-only'],
      ['apply --yes', 'partial', 'file-system-read-only'],
    ],
  },
  {
    name: 'edited, and not applied',
    prepare: (place) => rewrite(place, yamlWithWindow(30).replace('server.example', 'other.example')),
    rows: [
      ['renew', 'ok', 'waits-for-apply'],
      ['watch --once', 'ok', 'dns-names'],
      ['plan --exit-code', 'changes'],
      ['check', 'changes', 'dns-names'],
    ],
  },
  {
    name: 'one blocked, and one in a folder that is mounted read-only',
    prepare: ({ at }) => replaceBy('folder', at('root/srv/client.key')),
    run: (place, words) => place.run(words, { env: breaking(place, readOnlyFolder) }),
    rows: [['apply --yes --renew cert/server', 'partial', 'file-system-read-only']],
  },
  {
    name: 'a saved plan, and its YAML edited since',
    prepare: async (place) => {
      rewrite(place, yamlWithWindow(30));
      assert.is((await place.run('plan -f state.yaml --root root -o plan.json')).exit, 0);
      rewrite(place, yamlWithWindow(30).replace('server.example', 'other.example'));
    },
    rows: [
      ['apply --yes plan.json', 'stale', 'stale-plan'],
      ['apply --yes --expect 0123456789ab', 'stale', 'stale-plan'],
      ['show plan.json', 'ok'],
    ],
  },
  {
    name: 'what is no plan',
    prepare: ({ put }) => {
      put('no.json', '{}\n');
      put('torn.json', '{ "format": "certstate.plan", ');
    },
    rows: [
      ['show no.json', 'error', 'not-a-plan'],
      ['apply --yes no.json', 'error', 'not-a-plan'],
      ['apply --yes torn.json', 'error', 'plan-truncated'],
      ['plan --inventory no.json', 'error', 'inventory-unusable'],
      ['check --inventory no.json', 'error', 'inventory-unusable'],
    ],
  },
  {
    name: 'a ledger that is a folder',
    prepare: ({ at }) => replaceBy('folder', at('root/var/lib/certstate/ledger.jsonl')),
    rows: [
      ['history', 'error', 'records-unreadable'],
      ['plan', 'ok'],
      ['status', 'ok'],
    ],
  },
  {
    name: 'another certstate holds the lock',
    prepare: (place) => rewrite(place, yamlWithWindow(30)),
    run: (place, words) => whileLocked(place, () => place.run(words)),
    rows: [
      ...writing.map((words): Row => [`${words} --lock-timeout 0s`, 'locked', 'locked']),
      ...looking.map((words): Row => [words, 'ok']),
      ['history', 'ok'],
    ],
  },
  {
    name: 'the host changes before the lock is free',
    run: overtaken,
    rows: [
      ['restore --yes cert/server', 'stale', 'changed-since-plan'],
      ['apply --yes --renew cert/server', 'blocked', 'unparsable'],
    ],
  },
  {
    name: 'Ctrl-C',
    prepare: (place) => rewrite(place, yamlWithWindow(30)),
    run: signalled('SIGINT'),
    rows: writing.map((words): Row => [words, 'interrupted']),
  },
  {
    name: 'SIGTERM',
    prepare: (place) => rewrite(place, yamlWithWindow(30)),
    run: signalled('SIGTERM'),
    rows: writing.map((words): Row => [words, 'terminated']),
  },
  {
    name: 'a service that cannot be told',
    scope: '-f state.yaml --state-dir state',
    prepare: ({ folder }) => placeWithService(folder),
    rows: [
      ['apply --yes --renew cert/server', 'unverified'],
      ['apply --yes --renew cert/server --no-reload', 'ok'],
      ['apply --yes', 'ok'],
      ['renew', 'ok'],
      ['restore --yes', 'unverified'],
      ['check', 'ok'],
    ],
  },
  {
    name: 'a service that has still to be told',
    scope: '-f state.yaml --state-dir state',
    prepare: async (place) => {
      await placeWithService(place.folder);
      assert.is((await place.run('apply --yes --renew cert/server -f state.yaml --state-dir state')).exit, exitCodes.unverified);
    },
    rows: [
      ['plan', 'ok', 'service-pending'],
      ['apply --yes', 'unverified', 'service-pending'],
      ['check', 'changes', 'service-pending'],
      ['check --fail-on expired', 'ok', 'service-pending'],
      ['status', 'ok', 'service-pending'],
      ['renew', 'unverified'],
    ],
  },
  {
    name: 'a change that was interrupted',
    prepare: interruptedChange,
    rows: [
      ['plan', 'ok', 'interrupted-change'],
      ['check', 'changes', 'interrupted-change'],
      ['status', 'ok', 'interrupted-change'],
      ['apply', 'ok'],
      ['apply --yes', 'ok'],
      ['renew', 'ok'],
      ['restore --yes cert/server', 'ok'],
      ['history', 'ok'],
    ],
  },
  {
    name: 'records that are torn',
    prepare: ({ put }) => {
      put('root/var/lib/certstate/records.json', '{ "format":', 0o600);
      put('root/var/lib/certstate/ledger.jsonl', '\u0000\u0000\n', 0o600);
    },
    rows: [
      ['plan', 'ok', 'records-unreadable'],
      ['check', 'ok', 'records-unreadable'],
      ['check --fail-on warning', 'changes', 'records-unreadable'],
      ['status', 'ok', 'records-unreadable'],
      ['history', 'ok', 'records-unreadable'],
      ['apply --yes', 'ok'],
      ['renew', 'ok', 'records-unreadable'],
      ['apply --yes --renew cert/client', 'ok'],
    ],
  },
  {
    name: 'a state directory that cannot be one',
    prepare: ({ put }) => put('state', 'a file\n'),
    scope: '-f state.yaml --root root --state-dir state',
    rows: [
      ['apply --yes --renew cert/client', 'error', 'state-folder'],
      ['plan', 'ok'],
      ['renew', 'error', 'state-folder'],
      ['check', 'ok'],
      ['restore --list', 'ok'],
    ],
  },
  {
    name: 'YAML that is wrong',
    prepare: (place) => rewrite(place, 'version: 1\nauthorities:\n  etcd: { commonNam: etcd }\n'),
    rows: [
      ...reading.map((words): Row => [words, 'config', 'unknown-field']),
      ['renew --no-reload', 'config', 'desired-state-broken'],
      ['hold cert/client --for 4h --reason tried', 'ok', 'desired-state-broken'],
      ['hold cert/nope --for 4h --reason tried', 'config', 'unknown-field'],
      ['release cert/client', 'ok'],
      ['watch --once', 'ok', 'desired-state-broken'],
    ],
  },
  {
    name: 'YAML that is no YAML',
    prepare: (place) => rewrite(place, 'version: 1\nauthorities: {'),
    rows: reading.map((words): Row => [words, 'config']),
  },
  {
    name: 'no YAML',
    prepare: ({ at }) => rmSync(at('state.yaml')),
    rows: reading.map((words): Row => [words, 'config', 'file-missing']),
  },
  {
    name: 'a folder without YAML',
    scope: '-f root --root root',
    rows: [...reading.map((words): Row => [words, 'config', 'file-missing']), ['watch --once', 'config', 'file-missing']],
  },
  {
    name: 'something on hold',
    prepare: async ({ run }) => {
      assert.is((await run('hold cert/client --for 4h --reason tried -f state.yaml --root root')).exit, 0);
    },
    rows: [
      ['plan --renew cert/client', 'ok'],
      ['apply --yes --renew cert/client', 'blocked', 'on-hold'],
      ['apply --yes --renew cert/client --confirm cert/client', 'ok'],
      ['renew', 'ok'],
      ['check', 'ok', 'on-hold'],
      ['status', 'ok'],
      ['show cert/client', 'ok', 'on-hold'],
      ['hold cert/client --for 31d --reason tried', 'usage', 'usage'],
      ['release cert/client', 'ok'],
    ],
  },
  {
    name: 'holds that cannot be read',
    prepare: ({ at }) => mkdirSync(at('root/var/lib/certstate/holds.json')),
    rows: [
      ['plan --renew cert/client', 'ok', 'holds-unreadable'],
      ['apply --yes --renew cert/client', 'blocked', 'holds-unreadable'],
      ['renew', 'ok', 'holds-unreadable'],
      ['check', 'changes', 'holds-unreadable'],
      ['hold cert/client --for 4h --reason tried', 'error', 'holds-unreadable'],
      ['release cert/client', 'error', 'holds-unreadable'],
    ],
  },
  {
    name: 'a flag that is none',
    rows: withEveryCommand((command) => [`${inOrder[command]} --nonsense`, 'usage', 'usage']),
  },
  {
    name: 'a word too many, or one too few',
    rows: withEveryCommand((command) => [command === 'validate' ? 'validate --no-keys' : `${command} a b c`, 'usage', 'usage']),
  },
  {
    name: 'what is not there',
    rows: [
      ['plan --target cert/nope', 'usage', 'usage'],
      ['apply --yes --renew cert/nope', 'usage', 'usage'],
      ['check --exclude cert/nope', 'usage', 'usage'],
      ['status --target cert/nope', 'usage', 'usage'],
      ['show cert/nope', 'usage', 'usage'],
      ['restore --yes cert/nope', 'usage', 'usage'],
      ['renew --target cert/nope', 'usage', 'usage'],
      ['watch --once --target cert/nope', 'usage', 'usage'],
      ['history cert/nope', 'ok'],
      ['explain nope', 'usage', 'usage'],
      ['schema nope', 'usage', 'usage'],
      ['completion nope', 'usage', 'usage'],
      ['completion', 'usage', 'usage'],
      ['show', 'usage', 'usage'],
      ['nope', 'usage', 'usage'],
    ],
  },
  {
    name: 'values that are none',
    rows: [
      ['plan --now tomorrow', 'usage', 'usage'],
      ['apply --parallelism none', 'usage', 'usage'],
      ['apply --lock-timeout soon', 'usage', 'usage'],
      ['restore --lock-timeout soon', 'usage', 'usage'],
      ['renew --parallelism none', 'usage', 'usage'],
      ['check --fail-on nothing', 'usage', 'usage'],
      ['check --within soon', 'usage', 'usage'],
      ['watch --interval often', 'usage', 'usage'],
      ['watch --poll 0s', 'usage', 'usage'],
      ['check --max few', 'usage', 'usage'],
      ['status --report nothing', 'usage', 'usage'],
      ['plan --color sometimes', 'usage', 'usage'],
      ['apply --confirm etcd', 'usage', 'usage'],
      ['validate --set nothing', 'usage', 'usage'],
    ],
  },
  {
    name: 'a bug',
    run: (place, words) => place.run(words, { env: breaking(place, somethingUnforeseen) }),
    rows: withEveryCommand((command) => [inOrder[command], 'error', 'internal-error']),
  },
];

const withoutScope: ReadonlySet<string> = new Set(['explain', 'schema', 'completion', 'nope']);
const commandOf = (words: string): string => words.split(' ')[0] ?? '';
/** Whose JSON is a stream of events. */
const streams = (words: string): boolean => /^(apply|renew|restore|watch)\b/.test(words) && !/--dry-run|--list/.test(words);

/** What is wrong with one cell: tried once for people and once for programs, each in a place of its own where it changes something. */
async function judge(situation: Situation, [words, exit, says]: Row, copy: () => Place, prepared: Place): Promise<readonly string[]> {
  const command = commandOf(words);
  const scope = withoutScope.has(command) || words.startsWith('validate --no-keys') ? '' : (situation.scope ?? '-f state.yaml --root root');
  const run = situation.run ?? ((place, all) => place.run(all));
  const writes = commandNames.some((name) => name === command && commandRow(name).writes === 'files');
  const once = async (flags: string): Promise<CommandResult> => {
    const place = writes || situation.run ? copy() : prepared;
    return run(place, `${words} ${scope} ${flags}`.replace(/ +/g, ' ').trim());
  };
  const text = await once('');
  // A script has no form as JSON: what is asked for with both is refused.
  if (command === 'completion' && exit === 'ok') {
    const json = await once('--json');
    return text.exit === 0 && text.stdout !== '' && json.exit === exitCodes.usage
      ? []
      : [`${situation.name}: certstate ${words}: ${text.stderr}`];
  }
  const json = await once('--json');
  return [
    ...disagreements({ text, json, exit: exitCodes[exit], says, goesOn: command === 'renew', verbose: words.includes('--verbose') }),
    ...(await judgeDocuments(json, { exit: exitCodes[exit], streams: streams(words) })),
  ].map((fault) => `${situation.name}: certstate ${words}: ${fault}`);
}

const cells = situations.flatMap(({ rows }) => rows);

for (const command of commandNames) {
  test(`${command}: the situations reach every exit code that its help lists, and no other`, () => {
    const reached = cells.filter(([words]) => commandOf(words) === command).map(([, exit]) => exit);
    const listed = (Object.keys(exitCodes) as Exit[]).filter((exit) => commandRow(command).exits.includes(exit));
    assert.equal(
      (Object.keys(exitCodes) as Exit[]).filter((exit) => reached.includes(exit)),
      listed,
    );
  });
}

if (needs('flock', 'bash')) {
  test(`in ${cells.length} cells of the table text, JSON and exit code say the same, and what is said is what happened`, () =>
    inTemporaryFolder(async (folder) => {
      const base = await appliedPlace(join(folder, 'base'));
      const copies: Place[] = [];
      const copy = (from: Place): Place => {
        const place = copyOf(from, join(folder, `${copies.length}`));
        copies.push(place);
        return place;
      };
      const faults: string[] = [];
      await inLanes(situations, async (situation) => {
        const prepared = copy(base);
        await situation.prepare?.(prepared);
        for (const row of situation.rows) faults.push(...(await judge(situation, row, () => copy(prepared), prepared)));
      });
      assert.equal(faults, []);
    }));

  test('a plan that cannot be saved is shown all the same, as text and as JSON; on stderr it says why the exit code is 1', () =>
    inTemporaryFolder(async (folder) => {
      const place = await appliedPlace(join(folder, 'base'));
      for (const form of ['', '--json']) {
        const { exit, stdout, stderr } = await place.run(`plan -f state.yaml --root root -o root ${form}`);
        assert.is(exit, exitCodes.error);
        assert.match(stderr, /^error\[output-refused\]/);
        assert.match(stdout, form === '' ? /^No changes/ : /"certstate\.plan"/);
      }
    }));

  test('whoever reads may go after the first line: a command ends as it would have, and says nothing of it', () =>
    inTemporaryFolder(async (folder) => {
      const base = await appliedPlace(join(folder, 'base'));
      await inLanes(commandNames, async (command) => {
        const scope = withoutScope.has(command) ? '' : ' -f state.yaml --root root';
        const place = copyOf(base, join(folder, command));
        const { exit, stderr } = await readByHead(place, `${inOrder[command]}${scope}`);
        assert.is(exit, 0, `${command}: ${stderr}`);
        // watch says on stderr what it looks at.
        assert.not.match(stderr, /EPIPE|error/, command);
      });
    }));
}

test.run();
