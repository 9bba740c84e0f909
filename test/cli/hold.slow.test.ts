/** `certstate hold` and `release` as a person and a timer meet them, and what `restore` holds. */
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs, programPath } from '../support/needs.ts';
import type { CommandResult } from '../support/run-certstate.ts';
import { inAppliedScene, type Scene } from '../support/scene.ts';

const test = suite('cli/hold');

const env = { DONT_FAKE_MONOTONIC: '1', TZ: 'UTC' };
const at = (scene: Scene, time: string, ...args: readonly [string, ...string[]]): CommandResult =>
  scene.runIn({ env, under: [programPath('faketime') ?? '', '-m', '-f', time] }, ...args);
const hold = ['hold', 'cert/server', '--for', '4h', '--reason', 'compaction runs'] as const;
const said = ({ stdout, stderr }: CommandResult): string => `${stdout}\n${stderr}`;
const modeOf = (scene: Scene, path: string): number => statSync(scene.at(path)).mode & 0o777;
const holdsOf = (scene: Scene): string => scene.at('/var/lib/certstate/holds.json');

function exits(result: CommandResult, exit: number): string {
  assert.is(result.exit, exit, said(result));
  return said(result);
}

test('what is on hold is changed by nobody, and shown by everybody, until it is released', () =>
  inAppliedScene((scene) => {
    assert.match(exits(scene.run(...hold), 0), 'On hold: cert/server until ');
    chmodSync(scene.at('/tls/server.key'), 0o644);
    chmodSync(scene.at('/tls/client.key'), 0o644);
    const plan = exits(scene.run('plan'), 0);
    assert.match(plan, /blocked {2}on hold until \S+Z: compaction runs/);
    assert.match(plan, /certstate release .*cert\/server/);
    assert.match(exits(scene.run('renew'), 0), 'cert/server fix blocked', 'a wish of a person is no failure of the timer');
    assert.equal([modeOf(scene, '/tls/server.key'), modeOf(scene, '/tls/client.key')], [0o644, 0o600]);
    exits(scene.run('apply', '--yes'), 22);
    assert.match(exits(scene.run('status'), 0), /On hold:\n {2}cert\/server {2}until /);
    assert.match(exits(scene.run('show', 'cert/server'), 0), 'on hold until');
    const check = JSON.parse(scene.run('check', '--json').stdout) as { findings: readonly { code: string; fails: boolean }[] };
    assert.equal(
      check.findings.filter(({ code }) => code === 'on-hold').map(({ fails }) => fails),
      [false],
    );
    assert.match(exits(scene.run('watch', '--once'), 0), 'on-hold');
    assert.match(exits(scene.run('history'), 0), /cert\/server +hold +until/);
    assert.match(exits(scene.run('release', 'cert/server'), 0), 'Released: cert/server');
    exits(scene.run('renew'), 0);
    assert.is(modeOf(scene, '/tls/server.key'), 0o600);
    assert.match(exits(scene.run('history'), 0), /cert\/server +release/);
  }));

test('a person who names the address changes it all the same, and the hold stands', () =>
  inAppliedScene((scene) => {
    exits(scene.run(...hold), 0);
    exits(scene.run('apply', '--yes', '--renew', 'cert/server', '--confirm', 'cert/server'), 0);
    assert.match(exits(scene.run('status'), 0), 'On hold:');
  }));

test('a plan from an inventory is the one that the host makes', () =>
  inAppliedScene((scene) => {
    exits(scene.run(...hold), 0);
    const inventory = join(scene.folder, 'host.json');
    writeFileSync(inventory, scene.run('status', '--json').stdout);
    const blockedIn = (...more: readonly string[]) =>
      (
        JSON.parse(scene.run('plan', '--renew', 'cert/server', '--json', ...more).stdout) as { changes: readonly { blocked: unknown }[] }
      ).changes.flatMap(({ blocked }) => blocked ?? []);
    assert.is(blockedIn().length, 1);
    assert.equal(blockedIn('--inventory', inventory), blockedIn());
  }));

test('a second hold takes the place of the first, in one document for programs', () =>
  inAppliedScene((scene) => {
    exits(scene.run(...hold), 0);
    const { held, replaced } = JSON.parse(scene.run('hold', 'cert/*', '--for', '1d', '--reason', 'a freeze', '--json').stdout);
    assert.equal([held.map(({ address }: { address: string }) => address).sort(), replaced.length], [['cert/client', 'cert/server'], 1]);
    const { released, not_held } = JSON.parse(scene.run('release', 'cert/*', 'ca/etcd', '--json').stdout);
    assert.equal([released.length, not_held], [2, ['ca/etcd']]);
    assert.match(exits(scene.run('release', 'cert/server'), 0), 'Not on hold: cert/server');
    assert.match(exits(scene.run('release', '*'), 0), 'Nothing that fits is on hold.');
  }));

