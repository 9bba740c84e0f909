/** Conditions from run to run of the program as it is shipped: since when, until the check that raised them passes. */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs, needsRoot, programPath } from '../support/needs.ts';
import { type CommandResult, runCertstate } from '../support/run-certstate.ts';
import { inAppliedScene, type Scene, smallState } from '../support/scene.ts';
import { freePort, withServer } from '../support/servers.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { treeOf } from '../support/tree.ts';
import { is, type WatchedEvent, whileWatching } from '../support/watching.ts';

const test = suite('cli/conditions');

const env = { DONT_FAKE_MONOTONIC: '1', TZ: 'UTC' };
const at = (scene: Scene, time: string, ...args: readonly [string, ...string[]]): CommandResult =>
  scene.runIn({ env, under: [programPath('faketime') ?? '', '-m', '-f', time] }, ...args);

interface Shown {
  readonly type: string;
  readonly address: string | null;
  readonly since: string;
  readonly severity: string;
  readonly on_record: boolean;
}
const standing = ({ stdout }: CommandResult): readonly Shown[] =>
  (JSON.parse(stdout) as { readonly conditions: readonly Shown[] }).conditions;
const named = (all: readonly Shown[]): readonly string[] => all.map(({ type, address }) => `${type} ${address ?? 'host'}`);

/** `cleared renewal-failed cert/server passed`. */
const told = ({ stdout }: CommandResult): readonly string[] =>
  stdout
    .trim()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as { readonly type: string; readonly status: string; readonly because: string | null; readonly condition: Shown },
    )
    .filter(({ type }) => type === 'condition')
    .map(({ status, because, condition }) =>
      [status, condition.type, condition.address ?? 'host', because].filter((part) => part !== null).join(' '),
    )
    .sort();

const everything = (scene: Scene): string => JSON.stringify([...Object.entries(treeOf(scene.root))]);

