/** What may stand on disk, row by row: the code, the exit code, and that nothing but the repair is changed. */
import { spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { chmodSync, cpSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Issuance } from '../../src/domain/material.ts';
import { days, earlier, type Instant, instantOf, later } from '../../src/domain/time.ts';
import { readPem } from '../../src/formats/pem.ts';
import { localSigner } from '../../src/x509/local-signer.ts';
import { readCertificate } from '../../src/x509/read-certificate.ts';
import { issuance, names, rootIssuance } from '../support/issuances.ts';
import { needs, programPath } from '../support/needs.ts';
import { inAppliedScene, type Scene } from '../support/scene.ts';

const test = suite('scenarios/on-disk');

const now = instantOf(Date.now() / 1000);
const [ca, server] = [
  { crt: '/pki/ca.crt', key: '/pki/ca.key' },
  { crt: '/tls/server.crt', key: '/tls/server.key' },
];
const pair = ['tls/server.crt', 'tls/server.key'];

const ecKey = (curve = 'P-256') => generateKeyPairSync('ec', { namedCurve: curve });
const keyPem = (key = ecKey().privateKey): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const certificatePem = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`;

function openssl(args: string, input: string | Buffer = '', cwd?: string): Buffer {
  const { stdout, stderr, status } = spawnSync(programPath('openssl') ?? '', args.split(' '), { input, cwd });
  if (status !== 0) throw new Error(`openssl ${args}: ${stderr}`);
  return stdout;
}

/** What the authority that is installed would sign at some time, for the server's key or another. */
async function signed(
  scene: Scene,
  what: Partial<Issuance>,
  at: Instant,
  key = createPrivateKey(readFileSync(scene.at(server.key))),
): Promise<string> {
  const [block] = readPem(readFileSync(scene.at(ca.crt))).blocks;
  const reading = readCertificate(block?.der ?? new Uint8Array());
  if (!reading.ok) throw new Error(reading.cause);
  // A certificate for another time than now needs an authority that was there then.
  const authority = { ...reading.facts, notBefore: earlier(now, days(400)) };
  const signer = localSigner({ certificate: authority, privateKey: createPrivateKey(readFileSync(scene.at(ca.key))) });
  const wanted = issuance({ subject: { commonName: 'server' }, names: names({ dnsNames: ['server.example'] }), ...what });
  const signing = await signer.sign({ issuance: wanted, publicKey: createPublicKey(key), now: at });
  if (signing.result !== 'signed') throw new Error(signing.reason);
  return certificatePem(signing.certificate);
}

/** A whole authority of the same name as ours, with other keys. */
async function anotherAuthority(duration = days(3650), at = now): Promise<{ readonly crt: string; readonly key: string }> {
  const { privateKey, publicKey } = ecKey();
  const signing = await localSigner({ certificate: null, privateKey }).sign({
    issuance: rootIssuance({ subject: { commonName: 'etcd' }, duration }),
    publicKey,
    now: at,
  });
  if (signing.result !== 'signed') throw new Error(signing.reason);
  return { crt: certificatePem(signing.certificate), key: keyPem(privateKey) };
}

interface Row {
  /** The number in the table of bad inputs. */
  readonly row: number;
  readonly name: string;
  readonly spoil: (scene: Scene) => void | Promise<void>;
  readonly flags?: string;
  /** Whether certstate remembers that it wrote the files. */
  readonly forgotten?: true;
  readonly exit: 0 | 22 | 24;
  /** What the plan says of this resource: why it is blocked, or else what differs, or what is found. */
  readonly of?: string;
  readonly says: string;
  /** What apply changes below the root; nothing where it is left out. */
  readonly changes?: readonly string[];
}

const replace = (path: string, content: string | Uint8Array) => (scene: Scene) => writeFileSync(scene.at(path), content);
const swap = (path: string, make: (path: string) => void) => (scene: Scene) => {
  rmSync(scene.at(path));
  make(scene.at(path));
};
const reads = (scene: Scene, path: string): string => readFileSync(scene.at(path), 'utf8');

function install(scene: Scene, { crt, key }: { readonly crt: string; readonly key: string }): void {
  replace(ca.crt, crt)(scene);
  replace(ca.key, key)(scene);
}

/** By an authority with our authority's name, which is not installed. */
async function signBySomebodyElse(scene: Scene): Promise<void> {
  const ours = { crt: reads(scene, ca.crt), key: reads(scene, ca.key) };
  install(scene, await anotherAuthority());
  replace(server.crt, await signed(scene, {}, now))(scene);
  install(scene, ours);
}

function signWithSha1(scene: Scene): void {
  writeFileSync(join(scene.folder, 'request'), openssl('req -new -subj /CN=server -key tls/server.key', '', scene.root));
  const extensions = [
    'basicConstraints=critical,CA:FALSE',
    'keyUsage=critical,digitalSignature,keyEncipherment',
    'extendedKeyUsage=serverAuth',
    'subjectAltName=DNS:server.example',
    'subjectKeyIdentifier=hash',
    'authorityKeyIdentifier=keyid',
  ];
  writeFileSync(join(scene.folder, 'extensions'), extensions.join('\n'));
  const sign =
    'x509 -req -sha1 -days 90 -in ../request -extfile ../extensions -CA pki/ca.crt -CAkey pki/ca.key -set_serial 0x1234567890abcdef1234567890abcdef';
  replace(server.crt, openssl(sign, '', scene.root))(scene);
}

// biome-ignore format: table
const rows: readonly Row[] = [
  { row: 41, name: 'an empty certificate that we wrote',            spoil: replace(server.crt, ''),                       exit: 0,  says: 'empty', changes: pair },
  { row: 41, name: 'an empty key that we wrote',                    spoil: replace(server.key, ''),                       exit: 0,  says: 'empty', changes: pair },
  { row: 41, name: 'an empty certificate of unknown origin',        spoil: replace(server.crt, ''), forgotten: true,      exit: 22, says: 'empty' },
  { row: 41, name: 'the same, with consent',                        spoil: replace(server.crt, ''), forgotten: true, flags: '--confirm cert/server', exit: 0, says: 'empty', changes: pair },
  { row: 41, name: 'an empty certificate of an authority',          spoil: replace(ca.crt, ''),                           exit: 22, of: 'ca/etcd', says: 'empty' },
  { row: 41, name: 'the same, and consent does not help',           spoil: replace(ca.crt, ''), flags: '--confirm ca/etcd', exit: 22, of: 'ca/etcd', says: 'empty' },
  { row: 42, name: 'garbage that took the place of our certificate', spoil: replace(server.crt, 'garbage'),               exit: 0,  says: 'unparsable', changes: pair },
  { row: 42, name: 'garbage of unknown origin',                     spoil: replace(server.crt, 'garbage'), forgotten: true, exit: 22, says: 'unparsable' },
  { row: 42, name: 'garbage in the place of an authority’s key',    spoil: replace(ca.key, 'garbage'),                    exit: 22, of: 'ca/etcd', says: 'unparsable' },
  { row: 42, name: 'a certificate with broken DER',                 spoil: (scene) => replace(server.crt, certificatePem(Buffer.from('3003020101', 'hex')))(scene), forgotten: true, exit: 22, says: 'unparsable' },
  { row: 43, name: 'a key that does not match',                     spoil: replace(server.key, keyPem()),                 exit: 0,  says: 'key-mismatch', changes: pair },
  { row: 43, name: 'a key of an authority that does not match',     spoil: replace(ca.key, keyPem()),                     exit: 22, of: 'ca/etcd', says: 'authority-pair-mismatch' },
  { row: 44, name: 'the key is gone',                               spoil: (scene) => rmSync(scene.at(server.key)),       exit: 0,  says: 'private-key-missing', changes: pair },
  { row: 44, name: 'the certificate is gone, the key is kept',      spoil: (scene) => rmSync(scene.at(server.crt)),       exit: 0,  says: 'certificate-missing', changes: ['tls/server.crt'] },
  { row: 44, name: 'the key of the authority is gone',              spoil: (scene) => rmSync(scene.at(ca.key)),           exit: 0,  of: 'ca/etcd', says: 'authority-key-absent' },
  { row: 44, name: 'the same, and something is to be signed',       spoil: (scene) => rmSync(scene.at(ca.key)), flags: '--renew cert/server', exit: 22, says: 'issuer-key-absent' },
  { row: 44, name: 'the certificate of the authority is gone',      spoil: (scene) => rmSync(scene.at(ca.crt)),           exit: 22, of: 'ca/etcd', says: 'key-of-unknown-origin' },
  { row: 44, name: 'the authority is gone, what it signed is here', spoil: (scene) => rmSync(scene.at('/pki'), { recursive: true }), exit: 22, of: 'ca/etcd', says: 'authority-lost' },
  { row: 44, name: 'the same, and consent does not help',           spoil: (scene) => rmSync(scene.at('/pki'), { recursive: true }), flags: '--confirm ca/etcd', exit: 22, of: 'ca/etcd', says: 'authority-lost' },
  { row: 45, name: 'an encrypted key (PKCS#8)',                     spoil: (scene) => replace(server.key, openssl('pkcs8 -topk8 -passout pass:secret', reads(scene, server.key)))(scene), exit: 22, says: 'encrypted' },
  { row: 45, name: 'an encrypted key (traditional)',                spoil: (scene) => replace(server.key, openssl('ec -aes256 -passout pass:secret', reads(scene, server.key)))(scene), exit: 22, says: 'encrypted' },
  { row: 45, name: 'an encrypted key of the authority',             spoil: (scene) => replace(ca.key, openssl('pkcs8 -topk8 -passout pass:secret', reads(scene, ca.key)))(scene), flags: '--renew cert/server --confirm ca/etcd', exit: 22, of: 'ca/etcd', says: 'encrypted' },
  { row: 47, name: 'a key in the place of a certificate',           spoil: replace(server.crt, keyPem()), forgotten: true, exit: 22, says: 'wrong-kind' },
  { row: 47, name: 'a certificate in the place of a key',           spoil: (scene) => replace(server.key, reads(scene, server.crt))(scene), forgotten: true, exit: 22, says: 'wrong-kind' },
  { row: 47, name: 'a certificate signing request',                 spoil: (scene) => replace(server.crt, openssl('req -new -subj /CN=server -key tls/server.key', '', scene.root))(scene), forgotten: true, exit: 22, says: 'wrong-kind' },
  { row: 47, name: 'PKCS#12',                                       spoil: (scene) => replace(server.crt, openssl('pkcs12 -export -passout pass: -in tls/server.crt -inkey tls/server.key', '', scene.root))(scene), forgotten: true, exit: 22, says: 'wrong-kind' },
  { row: 47, name: 'DER',                                           spoil: (scene) => replace(server.crt, openssl('x509 -outform der', reads(scene, server.crt)))(scene), forgotten: true, exit: 22, says: 'wrong-kind' },
  { row: 47, name: 'an OpenSSH key',                                spoil: replace(server.key, '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n'), forgotten: true, exit: 22, says: 'wrong-kind' },
  { row: 47, name: 'TRUSTED CERTIFICATE',                           spoil: (scene) => replace(server.crt, openssl('x509 -trustout', reads(scene, server.crt)))(scene), forgotten: true, exit: 22, says: 'wrong-kind' },
  { row: 48, name: 'text before the certificate',                   spoil: (scene) => replace(server.crt, `subject=CN = server\n${reads(scene, server.crt)}`)(scene), exit: 0, says: '' },
  { row: 48, name: 'CRLF and no final line break',                  spoil: (scene) => replace(server.crt, reads(scene, server.crt).trimEnd().replaceAll('\n', '\r\n'))(scene), exit: 0, says: '' },
  { row: 49, name: 'a file of 50 MB',                               spoil: (scene) => replace(server.crt, `${reads(scene, server.crt)}${'x'.repeat(50e6)}`)(scene), exit: 22, says: 'too-large' },
  { row: 49, name: 'one line of 10 MB',                             spoil: replace(server.key, `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(10e6)}\n-----END PRIVATE KEY-----\n`), exit: 22, says: 'too-large' },
  { row: 50, name: 'a folder',                                      spoil: swap(server.crt, (path) => mkdirSync(path)),   exit: 22, says: 'not-regular' },
  { row: 50, name: 'a FIFO that nobody writes to',                  spoil: swap(server.crt, (path) => spawnSync('mkfifo', [path])), exit: 22, says: 'not-regular' },
  { row: 50, name: 'a link to a file',                              spoil: swap(server.crt, (path) => symlinkSync('/etc/passwd', path)), exit: 22, says: 'symlink' },
  { row: 50, name: 'a link to nothing',                             spoil: swap(server.key, (path) => symlinkSync('nothing', path)), exit: 22, says: 'symlink' },
  { row: 50, name: 'a link to itself',                              spoil: swap(server.key, (path) => symlinkSync('server.key', path)), exit: 22, says: 'symlink' },
  { row: 50, name: 'a link, and consent does not help',             spoil: swap(server.key, (path) => symlinkSync('/etc/shadow', path)), flags: '--confirm cert/server', exit: 22, says: 'symlink' },
  { row: 50, name: 'a folder on the way is a link that leads out',  spoil: (scene) => { renameSync(scene.at('/tls'), join(scene.folder, 'outside')); symlinkSync(join(scene.folder, 'outside'), scene.at('/tls')); }, exit: 22, says: 'symlink' },
  { row: 51, name: 'a further name for the same file',              spoil: (scene) => linkSync(scene.at(server.key), scene.at('/tls/other-name')), exit: 0, says: 'hard-linked' },
  { row: 51, name: 'the same, and the file is replaced',            spoil: (scene) => linkSync(scene.at(server.key), scene.at('/tls/other-name')), flags: '--rekey cert/server', exit: 0, says: 'requested-rekey', changes: ['tls/other-name', ...pair] },
  { row: 52, name: 'a key that everybody can read',                 spoil: (scene) => chmodSync(scene.at(server.key), 0o644), exit: 0, says: 'private-key-mode', changes: ['tls/server.key'] },
  { row: 52, name: 'a certificate that everybody can write',        spoil: (scene) => chmodSync(scene.at(server.crt), 0o666), exit: 0, says: 'certificate-mode', changes: ['tls/server.crt'] },
  { row: 52, name: 'a key that its group can read',                 spoil: (scene) => chmodSync(scene.at(ca.key), 0o640), exit: 0, of: 'ca/etcd', says: 'private-key-mode', changes: ['pki/ca.key'] },
  { row: 53, name: 'the folder is gone',                            spoil: (scene) => rmSync(scene.at('/tls'), { recursive: true }), exit: 0, says: 'missing', changes: ['tls', 'tls/client.crt', 'tls/client.key', ...pair] },
  { row: 53, name: 'the folder is a file',                          spoil: (scene) => { rmSync(scene.at('/tls'), { recursive: true }); writeFileSync(scene.at('/tls'), 'x'); }, exit: 22, says: 'folder-not-usable' },
  { row: 53, name: 'everybody can write the folder',                spoil: (scene) => chmodSync(scene.at('/tls'), 0o777), flags: '--renew cert/server', exit: 22, says: 'unsafe-folder' },
  { row: 53, name: 'the same, and nothing is to be written',        spoil: (scene) => chmodSync(scene.at('/tls'), 0o777), exit: 0,  says: '' },
  { row: 55, name: 'an expired certificate',                        spoil: async (scene) => replace(server.crt, await signed(scene, {}, earlier(now, days(20))))(scene), exit: 0, says: 'expired', changes: pair },
  { row: 55, name: 'a certificate that is not yet valid',           spoil: async (scene) => replace(server.crt, await signed(scene, {}, later(now, days(20))))(scene), exit: 0, says: 'not-yet-valid', changes: pair },
  { row: 55, name: 'an authority that has expired',                 spoil: async (scene) => install(scene, await anotherAuthority(days(10), earlier(now, days(20)))), exit: 22, says: 'issuer-expired' },
  { row: 55, name: 'an authority that is not yet valid',            spoil: async (scene) => install(scene, await anotherAuthority(days(10), later(now, days(20)))), exit: 22, says: 'issuer-not-yet-valid' },
  { row: 57, name: 'a certificate signed with SHA-1',               spoil: signWithSha1,                                  exit: 0,  says: 'signature-weak' },
  { row: 58, name: 'a kind of key that nobody supports',            spoil: replace(server.key, generateKeyPairSync('x448').privateKey.export({ type: 'pkcs8', format: 'pem' })), exit: 22, says: 'unsupported-algorithm' },
  { row: 59, name: 'an authority of the same name with another key', spoil: async (scene) => install(scene, await anotherAuthority()), exit: 0, says: 'issuer', changes: ['tls/client.crt', 'tls/client.key', ...pair] },
  { row: 59, name: 'a certificate of an authority of the same name', spoil: signBySomebodyElse, exit: 0, says: 'issuer', changes: pair },
  { row: 60, name: 'another tool has renewed the certificate',      spoil: async (scene) => replace(server.crt, await signed(scene, { duration: days(90) }, now))(scene), exit: 0, says: '' },
  { row: 60, name: 'another tool has made a new pair',              spoil: async (scene) => { const key = ecKey().privateKey; replace(server.crt, await signed(scene, { duration: days(90) }, now, key))(scene); replace(server.key, keyPem(key))(scene); }, exit: 0, says: '' },
  { row: 60, name: 'another tool has dropped a name',               spoil: async (scene) => replace(server.crt, await signed(scene, { names: names({ dnsNames: ['other.example'] }) }, now))(scene), exit: 0, says: 'dns-names', changes: pair },
];

interface Told {
  readonly address: string;
  readonly action: string;
  readonly blocked: { readonly code: string } | null;
  readonly reasons: readonly { readonly code: string }[];
  readonly findings: readonly { readonly code: string }[];
}

/** The plan that apply told as an event. */
const toldOf = (stdout: string, address: string): Told => {
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly type: string; readonly plan?: { readonly changes: readonly Told[] } });
  const found = events.find(({ type }) => type === 'plan')?.plan?.changes.find((change) => change.address === address);
  if (!found) throw new Error(`the plan says nothing of ${address}`);
  return found;
};

async function judge(scene: Scene, row: Row): Promise<void> {
  await row.spoil(scene);
  let result = { exit: null as number | null, stdout: '', stderr: '' };
  const changed = scene.changes(() => {
    result = scene.run('apply', '--yes', '--json', ...(row.flags ?? '').split(' ').filter((word) => word !== ''));
  });
  assert.is(result.exit, row.exit, result.stdout.slice(-1000) + result.stderr);
  assert.is(result.stderr, '');
  const told = toldOf(result.stdout, row.of ?? 'cert/server');
  const said = row.exit === 22 ? [told.blocked?.code] : [...told.reasons, ...told.findings].map(({ code }) => code);
  if (row.says === '') assert.is(told.action, 'noop', JSON.stringify(told));
  else assert.ok(said.includes(row.says), `it says ${said.join(', ')}`);
  assert.equal(changed, [...(row.changes ?? [])].sort(), `changed: ${changed.join(', ')}`);
  if (row.exit !== 0) return;
  const plan = scene.run('plan', '--exit-code');
  assert.is(plan.exit, 0, `and once more:\n${plan.stdout}`);
}

if (needs('openssl')) {
  test(`${rows.length} things that may stand on disk, each with its code, its exit code and nothing else changed`, () =>
    inAppliedScene(async (scene) => {
      const good = join(scene.folder, 'good');
      cpSync(scene.root, good, { recursive: true, preserveTimestamps: true });
      const wrong: string[] = [];
      for (const row of rows) {
        rmSync(scene.root, { recursive: true });
        cpSync(good, scene.root, { recursive: true, preserveTimestamps: true });
        if (row.forgotten) rmSync(scene.at('/var'), { recursive: true });
        await judge(scene, row).catch((error: Error) => wrong.push(`row ${row.row}, ${row.name}: ${error.message}`));
      }
      assert.ok(wrong.length === 0, wrong.join('\n\n'));
    }));
}

test.run();
