/** The example that stands first, judged by openssl: what StarlingX makes at bootstrap, stricter where the comments of the YAML say so. */
import { spawnSync } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs, programPath } from '../support/needs.ts';
import { plainEnvironment, program, runCertstate } from '../support/run-certstate.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { changedPaths, treeOf } from '../support/tree.ts';

const test = suite('promises/starlingx');

const file = resolve(import.meta.dirname, '../../desired-state/starlingx-etcd.yaml');

interface Expected {
  readonly certificate: string;
  readonly key: string;
  readonly subject: string;
  readonly names: string;
  readonly keyUsage: string;
  readonly extendedKeyUsage: string | undefined;
  readonly basicConstraints: string;
  readonly days: number;
}

const both = 'TLS Web Server Authentication, TLS Web Client Authentication';
const addresses = 'IP Address:127.0.0.1, IP Address:192.168.206.1';
const pki = 'etc/kubernetes/pki/apiserver-etcd-client';

// biome-ignore format: table
const expected: Readonly<Record<string, Expected>> = {
  'the authority': {
    certificate: 'etc/etcd/ca.crt', key: 'etc/etcd/ca.key', subject: 'CN = etcd', names: 'DNS:etcd',
    keyUsage: 'Digital Signature, Key Encipherment, Certificate Sign', extendedKeyUsage: undefined, basicConstraints: 'CA:TRUE, pathlen:1', days: 3650,
  },
  'etcd-server': {
    certificate: 'etc/etcd/etcd-server.crt', key: 'etc/etcd/etcd-server.key', subject: 'CN = etcd-server', names: addresses,
    keyUsage: 'Digital Signature, Key Encipherment', extendedKeyUsage: both, basicConstraints: 'CA:FALSE', days: 365,
  },
  'etcd-client': {
    certificate: 'etc/etcd/etcd-client.crt', key: 'etc/etcd/etcd-client.key', subject: 'CN = root', names: 'DNS:root',
    keyUsage: 'Digital Signature', extendedKeyUsage: both, basicConstraints: 'CA:FALSE', days: 365,
  },
  'apiserver-etcd-client': {
    certificate: `${pki}.crt`, key: `${pki}.key`, subject: 'CN = apiserver-etcd-client', names: addresses,
    keyUsage: 'Digital Signature, Key Encipherment', extendedKeyUsage: both, basicConstraints: 'CA:FALSE', days: 365,
  },
};

const openssl = (...args: readonly string[]): string => {
  const { stdout, stderr, status } = spawnSync(programPath('openssl') ?? '', args, { encoding: 'utf8' });
  assert.is(status, 0, `openssl ${args.join(' ')}: ${stderr}`);
  return stdout;
};

/** The extensions as openssl names them: `[critical] value`, line breaks and indents taken out. */
function extensionsOf(text: string): ReadonlyMap<string, string> {
  const found = [...text.matchAll(/^ {12}((?:X509v3|Authority|CT|Netscape)[^:\n]*|[0-9.]+): ?(critical)?\n((?: {16}.*\n?)*)/gm)];
  return new Map(
    found.map(([, name = '', critical = '', value = '']) => [name.trim(), `${critical} ${value.trim().replace(/\s+/g, ' ')}`.trim()]),
  );
}

const field = (text: string, name: string): string => new RegExp(`${name}\\s*: ?(.*)`).exec(text)?.[1]?.trim() ?? '';

