/** Renewed is not done: real servers, reloaded by apply, and looked at until they serve what is on disk. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs, needsRoot } from '../support/needs.ts';
import { type CommandResult, runCertstate } from '../support/run-certstate.ts';
import { freePort, withServer } from '../support/servers.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { etcdServer, nginxServer, postgresServer } from '../support/tls-servers.ts';

const test = suite('scenarios/served');

interface Site {
  readonly folder: string;
  readonly port: number;
  /** Writes the desired state with this line for the service. */
  readonly service: (line: string) => void;
  readonly run: (command: string, ...flags: readonly string[]) => CommandResult;
  readonly status: () => string | undefined;
}

interface Shape {
  readonly files?: string;
  readonly more?: string;
  readonly probe?: string;
}

const withSite = (shape: Shape, body: (site: Site) => Promise<void>): Promise<void> =>
  inTemporaryFolder(async (folder) => {
    chmodSync(folder, 0o755);
    const port = await freePort();
    const file = join(folder, 'pki.yaml');
    const { files = 'fullChain: FOLDER/web.pem, privateKey: FOLDER/web.key', more = '', probe = '' } = shape;
    const yaml = (line: string) => `version: 1
authorities:
  site: { commonName: Site, files: { certificate: FOLDER/ca.crt, privateKey: FOLDER/ca.key } }
certificates:
  web:
    issuer: site
    commonName: web.example
    dnsNames: [web.example, localhost]
    ipAddresses: [127.0.0.1]
    profile: peer
    files: { ${files} }
    services: [server]
    probe: { tls: "127.0.0.1:${port}", within: 3s${probe} }
${more}services:
  server: ${line}
`;
    const run: Site['run'] = (command, ...flags) => runCertstate(command, '-f', file, '--state-dir', join(folder, 'state'), ...flags);
    const service: Site['service'] = (line) => writeFileSync(file, yaml(line).replaceAll('FOLDER', folder), { mode: 0o644 });
    const status: Site['status'] = () => /^cert\/web\s+(\S+)/m.exec(run('status').stdout)?.[1];
    await body({ folder, port, service, run, status });
  });

const endsWith = ({ exit, stdout, stderr }: CommandResult, wanted: number): void => assert.is(exit, wanted, stdout + stderr);
const renew = ['--yes', '--renew', 'cert/web'] as const;
const create = ['--yes', '--confirm', 'ca/site', '--no-reload'] as const;

if (needs('nginx')) {
  test('nginx is reloaded and seen to serve the new certificate; a reload that does nothing leaves a standing finding until a true one', () =>
    withSite({}, async (site) => {
      const { service, run, status } = site;
      const nginx = nginxServer({ ...site, name: 'web' });
      service(nginx.service);
      endsWith(run('apply', ...create), 0);
      await nginx.during(async () => {
        const renewed = run('apply', ...renew);
        endsWith(renewed, 0);
        assert.match(renewed.stdout, /service\/server reload served /);
        endsWith(run('check'), 0);

        service('{ reload: ["true"] }');
        const stale = run('apply', ...renew);
        endsWith(stale, 25);
        assert.match(
          stale.stdout,
          /service\/server reload STALE 127\.0\.0\.1:\d+ still serves CN=web\.example .*; cert\/web on disk is CN=/,
        );
        endsWith(run('check'), 2);
        assert.is(status(), 'stale');

        // It was told, and once more: from now on it is only looked at by whoever is not asked, and still said.
        const timer = run('renew');
        endsWith(timer, 25);
        assert.not.match(timer.stdout, 'service/server reload');
        assert.match(timer.stderr, 'service/server was told twice of what is on disk (true), and is not seen to serve it');
        // A person may have it told again, and sees that in the plan.
        assert.match(run('plan').stdout, /^~ {3}reload {3}service\/server$/m);
        const again = run('apply', '--yes');
        endsWith(again, 25);
        assert.match(again.stdout, 'service/server reload STALE');
        endsWith(run('check'), 2);

        service(nginx.service);
        assert.match(run('plan', '--exit-code').stdout, /^~ {3}reload {3}service\/server$/m);
        endsWith(run('plan', '--exit-code'), 2);
        const mended = run('apply', '--yes');
        endsWith(mended, 0);
        assert.match(mended.stdout, /service\/server reload served /);
        endsWith(run('check'), 0);
        assert.is(status(), 'ok');
      });
      const unreachable = run('check');
      endsWith(unreachable, 0);
      assert.match(unreachable.stdout, 'service-unreachable');
    }));

  test('a test that says no leaves the service as it is, which goes on with the old certificate', () =>
    withSite({}, async (site) => {
      const { service, run } = site;
      const nginx = nginxServer({ ...site, name: 'web' });
      service(nginx.service.replace(/test: .*\]/, 'test: ["false"]'));
      endsWith(run('apply', ...create), 0);
      await nginx.during(async () => {
        const refused = run('apply', ...renew);
        endsWith(refused, 25);
        assert.match(refused.stdout, /reload FAILED left as it is, its test says no: false: exit code 1/);
        assert.match(run('check').stdout, 'service-stale');
      });
    }));
}

