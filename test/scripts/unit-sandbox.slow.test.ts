/** What the units of systemd forbid, nothing that they start needs: each program runs shut in as its unit has it, and does its work. */
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs, needsPython, needsRoot, programPath } from '../support/needs.ts';
import { withNotifySocket } from '../support/notify-socket.ts';
import { inAppliedScene, inScene } from '../support/scene.ts';
import { sandboxOf } from '../support/unit-sandbox.ts';
import { is, whileWatching } from '../support/watching.ts';

const test = suite('scripts/unit-sandbox');

const unit = (name: string) => readFileSync(resolve(import.meta.dirname, '../../templates/systemd', name), 'utf8');

if (needsRoot() && needs('systemd-analyze', 'systemd-notify', 'unshare', 'setpriv') && needsPython('socket', 'python3')) {
  test('the sandbox holds: what a unit forbids fails in it', () =>
    inAppliedScene((scene) => {
      const [starter = '', ...words] = sandboxOf(unit('certstate-check.service'), []);
      const { stdout: status } = spawnSync(starter, [...words, 'cat', '/proc/self/status'], { encoding: 'utf8' });
      for (const line of [/^CapEff:\s0*4$/m, /^CapBnd:\s0*4$/m, /^NoNewPrivs:\s1$/m, /^Seccomp:\s2$/m]) assert.match(status, line);
      chmodSync(scene.at('/tls/server.key'), 0o644);
      const { exit, stdout, stderr } = scene.runIn({ under: sandboxOf(unit('certstate-check.service'), []) }, 'renew');
      assert.is.not(exit, 0);
      assert.match(stdout + stderr, /EROFS|EACCES|EPERM/);
      assert.is(statSync(scene.at('/tls/server.key')).mode & 0o777, 0o644);
    }));

  test('certstate-watch.service: it reads what only root may read, hears, and speaks to systemd', () =>
    inAppliedScene((scene) => {
      const socket = join(scene.folder, 'notify');
      return withNotifySocket(socket, async (notified) => {
        await whileWatching(
          scene,
          ['--interval', '1h'],
          async ({ after }) => {
            const { milliseconds } = await after(() => chmodSync(scene.at('/tls/server.key'), 0o644), is('drift', 'private-key-mode'));
            assert.ok(milliseconds < 2000, `${milliseconds} ms`);
          },
          { env: { NOTIFY_SOCKET: socket }, under: sandboxOf(unit('certstate-watch.service'), []) },
        );
        assert.equal(
          notified.map(({ text }) =>
            text
              .split('\n')
              .filter((line) => !line.startsWith('MAINPID='))
              .join(),
          ),
          ['READY=1', 'STOPPING=1'],
        );
      });
    }));

  test('certstate-keep.service: it mends what it hears of, and speaks to systemd', () =>
    inAppliedScene((scene) => {
      const socket = join(scene.folder, 'notify');
      return withNotifySocket(socket, async (notified) => {
        await whileWatching(
          scene,
          ['--apply', '--interval', '1h'],
          async ({ after }) => {
            await after(() => chmodSync(scene.at('/tls/server.key'), 0o644), is('apply_done', undefined, 'cert/server'));
            assert.is(statSync(scene.at('/tls/server.key')).mode & 0o777, 0o600);
          },
          { env: { NOTIFY_SOCKET: socket }, under: sandboxOf(unit('certstate-keep.service'), [scene.root]) },
        );
        assert.ok(notified.some(({ text }) => text.includes('READY=1')));
      });
    }));

  test('certstate-check.service: it gives its verdict', () =>
    inAppliedScene((scene) => {
      chmodSync(scene.at('/tls/server.key'), 0o644);
      const { exit, stdout, stderr } = scene.runIn({ under: sandboxOf(unit('certstate-check.service'), []) }, 'check');
      assert.is(exit, 2, stderr);
      assert.match(stdout, 'private-key-mode');
    }));

  if (needs('faketime'))
    test('certstate-renew.service: it renews what is due, and mends a mode', () =>
      inScene((scene) => {
        const longAgo = { env: { DONT_FAKE_MONOTONIC: '1' }, under: [programPath('faketime') ?? '', '-m', '-f', '-360d'] };
        assert.is(scene.runIn(longAgo, 'apply', '--yes', '--confirm', 'ca/etcd').exit, 0);
        chmodSync(scene.at('/tls/server.key'), 0o644);
        const before = statSync(scene.at('/tls/client.crt')).ino;
        const { exit, stdout, stderr } = scene.runIn({ under: sandboxOf(unit('certstate-renew.service'), [scene.root]) }, 'renew');
        assert.is(exit, 0, stdout + stderr);
        assert.is(statSync(scene.at('/tls/server.key')).mode & 0o777, 0o600);
        assert.is.not(statSync(scene.at('/tls/client.crt')).ino, before);
      }));
}

test.run();