if (needs('faketime')) {
  test('a renewal that cannot be signed: raised once, kept as it began, said by status, check and show, and over when another certificate is there', () =>
    inAppliedScene((scene) => {
      renameSync(scene.at('/pki/ca.key'), join(scene.folder, 'away.key'));
      assert.equal(told(at(scene, '+340d', 'renew', '--json')), ['raised renewal-failed cert/client', 'raised renewal-failed cert/server']);
      const first = standing(at(scene, '+340d', 'status', '--json'));
      assert.equal(named(first), ['renewal-failed cert/client', 'renewal-failed cert/server']);

      const before = everything(scene);
      assert.equal(told(at(scene, '+341d', 'renew', '--json')), [], 'the second says nothing new');
      assert.is(everything(scene), before, 'and writes nothing');
      const second = standing(at(scene, '+341d', 'status', '--json'));
      assert.equal(
        second.map(({ since }) => since),
        first.map(({ since }) => since),
      );
      assert.match(at(scene, '+341d', 'status').stdout, /warning {2}cert\/client {2}renewal failed since \d{4}-/);
      assert.match(at(scene, '+341d', 'show', 'cert/server').stdout, '[renewal-failed]');
      const checked = at(scene, '+341d', 'check', '--json');
      assert.is(checked.exit, 2);
      const found = (
        JSON.parse(checked.stdout) as { readonly findings: readonly { code: string; address: string; since: string; fails: boolean }[] }
      ).findings;
      const failing = found.find(({ code, address }) => code === 'renewal-failed' && address === 'cert/server');
      assert.equal([failing?.fails, failing?.since], [true, first.find(({ address }) => address === 'cert/server')?.since]);

      // Severity grows with nobody doing anything; the time at which it began does not move.
      assert.equal(
        told(at(scene, '+363d', 'renew', '--json')).filter((line) => line.includes('renewal-failed')),
        ['changed renewal-failed cert/client', 'changed renewal-failed cert/server'],
      );
      const late = standing(at(scene, '+363d', 'status', '--json')).filter(({ type }) => type === 'renewal-failed');
      assert.equal(
        late.map(({ severity, since }) => `${severity} ${since}`),
        first.map(({ since }) => `error ${since}`),
      );

      // The key is back: one is renewed, the other was not asked for and stands.
      renameSync(join(scene.folder, 'away.key'), scene.at('/pki/ca.key'));
      const one = told(at(scene, '+363d', 'renew', '--json', '--target', 'cert/server'));
      assert.equal(
        one.filter((line) => line.includes('renewal-failed')),
        ['cleared renewal-failed cert/server passed'],
      );
      assert.ok(named(standing(at(scene, '+363d', 'status', '--json'))).includes('renewal-failed cert/client'));
      const rest = told(at(scene, '+363d', 'renew', '--json'));
      assert.ok(rest.includes('cleared renewal-failed cert/client passed'));
      assert.equal(named(standing(at(scene, '+363d', 'status', '--json'))), []);
      assert.is(at(scene, '+363d', 'check').exit, 0);
    }));

  test('that nothing is due any more clears nothing: a shorter window, an edit, a look from elsewhere', () =>
    inAppliedScene((scene) => {
      renameSync(scene.at('/pki/ca.key'), join(scene.folder, 'away.key'));
      at(scene, '+340d', 'renew');
      writeFileSync(scene.file, scene.yaml.replaceAll('profile: ', 'renewBefore: 1d, profile: '), { mode: 0o644 });
      assert.match(at(scene, '+340d', 'renew').stdout, 'Nothing is due');
      assert.equal(named(standing(at(scene, '+340d', 'status', '--json'))), ['renewal-failed cert/client', 'renewal-failed cert/server']);
      // The half-replaced pair of a crash: the certificate has its whole life before it, and no key.
      renameSync(join(scene.folder, 'away.key'), scene.at('/pki/ca.key'));
      copyFileSync(scene.at('/tls/client.key'), scene.at('/tls/server.key'));
      at(scene, '+341d', 'renew');
      assert.ok(named(standing(at(scene, '+341d', 'status', '--json'))).includes('renewal-failed cert/server'));
      // What the YAML no longer names is looked at by nobody.
      writeFileSync(scene.file, scene.yaml.split('\n').slice(0, -2).join('\n'), { mode: 0o644 });
      assert.ok(
        told(at(scene, '+341d', 'renew', '--json')).includes(
          'cleared renewal-failed cert/client not-managed'.replace('not-managed', 'not_managed'),
        ),
      );
    }));

  if (needsRoot() && needs('chattr'))
    test('a folder that nothing can be written to: the cause stands in the condition, and does not change by itself', () =>
      inAppliedScene((scene) => {
        const set = (flag: '+i' | '-i'): boolean => spawnSync(programPath('chattr') ?? '', [flag, scene.at('/tls')]).status === 0;
        if (!set('+i')) return;
        try {
          const failed = at(scene, '+340d', 'renew', '--json');
          assert.is(failed.exit, 24, failed.stdout);
          assert.ok(told(failed).includes('raised renewal-failed cert/server'));
          assert.equal(told(at(scene, '+341d', 'renew', '--json')), [], 'the same cause is no news');
          assert.match(at(scene, '+341d', 'status').stdout, /renewal failed since .*\/tls/);
        } finally {
          set('-i');
        }
        assert.ok(told(at(scene, '+342d', 'renew', '--json')).includes('cleared renewal-failed cert/server passed'));
        assert.is(at(scene, '+342d', 'check').exit, 0);
      }));

  test('a broken desired state stands until it is right, through commands that read another', () =>
    inAppliedScene((scene) => {
      writeFileSync(scene.file, `${scene.yaml}  broken: [\n`, { mode: 0o644 });
      assert.equal(told(scene.run('renew', '--json')), ['raised desired-state-broken host']);
      assert.equal(told(scene.run('renew', '--json')), []);
      writeFileSync(scene.file, scene.yaml, { mode: 0o644 });
      assert.equal(told(scene.run('renew', '--json')), ['cleared desired-state-broken host passed']);
    }));

  test('a clock that is behind stands until it is right, or accepted', () =>
    inAppliedScene((scene) => {
      at(scene, '+340d', 'renew');
      assert.equal(
        told(scene.run('renew', '--json')).filter((line) => line.includes('time')),
        ['raised time-suspect host'],
      );
      const [first] = standing(scene.run('status', '--json'));
      assert.is(standing(scene.run('status', '--json'))[0]?.since, first?.since);
      assert.ok(told(at(scene, '+341d', 'renew', '--json')).includes('cleared time-suspect host passed'));
    }));
}

