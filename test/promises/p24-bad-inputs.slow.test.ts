/**
 * P24: what is hostile or broken is refused, cheaply. Each row of the list of bad inputs that the design keeps, by the program as it is shipped: text ends with
 * 65 and the line and column of what is wrong; what stands on the disk has a class of its own, is mended where it is ours and left alone where it is not.
 * Each run costs less than a second and 200 MB. How every text is judged in one process, again and again, is tried here too; the sentences are tested beside
 * the parser (`desired-state/rejected`).
 */
import { execFileSync, spawn } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { codes } from '../../src/domain/codes.ts';
import { monsters } from '../desired-state/monsters.ts';
import { parse } from '../desired-state/parse.ts';
import { type Rejection, rejections } from '../desired-state/rejected-rows.ts';
import { needsRoot } from '../support/needs.ts';
import {
  alternativeNames,
  bits,
  certificatePem,
  commonName,
  dns,
  ecPair,
  extendedKeyUsage,
  keyUsage,
  leafCertificate,
  oid,
  type Pair,
  type Parts,
  sequence,
  serverAuth,
  utcTime,
} from '../support/raw-certificate.ts';
import { plainEnvironment, program } from '../support/run-certstate.ts';
import { sampled } from '../support/sampled.ts';
import { inScene, type Scene } from '../support/scene.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { printFigure } from '../support/torture.ts';
import { changedPaths, treeOf } from '../support/tree.ts';
import { inLanes, spread } from '../support/turns.ts';

const test = suite('promises/p24-bad-inputs');

/** `idleRuns`: how many empty runs of the program one text may cost where the machine is too busy for milliseconds to mean something; 16 come to a second on a quiet one. */
const most = { milliseconds: 1000, idleRuns: 16, megabytes: 200 };
const figures = { runs: 0, milliseconds: 0, megabytes: 0 };

interface Cost {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Time at work: what other programs take of a busy machine does not count. */
  readonly milliseconds: number;
  readonly megabytes: number;
}

/** What a run has cost is written down by itself, in its last moment. */
const meter = `process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  require('node:fs').writeFileSync(process.env.COST, JSON.stringify({ megabytes: maxRSS / 1024, milliseconds: (userCPUTime + systemCPUTime) / 1000 }));
});`;

function runMetered(folder: string, words: readonly string[]): Promise<Cost> {
  const [preload, cost] = [join(folder, 'meter.cjs'), join(folder, 'cost.json')];
  writeFileSync(preload, meter);
  rmSync(cost, { force: true });
  const env = { ...plainEnvironment(), COST: cost };
  const child = spawn(process.execPath, ['--require', preload, program, ...words], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name].setEncoding('utf8').on('data', (text: string) => (said[name] += text));
  return new Promise((resolve) =>
    child.once('close', (exit) => {
      const { milliseconds, megabytes } = existsSync(cost)
        ? JSON.parse(readFileSync(cost, 'utf8'))
        : { milliseconds: Infinity, megabytes: Infinity };
      resolve({ exit, ...said, milliseconds, megabytes });
    }),
  );
}

/** The second try is for a machine on which even time at work is dearer while others work beside it: how much, a run beside it says that does nothing. */
async function cheaply(folder: string, words: readonly string[], what: string): Promise<Cost> {
  let cost = await runMetered(folder, words);
  let limit: number = most.milliseconds;
  if (cost.milliseconds >= limit) {
    const beside = join(folder, 'beside');
    mkdirSync(beside, { recursive: true });
    const [again, idle] = await Promise.all([runMetered(folder, words), runMetered(beside, ['--version'])]);
    cost = again;
    limit = Math.max(limit, most.idleRuns * idle.milliseconds);
  }
  assert.ok(cost.milliseconds < limit, `${what}: ${Math.round(cost.milliseconds)} ms of ${Math.round(limit)}`);
  assert.ok(cost.megabytes < most.megabytes, `${what}: ${Math.round(cost.megabytes)} MB`);
  figures.runs += 1;
  figures.milliseconds = Math.max(figures.milliseconds, cost.milliseconds);
  figures.megabytes = Math.max(figures.megabytes, cost.megabytes);
  return cost;
}

const flagsOf = ({ host = 'host-1', root, stateDir, set = {} }: Rejection): readonly string[] => [
  ...['--host', host],
  ...(root === undefined ? [] : ['--root', root]),
  ...(stateDir === undefined ? [] : ['--state-dir', stateDir]),
  ...Object.entries(set).flatMap(([name, value]) => ['--set', `${name}=${value}`]),
];

