import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CommandResult, runCertstate } from '../support/run-certstate.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('cli/services');

/** A leaf whose service fails until the file `ok` is there, and a service that trusts its authority and comes after it. */
const yamlIn = (folder: string): string => `version: 1
authorities:
  root:
    commonName: root
    files: { certificate: ${folder}/ca.crt, privateKey: ${folder}/ca.key }
    trustedBy: [behind]
certificates:
  leaf:
    issuer: root
    commonName: leaf
    dnsNames: [leaf]
    profile: server
    files: { certificate: ${folder}/leaf.crt, privateKey: ${folder}/leaf.key }
    services: [front, behind]
services:
  behind: { reload: [sh, -c, "echo behind reloaded >> ${folder}/log"], onTrustChange: [sh, -c, "echo behind restarted >> ${folder}/log"], after: [front] }
  front: { reload: [sh, -c, "test -e ${folder}/ok && test -s ${folder}/leaf.crt && echo front reloaded >> ${folder}/log"] }
`;

async function withServices(
  body: (run: (command: string, ...flags: readonly string[]) => CommandResult, folder: string) => void,
): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const file = join(folder, 'pki.yaml');
    writeFileSync(file, yamlIn(folder));
    body((command, ...flags) => runCertstate(command, '-f', file, '--state-dir', join(folder, 'state'), ...flags), folder);
  });
}

const logIn = (folder: string): readonly string[] =>
  existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8').trim().split('\n') : [];

test('each service is told once, in order, after its files are in place; nothing is told when nothing changes', async () => {
  await withServices((run, folder) => {
    writeFileSync(join(folder, 'ok'), '');
    const first = run('apply', '--yes', '--confirm', 'ca/root');
    assert.is(first.exit, 0, first.stdout + first.stderr);
    assert.equal(logIn(folder), ['front reloaded', 'behind restarted']);
    assert.is(run('apply', '--yes').exit, 0);
    assert.is(logIn(folder).length, 2);
  });
});

test('a service that cannot be told ends with 25, holds back who comes after it, is said by plan, and is told by the next apply', async () => {
  await withServices((run, folder) => {
    assert.is(run('apply', '--yes', '--confirm', 'ca/root').exit, 25);
    assert.equal(logIn(folder), []);
    assert.match(run('plan').stderr, 'service-pending');
    assert.is(run('apply', '--yes').exit, 25);
    writeFileSync(join(folder, 'ok'), '');
    const later = run('apply', '--yes');
    assert.is(later.exit, 0);
    // Who tells them warns of nothing.
    assert.match(later.stderr, /^notice.*service-pending.*\n.*at the end of this run/);
    assert.equal(logIn(folder), ['front reloaded', 'behind restarted']);
    assert.not.match(run('plan').stderr, 'service-pending');
  });
});

test('--no-reload tells nobody, and the next apply does', async () => {
  await withServices((run, folder) => {
    writeFileSync(join(folder, 'ok'), '');
    assert.is(run('apply', '--yes', '--confirm', 'ca/root', '--no-reload').exit, 0);
    assert.equal(logIn(folder), []);
    assert.is(run('apply', '--yes').exit, 0);
    assert.equal(logIn(folder), ['front reloaded', 'behind restarted']);
  });
});

test('an apply of another desired state over the same state directory neither tells a service that waits nor forgets it', async () => {
  await withServices((run, folder) => {
    assert.is(run('apply', '--yes', '--confirm', 'ca/root').exit, 25);
    const other = join(folder, 'other.yaml');
    const files = `{ certificate: ${folder}/other.crt, privateKey: ${folder}/other.key }`;
    writeFileSync(other, `version: 1\nauthorities:\n  other: { commonName: other, files: ${files} }\n`);
    const applied = runCertstate('apply', '-f', other, '--state-dir', join(folder, 'state'), '--yes', '--confirm', 'ca/other');
    assert.is(applied.exit, 0, applied.stdout + applied.stderr);
    assert.not.match(applied.stderr, 'service-pending');
    writeFileSync(join(folder, 'ok'), '');
    assert.is(run('apply', '--yes').exit, 0);
    assert.equal(logIn(folder), ['front reloaded', 'behind restarted']);
  });
});

test('a service that has left the desired state it was marked for is forgotten', async () => {
  await withServices((run, folder) => {
    assert.is(run('apply', '--yes', '--confirm', 'ca/root').exit, 25);
    const file = join(folder, 'pki.yaml');
    writeFileSync(
      file,
      readFileSync(file, 'utf8')
        .replace('[front, behind]', '[behind]')
        .replace(/ {2}front: .*\n/, '')
        .replace(', after: [front]', ''),
    );
    assert.is(run('apply', '--yes').exit, 0);
    assert.equal(logIn(folder), ['behind restarted']);
    assert.not.match(run('plan').stderr, 'service-pending');
  });
});

test('a change of a leaf reloads, and restarts nobody; events say so', async () => {
  await withServices((run, folder) => {
    writeFileSync(join(folder, 'ok'), '');
    run('apply', '--yes', '--confirm', 'ca/root', '--no-reload');
    run('apply', '--yes');
    writeFileSync(join(folder, 'log'), '');
    const renewed = run('apply', '--yes', '--renew', 'cert/leaf', '--json');
    assert.equal(logIn(folder), ['front reloaded', 'behind reloaded']);
    const events = renewed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; service?: string; result?: string });
    assert.equal(
      events.filter(({ type }) => type === 'service_done').map(({ service, result }) => `${service} ${result}`),
      ['front unverified', 'behind unverified'],
    );
  });
});

test('under another root nobody is told', async () => {
  await inTemporaryFolder(async (folder) => {
    const file = join(folder, 'pki.yaml');
    writeFileSync(file, yamlIn('/e'));
    const result = runCertstate('apply', '-f', file, '--root', join(folder, 'root'), '--yes', '--confirm', 'ca/root');
    assert.is(result.exit, 0);
    assert.not.match(result.stdout, 'service/front');
    assert.not.ok(existsSync(join(folder, 'root/var/lib/certstate/pending-services.json')));
  });
});

test.run();
