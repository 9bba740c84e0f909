/** P16: a missed event is not a missed change. The kernel's events are taken away in every way there is, and the change is found within the interval. */
import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs, needsRoot } from '../support/needs.ts';
import { inAppliedScene } from '../support/scene.ts';
import { printFigure } from '../support/torture.ts';
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

const names = Array.from({ length: 20 }, (_, index) => `service-${index}`);
const manyFolders = `version: 1
authorities:
  etcd: { commonName: etcd, files: { certificate: /pki/ca.crt, privateKey: /pki/ca.key } }
certificates:
${names.map((name) => `  ${name}: { issuer: etcd, commonName: ${name}, uris: ["urn:x"], profile: client, files: { certificate: /${name}/tls.crt, privateKey: /${name}/tls.key } }\n`).join('')}`;

/** Limits of a namespace of the watcher's own: whoever else watches on this machine keeps theirs. */
const limits = [
  { limit: 'max_inotify_watches', few: 10, many: 1000, code: 'ENOSPC' },
  { limit: 'max_inotify_instances', few: 0, many: 10, code: 'EMFILE' },
] as const;

if (needsRoot() && needs('unshare', 'nsenter'))
  for (const { limit, few, many, code } of limits)
    test(`user.${limit} is ${few}: every change is found within the interval, told once that changes are not heard, and once that they are again`, () =>
      inAppliedScene(async (scene) => {
        const under = ['unshare', '--user', '--map-root-user', 'sh', '-c', `echo ${few} > /proc/sys/user/${limit} && exec "$@"`, 'sh'];
        const took: number[] = [];
        const events = await whileWatching(
          scene,
          ['--interval', '2s'],
          async ({ child, after, news }) => {
            for (const mode of [0o644, 0o600])
              for (const name of names.slice(0, 8)) {
                const type = mode === 0o644 ? 'drift' : 'resolved';
                const { milliseconds } = await after(
                  () => chmodSync(scene.at(`/${name}/tls.key`), mode),
                  is(type, 'private-key-mode', `cert/${name}`),
                );
                assert.ok(milliseconds < interval + 1500, `${type}: ${milliseconds} ms`);
                took.push(milliseconds);
              }
            const lift = `echo ${many} > /proc/sys/user/${limit}`;
            await after(
              () => void assert.is(spawnSync('nsenter', ['--target', `${child.pid}`, '--user', 'sh', '-c', lift]).status, 0),
              ({ type, degraded }) => type === 'watch_degraded' && degraded === false,
            );
            const { milliseconds } = await after(() => chmodSync(scene.at('/service-19/tls.key'), 0o644), is('drift', 'private-key-mode'));
            assert.ok(milliseconds < 1000, `heard again: ${milliseconds} ms`);
            assert.is(news().filter((line) => line.startsWith('watch_degraded')).length, 1);
          },
          { under },
        );
        const told = events.filter(({ type }) => type === 'watch_degraded');
        assert.equal(
          told.map(({ degraded }) => degraded),
          [true, false],
        );
        assert.match(JSON.stringify(told[0]?.['folders']), new RegExp(`\\(${code}\\)`));
        printFigure(
          'P16',
          `${limit}=${few}: ${took.length} changes found, the slowest after ${Math.round(Math.max(...took))} ms of an interval of ${interval}`,
        );
      }, manyFolders));

test.run();
