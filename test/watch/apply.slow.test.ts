/** `certstate watch --apply` on real files: what is due is renewed and what was put out of order is mended, as it happens; and what comes back is left alone. */
import { X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fakedTimeFrom } from '../support/faked-time.ts';
import { needs, programPath } from '../support/needs.ts';
import { inAppliedScene, type Scene } from '../support/scene.ts';
import { whileLocked } from '../support/situations.ts';
import { isTorture, printFigure } from '../support/torture.ts';
import { is, type WatchedEvent, whileWatching } from '../support/watching.ts';

const test = suite('watch/apply');

const [key, certificate] = ['/tls/server.key', '/tls/server.crt'];
const certificateOf = ({ at }: Scene, path = certificate): X509Certificate => new X509Certificate(readFileSync(at(path)));
const modeOf = ({ at }: Scene, path: string): number => statSync(at(path)).mode & 0o777;
const edit = ({ file, yaml }: Scene, from: string, to: string): void => writeFileSync(file, yaml.replaceAll(from, to));
const applied = (action: string, address: string) => (event: WatchedEvent) =>
  is('apply_done', undefined, address)(event) && event['action'] === action;
const count = (events: readonly WatchedEvent[], type: string): number => events.filter((event) => event.type === type).length;

/** Certificates of 25 days; under the other text those are due, and what is issued now is not. */
const shortYaml = `version: 1
authorities:
  etcd: { commonName: etcd, files: { certificate: /pki/ca.crt, privateKey: /pki/ca.key } }
certificates:
  server: { issuer: etcd, commonName: server, dnsNames: [server.example], profile: server, duration: 25d, files: { certificate: /tls/server.crt, privateKey: /tls/server.key } }
  client: { issuer: etcd, commonName: client, profile: client, files: { certificate: /tls/client.crt, privateKey: /tls/client.key } }
`;
const due = ['duration: 25d', 'duration: 365d, renewBefore: 40d'] as const;

test('a mode that was changed is mended at once, three times; then it is left alone, and said', () =>
  inAppliedScene((scene) =>
    whileWatching(scene, ['--apply'], async ({ after, events }) => {
      for (let round = 1; round <= 3; round += 1) {
        await after(() => chmodSync(scene.at(key), 0o644), applied('fix', 'cert/server'));
        assert.is(modeOf(scene, key), 0o600);
        await sleep(600);
      }
      const backoff = await after(() => chmodSync(scene.at(key), 0o644), is('backoff', undefined, 'cert/server'));
      assert.is(backoff['why'], 'came_back');
      assert.is(backoff.code, 'private-key-mode');
      await sleep(1500);
      assert.is(modeOf(scene, key), 0o644);
      assert.is(count(events, 'backoff'), 1);
      assert.is(count(events, 'apply_done'), 3);
    }).then(() => {}),
  ));

test('a renewal that falls due is made, and nothing else', () =>
  inAppliedScene(
    (scene) =>
      whileWatching(scene, ['--apply'], async ({ after, events }) => {
        const [before, other] = [certificateOf(scene), certificateOf(scene, '/tls/client.crt')];
        await after(() => edit(scene, ...due), applied('renew', 'cert/server'));
        assert.is.not(certificateOf(scene).serialNumber, before.serialNumber);
        assert.is(certificateOf(scene, '/tls/client.crt').serialNumber, other.serialNumber);
        await sleep(1500);
        assert.is(count(events, 'apply_done'), 1);
        assert.is(count(events, 'apply_failed'), 0);
      }).then(() => {}),
    shortYaml,
  ));

test('other names in the YAML wait for a person, and are issued only where that was asked for; an authority never is', () =>
  inAppliedScene(async (scene) => {
    const before = certificateOf(scene).serialNumber;
    await whileWatching(scene, ['--apply'], async ({ after }) => {
      await after(() => edit(scene, 'server.example', 'other.example'), is('drift', 'dns-names', 'cert/server'));
      await sleep(1500);
      assert.is(certificateOf(scene).serialNumber, before);
    });
    await whileWatching(scene, ['--apply=renew,fix,reissue'], async ({ events, after }) => {
      for (let tries = 0; tries < 100 && count(events, 'apply_done') === 0; tries += 1) await sleep(50);
      assert.match(`${certificateOf(scene).subjectAltName}`, 'other.example');
      assert.is(count(events, 'apply_done'), 1);
      await after(() => edit(scene, 'commonName: etcd,', 'commonName: other,'), is('config_changed'));
      await sleep(1500);
      assert.is(certificateOf(scene, '/pki/ca.crt').subject, 'CN=etcd');
    });
  }));