const texts = spread(rejections, sampled(rejections.length));
test(`each of ${texts.length} texts ends with 65, or is warned of, at the place that is wrong`, () =>
  inTemporaryFolder(async (folder) => {
    await inLanes(texts, async (rejection, lane) => {
      const { name, code, yaml } = rejection;
      const place = join(folder, `${lane}`);
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, 'pki.yaml'), yaml.replace('‸', ''));
      const { exit, stderr } = await cheaply(place, ['validate', '-f', 'pki.yaml', ...flagsOf(rejection)], name);
      assert.is(
        exit,
        codes[code].severity === 'error' || rejection.also?.some((other) => codes[other].severity === 'error') ? 65 : 0,
        `${name}: ${stderr}`,
      );
      assert.match(stderr, `[${code}]`, name);
      // What is too large is not read at all, and so has no lines.
      if (code === 'file-too-large') return assert.match(stderr, 'pki.yaml');
      const before = yaml.slice(0, yaml.indexOf('‸')).split('\n');
      assert.match(stderr, `pki.yaml:${before.length}:${[...(before.at(-1) as string)].length + 1}`, `${name}: ${stderr}`);
    });
  }));

test(`each of ${Object.keys(monsters).length} texts that are too much for a simple parser ends with 65`, () =>
  inTemporaryFolder(async (folder) => {
    await inLanes(Object.entries(monsters), async ([name, text], lane) => {
      const place = join(folder, `${lane}`);
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, 'pki.yaml'), text);
      const { exit, stderr } = await cheaply(place, ['validate', '-f', 'pki.yaml'], name);
      assert.is(exit, 65, `${name}: ${stderr}`);
      assert.match(stderr, /pki\.yaml:\d+:\d+/, name);
    });
  }));

test('all of them twice in one process: it lives, and says the same again', () => {
  const texts = [...rejections.map(({ yaml }) => yaml.replace('‸', '')), ...Object.values(monsters)];
  const judged = () => texts.map((text) => parse(text).diagnostics.map(({ code, place }) => [code, place?.line, place?.column]));
  assert.equal(judged(), judged());
});

/** Files that are none: each before anything of it is read. */
// biome-ignore format: table
const noFiles: readonly (readonly [name: string, code: string, make: (path: string) => void])[] = [
  ['row 6: a file of 100 MB',          'file-too-large',    (path) => ftruncateSync(openSync(path, 'w'), 100e6)],
  ['row 6: a pipe that nobody fills',  'file-not-regular',  (path) => void execFileSync('mkfifo', [path])],
  ['row 6: /dev/zero',                 'file-not-regular',  (path) => symlinkSync('/dev/zero', path)],
  ['row 6: a folder of that name',     'file-missing',      (path) => mkdirSync(path)],
  ['row 34: UTF-16',                   'not-utf8',          (path) => writeFileSync(path, Buffer.from('\ufeffversion: 1\n', 'utf16le'))],
  ['row 34: Latin-1',                  'not-utf8',          (path) => writeFileSync(path, Buffer.from('version: 1 # é\n', 'latin1'))],
];

for (const [name, code, make] of noFiles)
  test(`${name}: ${code}`, () =>
    inTemporaryFolder(async (folder) => {
      make(join(folder, 'pki.yaml'));
      const { exit, stderr } = await cheaply(folder, ['validate', '-f', 'pki.yaml'], name);
      assert.is(exit, 65, stderr);
      assert.match(stderr, `error[${code}]`);
    }));

type Spoil = (scene: Scene) => void;
const [crt, key, authorityCrt, authorityKey] = ['/tls/server.crt', '/tls/server.key', '/pki/ca.crt', '/pki/ca.key'] as const;
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const strangerPem = stranger.export({ type: 'pkcs8', format: 'pem' }).toString();
const secured = { cipher: 'aes-256-cbc', passphrase: 'tried' } as const;
const encrypted = stranger.export({ type: 'pkcs8', format: 'pem', ...secured });
const encryptedDer = stranger.export({ type: 'pkcs8', format: 'der', ...secured });

const put =
  (path: string, content: string | Uint8Array): Spoil =>
  (scene) =>
    writeFileSync(scene.at(path), content);
const remove =
  (path: string): Spoil =>
  (scene) =>
    rmSync(scene.at(path), { recursive: true });
const forget: Spoil = remove('/var/lib/certstate');
const both =
  (...spoils: readonly Spoil[]): Spoil =>
  (scene) => {
    for (const spoil of spoils) spoil(scene);
  };
