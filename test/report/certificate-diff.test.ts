import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { certificateDiff, certificateDiffs } from '../../src/report/certificate-diff.ts';
import { planText } from '../../src/report/plan-text.ts';
import { context, noop, plan } from '../support/change-builders.ts';
import { create, exposedKey, newNames } from '../support/etcd-changes.ts';

const test = suite('report/certificate-diff');

test('a reissue is a unified diff of what the certificate says', async () => {
  assert.fixture(
    (await certificateDiff(newNames)) ?? '',
    `--- cert/etcd-server on disk
+++ cert/etcd-server after apply
@@ -1,14 +1,15 @@
 subject: CN=etcd-server
 issuer: CN=etcd
-serial: 1f07aa5e91b3c0d2
-not before: 2026-07-02T08:11:00Z
-not after: 2027-07-02T08:11:00Z
+serial: (chosen at apply)
+not before: (chosen at apply)
+not after: (chosen at apply)
 key: RSA 4096
 key spki sha256: fb3644015dff0000000000000000000000000000000000000000000000000000
 basic constraints: CA:FALSE
 name: IP:127.0.0.1
 name: IP:192.168.206.1
-name: IP:192.168.206.9
+name: IP:192.168.206.4
+name: IP:::1
 usage: client auth
 usage: server auth
-sha256: 2829b7cb74cc0000000000000000000000000000000000000000000000000000
+sha256: (chosen at apply)
`,
  );
});

test('a new certificate is all plus', async () => {
  const diff = (await certificateDiff(create('cert/etcd-server'))) ?? '';
  assert.match(diff, /^--- \/dev\/null\n\+\+\+ cert\/etcd-server after apply\n@@ -0,0 \+1,/);
  assert.ok(
    diff
      .trimEnd()
      .split('\n')
      .slice(3)
      .every((line) => line.startsWith('+')),
  );
});

test('what issues nothing has no diff', async () => {
  assert.is(await certificateDiff(exposedKey), undefined);
  assert.equal([...(await certificateDiffs(plan([noop.ca, newNames]))).keys()], ['cert/etcd-server']);
});

test('a plan shows the diff below its change', async () => {
  const given = plan([newNames]);
  const text = planText(given, context({ show: { diffs: await certificateDiffs(given) } }));
  assert.match(text, '\n    -name: IP:192.168.206.9\n    +name: IP:192.168.206.4\n');
});

test.run();