test('drift that apply mends in the same run raises nothing; one that nobody mended stands from the first run that saw it', () =>
  inAppliedScene((scene) => {
    chmodSync(scene.at('/tls/server.key'), 0o644);
    const [seen] = standing(scene.run('status', '--json'));
    assert.equal([seen?.type, seen?.on_record], ['key-exposed', false]);
    assert.equal(told(scene.run('renew', '--json')), [], 'mended: nothing stands');
    rmSync(scene.at('/tls/client.key'));
    assert.equal(told(scene.run('renew', '--json')), ['raised drifted cert/client']);
    assert.match(scene.run('status').stdout, 'drifted since');
    assert.equal(told(scene.run('apply', '--yes', '--json')), ['cleared drifted cert/client passed']);
    const before = everything(scene);
    assert.is(scene.run('apply', '--yes').exit, 0);
    assert.is(everything(scene), before, 'a second apply writes nothing');
  }));

test('a broken desired state with none that was ever kept stands too, on a host where something was applied', () =>
  inAppliedScene((scene) => {
    rmSync(scene.at('/var/lib/certstate/desired-states.json'));
    writeFileSync(scene.file, 'version: 1\n', { mode: 0o644 });
    assert.is(scene.run('renew').exit, 65);
    const kept = scene.at('/var/lib/certstate/conditions.json');
    const text = readFileSync(kept, 'utf8');
    assert.match(text, 'desired-state-broken');
    assert.is(scene.run('renew').exit, 65);
    assert.is(readFileSync(kept, 'utf8'), text);
    writeFileSync(scene.file, scene.yaml, { mode: 0o644 });
    assert.equal(told(scene.run('renew', '--json')), ['cleared desired-state-broken host passed']);
  }));

test('watch --apply keeps what it cannot mend, tells it once, and clears it when it is there again; a second watch is told what stands', () =>
  inAppliedScene(async (scene) => {
    const away = join(scene.folder, 'away.key');
    const kept = () => readFileSync(scene.at('/var/lib/certstate/conditions.json'), 'utf8');
    const isCondition = (status: string) => (event: WatchedEvent) => event.type === 'condition' && event['status'] === status;
    await whileWatching(scene, ['--apply', '--interval', '1s'], async (watching) => {
      await watching.after(() => renameSync(scene.at('/tls/client.key'), away), isCondition('raised'));
      assert.match(kept(), '"drifted"');
      await watching.after(() => {}, is('heartbeat'), 5000);
      assert.is(watching.events.filter(isCondition('raised')).length, 1);
    });
    await whileWatching(scene, ['--interval', '1s'], async (watching) => {
      for (let tries = 0; tries < 100 && !watching.events.some(isCondition('raised')); tries += 1) await sleep(50);
      assert.is(watching.events.filter(isCondition('raised')).length, 1, 'it stood before this watch began');
      const before = kept();
      await watching.after(() => renameSync(away, scene.at('/tls/client.key')), isCondition('cleared'));
      assert.is(kept(), before, 'whoever only looks keeps nothing');
    });
    assert.equal(told(scene.run('renew', '--json')), ['cleared drifted cert/client passed']);
  }));

