/** Maintenance windows and gates as `certstate renew` obeys them: the program as it is shipped, at other times, gates as real processes. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs, programPath } from '../support/needs.ts';
import { type CommandResult, runCertstateIn } from '../support/run-certstate.ts';
import { inAppliedScene, smallState } from '../support/scene.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('cli/windows-and-gates');

const at = (time: string) => ({ env: { DONT_FAKE_MONOTONIC: '1', TZ: 'UTC' }, under: [programPath('faketime') ?? '', '-m', '-f', time] });
const said = ({ stdout, stderr }: CommandResult): string => `${stdout}\n${stderr}`;

/** `+340d` falls where it falls: a window that opens on that very day of the week, or on another one. */
const dayIn = (days: number): number => new Date(Date.now() + days * 86_400_000).getUTCDay();
const windowed = (days: number): string =>
  `${smallState.replace('profile: server,', 'profile: server, renewBefore: 30d, windows: [weekly],')}windows:\n  weekly: { cron: "0 0 * * ${dayIn(days)}", duration: 1d }\n`;

if (needs('faketime')) {
  test('outside its window nothing is renewed, and it is said when it opens: no failure; inside it is', () =>
    inAppliedScene((scene) => {
      const outside = scene.runIn(at('+341d'), 'renew', '--exclude', 'cert/client');
      assert.is(outside.exit, 0, said(outside));
      assert.match(said(outside), /no maintenance window is open: weekly opens \d{4}-\d\d-\d\dT00:00:00Z/);
      assert.equal(
        scene.changes(() => scene.runIn(at('+341d'), 'renew', '--exclude', 'cert/client')),
        [],
      );
      const inside = scene.runIn(at('+347d'), 'renew', '--exclude', 'cert/client');
      assert.is(inside.exit, 0, said(inside));
      assert.match(inside.stdout, '1 renewed');
    }, windowed(347)));

  test('outside its window with two days left it is renewed, and that is said loudly', () =>
    inAppliedScene((scene) => {
      const result = scene.runIn(at('+363d'), 'renew', '--exclude', 'cert/client');
      assert.is(result.exit, 0, said(result));
      assert.match(result.stdout, '1 renewed');
      assert.match(result.stderr, 'warning[protection-overridden]: cert/server was renewed although no maintenance window is open until');
    }, windowed(360)));

  test('a person who applies waits for no window', () =>
    inAppliedScene((scene) => {
      const result = scene.runIn(at('+341d'), 'apply', '--yes', '--exclude', 'cert/client');
      assert.is(result.exit, 0, said(result));
    }, windowed(347)));

  test('under another root a gate is not asked, and that is said', () =>
    inAppliedScene(
      (scene) => {
        const result = scene.runIn(at('+341d'), 'renew', '--exclude', 'cert/client');
        assert.is(result.exit, 0, said(result));
        assert.match(result.stderr, 'notice[gate-not-asked]');
      },
      `${smallState.replace('profile: server,', 'profile: server, gates: [healthy],')}gates:\n  healthy: { command: [/bin/false] }\n`,
    ));

  /** Without another root, in a folder of its own: only then is anything run. */
  const guarded = (body: (run: (time: string, gate: string) => CommandResult, asked: () => number) => void) =>
    inTemporaryFolder((folder) => {
      const [gate, log, yaml] = [join(folder, 'gate'), join(folder, 'asked'), join(folder, 'state.yaml')];
      const files = (name: string) => `files: { certificate: ${folder}/${name}.crt, privateKey: ${folder}/${name}.key }`;
      writeFileSync(
        yaml,
        [
          'version: 1',
          `authorities:\n  etcd: { commonName: etcd, ${files('ca')} }`,
          'certificates:',
          `  a: { issuer: etcd, commonName: a, profile: client, gates: [healthy], ${files('a')} }`,
          `  b: { issuer: etcd, commonName: b, profile: client, gates: [healthy], ${files('b')} }`,
          `gates:\n  healthy: { command: ["${gate}", "$(touch ${folder}/never)"], timeout: 2s }\n`,
        ].join('\n'),
      );
      chmodSync(yaml, 0o644);
      const certstate = (time: string, ...args: readonly string[]) =>
        runCertstateIn({ cwd: folder, ...at(time) }, args[0] ?? '', '-f', yaml, '--state-dir', join(folder, 'state'), ...args.slice(1));
      const created = certstate('+0', 'apply', '--yes', '--confirm', 'ca/etcd');
      assert.is(created.exit, 0, said(created));
      body(
        (time, script) => {
          writeFileSync(gate, `#!/bin/sh\necho "$1" >> ${log}\n${script}\n`);
          chmodSync(gate, 0o755);
          return certstate(time, 'renew');
        },
        () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').length : 0),
      );
      assert.not(existsSync(join(folder, 'never')));
    });

  test('a gate is asked once for all that it guards, and only where something is to be done', () =>
    guarded((run, asked) => {
      assert.is(run('+1d', 'exit 75').exit, 0);
      assert.is(asked(), 0);
      const closed = run('+341d', 'echo member 2 is down; exit 75');
      assert.is(closed.exit, 0, said(closed));
      assert.match(said(closed), 'healthy says not now (member 2 is down)');
      assert.not.match(said(closed), 'gate-failed');
      assert.is(asked(), 1);
      const open = run('+341d', 'exit 0');
      assert.is(open.exit, 0, said(open));
      assert.match(open.stdout, '2 renewed');
      assert.is(asked(), 2);
    }));

  for (const [name, script, says] of [
    ['another exit code', 'echo no etcdctl; exit 1', 'exit code 1'],
    ['no answer in time', 'sleep 60', 'not finished after 2 s'],
  ] as const)
    test(`a gate with ${name} holds back, and is complained of`, () =>
      guarded((run) => {
        const result = run('+341d', script);
        assert.is(result.exit, 22, said(result));
        assert.match(result.stderr, `error[gate-failed]: the gate healthy gave no answer: ${says}`);
      }));

  test('with two days left the word of a gate does not count, and that is said loudly', () =>
    guarded((run) => {
      const result = run('+363d', 'exit 75');
      assert.is(result.exit, 0, said(result));
      assert.match(
        result.stderr,
        'warning[protection-overridden]: cert/a was renewed although the gate said not now (healthy says not now)',
      );
    }));
}

test.run();