/** Something else in the place of a file. */
const instead =
  (path: string, make: (path: string) => void): Spoil =>
  (scene) => {
    rmSync(scene.at(path), { recursive: true });
    make(scene.at(path));
  };
const edited =
  (path: string, edit: (text: string) => string): Spoil =>
  (scene) =>
    writeFileSync(scene.at(path), edit(readFileSync(scene.at(path), 'latin1')));
const fromOpenssl =
  (path: string, ...words: readonly string[]): Spoil =>
  (scene) =>
    writeFileSync(scene.at(path), execFileSync('openssl', words, { cwd: scene.root, stdio: ['ignore', 'pipe', 'ignore'] }));

const pairAt = (scene: Scene, path: string): Pair => {
  const privateKey = createPrivateKey(readFileSync(scene.at(path)));
  return { privateKey, publicKey: createPublicKey(privateKey) };
};
/** The certificate of the server as we would have issued it, but for one thing. */
const issued =
  (parts: Parts, signer?: Pair): Spoil =>
  (scene) => {
    const root = pairAt(scene, authorityKey);
    const common = {
      issuer: commonName('etcd'),
      subject: commonName('server'),
      notBefore: utcTime('260101000000Z'),
      notAfter: utcTime('300101000000Z'),
    };
    const extensions = {
      usage: keyUsage(5, 0b1010_0000),
      extended: extendedKeyUsage(serverAuth),
      names: alternativeNames(false, dns('server.example')),
      akid: null,
    };
    const der = leafCertificate(pairAt(scene, key), signer ?? root, { extensions, ...common, ...parts });
    writeFileSync(scene.at(crt), certificatePem(der));
  };

/** What comes of it: mended by an apply; blocked, and then nothing of the resource is touched; or told and nothing more. */
type Comes = 'mended' | 'blocked' | 'told' | 'accepted';
interface OnDisk {
  readonly name: string;
  readonly address?: 'ca/etcd';
  readonly spoil: Spoil;
  readonly code: string | undefined;
  readonly comes: Comes;
}

