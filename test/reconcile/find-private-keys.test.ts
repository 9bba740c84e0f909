import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeFileReader } from '../../src/node/node-file-reader.ts';
import { nodePieceReader } from '../../src/node/node-piece-reader.ts';
import { findPrivateKeys } from '../../src/reconcile/find-private-keys.ts';
import { diagnosticText } from '../../src/report/diagnostic-text.ts';
import { plainStyle } from '../../src/report/style.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('reconcile/find-private-keys');

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const der = privateKey.export({ type: 'pkcs8', format: 'der' });

/** What is said about paths in a folder of our own, as `code path:line`. */
function said(folder: string, ...paths: readonly string[]): readonly string[] {
  const { diagnostics } = findPrivateKeys(
    paths.map((path) => join(folder, path)),
    nodeFileReader,
    nodePieceReader,
  );
  return diagnostics.map(
    ({ code, place, message }) =>
      `${code} ${place ? `${place.file.slice(folder.length + 1)}:${place.line}` : message.replace(`${folder}/`, '')}`,
  );
}

test('every file that is named is searched, whatever its name says it is', () =>
  inTemporaryFolder((folder) => {
    writeFileSync(join(folder, 'notes.md'), `# Notes\n\n${pem}`);
    writeFileSync(join(folder, 'ca.der'), der);
    writeFileSync(join(folder, 'empty'), '');
    writeFileSync(join(folder, 'values.yaml'), `tls.key: ${Buffer.from(pem).toString('base64')}\n`);
    assert.equal(said(folder, 'notes.md', 'ca.der', 'empty', 'values.yaml'), [
      'private-key-in-file notes.md:3',
      'private-key-in-file ca.der:1',
      'private-key-in-file values.yaml:1',
    ]);
  }));

test('a folder stands for everything below it, what git keeps for itself and links apart', () =>
  inTemporaryFolder((folder) => {
    mkdirSync(join(folder, 'tree/.git'), { recursive: true });
    mkdirSync(join(folder, 'tree/deep/er'), { recursive: true });
    writeFileSync(join(folder, 'outside.key'), pem);
    for (const path of ['tree/.git/x', 'tree/deep/er/.hidden', 'tree/a']) writeFileSync(join(folder, path), pem);
    symlinkSync('../outside.key', join(folder, 'tree/link'));
    symlinkSync('nowhere', join(folder, 'tree/broken'));
    symlinkSync('.', join(folder, 'tree/round'));
    assert.equal(said(folder, 'tree'), ['private-key-in-file tree/a:1', 'private-key-in-file tree/deep/er/.hidden:1']);
    assert.equal(said(folder, 'tree/link', 'tree/broken'), []);
  }));

test('what cannot be looked into is said, and is never taken for harmless', () =>
  inTemporaryFolder((folder) => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    assert.equal(said(folder, 'nothing', 'pipe'), [
      'file-missing there is no file nothing',
      'file-not-regular pipe is not a regular file: a FIFO',
    ]);
    assert.equal(said(folder, '.'), []);
    if (process.getuid?.() === 0) return;
    writeFileSync(join(folder, 'closed'), pem);
    chmodSync(join(folder, 'closed'), 0);
    assert.match(said(folder, 'closed')[0] ?? '', /^file-unreadable/);
  }));

test('neither message nor frame shows a line of the key', () =>
  inTemporaryFolder((folder) => {
    const file = join(folder, 'a.yaml');
    writeFileSync(file, `one: 1\nkey: ${der.toString('base64')}\n`);
    const { diagnostics } = findPrivateKeys([file], nodeFileReader, nodePieceReader);
    const text = diagnosticText(diagnostics, { style: plainStyle, texts: new Map(), consequence: '' });
    assert.match(text, `${file}:2:6`);
    for (let at = 0; at < der.length; at += 12)
      assert.not.match(
        text,
        der
          .subarray(at, at + 12)
          .toString('base64')
          .slice(0, 12),
      );
    assert.not.match(JSON.stringify(diagnostics), der.toString('base64').slice(0, 16));
  }));

test.run();
