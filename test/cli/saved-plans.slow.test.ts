/** Exactly what was reviewed, or nothing: saved plans and ids, through the program as it is shipped. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PlanJson } from '../../src/report/plan-json.ts';
import { planSchema } from '../../src/report/schemas/plan-schema.ts';
import { needs, programPath } from '../support/needs.ts';
import { type CommandResult, plainEnvironment, program } from '../support/run-certstate.ts';
import { inAppliedScene, inScene, type Scene, smallState } from '../support/scene.ts';
import { changedPaths, treeOf } from '../support/tree.ts';

const test = suite('cli/saved-plans');

const [server, client] = ['commonName: server', 'commonName: client'];
const edit = (scene: Scene, from: string, to: string): void =>
  writeFileSync(scene.file, readFileSync(scene.file, 'utf8').replace(from, to));
const saved = (scene: Scene, name = 'plan.json'): PlanJson => JSON.parse(readFileSync(join(scene.folder, name), 'utf8')) as PlanJson;
const save = (scene: Scene, ...args: readonly string[]): PlanJson => {
  const { exit, stderr } = scene.run('plan', '-o', 'plan.json', ...args);
  assert.is(exit, 0, stderr);
  return saved(scene);
};
const short = ({ id }: PlanJson): string => id.slice('sha256:'.length, 'sha256:'.length + 12);
const codeOf = ({ stderr }: CommandResult): string => /^error\[([a-z-]+)\]/m.exec(stderr)?.[1] ?? '';

/** Where it is not refused as stale, what stands and the text of the YAML that was in order are remembered, whether or not something of it could be done. */
const remembered = ['conditions.json', 'desired-states.json', 'lock'].map((name) => `var/lib/certstate/${name}`);

/** The command changes nothing below the root, the state directory included. */
function changingNothing(scene: Scene, command: string, ...args: readonly string[]): CommandResult {
  const before = treeOf(scene.root);
  const result = scene.run(command, ...args);
  const changed = changedPaths(before, treeOf(scene.root)).filter((path) => result.exit === 21 || !remembered.includes(path));
  assert.equal(changed, [], `${command} ${args.join(' ')}\n${result.stdout}${result.stderr}`);
  return result;
}

/** It is refused with this code and exit 21, and every pattern is in what is said. */
function refusedAs(scene: Scene, code: string, args: readonly string[], ...patterns: readonly (string | RegExp)[]): void {
  const result = changingNothing(scene, 'apply', ...args, '--yes');
  assert.equal([result.exit, codeOf(result)], [21, code], result.stdout + result.stderr);
  const said = result.stderr.replace(/\s+/g, ' ');
  for (const pattern of patterns) assert.match(said, pattern);
}

test('plan -o saves what plan --json prints, readable by its owner alone, and says how to apply it', () =>
  inAppliedScene((scene) => {
    edit(scene, server, 'commonName: other');
    const plan = scene.run('plan', '-o', 'plan.json');
    assert.is(plan.exit, 0, plan.stderr);
    const path = join(scene.folder, 'plan.json');
    assert.is(lstatSync(path).mode & 0o777, 0o600);
    const document = saved(scene);
    assert.ok(new Ajv({ strict: true, allowUnionTypes: true }).validate(planSchema, document));
    const printed = JSON.parse(scene.run('plan', '--json').stdout) as PlanJson;
    const timeless = ({ created_at: _, evaluated_at: __, valid_until: ___, ...rest }: PlanJson) =>
      JSON.stringify(rest).replace(/"estimate":"[^"]*"|"ends_about":"[^"]*"|"renew_from":"[^"]*"/g, '');
    assert.is(timeless(document), timeless(printed));
    assert.is(Date.parse(document.valid_until as string) - Date.parse(document.created_at), 86_400_000);
    assert.match(plan.stdout, /Saved to plan\.json\. It can be applied until \d/);
    assert.match(plan.stdout, `certstate apply -f state.yaml --root ${scene.root} plan.json`);
    assert.match(plan.stdout, `--expect ${short(document)}`);
    const onStdout = scene.run('plan', '-o', '-');
    assert.is((JSON.parse(onStdout.stdout) as PlanJson).id, document.id);
  }));

