import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CommandResult, runCertstate } from '../support/run-certstate.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('cli/restore');

const yaml = `version: 1
authorities:
  root: { commonName: root, files: { certificate: /e/ca.crt, privateKey: /e/ca.key } }
certificates:
  leaf: { issuer: root, commonName: leaf, dnsNames: [leaf], profile: server, files: { certificate: /e/leaf.crt, privateKey: /e/leaf.key } }
`;

type Certstate = (command: string, ...flags: readonly string[]) => CommandResult;

/** The body with the pair created and, unless told otherwise, renewed once with a new key. */
const inScene = (body: (run: Certstate, root: string) => void, renewed = true): Promise<void> =>
  inTemporaryFolder((folder) => {
    const [file, root] = [join(folder, 'pki.yaml'), join(folder, 'root')];
    writeFileSync(file, yaml);
    const run: Certstate = (command, ...flags) => runCertstate(command, '-f', file, '--root', root, ...flags);
    assert.is(run('apply', '--yes', '--confirm', 'ca/root').exit, 0);
    if (renewed) assert.is(run('apply', '--yes', '--renew', 'cert/leaf').exit, 0);
    body(run, root);
  });

const generations = (root: string): string => join(root, 'var/lib/certstate/generations/cert/leaf');

test('the previous pair comes back, byte for byte, and what it replaced can come back in its turn', () =>
  inScene((run, root) => {
    const pair = () => ['leaf.crt', 'leaf.key'].map((name) => readFileSync(join(root, 'e', name), 'latin1'));
    const second = pair();
    const first = ['leaf.crt', 'leaf.key'].map((name) => readFileSync(join(generations(root), '1', name), 'latin1'));
    assert.is(run('restore', 'cert/leaf', '--yes').exit, 0);
    assert.equal(pair(), first);
    assert.is(run('plan', '--exit-code').exit, 0);
    assert.is(run('restore', 'cert/leaf', '--yes').exit, 0);
    assert.equal(pair(), second);
  }));

test('without a terminal and without --yes nothing is put back', () => inScene((run) => assert.is(run('restore', 'cert/leaf').exit, 20)));

test('what was never replaced cannot be restored: nothing-to-restore', () =>
  inScene((run) => {
    const { exit, stderr } = run('restore', 'ca/root', '--yes');
    assert.is(exit, 1);
    assert.match(stderr, 'nothing-to-restore');
  }, false));

test('a trust anchor comes back only with its address as consent', () =>
  inScene((run) => {
    assert.is(run('apply', '--yes', '--rekey', 'ca/root', '--confirm', 'ca/root').exit, 0);
    assert.is(run('restore', 'ca/root', '--yes').exit, 22);
    assert.is(run('restore', 'ca/root', '--yes', '--confirm', 'ca/root').exit, 0);
  }, false));

test('what is kept and cannot be used is said, and not put in place: generation-unusable', () =>
  inScene((run, root) => {
    const before = readFileSync(join(root, 'e/leaf.crt'), 'latin1');
    writeFileSync(join(generations(root), '1', 'leaf.crt'), 'garbage');
    const { exit, stderr } = run('restore', 'cert/leaf', '--yes');
    assert.is(exit, 1);
    assert.match(stderr, 'generation-unusable');
    assert.is(readFileSync(join(root, 'e/leaf.crt'), 'latin1'), before);
  }));

test('history tells what was issued and why, and stands a torn last line', () =>
  inScene((run, root) => {
    appendFileSync(join(root, 'var/lib/certstate/ledger.jsonl'), '{"at":"2026-');
    const { exit, stdout } = run('history', 'cert/leaf');
    assert.is(exit, 0);
    assert.match(stdout, /cert\/leaf +create .* missing\n.*cert\/leaf +renew .* requested-renew/);
  }));

test('who only reads says that a change was interrupted: interrupted-change', () =>
  inScene((run, root) => {
    const journal = join(root, 'var/lib/certstate/journal');
    mkdirSync(journal, { recursive: true });
    writeFileSync(join(journal, '00000001-0000.json'), 'torn');
    assert.match(run('plan').stderr, 'interrupted-change');
    assert.is(run('apply', '--yes').exit, 0);
    assert.not.match(run('plan').stderr, 'interrupted-change');
    assert.equal(readdirSync(journal), []);
  }));

test.run();
