/** Watching a real disk, by the program as it is shipped: its text, signals, an apply beside it, a storm. Each drift there is stands in drifts.slow.test.ts. */
import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inAppliedScene } from '../support/scene.ts';
import { is, whileWatching } from '../support/watching.ts';

const test = suite('watch/real-files');

const key = '/tls/server.key';

test('a folder that is reached by a link is followed where the link leads now', () =>
  inAppliedScene((scene) => {
    const { at } = scene;
    renameSync(at('/tls'), at('/one'));
    symlinkSync('one', at('/tls'));
    return whileWatching(scene, ['--interval', '1h'], async ({ after }) => {
      mkdirSync(at('/two'));
      for (const name of ['server.key', 'server.crt', 'client.key', 'client.crt']) {
        copyFileSync(at(`/one/${name}`), at(`/two/${name}`));
        chmodSync(at(`/two/${name}`), name.endsWith('key') ? 0o600 : 0o644);
      }
      symlinkSync('two', at('/tls.new'));
      await after(() => renameSync(at('/tls.new'), at('/tls')), is('heartbeat'));
      await after(() => chmodSync(at('/two/server.key'), 0o644), is('drift', 'private-key-mode'));
    }).then(() => undefined);
  }));

test('the YAML: what it means otherwise, what is wrong with it, and that it is right again', () =>
  inAppliedScene((scene) =>
    whileWatching(scene, ['--interval', '1h'], async ({ after, news }) => {
      const edited = await after(
        () => writeFileSync(scene.file, scene.yaml.replace('server.example', 'other.example')),
        is('config_changed'),
      );
      assert.equal(edited['changed'], ['cert/server']);
      await after(() => writeFileSync(scene.file, scene.yaml.replace('version: 1', 'version: one')), is('trouble', 'desired-state-broken'));
      await after(
        () => rmSync(scene.file),
        ({ type, level }) => type === 'config_changed' && level === 'error',
      );
      await after(() => writeFileSync(scene.file, scene.yaml), is('resolved', 'desired-state-broken'));
      await sleep(400);
      assert.not(news().some((line) => line.includes('missing') || line.includes('no-longer-managed')));
    }).then(() => undefined),
  ));

test('an apply beside it: its own words, no drift that stays, and everything is looked at when it is done', () =>
  inAppliedScene((scene) =>
    whileWatching(scene, ['--interval', '1h'], async ({ after }) => {
      await after(() => void assert.is(scene.run('apply', '--yes', '--renew', 'cert/server').exit, 0), is('heartbeat'));
      await sleep(600);
      const { in_sync: inSync } = await after(() => chmodSync(scene.file, 0o600), is('heartbeat'));
      assert.is(inSync, 3);
    }).then(() => undefined),
  ));

test('SIGHUP looks at everything, SIGUSR1 says how things stand and opens no inspector', () =>
  inAppliedScene((scene) =>
    whileWatching(scene, ['--interval', '1h'], async ({ child, after }) => {
      await after(() => void child.kill('SIGHUP'), is('heartbeat'));
      await after(() => void child.kill('SIGUSR1'), is('heartbeat'));
      assert.is(child.exitCode, null);
    }).then(() => undefined),
  ));

test('20,000 events in a watched folder, some of them of a key: few looks, and the end of it is told', () =>
  inAppliedScene((scene) =>
    whileWatching(scene, ['--interval', '1h'], async ({ after, news }) => {
      const folder = dirname(scene.at(key));
      const begun = performance.now();
      for (let index = 0; index < 10_000; index += 1) {
        writeFileSync(`${folder}/other`, `${index}`);
        chmodSync(scene.at(key), index % 2 === 0 ? 0o644 : 0o600);
      }
      const lasted = performance.now() - begun;
      await after(() => chmodSync(scene.at(key), 0o644), is('drift', 'private-key-mode'), 3000).catch(() => undefined);
      await sleep(1500);
      const told = news();
      // A look in each second at most while it lasts, each with two things to tell of an open key, and a few to settle.
      assert.ok(told.length <= (lasted / 1000 + 4) * 2, `${told.length} events in ${lasted} ms`);
      assert.is(told.filter((line) => line.endsWith('private-key-mode')).at(-1), 'drift cert/server private-key-mode');
    }).then(() => undefined),
  ));

test('figures: from a change to its event', () =>
  inAppliedScene((scene) =>
    whileWatching(scene, ['--interval', '1h'], async ({ after }) => {
      const times: number[] = [];
      for (let index = 0; index < 40; index += 1) {
        const opens = index % 2 === 0;
        const { milliseconds } = await after(
          () => chmodSync(scene.at(key), opens ? 0o644 : 0o600),
          is(opens ? 'drift' : 'resolved', 'private-key-mode'),
        );
        times.push(milliseconds);
      }
      times.sort((left, right) => left - right);
      const [median = 0, most = 0] = [times[20], times[39]];
      process.stdout.write(`  from a change to its event: p50 ${Math.round(median)} ms, most ${Math.round(most)} ms of 40\n`);
      assert.ok(median < 600, `${median} ms`);
    }).then(() => undefined),
  ));

test.run();
