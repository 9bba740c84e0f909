/** P16: a missed event is not a missed change. The kernel's events are taken away in every way there is, and the change is found within the interval. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inAppliedScene } from '../support/scene.ts';
import { is, whileWatching } from '../support/watching.ts';

const test = suite('promises/p16-missed-events');

/** Put in front of the program: `fs.watch` as it is where the kernel gives no more of it, or nothing comes of it. */
const broken = {
  'nothing ever comes of it': `fs.watch = () => Object.assign(new EventEmitter(), { close() {} });`,
  ENOSPC: `fs.watch = () => { throw Object.assign(new Error('no space left'), { code: 'ENOSPC' }); };`,
  EMFILE: `fs.watch = () => { throw Object.assign(new Error('too many open files'), { code: 'EMFILE' }); };`,
  'it works, and then no more': `const watch = fs.watch; fs.watch = (...given) => {
    const watcher = watch(...given);
    if (!globalThis.failed) setTimeout(() => watcher.emit('error', Object.assign(new Error('gone'), { code: 'EIO' })), 3000);
    setTimeout(() => { globalThis.failed = true; }, 100);
    return watcher;
  };`,
} as const;

const interval = 2000;

for (const [name, code] of Object.entries(broken))
  test(`${name}: a change is found within the interval${name === 'nothing ever comes of it' ? '' : ', and it is told once that changes are not heard'}`, () =>
    inAppliedScene(async (scene) => {
      const preload = join(scene.folder, 'preload.cjs');
      writeFileSync(preload, `const fs = require('node:fs'); const { EventEmitter } = require('node:events');\n${code}\n`);
      const key = scene.at('/tls/server.key');
      const events = await whileWatching(
        scene,
        ['--interval', '2s'],
        async ({ after }) => {
          for (const [mode, type] of [
            [0o644, 'drift'],
            [0o600, 'resolved'],
          ] as const) {
            const { milliseconds } = await after(() => chmodSync(key, mode), is(type, 'private-key-mode'));
            assert.ok(milliseconds < interval + 1500, `${type}: ${milliseconds} ms`);
          }
          if (name === 'it works, and then no more')
            await after(
              () => {},
              ({ type, degraded }) => type === 'watch_degraded' && degraded === false,
            );
        },
        { node: ['--require', preload] },
      );
      const told = events.filter(({ type }) => type === 'watch_degraded').map(({ degraded }) => degraded);
      assert.equal(told, name === 'nothing ever comes of it' ? [] : name === 'it works, and then no more' ? [true, false] : [true]);
    }));

test('--poll hears nothing and asks for nothing: a change is found when everything is looked at again', () =>
  inAppliedScene(async (scene) => {
    const preload = join(scene.folder, 'preload.cjs');
    writeFileSync(preload, `require('node:fs').watch = () => { throw new Error('asked for'); };\n`);
    await whileWatching(
      scene,
      ['--poll', '1s'],
      async ({ after }) => {
        const { milliseconds } = await after(() => chmodSync(scene.at('/tls/server.key'), 0o644), is('drift', 'private-key-mode'));
        assert.ok(milliseconds < 2500, `${milliseconds} ms`);
      },
      { node: ['--require', preload] },
    );
  }));

test.run();