// biome-ignore format: table
const onDisk: readonly OnDisk[] = [
  { name: 'row 41: an empty certificate of ours',        spoil: put(crt, ''),                       code: 'empty',                 comes: 'mended' },
  { name: 'row 41: an empty key of ours',                spoil: put(key, ''),                       code: 'empty',                 comes: 'mended' },
  { name: 'row 41: an empty key that may not be ours',   spoil: both(put(key, ''), forget),         code: 'empty',                 comes: 'blocked' },
  { name: 'row 41: an empty key of the authority',       spoil: put(authorityKey, ''),              code: 'empty',                 comes: 'blocked', address: 'ca/etcd' },
  { name: 'row 42: garbage of ours',                     spoil: put(crt, 'garbage\n'),              code: 'unparsable',            comes: 'mended' },
  { name: 'row 42: garbage that may not be ours',        spoil: both(put(crt, 'garbage\n'), forget), code: 'unparsable',           comes: 'blocked' },
  { name: 'row 42: garbage for the authority',           spoil: put(authorityCrt, 'garbage\n'),     code: 'unparsable',            comes: 'blocked', address: 'ca/etcd' },
  { name: 'row 43: a key of somebody else',              spoil: put(key, strangerPem),              code: 'key-mismatch',          comes: 'mended' },
  { name: 'row 43: the same for the authority',          spoil: put(authorityKey, strangerPem),     code: 'key-mismatch',          comes: 'blocked', address: 'ca/etcd' },
  { name: 'row 44: no key',                              spoil: remove(key),                        code: 'private-key-missing',   comes: 'mended' },
  { name: 'row 44: no certificate',                      spoil: remove(crt),                        code: 'certificate-missing',   comes: 'mended' },
  { name: 'row 44: an authority without its key',        spoil: remove(authorityKey),               code: 'authority-key-absent',  comes: 'told',    address: 'ca/etcd' },
  { name: 'row 44: an authority without its certificate', spoil: remove(authorityCrt),              code: 'certificate-missing',   comes: 'blocked', address: 'ca/etcd' },
  { name: 'row 45: an encrypted key',                    spoil: put(key, encrypted),                code: 'encrypted',             comes: 'blocked' },
  { name: 'row 45: an encrypted key in DER',             spoil: put(key, encryptedDer),             code: 'encrypted',             comes: 'blocked' },
  { name: 'row 46: an encrypted key of the authority',   spoil: put(authorityKey, encrypted),       code: 'encrypted',             comes: 'blocked', address: 'ca/etcd' },
  { name: 'row 47: a key for a certificate',             spoil: both(put(crt, strangerPem), forget), code: 'wrong-kind',           comes: 'blocked' },
  { name: 'row 47: a certificate for a key',             spoil: both((scene) => put(key, readFileSync(scene.at(crt)))(scene), forget), code: 'wrong-kind', comes: 'blocked' },
  { name: 'row 47: a signing request',                   spoil: both(fromOpenssl(crt, 'req', '-new', '-key', 'tls/server.key', '-subj', '/CN=x'), forget), code: 'wrong-kind', comes: 'blocked' },
  { name: 'row 47: a list of what was revoked',          spoil: both(put(crt, '-----BEGIN X509 CRL-----\nMA==\n-----END X509 CRL-----\n'), forget), code: 'wrong-kind', comes: 'blocked' },
  { name: 'row 47: PKCS#12',                             spoil: both(fromOpenssl(crt, 'pkcs12', '-export', '-inkey', 'tls/server.key', '-in', 'tls/server.crt', '-passout', 'pass:x'), forget), code: 'wrong-kind', comes: 'blocked' },
  { name: 'row 47: DER',                                 spoil: both(fromOpenssl(crt, 'x509', '-in', 'tls/server.crt', '-outform', 'DER'), forget), code: 'wrong-kind', comes: 'blocked' },
  { name: 'row 47: an OpenSSH key',                      spoil: both(put(key, '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----\n'), forget), code: 'wrong-kind', comes: 'blocked' },
  { name: 'row 47: a trusted certificate of OpenSSL',    spoil: both(fromOpenssl(crt, 'x509', '-in', 'tls/server.crt', '-trustout', '-addtrust', 'serverAuth'), forget), code: 'wrong-kind', comes: 'blocked' },
  { name: 'row 48: the issuer first',                    spoil: (scene) => put(crt, readFileSync(scene.at(authorityCrt), 'utf8') + readFileSync(scene.at(crt), 'utf8'))(scene), code: 'certificate-order', comes: 'mended' },
  { name: 'row 48: two keys',                            spoil: edited(key, (text) => text + strangerPem), code: 'wrong-kind',     comes: 'mended' },
  { name: 'row 48: twice the same',                      spoil: edited(crt, (text) => text + text), code: undefined,               comes: 'accepted' },
  { name: 'row 48: text before it',                      spoil: edited(crt, (text) => `Certificate:\n    Data:\n${text}`), code: undefined, comes: 'accepted' },
  { name: 'row 48: something behind it',                 spoil: edited(crt, (text) => `${text}trailing`), code: undefined,         comes: 'accepted' },
  { name: 'row 48: lines as DOS ends them',              spoil: edited(crt, (text) => text.replaceAll('\n', '\r\n')), code: undefined, comes: 'accepted' },
  { name: 'row 48: no end of the last line',             spoil: edited(crt, (text) => text.trimEnd()), code: undefined,            comes: 'accepted' },
  { name: 'row 49: 50 MB',                               spoil: instead(crt, (path) => ftruncateSync(openSync(path, 'w'), 50e6)), code: 'too-large', comes: 'blocked' },
  { name: 'row 49: a line of a million characters',      spoil: both(put(crt, 'A'.repeat(1e6)), forget), code: 'unparsable',       comes: 'blocked' },
  { name: 'row 49: a thousand certificates',             spoil: edited(crt, (text) => text.repeat(1000)), code: undefined,         comes: 'accepted' },
  { name: 'row 50: a folder',                            spoil: instead(crt, (path) => mkdirSync(path)), code: 'not-regular',      comes: 'blocked' },
  { name: 'row 50: a pipe',                              spoil: instead(key, (path) => void execFileSync('mkfifo', [path])), code: 'not-regular', comes: 'blocked' },
  { name: 'row 50: a link to nothing',                   spoil: instead(crt, (path) => symlinkSync('/nowhere/x', path)), code: 'symlink', comes: 'blocked' },
  { name: 'row 50: a link to itself',                    spoil: instead(key, (path) => symlinkSync('server.key', path)), code: 'symlink', comes: 'blocked' },
  { name: 'row 50: a link to /etc/shadow',               spoil: instead(key, (path) => symlinkSync('/etc/shadow', path)), code: 'symlink', comes: 'blocked' },
  { name: 'row 50: a link to a device',                  spoil: instead(key, (path) => symlinkSync('/dev/zero', path)), code: 'symlink', comes: 'blocked' },
  { name: 'row 51: a second name',                       spoil: (scene) => linkSync(scene.at(key), scene.at('/second')), code: 'hard-linked', comes: 'told' },
  { name: 'row 52: a key that everybody can read',       spoil: (scene) => chmodSync(scene.at(key), 0o644), code: 'private-key-mode', comes: 'mended' },
  { name: 'row 53: no folder',                           spoil: remove('/tls'),                     code: 'missing',               comes: 'mended' },
  { name: 'row 53: a file for a folder',                 spoil: instead('/tls', (path) => writeFileSync(path, '')), code: 'folder-not-usable', comes: 'blocked' },
  { name: 'row 53: a folder that everybody can write',   spoil: both(remove(key), (scene) => chmodSync(scene.at('/tls'), 0o777)), code: 'unsafe-folder', comes: 'blocked' },
  { name: 'row 55: expired',                             spoil: issued({ notBefore: utcTime('200101000000Z'), notAfter: utcTime('210101000000Z') }), code: 'expired', comes: 'mended' },
  { name: 'row 55: not yet valid',                       spoil: issued({ notBefore: utcTime('490101000000Z'), notAfter: utcTime('491231000000Z') }), code: 'not-yet-valid', comes: 'mended' },
  { name: 'row 55: it ends before it begins',            spoil: issued({ notBefore: utcTime('400101000000Z'), notAfter: utcTime('260101000000Z') }), code: 'validity-inverted', comes: 'mended' },
  { name: 'row 55: a date that is none',                 spoil: issued({ notAfter: utcTime('not a date') }), code: 'expired',      comes: 'mended' },
  { name: 'row 56: serial number 0',                     spoil: issued({ serial: Buffer.of(0) }),   code: 'serial-weak',        comes: 'told' },
  { name: 'row 56: a negative serial number',            spoil: issued({ serial: Buffer.of(0xfb) }), code: 'serial-weak',       comes: 'told' },
  { name: 'row 56: a serial number of 21 octets',        spoil: issued({ serial: Buffer.alloc(21, 1) }), code: 'serial-weak',   comes: 'told' },
  { name: 'row 57: version 1',                           spoil: issued({ version: 0, extensions: null }), code: 'malformed',       comes: 'mended' },
  { name: 'row 57: signed with SHA-1',                   spoil: issued({ hash: 'sha1', inner: sequence(oid('1.2.840.10045.4.1')), outer: sequence(oid('1.2.840.10045.4.1')) }), code: 'signature-weak', comes: 'told' },
  { name: 'row 57: two algorithms that differ',          spoil: issued({ outer: sequence(oid('1.2.840.10045.4.3.3')) }), code: 'malformed', comes: 'mended' },
  { name: 'row 58: a kind of key that is not known',     spoil: issued({ spki: sequence(sequence(oid('1.2.643.7.1.1.1.1')), bits(0, ...Buffer.alloc(66, 1))) }), code: 'key-mismatch', comes: 'mended' },
  { name: 'row 59: the name of the issuer, and another key', spoil: issued({}, ecPair()),           code: 'issuer',          comes: 'mended' },
  { name: 'row 62: a stage of somebody else',            spoil: (scene) => mkdirSync(scene.at('/tls/.certstate-0123456789abcdef-00000001-0123456789abcdef'), { mode: 0o700 }), code: undefined, comes: 'accepted' },
  { name: 'row 64: no state directory',                  spoil: forget,                             code: undefined,               comes: 'accepted' },
  { name: 'row 64: records of nonsense',                 spoil: put('/var/lib/certstate/records.json', '{'), code: 'records-unreadable', comes: 'told' },
];