test('what cannot be written is tried again later, and done as soon as it can be', () =>
  inAppliedScene(
    (scene) =>
      whileWatching(scene, ['--apply'], async ({ after, events }) => {
        unlinkSync(scene.at('/pki/ca.key'));
        await after(() => edit(scene, ...due), is('due', undefined, 'cert/server'));
        await sleep(1500);
        assert.is(count(events, 'apply_done'), 0);
        assert.ok(count(events, 'apply_failed') + count(events, 'backoff') <= 2, 'tried again and again');
      }).then(() => {}),
    shortYaml,
  ));

test('a state directory that is lost while it runs is made anew from what is in order, so that what is put out of order later is mended', () =>
  inAppliedScene((scene) =>
    whileWatching(scene, ['--apply', '--interval', '1s'], async ({ after }) => {
      const records = scene.at('/var/lib/certstate/records.json');
      rmSync(scene.at('/var/lib/certstate'), { recursive: true });
      for (let tries = 0; tries < 100 && !existsSync(records); tries += 1) await sleep(50);
      assert.ok(existsSync(records), 'nothing is on record any more');
      await after(() => chmodSync(scene.at(key), 0o644), applied('fix', 'cert/server'));
      assert.is(modeOf(scene, key), 0o600);
    }).then(() => {}),
  ));

if (needs('flock'))
  test('a lock that somebody holds is told once, and what was due is done when it is free', () =>
    inAppliedScene(
      (scene) =>
        whileWatching(scene, ['--apply', '--interval', '1s', '--lock-timeout', '1s'], async ({ after, events }) => {
          const locked = (event: WatchedEvent): boolean => is('diagnostic')(event) && JSON.stringify(event).includes('"locked"');
          await whileLocked({ at: (path) => join(scene.folder, path) }, async () => {
            await after(() => edit(scene, ...due), locked);
            await sleep(6000);
          });
          for (let tries = 0; tries < 100 && count(events, 'apply_done') === 0; tries += 1) await sleep(50);
          assert.is(count(events, 'apply_done'), 1);
          assert.is(events.filter(locked).length, 1);
        }).then(() => {}),
      shortYaml,
    ));

test('applied beside it again and again: looked at about once for each, and nothing is done a second time', () =>
  inAppliedScene((scene) =>
    whileWatching(scene, ['--apply', '--interval', '1h'], async ({ events, after }) => {
      const times = isTorture ? 1000 : 8;
      const before = count(events, 'heartbeat');
      for (let round = 1; round <= times; round += 1) {
        await after(() => assert.is(scene.run('apply', '--yes', '--renew', 'cert/server').exit, 0), is('heartbeat'), 20_000);
      }
      await sleep(1500);
      const looks = count(events, 'heartbeat') - before;
      assert.is(count(events, 'apply_done') + count(events, 'apply_failed'), 0);
      assert.ok(looks <= 2 * times, `${looks} looks for ${times} applies`);
      printFigure('P17', `${times} applies beside watch --apply: ${looks} looks at everything, 0 issued or mended by it`);
    }).then(() => {}),
  ));

if (needs('faketime'))
  test('a clock that is set forwards while the machine is awake: nothing is issued by it, until somebody accepts it', () =>
    inAppliedScene(async (scene) => {
      const times = join(scene.folder, 'time');
      writeFileSync(times, '+0');
      const before = certificateOf(scene).serialNumber;
      await whileWatching(
        scene,
        ['--apply', '--interval', '2s'],
        async ({ after, events }) => {
          await after(() => writeFileSync(times, '+20d'), is('clock_stepped'));
          await after(() => {}, is('heartbeat'));
          assert.ok(events.some(is('trouble', 'clock-jumped')), 'said');
          await sleep(3000);
          assert.is(certificateOf(scene).serialNumber, before, 'nothing is issued by a clock in doubt');
          assert.is(count(events, 'apply_done'), 0);
          const renewed = await after(
            () => {
              const accepted = scene.runIn(
                { env: { DONT_FAKE_MONOTONIC: '1' }, under: [programPath('faketime') ?? '', '-m', '-f', '+20d'] },
                'apply',
                '--yes',
                '--accept-clock',
              );
              assert.is(accepted.exit, 0, accepted.stderr);
            },
            is('resolved', 'clock-jumped'),
          );
          assert.ok(renewed);
        },
        { env: fakedTimeFrom(times) },
      );
    }, shortYaml));

test.run();