function judge(root: string, { certificate, key, ...wanted }: Expected): void {
  const path = join(root, certificate);
  const text = openssl('x509', '-in', path, '-noout', '-text');
  const extensions = extensionsOf(text);
  const identifier = (name: string): string => extensions.get(name) ?? '';
  assert.is(field(text, 'Version'), '3 (0x2)');
  assert.is(field(text, 'Subject'), wanted.subject);
  assert.is(field(text, 'Issuer'), 'CN = etcd');
  assert.is(field(text, 'Signature Algorithm'), 'sha256WithRSAEncryption');
  assert.match(text, 'Public-Key: (4096 bit)');
  assert.match(text, 'Exponent: 65537');
  assert.is(extensions.get('X509v3 Subject Alternative Name'), wanted.names);
  assert.is(extensions.get('X509v3 Key Usage'), `critical ${wanted.keyUsage}`);
  assert.is(extensions.get('X509v3 Extended Key Usage'), wanted.extendedKeyUsage);
  assert.is(extensions.get('X509v3 Basic Constraints')?.replace('critical ', ''), wanted.basicConstraints);
  if (wanted.basicConstraints.startsWith('CA:TRUE')) assert.match(extensions.get('X509v3 Basic Constraints') ?? '', /^critical/);
  assert.match(identifier('X509v3 Subject Key Identifier'), /^([0-9A-F]{2}:){19}[0-9A-F]{2}$/);
  const issuer = extensionsOf(openssl('x509', '-in', join(root, 'etc/etcd/ca.crt'), '-noout', '-text'));
  const pointsTo = identifier('X509v3 Authority Key Identifier').replace(/^keyid:/, '');
  if (wanted.basicConstraints === 'CA:FALSE') assert.is(pointsTo, issuer.get('X509v3 Subject Key Identifier'));
  const known = [
    'Subject Alternative Name',
    'Key Usage',
    'Extended Key Usage',
    'Basic Constraints',
    'Subject Key Identifier',
    'Authority Key Identifier',
  ];
  assert.equal(
    [...extensions.keys()].filter((name) => !known.includes(name.replace('X509v3 ', ''))),
    [],
  );

  const [from, to] = [Date.parse(field(text, 'Not Before')), Date.parse(field(text, 'Not After ?'))];
  assert.is((to - from) / 1000, wanted.days * 86_400 + 300, 'the lifetime, and the five minutes before it');
  assert.ok(Math.abs(from + 300_000 - Date.now()) < 120_000, 'it begins five minutes ago');
  // 159 bits: 20 octets at most, and as good as never less than 16.
  assert.match(openssl('x509', '-in', path, '-noout', '-serial'), /^serial=[0-7]?[0-9A-F]{31,39}\n$/);

  assert.is(lstatSync(path).mode & 0o7777, 0o644);
  assert.is(lstatSync(join(root, key)).mode & 0o7777, 0o600);
  assert.match(readFileSync(join(root, key), 'utf8'), /^-----BEGIN PRIVATE KEY-----\n/);
  assert.match(openssl('pkey', '-in', join(root, key), '-check', '-noout'), 'Key is valid');
  assert.is(openssl('pkey', '-in', join(root, key), '-pubout'), openssl('x509', '-in', path, '-noout', '-pubkey'));
  const purposes = wanted.extendedKeyUsage ? ['sslserver', 'sslclient'] : [];
  for (const purpose of purposes) openssl('verify', '-x509_strict', '-purpose', purpose, '-CAfile', join(root, 'etc/etcd/ca.crt'), path);
}

/** Calls that change something, or open something for that. `O_PATH` and reading are neither. */
const writing =
  /^\d+\s+(?:openat\(.*O_(?:WRONLY|RDWR|CREAT|TRUNC)|(?:creat|rename|renameat2?|unlink|unlinkat|mkdir|mkdirat|rmdir|link|linkat|symlink|symlinkat|truncate|f?truncate|f?chmod|fchmodat2?|f?chown|lchown|fchownat|utimensat|utimes|mknodat?|fsync|fdatasync|p?write(?:v|64)?|setxattr|fallocate)\()/;
/** Where a program may write without changing anything: its own pipes and streams. */
const harmless = /^\d+\s+p?write(?:v|64)?\(\d+<(?:pipe|socket|anon_inode|\/dev\/|\/proc\/self|\S*trace-stdout|\S*trace-stderr)/;

if (needs('openssl')) {
  test('the four certificates are those of StarlingX, and a second plan and a second apply change nothing', () =>
    inTemporaryFolder((folder) => {
      const root = join(folder, 'root');
      const created = runCertstate('apply', '-f', file, '--root', root, '--yes', '--confirm', 'ca/etcd');
      assert.is(created.exit, 0, created.stdout + created.stderr);
      for (const [name, properties] of Object.entries(expected)) {
        try {
          judge(root, properties);
        } catch (error) {
          if (error instanceof Error) error.message = `${name}: ${error.message}`;
          throw error;
        }
      }

      const plan = runCertstate('plan', '-f', file, '--root', root, '--exit-code');
      assert.is(plan.exit, 0, plan.stdout);
      assert.match(plan.stdout, 'No changes.');
      const before = treeOf(root);
      const again = runCertstate('apply', '-f', file, '--root', root, '--yes');
      assert.is(again.exit, 0, again.stderr);
      assert.equal(changedPaths(before, treeOf(root)), []);

      if (!needs('strace')) return;
      const trace = join(folder, 'trace');
      const calls = '%file,%desc,fsync,fdatasync,ftruncate,fchmod,fchown';
      const command = [process.execPath, program, 'apply', '--yes', '-f', file, '--root', root];
      const { status } = spawnSync(programPath('strace') ?? '', ['-f', '-y', '-o', trace, '-e', `trace=${calls}`, ...command], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: plainEnvironment(),
      });
      assert.is(status, 0);
      const lines = readFileSync(trace, 'utf8').split('\n');
      const changing = lines.filter((line) => writing.test(line) && !harmless.test(line));
      process.stdout.write(`a second apply: ${lines.length} system calls on files, ${changing.length} of them change something\n`);
      assert.ok(
        lines.some((line) => line.includes('etcd-server.key')),
        'the trace shows nothing of the files',
      );
      assert.equal(changing, [], 'a second apply changes something');
    }));
}

test.run();
