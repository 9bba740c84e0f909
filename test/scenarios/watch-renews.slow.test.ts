/** `certstate watch --apply` beside real servers, months later: it renews in time, and each server is seen to serve the new certificate, or it is not let go. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fakedTime } from '../support/faked-time.ts';
import { needs, needsRoot } from '../support/needs.ts';
import { runCertstate, runCertstateIn } from '../support/run-certstate.ts';
import { freePort } from '../support/servers.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { etcdServer, nginxServer, postgresServer, postgresUser, type TlsServer } from '../support/tls-servers.ts';
import { is, type WatchedEvent, whileWatching } from '../support/watching.ts';

const test = suite('scenarios/watch-renews');

// biome-ignore format: table
const servers = {
  nginx:    { files: 'fullChain: FOLDER/nginx.pem, privateKey: FOLDER/nginx.key',         more: '' },
  etcd:     { files: 'certificate: FOLDER/etcd.pem, privateKey: FOLDER/etcd.key',         more: '' },
  postgres: { files: 'certificate: FOLDER/postgres.pem, privateKey: FOLDER/postgres.key', more: `owner: "${postgresUser}", ` },
} as const;
type Name = keyof typeof servers;
const names = Object.keys(servers) as readonly Name[];

const certificateYaml = (name: Name, port: number): string =>
  `  ${name}: { issuer: site, commonName: ${name}, dnsNames: [localhost], ipAddresses: [127.0.0.1], profile: peer, duration: 365d, renewBefore: 30d, files: { ${servers[name].files} }, ${servers[name].more}services: [${name}], probe: { tls: "127.0.0.1:${port}", within: 3s${name === 'postgres' ? ', starttls: postgres' : ''} } }`;

interface Site {
  readonly folder: string;
  readonly file: string;
  readonly started: Readonly<Record<Name, TlsServer>>;
  /** Writes the desired state, with another line for the service of nginx. */
  readonly write: (nginx?: string) => void;
}

const withSite = (body: (site: Site) => Promise<void>): Promise<void> =>
  inTemporaryFolder(async (folder) => {
    chmodSync(folder, 0o755);
    const ports = { nginx: await freePort(), etcd: await freePort(), postgres: await freePort() };
    const of = (name: Name) => ({ folder, name, port: ports[name] });
    const started = { nginx: nginxServer(of('nginx')), etcd: etcdServer(of('etcd')), postgres: postgresServer(of('postgres')) };
    const file = join(folder, 'pki.yaml');
    const write: Site['write'] = (nginx = started.nginx.service) => {
      const lines = names.map((name) => `  ${name}: ${name === 'nginx' ? nginx : started[name].service}`);
      const yaml = `version: 1
authorities:
  site: { commonName: Site, duration: 7300d, files: { certificate: FOLDER/ca.crt, privateKey: FOLDER/ca.key } }
certificates:
${names.map((name) => certificateYaml(name, ports[name])).join('\n')}
services:
${lines.join('\n')}
`;
      writeFileSync(file, yaml.replaceAll('FOLDER', folder), { mode: 0o644 });
    };
    write();
    const run = (...flags: readonly string[]) => runCertstate('apply', '-f', file, '--state-dir', join(folder, 'state'), '--yes', ...flags);
    const made = run('--confirm', 'ca/site', '--no-reload');
    assert.is(made.exit, 0, made.stdout + made.stderr);
    await started.nginx.during(() =>
      started.etcd.during(() =>
        started.postgres.during(async () => {
          const told = run();
          assert.is(told.exit, 0, told.stdout + told.stderr);
          await body({ folder, file, started, write });
        }),
      ),
    );
  });

/** A process that is started so much later; the servers' clocks stay where they are. */
const later = (days: number) => ({ env: fakedTime(`+${days}d`) });

const serviceDone = (service: string, result: string) => (event: WatchedEvent) =>
  event.type === 'service_done' && event['service'] === service && event['result'] === result;

async function until(events: readonly WatchedEvent[], fits: (event: WatchedEvent) => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 600 && !events.some(fits); tries += 1) await sleep(50);
  assert.ok(events.some(fits), `${what}: ${JSON.stringify(events, undefined, 1)}`);
}