test('what a pass of watch --apply has kept is told as raised, and not as changed by the look that follows it', () =>
  inAppliedScene(
    async (scene) => {
      const isRaised = (event: WatchedEvent) => event.type === 'condition' && JSON.stringify(event).includes('renewal-failed');
      await whileWatching(scene, ['--apply', '--interval', '1s'], async ({ after, events }) => {
        await after(() => {
          renameSync(scene.at('/tls/server.key'), scene.at('/tls/other.key'));
          symlinkSync('other.key', scene.at('/tls/server.key'));
          writeFileSync(scene.file, scene.yaml.replace('duration: 25d', 'duration: 365d, renewBefore: 40d'), { mode: 0o644 });
        }, isRaised);
        for (let beats = 0; beats < 2; beats += 1) await after(() => {}, is('heartbeat'));
        const statuses = events.flatMap(({ type, status }) => (type === 'condition' ? [status] : []));
        assert.ok(
          statuses.every((status) => status === 'raised'),
          statuses.join(' '),
        );
      });
    },
    smallState.replace('profile: server,', '$& duration: 25d,'),
  ));

/** In a user namespace of its own the limit is lowered by whoever made it; where there are none, nothing is tried. */
const fewWatches = ['unshare', '-Ur', 'sh', '-c', `echo 3 > /proc/sys/user/max_inotify_watches && exec "$@"`, 'sh'];
if (needs('unshare') && spawnSync('unshare', ['-Ur', 'sh', '-c', 'echo 3 > /proc/sys/user/max_inotify_watches']).status === 0)
  test('folders that the kernel watches no more: watch-degraded stands, told once and over at once when all are heard again', () =>
    inAppliedScene((scene) =>
      whileWatching(
        scene,
        ['--apply', '--interval', '1s'],
        async ({ after, events, child }) => {
          const of = (type: string) => events.filter((event) => event.type === type && JSON.stringify(event).includes('watch-degraded'));
          for (let tries = 0; tries < 100 && of('condition').length === 0; tries += 1) await sleep(50);
          assert.equal(named(standing(scene.run('status', '--json'))), ['watch-degraded host']);
          for (let beats = 0; beats < 2; beats += 1) await after(() => {}, is('heartbeat'));
          assert.is(of('condition').length, 1);
          assert.equal(of('trouble'), [], 'the event watch_degraded has said it');
          const raiseLimit = [
            '-U',
            '--preserve-credentials',
            '-t',
            `${child.pid}`,
            'sh',
            '-c',
            'echo 1000 > /proc/sys/user/max_inotify_watches',
          ];
          await after(
            () => assert.is(spawnSync('nsenter', raiseLimit).status, 0),
            (event) => event.type === 'condition' && event['status'] === 'cleared',
          );
          assert.equal(standing(scene.run('status', '--json')), []);
        },
        { under: fewWatches },
      ).then(() => {}),
    ));

test('conditions that cannot be read: said, kept beside, and what is wrong is seen again', () =>
  inAppliedScene((scene) => {
    scene.put('/var/lib/certstate/conditions.json', 'not JSON\n');
    assert.match(scene.run('check').stdout, 'records-unreadable');
    rmSync(scene.at('/tls/client.key'));
    assert.equal(told(scene.run('renew', '--json')), ['raised drifted cert/client']);
    assert.is(readFileSync(scene.at('/var/lib/certstate/conditions.json.unreadable'), 'utf8'), 'not JSON\n');
    assert.equal(named(standing(scene.run('status', '--json'))), ['drifted cert/client']);
  }));

/** Reads its files when it starts, and again at SIGHUP. */
const tlsServer = `
const { readFileSync } = require('node:fs');
const [port, folder] = process.argv.slice(1);
const files = () => ({ cert: readFileSync(folder + '/web.pem'), key: readFileSync(folder + '/web.key') });
const server = require('node:tls').createServer(files());
server.on('tlsClientError', () => {});
process.on('SIGHUP', () => server.setSecureContext(files()));
server.listen(Number(port), '127.0.0.1', () => require('node:fs').writeFileSync(folder + '/pid', String(process.pid)));
`;

