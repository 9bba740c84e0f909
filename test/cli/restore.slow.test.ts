import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs } from '../support/needs.ts';
import { type CommandResult, program, runCertstate, runCertstateIn } from '../support/run-certstate.ts';
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

interface Spoiled {
  readonly spoil: (root: string) => void;
  readonly code: string;
}

const [certificate, generation] = ['e/leaf.crt', 'var/lib/certstate/generations/cert/leaf/1'];
const spoiled: Readonly<Record<string, Spoiled>> = {
  'a kept file is gone': { spoil: (root) => rmSync(join(root, generation, 'leaf.key')), code: 'generation-unusable' },
  'the list of what is kept is damaged': {
    spoil: (root) => writeFileSync(join(root, generation, 'files.json'), '{'),
    code: 'generation-unusable',
  },
  'everything that was kept is gone': {
    spoil: (root) => rmSync(join(root, 'var/lib/certstate/generations'), { recursive: true }),
    code: 'nothing-to-restore',
  },
  'a link stands in the place of a file': {
    spoil(root) {
      renameSync(join(root, certificate), join(root, 'e/other.crt'));
      symlinkSync('other.crt', join(root, certificate));
    },
    code: 'symlink',
  },
  'others can write the folder': { spoil: (root) => chmodSync(join(root, 'e'), 0o777), code: 'unsafe-folder' },
};
for (const [what, { spoil, code }] of Object.entries(spoiled))
  test(`${what}: ${code}, and nothing is put back`, () =>
    inScene((run, root) => {
      spoil(root);
      const key = readFileSync(join(root, 'e/leaf.key'), 'latin1');
      const { exit, stderr } = run('restore', 'cert/leaf', '--yes');
      assert.is(exit, 1);
      assert.match(stderr, `error[${code}]`);
      assert.is(readFileSync(join(root, 'e/leaf.key'), 'latin1'), key);
    }));

test('garbage that took the place of a certificate is put aside, and the previous pair comes back', () =>
  inScene((run, root) => {
    writeFileSync(join(root, certificate), 'garbage');
    assert.is(run('restore', 'cert/leaf', '--yes').exit, 0);
    assert.is(run('plan', '--exit-code').exit, 0);
    const quarantine = join(root, 'var/lib/certstate/quarantine');
    assert.equal(
      readdirSync(quarantine).map((name) => readFileSync(join(quarantine, name), 'latin1')),
      ['garbage'],
    );
  }));

test('where the folder is gone it is made again', () =>
  inScene((run, root) => {
    rmSync(join(root, 'e/leaf.crt'));
    mkdirSync(join(root, 'aside'));
    for (const name of readdirSync(join(root, 'e'))) renameSync(join(root, 'e', name), join(root, 'aside', name));
    rmSync(join(root, 'e'), { recursive: true });
    assert.is(run('restore', 'cert/leaf', '--yes').exit, 0);
    assert.ok(existsSync(join(root, certificate)));
  }));

test('a root that was moved keeps what can be put back', () =>
  inTemporaryFolder((folder) => {
    const file = join(folder, 'pki.yaml');
    writeFileSync(file, yaml);
    const at = (root: string, command: string, ...flags: readonly string[]) =>
      runCertstate(command, '-f', file, '--root', join(folder, root), ...flags);
    assert.is(at('a', 'apply', '--yes', '--confirm', 'ca/root').exit, 0);
    assert.is(at('a', 'apply', '--yes', '--renew', 'cert/leaf').exit, 0);
    renameSync(join(folder, 'a'), join(folder, 'b'));
    assert.is(at('b', 'plan', '--exit-code').exit, 0);
    assert.match(at('b', 'restore', '--list').stdout, join(folder, 'b/e/leaf.key'));
    const restored = at('b', 'restore', 'cert/leaf', '--yes');
    assert.is(restored.exit, 0, restored.stderr);
    assert.not.ok(existsSync(join(folder, 'a')));
  }));

