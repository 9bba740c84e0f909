import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FakeNode, tlsServer, withFakeNode } from '../support/fake-crictl.ts';
import { needs, needsRoot } from '../support/needs.ts';
import { type CommandResult, runCertstateIn } from '../support/run-certstate.ts';
import { freePort } from '../support/servers.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('scenarios/static-pods');

const yamlIn = (folder: string, port: number, timeout: string): string => `version: 1
authorities:
  etcd-ca:
    commonName: etcd-ca
    files: { certificate: ${folder}/ca.crt, privateKey: ${folder}/ca.key }
    trustedBy: [etcd, kube-apiserver]
certificates:
  etcd-server:
    issuer: etcd-ca
    commonName: node1
    dnsNames: [node1]
    profile: peer
    files: { certificate: ${folder}/server.crt, privateKey: ${folder}/server.key }
    services: [etcd]
    probe: { tls: "127.0.0.1:${port}", within: 5s }
services:
  etcd: { staticPod: etcd, timeout: ${timeout} }
  kube-apiserver: { staticPod: kube-apiserver, after: [etcd] }
`;

type Certstate = (command: string, ...flags: readonly string[]) => CommandResult;

/** A node on which etcd runs as a static pod, with its pair made and served; kube-apiserver does not run there. */
async function onNode(timeout: string, body: (certstate: Certstate, node: FakeNode) => void): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const port = await freePort();
    const file = join(folder, 'pki.yaml');
    writeFileSync(file, yamlIn(folder, port, timeout));
    const server = tlsServer(port, join(folder, 'server.crt'), join(folder, 'server.key'));
    await withFakeNode(folder, [{ name: 'etcd-node1', container: 'etcd', server }], (node) => {
      const certstate: Certstate = (command, ...flags) =>
        runCertstateIn({ under: node.under }, command, '-f', file, '--state-dir', join(folder, 'state'), ...flags);
      assert.is(certstate('apply', '--yes', '--confirm', 'ca/etcd-ca', '--no-reload').exit, 0);
      body(certstate, node);
    });
  });
}

if (needsRoot() && needs('unshare')) {
  test('a renewed pair reaches a static pod: it is started again, once, and seen to serve what is on disk', () =>
    onNode('60s', (certstate, node) => {
      const first = certstate('apply', '--yes');
      assert.is(first.exit, 0, first.stdout + first.stderr);
      assert.match(first.stdout, /service\/etcd restart served .*restart static pod etcd at 127\.0\.0\.1/);
      assert.match(first.stdout, /service\/kube-apiserver restart skipped it is not active/);
      const before = node.starts()[0] ?? 0;
      const plan = certstate('plan', '--renew', 'cert/etcd-server');
      assert.match(plan.stdout, /then +restart static pod etcd\n/);
      const renewed = certstate('apply', '--yes', '--renew', 'cert/etcd-server', '--json');
      assert.is(renewed.exit, 0, renewed.stdout + renewed.stderr);
      assert.match(renewed.stdout, /"type":"service_start".*"argv":\[\],"static_pod":"etcd"/);
      assert.match(renewed.stdout, /"type":"service_done".*"result":"served"/);
      assert.equal(node.starts(), [before + 1]);
      assert.is(certstate('plan', '--exit-code').exit, 0);
    }));

  test('where crictl does not reach its runtime, the files are right, it is said what runs on, and the next apply tells the pod', () =>
    onNode('60s', (certstate, node) => {
      certstate('apply', '--yes');
      const before = node.starts()[0] ?? 0;
      node.set({ broken: true });
      const failed = certstate('apply', '--yes', '--renew', 'cert/etcd-server');
      assert.is(failed.exit, 25);
      assert.match(
        failed.stdout,
        /service\/etcd reload FAILED restart static pod etcd: crictl pods ended with exit code 1; nothing was stopped, it runs on/,
      );
      assert.match(failed.stdout, /FATA\[0002\] connect/);
      assert.match(failed.stdout, 'the files are right');
      assert.match(certstate('plan').stdout, /reload +service\/etcd\n(?:.*\n)+? +then +restart static pod etcd\n/);
      node.set({ broken: false });
      assert.is(certstate('apply', '--yes').exit, 0);
      assert.equal(node.starts(), [before + 1]);
    }));

  test('a pod that kubelet does not start again ends with 25, and the next apply tries again', () =>
    onNode('4s', (certstate, node) => {
      certstate('apply', '--yes');
      node.set({ kubelet: false });
      const failed = certstate('apply', '--yes', '--renew', 'cert/etcd-server');
      assert.is(failed.exit, 25);
      assert.match(failed.stdout, /service\/etcd reload FAILED .*was stopped \(etcd [0-9a-f]{13}\), and it does not run again after 4 s/);
      node.set({ kubelet: true });
      const later = certstate('apply', '--yes');
      assert.is(later.exit, 0, later.stdout + later.stderr);
      assert.match(later.stdout, /service\/etcd reload served /);
    }));
}

test.run();
