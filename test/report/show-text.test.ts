import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ObservedFile } from '../../src/domain/observed-state.ts';
import { showText } from '../../src/report/show-text.ts';
import { certificateFacts, change, context, hash, noop, observed, plan, status } from '../support/change-builders.ts';
import { newNames } from '../support/etcd-changes.ts';

const test = suite('report/show-text');

const key = { algorithm: 'RSA', size: 4096, spkiSha256: hash('fb3644015dff'), encoding: 'PKCS8' } as const;
const files: readonly ObservedFile[] = [
  {
    state: 'read',
    path: '/etc/etcd/etcd-server.crt',
    sha256: '',
    status: status(),
    content: { certificates: [certificateFacts()], keys: [] },
  },
  {
    state: 'read',
    path: '/etc/etcd/etcd-server.key',
    sha256: '',
    status: status({ mode: 0o600 }),
    content: { certificates: [], keys: [key] },
  },
];

test('a resource in full: wanted, on disk, differing, found, planned, and its certificate', () => {
  const withFinding = { ...newNames, findings: [{ code: 'key-usage-not-critical' as const, detail: 'not critical' }] };
  assert.fixture(
    showText(withFinding, plan([withFinding]), context({ observed: observed(files) })),
    `cert/etcd-server  drift  pki.yaml:20
    wanted   issuer: ca/etcd
             subject: CN=etcd
             usages: server auth, client auth
    files    /etc/etcd/etcd-server.crt  certificate: 0644 root:root, certificate 2829b7cb74cc
             /etc/etcd/etcd-server.key  privateKey: 0600 root:root, key RSA 4096 PKCS8 (spki
             fb3644015dff)
    differs  IP addresses differ from pki.yaml:25 [ip-addresses]
    found    cert/etcd-server: its key usage is not critical [key-usage-not-critical]
    plan     reissue, key kept
    due      expires 2027-07-02 (in 220 days)

certificate in /etc/etcd/etcd-server.crt
    version: 3
    serial: 1f07aa5e91b3c0d2
    subject: CN=etcd-server
    issuer: CN=etcd
    not before: 2026-07-02T08:11:00Z
    not after: 2027-07-02T08:11:00Z
    key: RSA 4096
    key spki sha256: ${hash('fb3644015dff')}
    basic constraints: CA:FALSE
    name: IP:127.0.0.1
    name: IP:192.168.206.1
    usage: client auth
    usage: server auth
    subject key identifier: aa
    authority key identifier: bb
    signature: sha256WithRSAEncryption
    sha256: ${hash('2829b7cb74cc')}
`,
  );
});

test('files that are absent or cannot be read are said to be so', () => {
  const bad: readonly ObservedFile[] = [
    { state: 'absent', path: '/etc/etcd/ca.crt' },
    { state: 'unreadable', path: '/etc/etcd/ca.key', problem: 'encrypted', cause: 'ENCRYPTED PRIVATE KEY' },
  ];
  const text = showText(noop.ca, plan([noop.ca]), context({ observed: observed(bad) }));
  assert.match(text, '/etc/etcd/ca.crt  certificate: absent\n');
  assert.match(text, '/etc/etcd/ca.key  privateKey: encrypted: ENCRYPTED PRIVATE KEY\n');
  assert.match(text, 'plan     nothing to do\n');
});

test('a certificate whose fields try to repaint the screen is shown escaped', () => {
  const evil = certificateFacts({ subject: { commonName: 'a\u001b[2Jb\nnot after: 2099' }, signatureAlgorithm: '\u009b31m' });
  const file: ObservedFile = {
    state: 'read',
    path: '/etc/etcd/etcd-server.crt',
    sha256: '',
    status: status(),
    content: { certificates: [evil], keys: [] },
  };
  const text = showText(noop.server, plan([noop.server]), context({ observed: observed([file]) }));
  assert.not.match(text, /[^\n\x20-\x7e]/);
  assert.not.match(text, /^ *not after: 2099/m);
});

test('what the YAML no longer names is still shown', () => {
  const orphan = change('cert/old', { action: 'forget', place: null, before: null });
  assert.match(showText(orphan, plan([orphan]), context()), /^cert\/old {2}orphan\n {4}wanted {3}no longer named by the desired state\n/);
});

test.run();