if (needs('nginx', 'etcd', 'initdb', 'postgres', 'setpriv', 'faketime') && needsRoot()) {
  test('a year later nginx, etcd and PostgreSQL serve what it renewed; and a reload that does nothing stands until a true one', () =>
    withSite(async ({ folder, file, write }) => {
      const place = { folder, root: '/', file };
      const flags = ['--apply', '--interval', '3s', '--state-dir', join(folder, 'state')];
      await whileWatching(
        place,
        flags,
        async ({ events }) => {
          for (const name of names) {
            await until(events, is('apply_done', undefined, `cert/${name}`), `${name} is renewed`);
            await until(events, serviceDone(name, 'served'), `${name} serves it`);
          }
          assert.is(events.filter(({ type }) => type === 'apply_done').length, names.length, 'each once');
        },
        later(345),
      );

      write('{ reload: ["true"] }');
      await whileWatching(
        place,
        flags,
        async ({ events, after }) => {
          await until(events, serviceDone('nginx', 'stale'), 'nginx was told in vain');
          await until(events, is('finding', 'service-stale', 'cert/nginx'), 'which stands');
          const standing = events.length;
          for (let looks = 0; looks < 2; looks += 1) await after(() => {}, is('heartbeat'));
          assert.not(events.slice(standing).some(is('resolved', 'service-stale')), 'through further looks at everything');
          await after(() => write(), serviceDone('nginx', 'served'), 20_000);
          await until(events, is('resolved', 'service-stale', 'cert/nginx'), 'over only now');
        },
        later(690),
      );
    }));

  test('a service whose reload fails is told twice, over watches and renew together; then it is looked at, until somebody has reloaded it', () =>
    withSite(async ({ folder, file, write }) => {
      const place = { folder, root: '/', file };
      const flags = ['--apply', '--interval', '2s', '--state-dir', join(folder, 'state')];
      const told = join(folder, 'told');
      const times = (): number => (existsSync(told) ? readFileSync(told, 'utf8').length : 0);
      const reloadByHand = (): void => void process.kill(Number(readFileSync(join(folder, 'nginx.pid'), 'utf8')), 'SIGHUP');
      const renew = () => runCertstateIn(later(345), 'renew', '-f', file, '--state-dir', join(folder, 'state'));
      const condition = (status: string) => (event: WatchedEvent) =>
        event.type === 'condition' && event['status'] === status && (event['condition'] as WatchedEvent).address === 'service/nginx';
      write('{ reload: [sh, -c, "printf x >> FOLDER/told; exit 3"] }');

      const failed = serviceDone('nginx', 'failed');
      const first = await whileWatching(place, flags, ({ events }) => until(events, failed, 'it fails'), later(345));
      assert.is(times(), 1);
      const retried = first.filter(({ type, address }) => type === 'backoff' && address === null);
      assert.is(retried.length, 1, 'it is said when it is tried again');

      const second = await whileWatching(
        place,
        flags,
        async ({ events, after }) => {
          await until(events, failed, 'and once more');
          for (let looks = 0; looks < 3; looks += 1) await after(() => {}, is('heartbeat'));
        },
        later(345),
      );
      assert.is(times(), 2);
      assert.is(second.filter(failed).length, 1);
      assert.not(
        second.some(({ type }) => type === 'backoff'),
        'nobody says that it is tried again',
      );

      for (let runs = 0; runs < 2; runs += 1) {
        const timer = renew();
        assert.is(timer.exit, 25, timer.stdout + timer.stderr);
        assert.match(timer.stderr, /service\/nginx was told twice .*failed: exit code 3\): nobody tells it again unasked/);
      }
      assert.is(times(), 2);

      await whileWatching(
        place,
        flags,
        async ({ events, after }) => {
          for (let looks = 0; looks < 2; looks += 1) await after(() => {}, is('heartbeat'));
          assert.is(times(), 2);
          assert.not(events.some(condition('cleared')));
          const cleared = after(reloadByHand, condition('cleared'), 20_000);
          assert.is((await cleared)['because'], 'passed', 'over as soon as it is seen to serve the new certificate');
        },
        later(345),
      );
      assert.is(times(), 2);
      assert.is(renew().exit, 0);
    }));
}

test.run();
