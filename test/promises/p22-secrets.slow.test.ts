/** No private key and no passphrase in anything the program says or writes, whatever goes wrong; key files themselves excepted. */
import { spawn } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs } from '../support/needs.ts';
import { plainEnvironment, program, runCertstateIn } from '../support/run-certstate.ts';
import { inScene, type Scene } from '../support/scene.ts';
import { secretWindows } from '../support/secret-windows.ts';
import { callsIn, disturbing, noting } from '../support/strace.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { isTorture, printFigure } from '../support/torture.ts';
import { spread } from '../support/turns.ts';

const test = suite('promises/p22-secrets');

const state = `version: 1
authorities:
  root: { commonName: root, privateKey: { algorithm: ECDSA, size: 384, encoding: SEC1 }, files: { certificate: /pki/root.crt, privateKey: /pki/root.key } }
  issuing: { commonName: issuing, issuer: root, privateKey: { algorithm: Ed25519 }, files: { certificate: /pki/issuing.crt, privateKey: /pki/issuing.key } }
certificates:
  server:
    issuer: issuing
    commonName: server
    dnsNames: [server.example]
    profile: server
    privateKey: { algorithm: RSA, size: 2048, encoding: PKCS1 }
    files: { certificate: /tls/server.crt, privateKey: /tls/server.key, fullChain: /tls/server.chain, combined: /tls/server.pem }
    copies: [{ combined: /copy/server.pem }]
  client: { issuer: root, commonName: client, uris: ["urn:client"], profile: client, files: { certificate: /tls/client.crt, privateKey: /tls/client.key } }
`;

const consent = ['--yes', '--confirm', 'ca/root', '--confirm', 'ca/issuing'];

/** All that can be said about a site, in text, in JSON, and as loud as it gets; then all that can be done. */
const onDisk: readonly (readonly string[])[] = [
  ['plan', '--diff', '--all', '-v', '--debug'],
  ['plan', '--json', '--rekey', 'cert/server'],
  ['plan', '-o', 'plan.json', '--rekey', 'cert/server'],
  ['show', 'plan.json'],
  ['apply', 'plan.json', '--confirm', 'ca/root', '-v', '--debug'],
  ['apply', '--expect', '0123456789ab', '--yes', '--debug'],
  ['check', '--json'],
  ['status', '--json'],
  ['show', 'cert/server', '-v'],
  ['show', 'ca/root', '--json'],
  ['apply', ...consent, '-v', '--debug', '--diff'],
  ['apply', ...consent, '--json', '--rekey', 'cert/client'],
];
/** Where the text is wrong, every command says the same. */
const onText: readonly (readonly string[])[] = [
  ['validate', '-v', '--debug'],
  ['validate', '--json'],
  ['show', 'cert/server'],
  ['apply', ...consent, '--json'],
];

/** Of an EC key most of the file is secret, of an RSA key the second half. */
const canary = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const longCanary = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const passphrase = 'correct-horse-battery-7291';
const pem = (key: KeyObject = canary): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const encrypted = canary.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString();
const body = pem().split('\n').slice(1, -2);
const longBody = pem(longCanary).split('\n').slice(1, -2);
const indented = (text: string, by: number): string => text.trimEnd().replaceAll('\n', `\n${' '.repeat(by)}`);

interface Situation {
  readonly name: string;
  readonly spoil?: (scene: Scene) => void;
  /** Instead of the state above. */
  readonly yaml?: string;
  readonly under?: readonly string[];
  readonly flags?: readonly string[];
}

const replaced = (path: string, content: string) => (scene: Scene) => writeFileSync(scene.at(path), content);