test('a plan is never saved over anything but a plan, nor where something else belongs', () =>
  inAppliedScene((scene) => {
    const at = (name: string) => join(scene.folder, name);
    edit(scene, server, 'commonName: other');
    writeFileSync(at('notes.txt'), 'notes');
    writeFileSync(at('empty'), '');
    symlinkSync('target.json', at('link.json'));
    symlinkSync(scene.at('/tls'), at('tls'));
    mkdirSync(at('folder'));
    rmSync(scene.at('/tls/client.key'));
    const refused = [
      'notes.txt',
      'state.yaml',
      'link.json',
      'folder',
      scene.at('/tls/server.key'),
      scene.at('/tls/client.key'),
      'tls/server.crt',
      scene.at('/var/lib/certstate/plan.json'),
      scene.at('/var/lib/certstate/records.json'),
    ];
    const before = treeOf(scene.folder);
    for (const path of refused) {
      const { exit, stdout, stderr } = scene.run('plan', '-o', path);
      assert.equal([exit, codeOf({ exit, stdout, stderr })], [1, 'output-refused'], `${path}: ${stderr}`);
      assert.match(stdout, 'Plan ', 'the plan is shown all the same');
      assert.not.match(stdout, 'Saved');
    }
    assert.is(scene.run('plan', '-o', 'no/such/folder').exit, 1);
    assert.equal(changedPaths(before, treeOf(scene.folder)), []);
    for (const path of ['empty', 'plan.json', 'plan.json']) assert.is(scene.run('plan', '-o', path).exit, 0);
  }));

test('show PLAN needs neither host nor desired state, shows what was shown, and prints back what was saved', () =>
  inAppliedScene((scene) => {
    edit(scene, server, 'commonName: other');
    const plan = scene.run('plan', '-o', 'plan.json');
    const text = readFileSync(join(scene.folder, 'plan.json'), 'utf8');
    rmSync(scene.root, { recursive: true });
    rmSync(scene.file);
    const shown = scene.run('show', 'plan.json');
    assert.is(shown.exit, 0, shown.stderr);
    const [asMade] = plan.stdout.split('\nSaved to');
    assert.ok(shown.stdout.startsWith(asMade as string), shown.stdout);
    assert.match(shown.stdout, /Saved .* for the host /);
    assert.is(scene.run('show', 'plan.json', '--json').stdout, text);
  }));

const unusable: Readonly<Record<string, (text: string) => string | Uint8Array>> = {
  'not-a-plan': () => 'version: 1\n',
  'plan-truncated': (text) => text.slice(0, 700),
  'plan-version': (text) => text.replace('"format_version": "1.0"', '"format_version": "2.0"'),
  'plan-invalid': (text) => text.replace('"action": "noop"', '"action": "explode"'),
  'plan-too-large': () => new Uint8Array(64 * 1024 * 1024 + 1),
};

test('what is no plan of ours is told apart, by show and by apply, and nothing is done', () =>
  inAppliedScene((scene) => {
    const good = JSON.stringify(save(scene), null, 2);
    const path = join(scene.folder, 'bad.json');
    const fail = (code: string) => {
      for (const command of ['show', 'apply']) {
        const result = changingNothing(scene, command, 'bad.json');
        assert.equal([result.exit, codeOf(result)], [1, code], result.stderr);
      }
      const json = JSON.parse(scene.run('show', 'bad.json', '--json').stdout) as {
        readonly diagnostics: readonly { readonly code: string }[];
      };
      assert.is(json.diagnostics[0]?.code, code);
    };
    for (const [code, spoil] of Object.entries(unusable)) {
      writeFileSync(path, spoil(good));
      fail(code);
    }
    rmSync(path);
    mkdirSync(path);
    fail('plan-unreadable');
    for (const [command, what] of [
      ['show', 'nothing.json'],
      ['show', 'ca/nothing'],
      ['apply', 'nothing.json'],
    ] as const)
      assert.is(scene.run(command, what).exit, 64);
  }));