interface PlanJson {
  readonly changes: readonly {
    readonly address: string;
    readonly action: string;
    readonly blocked: { readonly code: string } | null;
    readonly reasons: readonly { readonly code: string }[];
    readonly findings: readonly { readonly code: string }[];
  }[];
  readonly diagnostics: readonly { readonly code: string }[];
}

/** What a situation should have led to and has not; undefined where all is as it must be. */
async function faultOf({ name, address, spoil, code, comes }: OnDisk, scene: Scene): Promise<string | undefined> {
  spoil(scene);
  const spoiled = treeOf(scene.root);
  const words = ['-f', scene.file, '--root', scene.root];
  const planned = await cheaply(scene.folder, ['plan', '--json', ...words], name);
  if (planned.exit !== 0) return `the plan ended with ${planned.exit}: ${planned.stderr}`;
  const { changes, diagnostics } = JSON.parse(planned.stdout) as PlanJson;
  const change = changes.find((one) => one.address === (address ?? 'cert/server'));
  if (!change) return 'it is not in the plan';
  const all = [...change.reasons, ...change.findings, ...diagnostics, ...(change.blocked ? [change.blocked] : [])];
  const told = all.map((one) => one.code);
  if (code === undefined ? told.length > 0 : !told.includes(code)) return `told are ${told.join(', ') || 'none'}`;
  const came = change.blocked ? 'blocked' : change.action !== 'noop' ? 'mended' : code === undefined ? 'accepted' : 'told';
  if (came !== comes) return `it is ${came} (${change.action})`;
  if (changedPaths(spoiled, treeOf(scene.root)).length > 0) return 'the plan has written something';

  const applied = await cheaply(scene.folder, ['apply', '--yes', ...words], name);
  if (applied.exit !== (comes === 'blocked' ? 22 : 0)) return `apply ended with ${applied.exit}: ${applied.stdout}${applied.stderr}`;
  const touched = changedPaths(spoiled, treeOf(scene.root)).filter((path) => /^(pki|tls)/.test(path));
  if (comes !== 'mended') return touched.length > 0 ? `touched were ${touched.join(', ')}` : undefined;
  const again = await cheaply(scene.folder, ['plan', '--exit-code', ...words], name);
  return again.exit === 0 ? undefined : `it was mended, and the next plan says ${again.stdout}`;
}