test('a reload that does nothing: service-stale stands through the next full pass, through a server that is down, and until a true reload', () =>
  inTemporaryFolder(async (folder) => {
    chmodSync(folder, 0o755);
    const port = await freePort();
    const file = join(folder, 'pki.yaml');
    const run = (command: string, ...flags: readonly string[]) =>
      runCertstate(command, '-f', file, '--state-dir', join(folder, 'state'), ...flags);
    const reloadedBy = (argv: string) =>
      writeFileSync(
        file,
        `version: 1
authorities:
  site: { commonName: Site, files: { certificate: ${folder}/ca.crt, privateKey: ${folder}/ca.key } }
certificates:
  web:
    issuer: site
    commonName: web.example
    profile: server
    dnsNames: [web.example]
    files: { fullChain: ${folder}/web.pem, privateKey: ${folder}/web.key }
    services: [server]
    probe: { tls: "127.0.0.1:${port}", within: 1s }
services:
  server: { reload: ${argv} }
`,
        { mode: 0o644 },
      );
    const trueReload = `[sh, -c, "kill -HUP $(cat ${folder}/pid)"]`;
    reloadedBy(trueReload);
    assert.is(run('apply', '--yes', '--confirm', 'ca/site', '--no-reload').exit, 0);
    const whileServing = (body: () => Promise<void>) => withServer(process.execPath, ['-e', tlsServer, `${port}`, folder], port, body);
    let since: string | undefined;
    await whileServing(async () => {
      assert.equal(told(run('apply', '--yes', '--json')), ['cleared service-stale service/server passed'], 'what --no-reload had left');
      reloadedBy('["true"]');
      const stale = run('apply', '--yes', '--json', '--renew', 'cert/web');
      assert.is(stale.exit, 25, stale.stdout);
      assert.equal(told(stale), ['raised service-stale cert/web', 'raised service-stale service/server']);
      since = standing(run('status', '--json'))[0]?.since;
      // The next full passes: nothing is due, nothing is told, and it stands.
      assert.equal(told(run('renew', '--json')), []);
      assert.equal(told(run('renew', '--json', '--target', 'ca/site')), [], 'nor by a look at something else');
      // Told again because a person wants it: no better.
      assert.equal(told(run('apply', '--yes', '--json')), []);
      assert.equal(
        standing(run('status', '--json')).map((condition) => condition.since),
        [since, since],
      );
      assert.equal(told(run('watch', '--once', '--json')), ['raised service-stale cert/web', 'raised service-stale service/server']);
      reloadedBy(trueReload);
      assert.equal(told(run('renew', '--json')), ['cleared service-stale cert/web passed', 'cleared service-stale service/server passed']);
      reloadedBy('["true"]');
      assert.equal(told(run('apply', '--yes', '--json', '--renew', 'cert/web')), [
        'raised service-stale cert/web',
        'raised service-stale service/server',
      ]);
      since = standing(run('status', '--json'))[0]?.since;
    });
    // Nobody answers: that is no sight of the right certificate.
    assert.equal(told(run('renew', '--json')), []);
    assert.equal(
      standing(run('status', '--json')).map((condition) => [condition.type, condition.since]),
      [
        ['service-stale', since],
        ['service-stale', since],
      ],
    );
    assert.is(run('check').exit, 2);
    await whileServing(async () => {
      // Started again, it has read what is on disk: a look by whoever only looks shows that, and what is on record stays for whoever writes.
      assert.equal(named(standing(run('status', '--json'))), []);
      assert.is(run('check').exit, 0);
      reloadedBy(trueReload);
      assert.equal(told(run('renew', '--json')), ['cleared service-stale cert/web passed', 'cleared service-stale service/server passed']);
      assert.equal(told(run('renew', '--json')), []);
      const renewed = run('apply', '--yes', '--json', '--renew', 'cert/web');
      assert.equal([renewed.exit, told(renewed)], [0, []], 'a true reload leaves nothing standing');
    });
  }));

test.run();
