/** Renewed is not done: real servers, reloaded by apply, and looked at until they serve what is on disk. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs, needsRoot, programPath } from '../support/needs.ts';
import { type CommandResult, runCertstate } from '../support/run-certstate.ts';
import { freePort, withServer } from '../support/servers.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

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

/** One process in the foreground that reloads by a signal, every file it writes inside the folder. */
const nginxConfiguration = ({ folder, port }: Site): string => `
daemon off;
pid ${folder}/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ')}
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${folder}/web.pem;
    ssl_certificate_key ${folder}/web.key;
    ssl_client_certificate ${folder}/ca.crt;
    ssl_verify_client on;
    return 200 "served\\n";
  }
}
`;

/** Stopped by its master, who takes the workers along. */
const withNginx = (nginx: readonly [string, ...string[]], port: number, body: () => Promise<void>): Promise<void> =>
  withServer(nginx[0], nginx.slice(1), port, async (server) => {
    try {
      await body();
    } finally {
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
    }
  });

if (needs('nginx')) {
  test('nginx is reloaded and seen to serve the new certificate; a reload that does nothing leaves a standing finding until a true one', () =>
    withSite({}, async (site) => {
      const { folder, port, service, run, status } = site;
      const nginx = [programPath('nginx') ?? '', '-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')] as const;
      const trueReload = `{ reload: [${nginx.join(', ')}, -s, reload], test: [${nginx.join(', ')}, -t] }`;
      writeFileSync(join(folder, 'nginx.conf'), nginxConfiguration(site));
      service(trueReload);
      endsWith(run('apply', ...create), 0);
      await withNginx(nginx, port, async () => {
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
        assert.match(run('plan').stdout, 'service-stale');
        endsWith(run('check'), 2);
        assert.is(status(), 'stale');

        // It was told, and once more: from now on it is only looked at, and still said.
        const again = run('apply', '--yes');
        endsWith(again, 25);
        assert.not.match(again.stdout, 'service/server reload');
        endsWith(run('check'), 2);

        service(trueReload);
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
      const { folder, port, service, run } = site;
      const nginx = [programPath('nginx') ?? '', '-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')] as const;
      writeFileSync(join(folder, 'nginx.conf'), nginxConfiguration(site));
      service(`{ reload: [${nginx.join(', ')}, -s, reload], test: ["false"] }`);
      endsWith(run('apply', ...create), 0);
      await withNginx(nginx, port, async () => {
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
      service('{}');
      endsWith(run('apply', ...create), 0);
      const peers = `http://127.0.0.1:${await freePort()}`;
      // biome-ignore format: table
      const flags = [
        '--data-dir', join(folder, 'data'), '--name', 'x', '--listen-peer-urls', peers, '--initial-advertise-peer-urls', peers,
        '--initial-cluster', `x=${peers}`, '--listen-client-urls', `https://127.0.0.1:${port}`, '--advertise-client-urls', `https://127.0.0.1:${port}`,
        '--cert-file', join(folder, 'web.pem'), '--key-file', join(folder, 'web.key'), '--trusted-ca-file', join(folder, 'ca.crt'), '--client-cert-auth',
      ];
      await withServer(programPath('etcd') ?? '', flags, port, async () => {
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
      const data = join(folder, 'data');
      mkdirSync(data);
      chownSync(data, 65534, 65534);
      const under = ['--reuid=65534', '--regid=65534', '--clear-groups'];
      const made = spawnSync('setpriv', [...under, programPath('initdb') ?? '', '-D', data, '--no-sync', '-A', 'trust', '-E', 'UTF8'], {
        encoding: 'utf8',
        env: { LANG: 'C', PATH: process.env['PATH'] },
        cwd: '/',
      });
      assert.is(made.status, 0, made.stdout + made.stderr);
      service(`{ user: nobody, reload: [sh, -c, "kill -HUP $(head -n 1 ${data}/postmaster.pid)"] }`);
      endsWith(run('apply', ...create), 0);
      // biome-ignore format: table
      const flags = [
        ...under, programPath('postgres') ?? '', '-D', data, '-p', `${port}`, '-h', '127.0.0.1', '-k', '', '-F',
        '-c', 'ssl=on', '-c', `ssl_cert_file=${folder}/web.pem`, '-c', `ssl_key_file=${folder}/web.key`,
      ];
      await withServer(programPath('setpriv') ?? '', flags, port, async () => {
        const renewed = run('apply', ...renew);
        endsWith(renewed, 0);
        assert.match(renewed.stdout, /service\/server reload served /);
        endsWith(run('check'), 0);
      });
    }));
}

test.run();