test('a dash is standard input: a plan, an inventory and a list of ids are taken from a file or a pipe', () =>
  inScene(({ run, runIn, folder, put }) => {
    const from = (text: string) => {
      put('/given', text);
      return { under: ['sh', '-c', 'cat "$0" | "$@"', join(folder, 'root/given')] };
    };
    const confirmed = ['--yes', '--confirm', 'ca/etcd'];
    const plan = run('plan', '--confirm', 'ca/etcd', '-o', '-').stdout;
    const { id, host } = JSON.parse(plan) as { readonly id: string; readonly host: { readonly name: string } };
    assert.is(runIn(from(plan), 'show', '-', '--json').stdout, plan);
    const inventory = run('status', '--json').stdout;
    const planned = runIn(from(inventory), 'plan', '--confirm', 'ca/etcd', '--inventory', '-', '--json');
    assert.is((JSON.parse(planned.stdout) as { readonly id: string }).id, id);
    assert.is(runIn(from('no plan'), 'apply', '-', ...confirmed).exit, 1);
    assert.match(runIn(from('{}'), 'check', '--inventory', '-').stderr, 'standard input is no inventory');
    assert.is(runIn(from(`${host.name} ${id}`), 'apply', '--expect-file', '-', ...confirmed).exit, 0);
    const again = runIn(from(plan), 'apply', '-', ...confirmed);
    assert.is(again.exit, 21);
    assert.match(again.stderr, 'standard input was already applied here');
  }));

test('a saved plan is carried out once, and then is refused by the ledger', () =>
  inAppliedScene((scene) => {
    edit(scene, server, 'commonName: other');
    const document = save(scene);
    assert.equal(changingNothing(scene, 'apply', 'plan.json').exit, 20);
    const changed = scene.changes(() => assert.is(scene.run('apply', 'plan.json', '--yes').exit, 0));
    assert.equal(changed, ['tls/server.crt', 'tls/server.key']);
    refusedAs(scene, 'plan-applied', ['plan.json'], /already applied here at 20/);
    for (const id of [document.id, short(document)]) refusedAs(scene, 'plan-applied', ['--expect', id], /now there is nothing to do/);
  }));

test('a plan that only mends stands in the history; its file counts once, its id as often as the drift comes back', () =>
  inAppliedScene((scene) => {
    const drift = () => chmodSync(scene.at('/tls/server.key'), 0o644);
    drift();
    const document = save(scene);
    assert.is(scene.run('apply', 'plan.json', '--yes').exit, 0);
    const { entries } = JSON.parse(scene.run('history', 'cert/server', '--json').stdout) as {
      readonly entries: readonly { readonly action: string; readonly reasons: readonly string[]; readonly plan: string }[];
    };
    const { action, reasons, plan } = entries.at(-1) ?? {};
    assert.equal([action, reasons, plan], ['fix', ['private-key-mode'], document.id]);
    drift();
    refusedAs(scene, 'plan-applied', ['plan.json'], /already applied here at 20/);
    assert.is(scene.run('apply', '--expect', short(document), '--yes').exit, 0);
  }));

test('what was created and lost is not created a second time by the same plan', () =>
  inScene((scene) => {
    const document = save(scene);
    const consent = ['--confirm', 'ca/etcd'];
    assert.is(scene.run('apply', 'plan.json', '--yes', ...consent).exit, 0);
    for (const folder of ['/pki', '/tls']) rmSync(scene.at(folder), { recursive: true });
    assert.is((JSON.parse(scene.run('plan', '--json').stdout) as PlanJson).id, document.id, 'all looks as it did before');
    refusedAs(scene, 'plan-applied', ['plan.json', ...consent]);
    refusedAs(scene, 'plan-applied', ['--expect', short(document), ...consent]);
  }));