// biome-ignore format: table
const situations: readonly Situation[] = [
  { name: 'all is well' },
  { name: 'a key that everybody can read',        spoil: (scene) => chmodSync(scene.at('/tls/server.key'), 0o644) },
  { name: 'a key that is cut short',              spoil: replaced('/tls/server.key', `${pem(longCanary).slice(0, 1200)}\n`) },
  { name: 'a key with a typing error',            spoil: replaced('/tls/server.key', pem(longCanary).replace(longBody[20] ?? '', `${longBody[20]}!`)) },
  { name: 'a key without its first line',         spoil: replaced('/pki/root.key', pem().split('\n').slice(1).join('\n')) },
  { name: 'an encrypted key',                     spoil: replaced('/tls/client.key', encrypted) },
  { name: 'a key of somebody else',               spoil: replaced('/tls/client.key', pem()) },
  { name: 'a key in the place of a certificate',  spoil: replaced('/tls/client.crt', pem()) },
  { name: 'a key behind a certificate',           spoil: (scene) => writeFileSync(scene.at('/tls/client.crt'), `${readFileSync(scene.at('/tls/client.crt'))}${pem()}`) },
  { name: 'an authority whose key does not match', spoil: replaced('/pki/root.key', pem()) },
  { name: 'files cannot grow',                    spoil: (scene) => rmSync(scene.at('/tls'), { recursive: true }), under: ['sh', '-c', 'ulimit -f 1; exec "$@"', 'sh'] },
  { name: 'no place for the records',             spoil: (scene) => writeFileSync(join(scene.folder, 'no-folder'), ''), flags: ['--state-dir', 'no-folder/state'] },
  { name: 'records of nonsense',                  spoil: (scene) => writeFileSync(scene.at('/var/lib/certstate/records.json'), '{ "format": nonsense') },
  { name: 'a key brought along that is too weak', spoil: (scene) => { mkdirSync(scene.at('/import')); writeFileSync(scene.at('/import/ca.key'), pem(), { mode: 0o600 }); writeFileSync(scene.at('/import/ca.crt'), readFileSync(scene.at('/pki/root.crt'))); },
    yaml: state.replace('commonName: root,', 'commonName: root, provided: { certificate: /import/ca.crt, privateKey: /import/ca.key },') },
  { name: 'a key pasted where a path belongs',    yaml: state.replace('privateKey: /tls/client.key', `privateKey: "${pem().replaceAll('\n', '\\n')}"`) },
  { name: 'a key pasted as a block',              yaml: state.replace('    dnsNames: [server.example]\n', `    dnsNames:\n      - |\n        ${indented(pem(), 8)}\n`) },
  { name: 'a key pasted under a field of its own', yaml: `${state}  other:\n    issuer: root\n    key: |\n      ${indented(pem(), 6)}\n` },
  { name: 'a key pasted into a comment',          yaml: `${state}  # ${pem().replaceAll('\n', '\n  # ')}\n  other: { issuer: rot, commonName: x }\n` },
  { name: 'a key pasted as the issuer',           yaml: state.replace('issuer: issuing', `issuer: "${pem().replaceAll('\n', '\\n')}"`) },
  { name: 'a key pasted as a variable',           yaml: `${state}variables:\n  unused: "${pem().replaceAll('\n', '\\n')}"\n` },
  { name: 'a key as the whole file',              yaml: pem() },
  { name: 'a key behind a syntax error',          yaml: `${state}broken: [\n${pem()}` },
  { name: 'the bare body of a key as a name',     yaml: state.replace('dnsNames: [server.example]', `dnsNames: [${body.join('')}]`) },
  { name: 'one line of a key as a name',          yaml: state.replace('dnsNames: [server.example]', `dnsNames: ["${longBody[22]}"]`) },
  { name: 'one line of a key as a usage',         yaml: state.replace('profile: server', `usages: ["${longBody[21]}"]`) },
  { name: 'the number of a key as an address',    yaml: state.replace('dnsNames: [server.example]', `ipAddresses: ["${String(canary.export({ format: 'jwk' }).d)}"]`) },
  { name: 'a key as a command',                   yaml: `${state}services:\n  web: { reload: ["${pem(longCanary).replaceAll('\n', '\\n')}"] }\n` },
  { name: 'a key as a host',                      yaml: `${state}hosts:\n  "${longBody[19]}": {}\n` },
  { name: 'the bare body of a key as a field',    yaml: state.replace('    dnsNames: [server.example]\n', `    ${body.join('').replace(/[+/=]/g, 'x')}: 1\n`) },
];

