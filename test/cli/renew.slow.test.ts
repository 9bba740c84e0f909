/** `certstate renew` as it is run by a timer: the program as it is shipped, in a folder that stands for /, and at other times. */

import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs, programPath } from '../support/needs.ts';
import type { CommandResult } from '../support/run-certstate.ts';
import { inAppliedScene, inScene, type Scene, smallState } from '../support/scene.ts';
import { treeOf } from '../support/tree.ts';

const test = suite('cli/renew');

const env = { DONT_FAKE_MONOTONIC: '1', TZ: 'UTC' };
const after = (scene: Scene, time: string, ...args: readonly string[]): CommandResult =>
  scene.runIn({ env, under: [programPath('faketime') ?? '', '-m', '-f', time] }, 'renew', ...args);

const certificateOf = (scene: Scene, path = '/tls/server.crt'): X509Certificate => new X509Certificate(readFileSync(scene.at(path)));
const said = ({ stdout, stderr }: CommandResult): string => `${stdout}\n${stderr}`;
const everything = (scene: Scene): string => JSON.stringify([...Object.entries(treeOf(scene.root))]);

const edited = smallState.replace('[server.example]', '[server.example, new.example]');
const broken = `${smallState}  broken: [\n`;

test('in order: nothing is written, and it is said when there will be something to do', () =>
  inAppliedScene((scene) => {
    const before = everything(scene);
    const { exit, stdout, stderr } = scene.run('renew');
    assert.is(exit, 0);
    assert.match(stdout, /^Nothing is due\. Next: cert\/\S+, renews from \d{4}-/);
    assert.is(stderr, '');
    assert.is(everything(scene), before);
    const quiet = scene.run('renew', '--quiet');
    assert.equal([quiet.exit, quiet.stdout, quiet.stderr], [0, '', '']);
  }));

test('a mode that somebody changed is mended; what is gone waits for apply', () =>
  inAppliedScene((scene) => {
    chmodSync(scene.at('/tls/server.key'), 0o644);
    rmSync(scene.at('/tls/client.key'));
    const result = scene.run('renew');
    assert.is(result.exit, 0, said(result));
    assert.match(result.stdout, 'cert/server fix done');
    assert.match(result.stderr, 'notice[waits-for-apply]: cert/client waits for certstate apply: private-key-missing');
    assert.equal(
      scene.changes(() => scene.run('renew')),
      [],
    );
  }));

test('nothing of a new desired state is done: no authority, no certificate', () =>
  inScene((scene) => {
    const result = scene.run('renew');
    assert.is(result.exit, 0, said(result));
    assert.match(result.stderr, 'ca/etcd waits for certstate apply: missing');
    assert.equal(
      scene.changes(() => scene.run('renew')),
      [],
    );
  }));

test('a broken text, and no good one was ever kept: exit code 65, and nothing is done', () =>
  inScene((scene) => {
    const result = scene.run('renew');
    assert.is(result.exit, 65);
    assert.match(result.stderr, 'nothing was renewed');
  }, broken));

function becomesFolder(scene: Scene): void {
  rmSync(scene.file);
  mkdirSync(scene.file);
}