// biome-ignore format: table
const staleness: readonly (readonly [string, (scene: Scene) => void, readonly RegExp[]])[] = [
  ['a mode',                     (scene) => chmodSync(scene.at('/tls/server.key'), 0o640),                                                          [/changed: \S*\/tls\/server\.key \(mode 0600 -> 0640\)/]],
  ['another certificate',        (scene) => void scene.run('apply', '--yes', '--renew', 'cert/server'),                                             [/changed: \S*\/tls\/server\.crt \(serial [0-9a-f]{12} -> [0-9a-f]{12}/]],
  ['a file that is gone',        (scene) => rmSync(scene.at('/tls/server.key')),                                                                    [/server\.key \(is gone\)/, /rekey would be done/]],
  ['the issuer',                 (scene) => chmodSync(scene.at('/pki/ca.key'), 0o400),                                                              [/changed: \S*\/pki\/ca\.key \(mode 0600 -> 0400\)/]],
  ['the YAML of what changes',   (scene) => edit(scene, 'server.example', 'www.example'),                                                           [/changed: state\.yaml was edited \(other wishes for cert\/server\)/]],
  ['the YAML of something else', (scene) => edit(scene, client, 'commonName: klient'),                                                              [/other wishes for cert\/client/, /cert\/client: reissue would be done, and was not planned \(subject/]],
  ['drift of something else',    (scene) => chmodSync(scene.at('/tls/client.key'), 0o644),                                                          [/cert\/client: fix would be done, and was not planned \(private-key-mode\)/]],
  ['the calendar',               (scene) => expire(scene),                                                                                          [/it could be applied until 2020/]],
  ['a document that was edited', (scene) => rewrite(scene, (text) => text.replace('"key": "new"', '"key": "kept"')),                                [/cert\/server: reissue would be done otherwise/]],
  ['a plan as of another time',  (scene) => rewrite(scene, (text) => text.replace(/"evaluated_at": "20../, '"evaluated_at": "2031')),               [/not what is to be done/]],
];

const rewrite = (scene: Scene, change: (text: string) => string): void => {
  const path = join(scene.folder, 'plan.json');
  writeFileSync(path, change(readFileSync(path, 'utf8')));
};
const expire = (scene: Scene): void => rewrite(scene, (text) => text.replace(/"valid_until": "20../, '"valid_until": "2020'));

for (const [what, change, patterns] of staleness) {
  test(`a saved plan is stale by ${what}, which is named, and nothing is written`, () =>
    inAppliedScene((scene) => {
      edit(scene, server, 'commonName: other');
      save(scene);
      change(scene);
      refusedAs(scene, 'stale-plan', ['plan.json'], /saved: 20/, ...patterns);
    }));
}

test('a saved plan is of one host and one root', () =>
  inAppliedScene((scene) => {
    edit(scene, server, 'commonName: other');
    save(scene);
    refusedAs(scene, 'stale-plan', ['plan.json', '--host', 'elsewhere'], /made for the host .*, and this is elsewhere/);
    mkdirSync(join(scene.folder, 'other-root'));
    refusedAs(
      scene,
      'stale-plan',
      ['plan.json', '--root', join(scene.folder, 'other-root')],
      /made under the root/,
      `add --root ${scene.root}`,
    );
  }));

test('a comment in the YAML, and another place of it, leave a saved plan as it is', () =>
  inAppliedScene((scene) => {
    edit(scene, server, 'commonName: other');
    save(scene);
    writeFileSync(scene.file, `# a comment\n\n${readFileSync(scene.file, 'utf8')}`);
    assert.is(scene.run('apply', 'plan.json', '--yes').exit, 0);
  }));

test('what was asked of a plan when it was saved is asked again when it is applied', () =>
  inAppliedScene((scene) => {
    edit(scene, server, 'commonName: other');
    const document = save(scene, '--rekey', 'cert/client', '--target', 'cert/client');
    assert.equal([document.options.targets, document.options.rekey], [['cert/client'], ['cert/client']]);
    const changed = scene.changes(() => assert.is(scene.run('apply', 'plan.json', '--yes').exit, 0));
    assert.equal(changed, ['tls/client.crt', 'tls/client.key']);
    save(scene, '--renew', 'cert/client');
    edit(scene, '  client:', '  renamed:');
    refusedAs(scene, 'stale-plan', ['plan.json'], /cert\/client/);
  }));

test('a file consents to nothing: whoever applies does', () =>
  inScene((scene) => {
    save(scene, '--confirm', 'ca/etcd');
    const result = changingNothing(scene, 'apply', 'plan.json', '--yes');
    assert.is(result.exit, 22, result.stdout);
    assert.match(result.stdout, `certstate apply -f state.yaml --root ${scene.root} plan.json --confirm ca/etcd`);
    assert.is(changingNothing(scene, 'apply', 'plan.json', '--confirm', 'ca/etcd').exit, 20);
    assert.is(scene.run('apply', 'plan.json', '--yes', '--confirm', 'ca/etcd').exit, 0);
  }));

const cascade = `${smallState.replace('etcd: {', 'etcd: { privateKey: { algorithm: ECDSA, size: 384 },')}`;

test('an authority is replaced by a saved plan or by an id only where it is confirmed here', () =>
  inAppliedScene((scene) => {
    writeFileSync(scene.file, cascade);
    const document = save(scene);
    assert.is(changingNothing(scene, 'apply', '--expect', short(document), '--yes', '--no-input').exit, 22);
    assert.is(changingNothing(scene, 'apply', 'plan.json', '--yes').exit, 22);
    const changed = scene.changes(() =>
      assert.is(scene.run('apply', '--expect', short(document), '--yes', '--confirm', 'ca/etcd').exit, 0),
    );
    assert.equal(changed, ['pki/ca.crt', 'pki/ca.key', 'tls/client.crt', 'tls/client.key', 'tls/server.crt', 'tls/server.key']);
  }));

test('a protected key is kept until its address is given, whatever was agreed to', () =>
  inAppliedScene((scene) => {
    edit(scene, 'client: { issuer', 'client: { protect: true, issuer');
    const document = save(scene, '--rekey', 'cert/client');
    assert.equal(document.changes.find(({ address }) => address === 'cert/client')?.blocked?.code, 'protected');
    assert.is(changingNothing(scene, 'apply', 'plan.json', '--yes').exit, 22);
    assert.is(scene.run('apply', 'plan.json', '--yes', '--confirm', 'cert/client').exit, 0);
  }));

test('an id is agreed to in full or by twelve digits, and any other plan is refused, with what is planned now', () =>
  inAppliedScene((scene) => {
    edit(scene, server, 'commonName: other');
    const document = save(scene);
    refusedAs(
      scene,
      'stale-plan',
      ['--expect', '0123456789ab'],
      /planned: reissue cert\/server \(subject state\.yaml:\d+\)/,
      new RegExp(`plan ${short(document)}`),
    );
    const alike = `${short(document)}${'0'.repeat(52)}`;
    refusedAs(scene, 'stale-plan', ['--expect', alike], `is not plan ${alike}; nothing was changed`);
    edit(scene, client, 'commonName: klient');
    refusedAs(scene, 'stale-plan', ['--expect', document.id], /planned: reissue cert\/client \(subject/);
    edit(scene, 'commonName: klient', client);
    assert.is(changingNothing(scene, 'apply', '--expect', short(document)).exit, 20);
    assert.is(scene.run('apply', '--expect', short(document).toUpperCase(), '--yes').exit, 0);
  }));

/** A certificate of two hours under a YAML that wants a year, with a window of a month: due, and nothing but due. */
const shortLived = smallState.replace('client: { issuer', 'client: { duration: 2h, renewBefore: 30m, issuer');
const yearLong = smallState.replace('client: { issuer', 'client: { duration: 365d, renewBefore: 30d, issuer');

test('an id does not speak for renewals: they are left to whatever renews', () =>
  inAppliedScene((scene) => {
    writeFileSync(scene.file, yearLong);
    const quiet = save(scene);
    assert.equal(
      quiet.changes.filter(({ action }) => action !== 'noop').map(({ address, action }) => [address, action]),
      [['cert/client', 'renew']],
    );
    const nothing = changingNothing(scene, 'apply', '--expect', short(quiet), '--yes');
    assert.is(nothing.exit, 0, nothing.stderr);
    assert.match(nothing.stderr, /notice\[renewal-due\]: a renewal that is due is left out: cert\/client/);
    edit(scene, server, 'commonName: other');
    const both = save(scene);
    assert.not.match(scene.run('plan', '-o', 'plan.json').stdout, '--expect');
    const changed = scene.changes(() => assert.is(scene.run('apply', '--expect', short(both), '--yes').exit, 0));
    assert.equal(changed, ['tls/server.crt', 'tls/server.key']);
    refusedAs(scene, 'plan-applied', ['--expect', short(both)]);
  }, shortLived));

test('a saved plan renews what it says it renews, once, and nothing that came due since', () =>
  inAppliedScene((scene) => {
    writeFileSync(scene.file, yearLong);
    save(scene);
    const changed = scene.changes(() => assert.is(scene.run('apply', 'plan.json', '--yes').exit, 0));
    assert.equal(changed, ['tls/client.crt', 'tls/client.key']);
    refusedAs(scene, 'stale-plan', ['plan.json'], /client\.crt \(serial/, /renew was planned, and nothing is to be done any more/);
    edit(scene, server, 'commonName: other');
    save(scene);
    edit(scene, 'server: { issuer', 'server: { renewBefore: 364d, issuer');
    refusedAs(scene, 'stale-plan', ['plan.json'], /cert\/server/);
  }, shortLived));

test('for several hosts, each has its line', () =>
  inAppliedScene((scene) => {
    edit(scene, server, 'commonName: other');
    const document = save(scene);
    const ids = join(scene.folder, 'ids.txt');
    writeFileSync(ids, '# reviewed\ncontroller-1 0123456789ab\n');
    refusedAs(scene, 'host-not-expected', ['--expect-file', 'ids.txt', '--host', 'controller-0'], /no line for the host controller-0/);
    refusedAs(scene, 'stale-plan', ['--expect-file', 'ids.txt', '--host', 'controller-1']);
    writeFileSync(ids, `controller-0 ${document.id}\ncontroller-1 0123456789ab\n`);
    assert.is(scene.run('apply', '--expect-file', 'ids.txt', '--host', 'controller-0', '--yes').exit, 0);
    writeFileSync(ids, 'controller-0\n');
    for (const file of ['ids.txt', 'no-file']) assert.is(changingNothing(scene, 'apply', '--expect-file', file, '--yes').exit, 64);
  }));

const contradictions: readonly (readonly string[])[] = [
  ['plan.json', '--expect', '0123456789ab'],
  ['plan.json', '--expect-file', 'ids.txt'],
  ['--expect', '0123456789ab', '--expect-file', 'ids.txt'],
  ...(['plan.json', '--expect=0123456789ab', '--expect-file=ids.txt'] as const).flatMap((agreed) => [
    ...['--target', '--exclude', '--renew', '--rekey'].map((flag) => [agreed, flag, 'cert/server']),
    [agreed, '--dry-run'],
  ]),
  ['--expect', '0123456789'],
  ['--expect', 'plan.json'],
  ['plan.json', 'other.json'],
];

test(`what contradicts itself is a usage error: ${contradictions.length} ways`, () =>
  inAppliedScene((scene) => {
    save(scene);
    for (const args of contradictions) assert.is(changingNothing(scene, 'apply', ...args, '--yes').exit, 64, args.join(' '));
    assert.is(changingNothing(scene, 'plan', '-o', '-', '--report', 'sarif').exit, 64);
  }));

test('in JSON the end of a stale plan is a diagnostic and a summary', () =>
  inAppliedScene((scene) => {
    edit(scene, server, 'commonName: other');
    save(scene);
    chmodSync(scene.at('/tls/server.key'), 0o644);
    const { exit, stdout } = changingNothing(scene, 'apply', 'plan.json', '--yes', '--json');
    const events = stdout
      .trim()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as { readonly type: string; readonly exit_code?: number; readonly diagnostic?: { readonly code: string } },
      );
    assert.equal(
      events.map(({ type }) => type),
      ['hello', 'diagnostic', 'summary'],
    );
    assert.equal([exit, events.at(-1)?.exit_code, events[1]?.diagnostic?.code], [21, 21, 'stale-plan']);
  }));

test('of five that apply one plan at the same time, one does', () =>
  inAppliedScene(async (scene) => {
    edit(scene, server, 'commonName: other');
    save(scene);
    const exits = await Promise.all(
      Array.from({ length: 5 }, () => {
        const child = spawn(
          process.execPath,
          [program, 'apply', 'plan.json', '--yes', '--lock-timeout', '60s', '-f', 'state.yaml', '--root', scene.root],
          {
            cwd: scene.folder,
            env: plainEnvironment(),
            stdio: 'ignore',
          },
        );
        return new Promise<number | null>((resolve) => child.on('close', resolve));
      }),
    );
    assert.equal(exits.sort(), [0, 21, 21, 21, 21]);
    assert.is(scene.run('history', 'cert/server', '--json').stdout.match(/"reissue"/g)?.length, 1);
  }));

if (needs('script')) {
  test('on a terminal a saved plan is asked for like any other: the address, then yes', () =>
    inScene(async (scene) => {
      save(scene);
      const { CI: _, ...env } = plainEnvironment();
      const command = `exec ${process.execPath} ${program} apply plan.json -f state.yaml --root ${scene.root}`;
      const child = spawn(programPath('script') ?? '', ['-qefc', command, '/dev/null'], {
        cwd: scene.folder,
        env: { ...env, TERM: 'xterm', SHELL: '/bin/sh' },
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const answers: [string, string][] = [
        ['Type ca/etcd to continue', 'ca/etcd\r'],
        ['Only "yes" continues', 'yes\r'],
      ];
      let seen = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        seen += text;
        const [next] = answers;
        if (!next || !seen.includes(next[0])) return;
        answers.shift();
        child.stdin.write(next[1]);
      });
      const exit = await new Promise((resolve) => child.on('close', resolve));
      assert.is(exit, 0, seen);
      assert.ok(existsSync(scene.at('/pki/ca.key')));
    }));
}

test.run();