test(`no secret in anything that is said or written: ${situations.length} situations, every command`, () =>
  inScene(async (scene) => {
    const windows = secretWindows();
    const searched = { outputs: 0, bytes: 0, files: 0 };
    const leaks: string[] = [];
    const search = (what: string, output: string | Buffer): void => {
      const hits = windows.hits(output);
      searched.outputs += 1;
      searched.bytes += output.length;
      if (hits > 0) leaks.push(`${what}: ${hits} windows of a secret`);
    };
    const keyFiles = () => filesBelow(scene.root).filter((path) => /PRIVATE KEY-----/.test(readFileSync(path, 'latin1')));
    const learnKeys = (): void => {
      for (const path of keyFiles()) {
        const [block] = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*-----END [A-Z ]*PRIVATE KEY-----/.exec(readFileSync(path, 'latin1')) ?? [];
        if (block === undefined || block.includes('ENCRYPTED')) continue;
        try {
          windows.addKey(block);
        } catch {
          // Spoiled on purpose; the whole key is known.
        }
      }
    };
    windows.addKey(pem());
    windows.addKey(pem(longCanary));
    windows.addWord(passphrase);
    assert.ok(
      windows.hits(pem()) > 10 && windows.hits(pem(longCanary)) > 500 && windows.hits(`x${passphrase}x`) === 1,
      'the search finds nothing',
    );
    assert.is(
      windows.hits(longCanary.export({ type: 'pkcs8', format: 'der' }).toString('hex')) > 500,
      true,
      'the search finds nothing in hex',
    );

    const run = (situation: Situation, words: readonly string[]): void => {
      const { stdout, stderr } = runCertstateIn(
        { cwd: scene.folder, under: situation.under ?? [] },
        ...words,
        '-f',
        'state.yaml',
        '--root',
        scene.root,
        ...(situation.flags ?? []),
      );
      learnKeys();
      search(`${situation.name}, stdout of ${words.join(' ')}`, stdout);
      search(`${situation.name}, stderr of ${words.join(' ')}`, stderr);
    };

    const applied = scene.run('apply', ...consent, '--debug', '-v');
    assert.is(applied.exit, 0, applied.stdout + applied.stderr);
    learnKeys();
    search('the first apply', applied.stdout + applied.stderr);
    const good = join(scene.folder, 'good');
    cpSync(scene.root, good, { recursive: true, preserveTimestamps: true });
    for (const situation of situations) {
      rmSync(scene.root, { recursive: true });
      cpSync(good, scene.root, { recursive: true, preserveTimestamps: true });
      writeFileSync(scene.file, state);
      const forKeys = new Set(keyFiles());
      situation.spoil?.(scene);
      if (situation.yaml !== undefined) writeFileSync(scene.file, situation.yaml);
      const ours = new Set(filesBelow(scene.root));
      for (const words of situation.yaml === undefined ? onDisk : onText) run(situation, words);
      const saved = join(scene.folder, 'plan.json');
      if (existsSync(saved)) search(`${situation.name}, the saved plan`, readFileSync(saved));
      rmSync(saved, { force: true });
      for (const path of filesBelow(scene.root)) {
        searched.files += 1;
        const inState = relative(scene.at('/var/lib/certstate'), path);
        // Nothing that may hold a key is destroyed: what was replaced is kept where only its owner reads it.
        if (/^(generations|quarantine)\//.test(inState)) assert.ok(isForOwnerAlone(path, scene.root), `${path} can be read by others`);
        // What was put there by this test, and where a key belongs, may hold one.
        else if (!forKeys.has(path) && !(ours.has(path) && /PRIVATE KEY-----/.test(readFileSync(path, 'latin1'))))
          search(`${situation.name}, ${path}`, readFileSync(path));
      }
    }

    for (const words of [
      ['explain'],
      ['explain', '--json'],
      ['schema', 'config'],
      ['completion', 'bash'],
      ['--help'],
      ['plan', '--help'],
      ['--version'],
      ['show', join(good, 'tls/server.key')],
      ['apply', join(good, 'tls/server.key')],
      ['plan', '-o', join(good, 'tls/server.key')],
    ])
      run({ name: 'without a site' }, words);
    await interrupted(scene, (what, output) => search(what, output), learnKeys);

    printFigure(
      'P22',
      `${windows.count()} windows of secrets, searched in ${searched.outputs} outputs and files of ${Math.round(searched.bytes / 1e6)} MB: ${leaks.length} hits`,
    );
    assert.ok(leaks.length === 0, leaks.join('\n'));
  }, state));

async function interrupted(scene: Scene, search: (what: string, output: string) => void, learnKeys: () => void): Promise<void> {
  rmSync(scene.root, { recursive: true });
  writeFileSync(scene.file, state);
  const child = spawn(process.execPath, [program, 'apply', ...consent, '-f', scene.file, '--root', scene.root, '--debug'], {
    env: plainEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (/ca\/root create done/.test(text)) child.kill('SIGINT');
    });
  const exit = await new Promise((resolve) => child.on('close', resolve));
  assert.is(exit, 130, said);
  learnKeys();
  search('interrupted', said);
}

/** Everything a service is given: its words, its environment, what it could read from its descriptors; and what it says, which is said again. */
const eavesdropper = (log: string) => `#!/bin/sh
{ tr '\\0' '\\n' < /proc/$$/cmdline; tr '\\0' '\\n' < /proc/$$/environ; ls -l /proc/$$/fd; ls -l /proc/$PPID/fd; } >> ${log} 2>&1
cat ${log}
exit 1
`;

test('no secret in what a service is given, in the journal of a run that was killed, and in what is said where calls fail', () =>
  inTemporaryFolder(async (folder) => {
    const windows = secretWindows();
    const [root, stateFolder, file] = [join(folder, 'pki'), join(folder, 'state'), join(folder, 'state.yaml')];
    const [command, log, calls] = [join(folder, 'reload'), join(folder, 'given'), join(folder, 'calls')];
    const searched = { outputs: 0, failed: 0, killed: 0 };
    const leaks: string[] = [];
    const search = (what: string, output: string | Buffer): void => {
      searched.outputs += 1;
      if (windows.hits(output) > 0) leaks.push(what);
    };
    mkdirSync(root);
    writeFileSync(command, eavesdropper(log), { mode: 0o755 });
    chmodSync(command, 0o755);
    const at = (name: string): string => join(root, name);
    writeFileSync(
      file,
      `version: 1
authorities:
  root: { commonName: root, files: { certificate: ${at('ca.crt')}, privateKey: ${at('ca.key')} }, trustedBy: [web] }
certificates:
  server: { issuer: root, commonName: server, dnsNames: [server.example], profile: server, services: [web], files: { certificate: ${at('server.crt')}, privateKey: ${at('server.key')}, combined: ${at('server.pem')} } }
services:
  web: { reload: [${command}, argument], onTrustChange: [${command}, trust] }
`,
    );
    chmodSync(file, 0o644);
    const run = (under: readonly string[], ...words: readonly string[]) =>
      runCertstateIn({ cwd: folder, under }, ...words, '-f', file, '--state-dir', stateFolder);
    const learnKeys = (): void => {
      for (const path of filesBelow(folder)) {
        const [block] = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*-----END [A-Z ]*PRIVATE KEY-----/.exec(readFileSync(path, 'latin1')) ?? [];
        if (block !== undefined) windows.addKey(block);
      }
    };
    /** Where keys belong: their files, the stages beside them, and what is kept of them. */
    const isForKeys = (path: string): boolean => /\.(key|pem)$/.test(path) || /[/](generations|quarantine)[/]/.test(path);
    const searchDisk = (what: string): void => {
      for (const path of filesBelow(folder)) if (!isForKeys(path)) search(`${what}, ${relative(folder, path)}`, readFileSync(path));
    };
    const made = run([], 'apply', ...consent.slice(0, 3));
    assert.is(made.exit, 25, made.stdout + made.stderr);
    learnKeys();
    assert.match(readFileSync(log, 'utf8'), /^(?:argument|trust)$/m);
    search('what services are given', readFileSync(log));
    for (const [name, text] of Object.entries({ stdout: made.stdout, stderr: made.stderr })) search(`apply with services, ${name}`, text);
    searchDisk('after apply');

    if (!needs('strace')) return;
    const rekey = ['apply', '--yes', '--rekey', 'cert/server', '--debug', '-v', '--no-reload'];
    const undisturbed = run(noting(calls), ...rekey);
    assert.is(undisturbed.exit, 0, undisturbed.stdout + undisturbed.stderr);
    const changing = callsIn(calls, folder).filter(({ changes }) => changes);
    for (const { name, nth } of spread(changing, isTorture ? changing.length : 12))
      for (const how of ['signal=KILL', 'error=EIO', 'error=ENOSPC']) {
        const { exit, stdout, stderr } = run(disturbing(calls, name, nth, how), ...rekey);
        learnKeys();
        if (exit !== 0) searched[how === 'signal=KILL' ? 'killed' : 'failed'] += 1;
        search(`${how} at ${name} number ${nth}, stdout`, stdout);
        search(`${how} at ${name} number ${nth}, stderr`, stderr);
        rmSync(calls);
        searchDisk(`${how} at ${name} number ${nth}`);
      }
    assert.ok(searched.killed > 5 && searched.failed > 5, JSON.stringify(searched));
    printFigure(
      'P22',
      `${windows.count()} windows of secrets, searched in ${searched.outputs} outputs and files of ${searched.killed} killed and ${searched.failed} failed runs, and in what a service was given: ${leaks.length} hits`,
    );
    assert.equal(leaks, []);
  }));

/** Below the root, there is a folder on the way that nobody else can enter. */
function isForOwnerAlone(path: string, root: string): boolean {
  for (let folder = dirname(path); folder !== root; folder = dirname(folder)) if ((lstatSync(folder).mode & 0o077) === 0) return true;
  return false;
}

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test.run();
