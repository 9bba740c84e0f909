/** P14: clock trouble makes no bad certificates. The program as it is shipped, under libfaketime. */
import { execFileSync, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs, programPath } from '../support/needs.ts';
import type { CommandResult } from '../support/run-certstate.ts';
import { inAppliedScene, inScene, type Scene } from '../support/scene.ts';

const test = suite('promises/p14-clock');

/** Without the last of these a faked clock would stop the timers of Node. */
const env = { DONT_FAKE_MONOTONIC: '1', TZ: 'UTC' };

/** Runs at another time: `-40d`, `@1970-01-01 00:00:00`. */
const at = (scene: Scene, time: string, command: string, ...args: readonly string[]): CommandResult =>
  scene.runIn({ env, under: [programPath('faketime') ?? '', '-m', '-f', time] }, command, ...args);

const certificateOf = (scene: Scene): X509Certificate => new X509Certificate(readFileSync(scene.at('/tls/server.crt')));
const highWater = (scene: Scene): string =>
  (JSON.parse(readFileSync(scene.at('/var/lib/certstate/records.json'), 'utf8')) as { readonly high_water: string }).high_water;

/** So that there is something to issue whatever the clock says. */
const rekey = ['--yes', '--rekey', 'cert/server'];

/** Sets the time of a run in the moment in which it says something, and does something else in that moment too. */
function withStep(scene: Scene, time: string, word: string, doing: string, command: string, ...args: readonly string[]): CommandResult {
  const steps = `${scene.folder}/time`;
  writeFileSync(steps, '+0');
  const library = execFileSync(programPath('faketime') ?? '', ['-m', '-f', '+0', 'printenv', 'LD_PRELOAD'], { encoding: 'utf8' }).trim();
  const faked = `LD_PRELOAD='${library}' FAKETIME_TIMESTAMP_FILE=${steps} FAKETIME_NO_CACHE=1`;
  const script = `env ${faked} "$@" 2>&1 | { while read -r line; do echo "$line"; case "$line" in *${word}*) printf '%s' "${time}" > ${steps}; ${doing} ;; esac; done; }`;
  return scene.runIn({ env, under: ['bash', '-c', script, 'bash'] }, command, ...args);
}

