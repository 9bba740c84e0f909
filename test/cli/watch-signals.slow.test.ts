/** `certstate watch` as a process: the signals it knows, a clock that is set under it, and a folder it may not read any more. */
import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs, needsRoot, programPath } from '../support/needs.ts';
import { inAppliedScene } from '../support/scene.ts';
import { is, type Watching, whileWatching } from '../support/watching.ts';

const test = suite('cli/watch-signals');

/** Resolves with how it ended, and after how many milliseconds. */
async function ended({ child }: Watching, signal: NodeJS.Signals): Promise<readonly [number | null, number]> {
  const begun = performance.now();
  child.kill(signal);
  if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
  return [child.exitCode, performance.now() - begun];
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  test(`${signal} ends it well, at once, and with a last word`, () =>
    inAppliedScene(async (scene) => {
      const events = await whileWatching(scene, ['--interval', '1h'], async (watching) => {
        const [code, milliseconds] = await ended(watching, signal);
        assert.is(code, 0);
        assert.ok(milliseconds < 2000, `${milliseconds} ms`);
      });
      assert.is(events.at(-1)?.type, 'summary');
    }));

test('the second signal ends it even where the first is waited for', () =>
  inAppliedScene(async (scene) => {
    const preload = join(scene.folder, 'preload.cjs');
    writeFileSync(
      preload,
      `const timers = require('node:timers/promises'); const { setTimeout: wait } = timers; let isStuck = false;
       process.on('SIGUSR2', () => { isStuck = true; });
       timers.setTimeout = (...given) => (isStuck ? wait(60_000) : wait(...given));`,
    );
    await whileWatching(
      scene,
      ['--interval', '1h'],
      async (watching) => {
        watching.child.kill('SIGUSR2');
        await sleep(1500);
        watching.child.kill('SIGTERM');
        await sleep(1000);
        assert.is(watching.child.exitCode, null);
        const [code, milliseconds] = await ended(watching, 'SIGTERM');
        assert.is(code, 0);
        assert.ok(milliseconds < 1000, `${milliseconds} ms`);
      },
      { node: ['--require', preload] },
    );
  }));

test('SIGHUP reads the YAML although nothing was heard of it', () =>
  inAppliedScene((scene) =>
    whileWatching(scene, ['--poll', '1h'], async ({ child, after, news }) => {
      writeFileSync(scene.file, scene.yaml.replace('server.example', 'other.example'));
      await sleep(1500);
      assert.equal(news(), []);
      const { milliseconds } = await after(() => void child.kill('SIGHUP'), is('drift', 'dns-names', 'cert/server'));
      assert.ok(milliseconds < 2000, `${milliseconds} ms`);
    }).then(() => undefined),
  ));

if (needs('faketime'))
  test('a clock that is set: told with the seconds, everything is looked at by it, and told again when it is set back', () =>
    inAppliedScene((scene) => {
      const steps = join(scene.folder, 'time');
      writeFileSync(steps, '+0');
      const library = execFileSync(programPath('faketime') ?? '', ['-m', '-f', '+0', 'printenv', 'LD_PRELOAD'], {
        encoding: 'utf8',
      }).trim();
      const year = 360 * 86_400;
      const byThatClock = ['cert/client renewal-due', 'cert/server renewal-due', 'clock-jumped'];
      // Without the last of these a faked clock would stop the timers of Node.
      const env = { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: steps, FAKETIME_NO_CACHE: '1', DONT_FAKE_MONOTONIC: '1' };
      return whileWatching(
        scene,
        ['--interval', '1h'],
        async ({ after, news }) => {
          const forwards = await after(() => writeFileSync(steps, `+${year}`), is('clock_stepped'));
          assert.ok(Math.abs((forwards['seconds'] as number) - year) <= 2, `${forwards['seconds']}`);
          await sleep(1000);
          assert.equal(news().toSorted(), [
            'clock_stepped',
            ...byThatClock.map((what) => (what === 'clock-jumped' ? `trouble ${what}` : `due ${what}`)),
          ]);
          const backwards = await after(() => writeFileSync(steps, '+0'), is('clock_stepped'));
          assert.ok(Math.abs((backwards['seconds'] as number) + year) <= 2, `${backwards['seconds']}`);
          await sleep(1000);
          assert.equal(news().toSorted(), ['clock_stepped', ...byThatClock.map((what) => `resolved ${what}`)].toSorted());
        },
        { env },
      ).then(() => undefined);
    }));

if (needsRoot() && needs('setpriv'))
  test('a folder that may not be read any more: what is in it cannot be judged, nothing is heard of it, and both are over when it may', () =>
    inAppliedScene((scene) => {
      // A certificate and a key each.
      const unreadable = ['client', 'client', 'server', 'server'].map((name) => `cert/${name} unreadable`);
      execFileSync('chown', ['-R', '65534:65534', scene.folder]);
      return whileWatching(
        scene,
        ['--interval', '1h'],
        async ({ after, news }) => {
          const tls = scene.at('/tls');
          await after(() => chmodSync(tls, 0), is('watch_degraded'));
          await sleep(600);
          assert.equal(news().toSorted(), [...unreadable.map((what) => `drift ${what}`), 'watch_degraded']);
          await after(() => chmodSync(tls, 0o755), is('watch_degraded'));
          await sleep(600);
          assert.equal(news().toSorted(), [...unreadable.map((what) => `resolved ${what}`), 'watch_degraded']);
        },
        { under: ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'] },
      ).then(() => undefined);
    }));

test.run();