// Devices and folders of others are made by root alone.
if (needsRoot())
  test(`each of ${onDisk.length} states of the disk has its class, and is mended, told or left alone`, () =>
    inScene(async (scene) => {
      const wrong: string[] = [];
      await inLanes(onDisk, async (situation, lane) => {
        // Made once in each lane, and put back before each situation: what is remembered is remembered by its path.
        const [folder, good, root] = ['', 'good', 'root'].map((name) => join(scene.folder, `${lane}`, name)) as [string, string, string];
        if (!existsSync(good)) {
          mkdirSync(root, { recursive: true });
          const created = await runMetered(folder, ['apply', '--yes', '--confirm', 'ca/etcd', '-f', scene.file, '--root', root]);
          assert.is(created.exit, 0, created.stderr);
          cpSync(root, good, { recursive: true, preserveTimestamps: true });
        }
        rmSync(root, { recursive: true });
        cpSync(good, root, { recursive: true, preserveTimestamps: true });
        const fault = await faultOf(situation, { ...scene, folder, root, at: (path) => join(root, path) });
        if (fault !== undefined) wrong.push(`${situation.name}: ${fault}`);
      });
      assert.equal(wrong, []);
    }));

/** Rows that other tests try, each with where: what needs a host of its own, a program that runs for long, or the inside of the store. */
// biome-ignore format: table
const elsewhere: Readonly<Record<number, string>> = {
  18: 'test/observe/judge-folder.test.ts',
  38: 'test/reconcile/load-desired-state.test.ts',
  40: 'test/plan/make-plan.test.ts',
  54: 'test/promises/p5-failed-operations.test.ts',
  60: 'test/plan/convergence.test.ts',
  61: 'test/store-files/file-store.test.ts',
  63: 'test/store-files/recover.test.ts',
  66: 'test/node/node-process-runner.slow.test.ts',
};
/** What only a program that watches can meet. */
const watching = [39, 65];

test('every row of the list is tried here, or it is known where', () => {
  const names = [
    ...rejections.map(({ name }) => name),
    ...Object.keys(monsters),
    ...noFiles.map(([name]) => name),
    ...onDisk.map(({ name }) => name),
  ];
  const here = new Set(names.flatMap((name) => [...name.matchAll(/^row (\d+)/g)].map(([, row]) => Number(row))));
  for (const path of Object.values(elsewhere)) assert.ok(existsSync(path), path);
  const rows = Array.from({ length: 66 }, (_, index) => index + 1);
  assert.equal(
    rows.filter((row) => !here.has(row) && elsewhere[row] === undefined && !watching.includes(row)),
    [],
  );
  const { runs, milliseconds, megabytes } = figures;
  printFigure(
    'P24',
    `${rejections.length + Object.keys(monsters).length} texts and ${onDisk.length} states of the disk, ${runs} runs: all refused or told as they must be; the dearest took ${Math.round(milliseconds)} ms, the largest ${Math.round(megabytes)} MB`,
  );
});

test.run();