// biome-ignore format: table
const wrong: readonly (readonly [string, readonly string[]])[] = [
  ['no end',                 ['cert/server', '--reason', 'x']],
  ['an end that is none',    ['cert/server', '--for', 'soon', '--reason', 'x']],
  ['an end beyond 30 days',  ['cert/server', '--for', '31d', '--reason', 'x']],
  ['no time at all',         ['cert/server', '--for', '0s', '--reason', 'x']],
  ['no reason',              ['cert/server', '--for', '4h']],
  ['an empty reason',        ['cert/server', '--for', '4h', '--reason', ' ']],
  ['two lines of reason',    ['cert/server', '--for', '4h', '--reason', 'a\nb']],
  ['an unknown address',     ['cert/sever', '--for', '4h', '--reason', 'x']],
  ['no address',             ['--for', '4h', '--reason', 'x']],
];
test('a hold without an end, a reason or a resource is refused, and nothing is written', () =>
  inAppliedScene((scene) => {
    for (const [what, words] of wrong) assert.is(scene.run('hold', ...words).exit, 64, what);
    assert.is(scene.run('release', 'server').exit, 64);
    assert.throws(() => statSync(holdsOf(scene)), /ENOENT/);
  }));

test('with a broken text what was applied can be held, and every hold be released', () =>
  inAppliedScene((scene) => {
    const text = readFileSync(scene.file, 'utf8');
    writeFileSync(scene.file, `${text}  broken: [\n`);
    assert.match(exits(scene.run(...hold), 0), 'On hold: cert/server');
    exits(scene.run('hold', 'cert/nobody', '--for', '4h', '--reason', 'x'), 65);
    rmSync(scene.file);
    assert.match(exits(scene.run('release', 'cert/server'), 0), 'Released: cert/server');
  }));

test('where nobody knows what is held, everything is, and it is said how that ends: holds-unreadable', () =>
  inAppliedScene((scene) => {
    exits(scene.run(...hold), 0);
    writeFileSync(holdsOf(scene), 'garbage');
    chmodSync(scene.at('/tls/client.key'), 0o644);
    assert.match(exits(scene.run('renew'), 22), 'holds-unreadable');
    assert.is(modeOf(scene, '/tls/client.key'), 0o644);
    exits(scene.run('check'), 2);
    exits(scene.run('release', 'cert/server'), 1);
    exits(scene.run(...hold), 1);
    assert.is(readFileSync(holdsOf(scene), 'utf8'), 'garbage');
    rmSync(holdsOf(scene));
    exits(scene.run('renew'), 0);
  }));

test('what was restored is on hold for a day, so that no timer undoes it', () =>
  inAppliedScene((scene) => {
    exits(scene.run('apply', '--yes', '--renew', 'cert/server'), 0);
    const restored = exits(scene.run('restore', 'cert/server', '--yes'), 0);
    assert.match(restored, /On hold: cert\/server until \S+ \(2[34] h\): restored from generation 1/);
    chmodSync(scene.at('/tls/server.key'), 0o644);
    exits(scene.run('renew'), 0);
    assert.is(modeOf(scene, '/tls/server.key'), 0o644);
    exits(scene.run('release', 'cert/server'), 0);
    exits(scene.run('renew'), 0);
    assert.is(modeOf(scene, '/tls/server.key'), 0o600);
  }));

test('restore holds as long as it is told, or not at all', () =>
  inAppliedScene((scene) => {
    exits(scene.run('apply', '--yes', '--renew', 'cert/server'), 0);
    exits(scene.run('restore', 'cert/server', '--yes', '--no-hold', '--for', '2h'), 64);
    assert.match(exits(scene.run('restore', 'cert/server', '--yes', '--no-hold'), 0), 'not held');
    assert.not.match(exits(scene.run('status'), 0), 'On hold');
    const events = exits(scene.run('restore', 'cert/server', '--yes', '--for', '2h', '--json'), 0);
    assert.match(exits(scene.run('restore', 'cert/server', '--yes', '--for', '3d'), 0), /\((2|3) d\): restored/);
    assert.match(
      exits(scene.run('restore', 'cert/server', '--yes'), 0),
      /hold {5}on hold until \S+: restored from generation \d+ \(by/,
      'the longer hold stays',
    );
    assert.match(events, /"type":"held".*"address":"cert\/server"/);
    assert.match(exits(scene.run('status'), 0), 'On hold');
  }));

if (needs('faketime')) {
  test('what is due waits while it is held, and is renewed when the hold has ended', () =>
    inAppliedScene((scene) => {
      exits(at(scene, '+340d', ...hold), 0);
      const held = exits(at(scene, '+340d', 'renew'), 0);
      assert.match(held, 'cert/client renew done');
      assert.match(held, 'cert/server renew blocked code=on-hold');
      assert.match(exits(at(scene, '+341d', 'renew'), 0), 'cert/server renew done');
    }));

  test('at the end of a life no hold counts for a plain renewal: renewed, and said loudly: protection-overridden', () =>
    inAppliedScene((scene) => {
      exits(at(scene, '+361d', ...hold), 0);
      assert.match(exits(at(scene, '+361d', 'renew'), 0), 'cert/server renew blocked code=on-hold');
      exits(at(scene, '+363d', ...hold), 0);
      const plan = exits(at(scene, '+363d', 'plan'), 0);
      assert.match(plan, 'in spite of');
      const renewed = exits(at(scene, '+363d', 'renew'), 0);
      assert.match(renewed, 'cert/server renew done');
      assert.match(
        renewed,
        /warning\[protection-overridden\]: cert\/server was renewed although it is on hold until \S+ \(compaction runs\)/,
      );
    }));
}

test.run();