if (needs('etcd')) {
  test('etcd, which reads its leaf by itself and wants a client certificate, is seen to serve a renewed one', () =>
    withSite({ files: 'certificate: FOLDER/web.pem, privateKey: FOLDER/web.key' }, async ({ folder, port, service, run }) => {
      const etcd = etcdServer({ folder, name: 'web', port });
      service(etcd.service);
      endsWith(run('apply', ...create), 0);
      await etcd.during(async () => {
        const renewed = run('apply', ...renew);
        endsWith(renewed, 0);
        assert.match(renewed.stdout, /service\/server probe served .* reads its files by itself at 127\.0\.0\.1/);
        endsWith(run('check'), 0);
      });
      const stopped = run('apply', ...renew);
      endsWith(stopped, 0);
      assert.match(stopped.stdout, /service\/server probe skipped it is not active/);
    }));
}

/** A mail server that offers STARTTLS and nothing else, with the pair that it read when it started. */
const mailServer = `
const [port, folder] = process.argv.slice(1);
const { readFileSync } = require('node:fs');
const { createServer } = require('node:net');
const { TLSSocket } = require('node:tls');
const pair = { cert: readFileSync(folder + '/web.pem'), key: readFileSync(folder + '/web.key') };
createServer((socket) => {
  socket.on('error', () => {}).write('220 mail.example ESMTP\\r\\n');
  socket.on('data', function hear(line) {
    if (!String(line).startsWith('STARTTLS')) return socket.write('250-mail.example\\r\\n250-PIPELINING\\r\\n250 STARTTLS\\r\\n');
    socket.off('data', hear);
    socket.write('220 2.0.0 Ready to start TLS\\r\\n', () => new TLSSocket(socket, { isServer: true, ...pair }).on('error', () => {}));
  });
}).listen(Number(port), '127.0.0.1');
`;

test('a mail server is looked at behind STARTTLS; what it read when it started is stale until it is started again', () =>
  withSite({ probe: ', starttls: smtp' }, async ({ folder, port, service, run }) => {
    service('{ reload: ["true"] }');
    endsWith(run('apply', ...create), 0);
    await withServer(process.execPath, ['-e', mailServer, `${port}`, folder], port, async () => {
      // The mark that --no-reload has left.
      endsWith(run('apply', '--yes'), 0);
      assert.not.match(run('check').stdout, 'service-');
      const stale = run('apply', ...renew);
      endsWith(stale, 25);
      assert.match(stale.stdout, 'still serves');
    });
    await withServer(process.execPath, ['-e', mailServer, `${port}`, folder], port, async () => endsWith(run('check'), 0));
  }));

if (needs('initdb', 'postgres', 'setpriv') && needsRoot()) {
  test('PostgreSQL is reloaded as its own user, and seen to serve the new certificate behind its SSLRequest', () =>
    withSite({ probe: ', starttls: postgres', more: '    owner: "65534"\n' }, async ({ folder, port, service, run }) => {
      const postgres = postgresServer({ folder, name: 'web', port });
      service(postgres.service);
      endsWith(run('apply', ...create), 0);
      await postgres.during(async () => {
        const renewed = run('apply', ...renew);
        endsWith(renewed, 0);
        assert.match(renewed.stdout, /service\/server reload served /);
        endsWith(run('check'), 0);
      });
    }));
}

test.run();