if (needs('faketime')) {
  for (const time of ['-40d', '-10m', '@1970-01-01 00:00:10', '@2000-01-01 00:00:00'])
    test(`${time}: nothing is issued, the reason is said, and --accept-clock ends it`, () =>
      inAppliedScene((scene) => {
        const [before, mark] = [certificateOf(scene).fingerprint256, highWater(scene)];
        const refused = at(scene, time, 'apply', ...rekey);
        assert.is(refused.exit, 22, refused.stdout + refused.stderr);
        assert.match(refused.stdout, 'the clock is behind');
        assert.match(refused.stderr, 'warning[clock-behind]');
        assert.is(certificateOf(scene).fingerprint256, before);
        assert.is(highWater(scene), mark);

        const idle = at(scene, time, 'apply', '--yes', '--json');
        assert.match(idle.stdout, '"clock-behind"', 'said also where nothing was asked for');
        assert.is(certificateOf(scene).fingerprint256, before);
        assert.match(at(scene, time, 'check').stdout, 'clock-behind');

        const accepted = at(scene, time, 'apply', '--yes', '--accept-clock', '--confirm', 'ca/etcd');
        assert.ok([0, 22].includes(accepted.exit ?? -1), accepted.stdout + accepted.stderr);
        assert.ok(Date.parse(highWater(scene)) < Date.parse(mark), `${highWater(scene)} is not the time that was accepted`);
        // What was accepted is accepted for good, but for a time at which this program cannot have been made.
        if (time.startsWith('-')) assert.not.match(at(scene, time, 'plan').stderr, 'clock-behind');
        // The right time is no trouble afterwards.
        const corrected = scene.run('plan');
        assert.not.match(corrected.stdout + corrected.stderr, 'clock-behind');
      }));

  test('1970 and nothing remembered: nothing is issued either', () =>
    inScene((scene) => {
      const refused = at(scene, '@1970-01-01 00:00:10', 'apply', '--yes', '--confirm', 'ca/etcd');
      assert.is(refused.exit, 22, refused.stdout + refused.stderr);
      assert.match(refused.stderr, 'this program was made on');
      assert.throws(() => certificateOf(scene), /ENOENT/);
    }));

  test('forty days later: renewals as ever, and no doubt', () =>
    inAppliedScene((scene) => {
      const later = at(scene, '+40d', 'apply', ...rekey);
      assert.is(later.exit, 0, later.stdout + later.stderr);
      assert.not.match(later.stderr, 'clock');
      // The step back is what is noticed then.
      const back = scene.run('apply', ...rekey);
      assert.is(back.exit, 22);
      assert.match(back.stderr, 'clock-behind');
      const accepted = scene.run('apply', ...rekey, '--accept-clock');
      assert.is(accepted.exit, 0, accepted.stdout + accepted.stderr);
      assert.ok(Date.parse(certificateOf(scene).validFrom) <= Date.now(), 'what is left is valid now');
      assert.is(scene.run('plan', '--exit-code').exit, 0);
    }));

  test('a machine that was off past every expiry is not suspect: what can be issued is', () =>
    inAppliedScene((scene) => {
      const later = at(scene, '+13y', 'apply', '--yes', '--renew', 'ca/etcd', '--confirm', 'ca/etcd');
      assert.is(later.exit, 0, later.stdout + later.stderr);
      assert.not.match(later.stdout + later.stderr, 'clock');
      assert.is(at(scene, '+13y', 'plan', '--exit-code').exit, 0);
    }));

  test('2050 is a year like others: dates become GeneralizedTime and are read back', () =>
    inScene((scene) => {
      const time = '@2050-06-01 12:00:00';
      const applied = at(scene, time, 'apply', '--yes', '--confirm', 'ca/etcd');
      assert.is(applied.exit, 0, applied.stdout + applied.stderr);
      assert.match(certificateOf(scene).validTo, /2051 GMT$/);
      assert.is(at(scene, time, 'plan', '--exit-code').exit, 0);
      assert.match(at(scene, time, 'status').stdout, '2051-06-01');
    }));

  test('past the year 9999 nothing can be dated, so nothing is issued', () =>
    inScene((scene) => {
      const time = '+8000y';
      const refused = at(scene, time, 'apply', '--yes', '--confirm', 'ca/etcd');
      assert.is(refused.exit, 22, refused.stdout + refused.stderr);
      assert.match(refused.stderr, 'clock-ahead');
      const accepted = at(scene, time, 'apply', '--yes', '--accept-clock', '--confirm', 'ca/etcd');
      assert.is(accepted.exit, 22, 'no consent makes such a date possible');
      assert.match(at(scene, time, 'plan', '--json').stdout, '"9999-12-31T23:59:59Z"');
      assert.throws(() => certificateOf(scene), /ENOENT/);
    }));

  test('a clock that is set while keys are made: what was not published is not published', () =>
    inScene((scene) => {
      const applied = withStep(scene, '+40d', 'Plan', ':', 'apply', '--yes', '--confirm', 'ca/etcd');
      assert.match(applied.stdout, 'error[clock-jumped]');
      assert.throws(() => certificateOf(scene), /ENOENT/);
      const next = scene.run('apply', '--yes', '--confirm', 'ca/etcd');
      assert.is(next.exit, 0, next.stdout + next.stderr);
    }, slowState));

  if (needs('flock'))
    for (const time of ['+40d', '-40d'])
      test(`${time} while it waits for another: the step was seen, and nothing is issued by the new time`, () =>
        inAppliedScene((scene) => {
          // The authority is old enough to sign at either time: it is the step that counts, not what follows from it.
          const begin = at(scene, '-1y', 'apply', '--yes', '--accept-clock', '--rekey', 'ca/etcd', '--confirm', 'ca/etcd');
          assert.is(begin.exit, 0, begin.stdout + begin.stderr);
          const [before, mark] = [certificateOf(scene).fingerprint256, highWater(scene)];
          // Who has the lock goes when somebody waits for it (and when nobody comes, so that nothing stays behind).
          const holder = spawn(programPath('flock') ?? '', ['-F', scene.at('/var/lib/certstate/lock'), 'sleep', '60'], { stdio: 'ignore' });
          const applied = withStep(scene, time, 'waiting', `kill ${holder.pid}`, 'apply', ...rekey, '--lock-timeout', '60s');
          assert.match(applied.stdout, 'waiting for another certstate');
          assert.match(applied.stdout, 'error[clock-jumped]');
          assert.is(certificateOf(scene).fingerprint256, before);
          assert.is(highWater(scene), mark);
        }));
}

const slowState = `version: 1
authorities:
  etcd: { commonName: etcd, privateKey: { algorithm: RSA, size: 4096 }, files: { certificate: /pki/ca.crt, privateKey: /pki/ca.key } }
certificates:
  server: { issuer: etcd, commonName: server, dnsNames: [server.example], profile: server, privateKey: { algorithm: RSA, size: 4096 }, files: { certificate: /tls/server.crt, privateKey: /tls/server.key } }
`;

test.run();