test('a file that stood elsewhere then is not put there', () =>
  inTemporaryFolder((folder) => {
    const [file, root] = [join(folder, 'pki.yaml'), join(folder, 'root')];
    const run: Certstate = (command, ...flags) => runCertstate(command, '-f', file, '--root', root, ...flags);
    writeFileSync(file, yaml);
    assert.is(run('apply', '--yes', '--confirm', 'ca/root').exit, 0);
    assert.is(run('apply', '--yes', '--renew', 'cert/leaf').exit, 0);
    writeFileSync(file, yaml.replaceAll('/e/leaf', '/elsewhere/leaf'));
    const { exit, stderr } = run('restore', 'cert/leaf', '--yes');
    assert.is(exit, 1);
    assert.match(stderr.replaceAll(/\s+/g, ' '), /generation-unusable.*e\/leaf\.\w+, which the desired state does not name/);
  }));

test('a key that was replaced on purpose does not come back without a word', () =>
  inScene((run) => {
    assert.is(run('apply', '--yes', '--rekey', 'cert/leaf').exit, 0);
    assert.match(run('restore', 'cert/leaf', '--yes').stdout, /replaced on purpose \(requested-rekey\)/);
  }));

test('of an authority alone: what it has not signed is named, and the next apply issues it anew', () =>
  inScene((run) => {
    assert.is(run('apply', '--yes', '--rekey', 'ca/root', '--confirm', 'ca/root').exit, 0);
    assert.match(run('restore', 'ca/root', '--yes', '--confirm', 'ca/root').stdout, /has not signed cert\/leaf/);
    assert.is(run('plan', '--exit-code').exit, 2);
    assert.is(run('apply', '--yes').exit, 0);
    assert.is(run('plan', '--exit-code').exit, 0);
  }, false));

test('without an address everything the last apply has replaced comes back together', () =>
  inScene((run) => {
    assert.is(run('apply', '--yes', '--rekey', 'ca/root', '--confirm', 'ca/root').exit, 0);
    assert.match(run('restore', '--yes', '--confirm', 'ca/root').stdout, /Put back: ca\/root, cert\/leaf; 4 files/);
    assert.is(run('plan', '--exit-code').exit, 0);
  }, false));

if (needs('strace'))
  test('killed between its renames, it is completed by whoever writes next', () =>
    inTemporaryFolder((folder) => {
      const [file, root] = [join(folder, 'pki.yaml'), join(folder, 'root')];
      writeFileSync(file, yaml);
      const run: Certstate = (command, ...flags) => runCertstate(command, '-f', file, '--root', root, ...flags);
      assert.is(run('apply', '--yes', '--confirm', 'ca/root').exit, 0);
      const first = readFileSync(join(root, certificate), 'latin1');
      assert.is(run('apply', '--yes', '--renew', 'cert/leaf').exit, 0);
      const seen = new Set<string>();
      for (let nth = 1; !seen.has('done'); nth += 1) {
        const [there, files] = [join(folder, `${nth}`), ['leaf.crt', 'leaf.key']];
        cpSync(root, there, { recursive: true });
        const flags = ['-f', file, '--root', there, '--yes'];
        const under = ['strace', '-f', '-o', '/dev/null', '-e', 'trace=rename', '-e', `inject=rename:signal=KILL:when=${nth}`];
        const killed = runCertstateIn({ under }, 'restore', 'cert/leaf', ...flags);
        const left = readdirSync(join(there, 'var/lib/certstate/journal')).filter((name) => name.endsWith('.json'));
        assert.is(runCertstate('apply', ...flags).exit, 0);
        const now = readFileSync(join(there, certificate), 'latin1');
        assert.is(now === first, killed.exit === 0 || left.length > 0 || seen.has('committed'), `killed before rename ${nth}`);
        assert.is(runCertstate('plan', '-f', file, '--root', there, '--exit-code').exit, 0);
        assert.equal(
          readdirSync(join(there, 'e')).filter((name) => files.includes(name) || name.startsWith('.')),
          files,
        );
        seen.add(killed.exit === 0 ? 'done' : left.length > 0 ? 'committed' : 'before');
      }
      assert.equal([...seen].sort(), ['before', 'committed', 'done'], program);
    }));

