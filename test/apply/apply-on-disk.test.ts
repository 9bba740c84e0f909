import { createPrivateKey, X509Certificate } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { applyPlan } from '../../src/apply/apply-plan.ts';
import type { Change } from '../../src/domain/plan.ts';
import { instantOf } from '../../src/domain/time.ts';
import { nodeFileReader } from '../../src/node/node-file-reader.ts';
import { nodeFileWriter } from '../../src/node/node-file-writer.ts';
import { createLeaf, createRoot, planOf } from '../support/plan-builders.ts';
import { storeOn } from '../support/publications.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('apply/apply-plan on a real disk');

const carryOut = (changes: readonly Change[], stateFolder: string, root: string) =>
  applyPlan({
    plan: planOf(changes, nodeFileReader),
    store: storeOn({ writer: nodeFileWriter(), reader: nodeFileReader }, { root, stateFolder }),
    reader: nodeFileReader,
    clock: { now: () => instantOf(Date.now() / 1000), elapsed: () => performance.now() },
    check: () => [],
    onEvent: () => {},
    signal: new AbortController().signal,
    parallelism: 2,
    failFast: false,
    root,
  });

const withFolders = (change: Change, newFolders: readonly string[]): Change => ({
  ...change,
  files: change.files.map((file) => ({ ...file, newFolders })),
});

test('an authority and a leaf arrive on the disk, in folders that were not there, and belong together', () =>
  inTemporaryFolder(async (root) => {
    const pki = join(root, 'etc/pki');
    const newFolders = [join(root, 'etc'), pki];
    const { resources } = await carryOut(
      [createRoot('root', pki), createLeaf('leaf', 'root', pki)].map((change) => withFolders(change, newFolders)),
      join(root, 'state'),
      root,
    );
    assert.equal(
      resources.map(({ result }) => result),
      ['done', 'done'],
    );
    assert.equal(fs.readdirSync(pki).sort(), ['leaf.crt', 'leaf.key', 'root.crt', 'root.key']);
    const [authority, leaf] = ['root.crt', 'leaf.crt'].map((name) => new X509Certificate(fs.readFileSync(join(pki, name)))) as [
      X509Certificate,
      X509Certificate,
    ];
    assert.ok(leaf.checkIssued(authority) && leaf.verify(authority.publicKey));
    assert.ok(leaf.checkPrivateKey(createPrivateKey(fs.readFileSync(join(pki, 'leaf.key')))));
    assert.equal(
      ['root.key', 'leaf.key', 'leaf.crt'].map((name) => fs.statSync(join(pki, name)).mode & 0o777),
      [0o600, 0o600, 0o644],
    );
  }));

test('nothing is written through a link below the root', () =>
  inTemporaryFolder(async (folder) => {
    const [root, outside] = [join(folder, 'root'), join(folder, 'outside')];
    for (const path of [root, outside]) fs.mkdirSync(path);
    fs.symlinkSync(outside, join(root, 'pki'));
    const { resources } = await carryOut([createRoot('root', join(root, 'pki'))], join(folder, 'state'), root);
    assert.is(resources[0]?.result === 'failed' && resources[0].diagnostic.code, 'symlink');
    assert.equal(fs.readdirSync(outside), []);
  }));

test.run();