if (needs('faketime')) {
  test('due: renewed, and once', () =>
    inAppliedScene((scene) => {
      const before = certificateOf(scene);
      const result = after(scene, '+340d');
      assert.is(result.exit, 0, said(result));
      assert.match(result.stdout, 'Applied: 2 renewed, 4 files written.');
      const renewed = certificateOf(scene);
      assert.ok(Date.parse(renewed.validTo) > Date.parse(before.validTo));
      assert.ok(renewed.checkIssued(new X509Certificate(readFileSync(scene.at('/pki/ca.crt')))));
      assert.is(renewed.subjectAltName, before.subjectAltName);
      const tree = everything(scene);
      assert.match(after(scene, '+340d').stdout, 'Nothing is due');
      assert.is(everything(scene), tree);
    }));

  test('an edit waits, and does not travel with a renewal, and does not keep it from being made', () =>
    inAppliedScene((scene) => {
      writeFileSync(scene.file, edited);
      const result = after(scene, '+340d');
      assert.is(result.exit, 0, said(result));
      assert.match(result.stdout, '2 renewed');
      assert.match(result.stderr, 'cert/server waits for certstate apply: dns-names');
      assert.is(certificateOf(scene).subjectAltName, 'DNS:server.example');
      // And again, a year later: what was applied is still known.
      assert.match(after(scene, '+680d').stdout, '2 renewed');
      assert.is(certificateOf(scene).subjectAltName, 'DNS:server.example');
      assert.match(scene.run('plan', '--now', '2028-11-01T00:00Z').stdout, 'new.example');
    }));

  test('the same where the state directory was lost: the certificate says what was applied', () =>
    inAppliedScene((scene) => {
      writeFileSync(scene.file, edited);
      rmSync(scene.at('/var/lib/certstate'), { recursive: true });
      const result = after(scene, '+340d');
      assert.is(result.exit, 0, said(result));
      assert.is(certificateOf(scene).subjectAltName, 'DNS:server.example');
      assert.match(result.stdout, '2 renewed');
    }));

  for (const [what, act] of [
    ['broken', (scene: Scene) => writeFileSync(scene.file, broken)],
    ['gone', (scene: Scene) => rmSync(scene.file)],
    ['a folder without YAML', becomesFolder],
  ] as const)
    test(`a desired state that is ${what}: renewed from the last good one, said, and exit code 65`, () =>
      inAppliedScene((scene) => {
        act(scene);
        const early = after(scene, '+340d');
        assert.is(early.exit, 65);
        assert.match(early.stdout, '2 renewed');
        assert.match(early.stderr, 'error[desired-state-broken]');
        assert.not.match(early.stderr, 'protection-overridden');
        assert.is(after(scene, '+340d', '--quiet').exit, 65, 'it stands until somebody mends it');
        const late = after(scene, '+704d', '--json');
        assert.is(late.exit, 65);
        assert.match(late.stdout, '"protection-overridden"');
        assert.match(late.stdout, '"exit_code":65');
      }));

  test('a blocked neighbour keeps nobody else', () =>
    inAppliedScene((scene) => {
      rmSync(scene.at('/tls/client.key'));
      mkdirSync(scene.at('/tls/client.key'));
      const result = after(scene, '+340d');
      assert.is(result.exit, 22, said(result));
      assert.match(result.stdout, 'cert/server renew done');
      assert.match(result.stdout, 'cert/client renew blocked code=not-regular');
    }));

  test('an authority that ends first is not renewed, nor is what it has signed', () =>
    inAppliedScene((scene) => {
      const before = certificateOf(scene, '/pki/ca.crt').fingerprint256;
      assert.is(after(scene, '+3640d').exit, 0);
      assert.is(certificateOf(scene, '/pki/ca.crt').fingerprint256, before);
    }));

  test('a clock that is behind issues nothing', () =>
    inAppliedScene((scene) => {
      after(scene, '+340d');
      const before = certificateOf(scene).fingerprint256;
      const result = scene.run('renew');
      assert.ok([0, 22].includes(result.exit ?? -1), said(result));
      assert.match(result.stderr, 'warning[clock-behind]');
      assert.is(certificateOf(scene).fingerprint256, before);
    }));

  test('check calls due what renew renews on this machine, and nothing earlier', () =>
    inAppliedScene((scene) => {
      const begin = Date.parse(certificateOf(scene).validTo) - 33 * 86_400_000;
      for (const hours of [0, 24, 48, 73]) {
        const then = new Date(begin + hours * 3_600_000).toISOString();
        const due = scene.run('check', '--now', then, '--target', 'cert/server').stdout.includes('renewal-due');
        if (!due) continue;
        const days = Math.round((Date.parse(then) - Date.now()) / 86_400_000) + 1;
        assert.match(after(scene, `+${days}d`, '--target', 'cert/server').stdout, 'cert/server renew done');
        return;
      }
      assert.unreachable('never due');
    }));
}

test.run();