test('history tells what was issued and why, and stands a torn last line', () =>
  inScene((run, root) => {
    appendFileSync(join(root, 'var/lib/certstate/ledger.jsonl'), '{"at":"2026-');
    const { exit, stdout } = run('history', 'cert/leaf');
    assert.is(exit, 0);
    assert.match(stdout, /cert\/leaf +create .* missing\n.*cert\/leaf +renew .* requested-renew/);
  }));

if (needs('strace'))
  test('what stands in the way of completing a change is said once in a run, and blocks nothing else: commit-conflict', () =>
    inScene((run, root) => {
      const interrupt = (nth: number) => [
        'strace',
        '-f',
        '-o',
        '/dev/null',
        '-e',
        'trace=rename',
        '-e',
        `inject=rename:signal=KILL:when=${nth}`,
      ];
      const [file, journal] = [join(root, '..', 'pki.yaml'), join(root, 'var/lib/certstate/journal')];
      const isCommitted = () => readdirSync(journal).some((name) => name.endsWith('.json'));
      for (let nth = 1; !isCommitted(); nth += 1)
        runCertstateIn({ under: interrupt(nth) }, 'apply', '-f', file, '--root', root, '--yes', '--rekey', 'cert/leaf');
      writeFileSync(join(root, certificate), 'edited meanwhile');
      const { exit, stderr } = run('apply', '--yes', '--renew', 'ca/root');
      assert.is(exit, 24);
      assert.is(stderr.split('error[commit-conflict]').length, 2);
      assert.match(stderr, 'error[change-unfinished]');
      assert.is(readFileSync(join(root, certificate), 'latin1'), 'edited meanwhile');
      assert.match(run('history', 'ca/root').stdout, /ca\/root +renew/);
      const nothingElse = run('apply', '--yes', '--target', 'ca/root');
      assert.equal([nothingElse.exit, run('renew').exit], [1, 1], 'no timer is green while a change cannot be completed');
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

test('whoever reads what was put back is told of it, a unit and a static pod as well', () =>
  inTemporaryFolder((folder) => {
    chmodSync(folder, 0o755);
    const [file, state] = [join(folder, 'pki.yaml'), join(folder, 'state')];
    writeFileSync(
      file,
      `version: 1
authorities:
  root: { commonName: root, files: { certificate: ${folder}/ca.crt, privateKey: ${folder}/ca.key } }
certificates:
  leaf: { issuer: root, commonName: leaf, dnsNames: [leaf], profile: server, files: { certificate: ${folder}/leaf.crt, privateKey: ${folder}/leaf.key }, services: [unit, pod, proxy, itself] }
services:
  unit: { systemd: unit.service }
  pod: { staticPod: pod }
  proxy: { reload: ["true"] }
  itself: { activeIf: ["true"] }
`,
    );
    const run: Certstate = (command, ...flags) => runCertstate(command, '-f', file, '--state-dir', state, '--yes', '--no-reload', ...flags);
    assert.is(run('apply', '--confirm', 'ca/root').exit, 0);
    assert.is(run('apply', '--renew', 'cert/leaf').exit, 0);
    rmSync(join(state, 'pending-services.json'));
    assert.is(run('restore', 'cert/leaf').exit, 0);
    const { services } = JSON.parse(readFileSync(join(state, 'pending-services.json'), 'utf8')) as { services: { service: string }[] };
    assert.equal(
      services.map(({ service }) => service),
      ['pod', 'proxy', 'unit'],
    );
  }));

test.run();
