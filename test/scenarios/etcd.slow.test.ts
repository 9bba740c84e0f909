import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs, programPath } from '../support/needs.ts';
import { runCertstate } from '../support/run-certstate.ts';
import { freePort, withServer } from '../support/servers.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('scenarios/etcd');

const desiredState = readFileSync(resolve(import.meta.dirname, '../../desired-state/starlingx-etcd.yaml'), 'utf8');

const foreign = `version: 1
authorities:
  etcd: { commonName: etcd, usages: [cert sign], files: { certificate: /ca.crt, privateKey: /ca.key } }
certificates:
  client: { issuer: etcd, commonName: root, dnsNames: [root], profile: client, files: { certificate: /client.crt, privateKey: /client.key } }
`;

/** What a server shows to whoever connects; no client certificate is needed to see that. */
function served(port: number, ca: string): Promise<PeerCertificate> {
  return new Promise((done, reject) => {
    const socket = connect({ port, host: '127.0.0.1', ca: readFileSync(ca), checkServerIdentity: () => undefined }, () => {
      done(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

if (needs('etcd', 'etcdctl')) {
  test('a real etcd speaks mutual TLS with the StarlingX files, refuses others, and serves a changed certificate without a restart', () =>
    inTemporaryFolder(async (folder) => {
      const file = join(folder, 'starlingx-etcd.yaml');
      writeFileSync(file, desiredState);
      const root = join(folder, 'root');
      const scope = ['-f', file, '--root', root];
      const created = runCertstate('apply', ...scope, '--yes', '--confirm', 'ca/etcd');
      assert.is(created.exit, 0, created.stdout + created.stderr);

      const elsewhere = join(folder, 'elsewhere');
      writeFileSync(join(folder, 'foreign.yaml'), foreign);
      assert.is(runCertstate('apply', '-f', join(folder, 'foreign.yaml'), '--root', elsewhere, '--yes', '--confirm', 'ca/etcd').exit, 0);

      const [port, peerPort] = [await freePort(), await freePort()];
      const ca = join(root, 'etc/etcd/ca.crt');
      const pair = (path: string): string[] => ['--cert', `${path}.crt`, '--key', `${path}.key`];
      const etcdctl = (
        client: readonly string[],
        ...args: readonly string[]
      ): { readonly exit: number | null; readonly output: string } => {
        const all = [
          '--endpoints',
          `https://127.0.0.1:${port}`,
          '--cacert',
          ca,
          '--dial-timeout=2s',
          '--command-timeout=3s',
          ...client,
          ...args,
        ];
        const { status, stdout, stderr } = spawnSync(programPath('etcdctl') ?? '', all, {
          encoding: 'utf8',
          env: { PATH: process.env['PATH'], ETCDCTL_API: '3' },
        });
        return { exit: status, output: stdout + stderr };
      };

      // biome-ignore format: table
      const server = [
        '--data-dir', join(folder, 'data'), '--name', 'controller',
        '--listen-client-urls', `https://127.0.0.1:${port}`, '--advertise-client-urls', `https://127.0.0.1:${port}`,
        '--listen-peer-urls', `http://127.0.0.1:${peerPort}`, '--initial-advertise-peer-urls', `http://127.0.0.1:${peerPort}`,
        '--initial-cluster', `controller=http://127.0.0.1:${peerPort}`,
        '--cert-file', join(root, 'etc/etcd/etcd-server.crt'), '--key-file', join(root, 'etc/etcd/etcd-server.key'),
        '--trusted-ca-file', ca, '--client-cert-auth',
      ];

      await withServer(programPath('etcd') ?? '', server, port, async (etcd) => {
        for (const client of ['etc/etcd/etcd-client', 'etc/kubernetes/pki/apiserver-etcd-client', 'etc/etcd/etcd-server']) {
          const put = etcdctl(pair(join(root, client)), 'put', 'greeting', `from ${client}`);
          assert.is(put.exit, 0, `${client}: ${put.output}`);
          assert.match(etcdctl(pair(join(root, client)), 'get', 'greeting').output, `from ${client}`);
        }
        assert.is.not(etcdctl([], 'get', 'greeting').exit, 0, 'a client without a certificate was let in');
        assert.is.not(
          etcdctl(pair(join(elsewhere, 'client')), 'get', 'greeting').exit,
          0,
          'a client with a foreign certificate was let in',
        );

        const before = await served(port, ca);
        writeFileSync(file, desiredState.replace('["${floatingAddress}", 127.0.0.1]', '["${floatingAddress}", 127.0.0.1, 192.168.206.9]'));
        const changed = runCertstate('apply', ...scope, '--yes');
        assert.is(changed.exit, 0, changed.stdout + changed.stderr);
        const after = await served(port, ca);
        assert.not.match(before.subjectaltname ?? '', '192.168.206.9');
        assert.match(after.subjectaltname ?? '', '192.168.206.9');
        assert.is.not(after.serialNumber, before.serialNumber);
        assert.is(etcd.exitCode, null, 'etcd has ended');
        assert.match(etcdctl(pair(join(root, 'etc/etcd/etcd-client')), 'get', 'greeting').output, 'from etc/etcd/etcd-server');
        assert.is(runCertstate('plan', ...scope, '--exit-code').exit, 0);
      });
    }));
}

test.run();
