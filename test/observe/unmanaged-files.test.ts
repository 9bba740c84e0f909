import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredState } from '../../src/domain/desired-state.ts';
import { nodeFileReader } from '../../src/node/node-file-reader.ts';
import { memoryFactsCache } from '../../src/observe/facts-cache.ts';
import { diskSight } from '../../src/observe/sight.ts';
import { unmanagedFiles } from '../../src/observe/unmanaged-files.ts';
import type { FileReader } from '../../src/ports/file-reader.ts';
import { certificatePem, ecPair, leafCertificate } from '../support/raw-certificate.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('observe/unmanaged-files');

const desiredAt = (path: string): DesiredState =>
  ({ resources: [{ kind: 'cert', address: 'cert/a', fileSets: [{ files: [{ role: 'privateKey', path }] }] }] }) as unknown as DesiredState;

const pair = ecPair();
const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' });
const none: ReadonlySet<string> = new Set();
const sightOf = (reader: FileReader) => diskSight(reader, memoryFactsCache());
const disk = sightOf(nodeFileReader);

/** A folder with a managed key, and beside it whatever a test puts there. */
const beside = (files: Readonly<Record<string, readonly [content: string | Buffer, mode: number]>>, body: (folder: string) => void) =>
  inTemporaryFolder((folder) => {
    for (const [name, [content, mode]] of Object.entries({ 'managed.key': [pem, 0o600] as const, ...files }))
      writeFileSync(join(folder, name), content, { mode });
    body(folder);
  });

test('a certificate and a closed key beside managed files are named', () =>
  beside({ 'old.crt': [certificatePem(leafCertificate(pair, pair)), 0o644], 'old.key': [pem, 0o600] }, (folder) => {
    const found = unmanagedFiles(desiredAt(join(folder, 'managed.key')), disk, none);
    assert.equal(
      found.map(({ kind, path }) => [kind, path]),
      [
        ['certificate', join(folder, 'old.crt')],
        ['key', join(folder, 'old.key')],
      ],
    );
    assert.is(found[1]?.kind === 'key' && found[1].exposedMode, undefined);
  }));

test('a key that everybody can read says with which mode; what only looks like one does not count', () =>
  beside({ 'open.key': [pem, 0o644], 'notes.key': ['no key at all', 0o644], 'etcd-key.pem': [pem, 0o604] }, (folder) =>
    assert.equal(unmanagedFiles(desiredAt(join(folder, 'managed.key')), disk, none), [
      { kind: 'key', path: join(folder, 'etcd-key.pem'), exposedMode: 0o604 },
      { kind: 'key', path: join(folder, 'open.key'), exposedMode: 0o644 },
    ]),
  ));

test('nothing is read of a key that not everybody can read', () =>
  beside({ 'old.key': [pem, 0o600] }, (folder) => {
    const reads: number[] = [];
    const reader: FileReader = {
      ...nodeFileReader,
      read: (path, options) => {
        if (path.endsWith('old.key')) reads.push(options.maxBytes);
        return nodeFileReader.read(path, options);
      },
    };
    unmanagedFiles(desiredAt(join(folder, 'managed.key')), sightOf(reader), none);
    assert.equal(reads, [0]);
  }));

test('what the records name belongs to somebody', () =>
  beside({ 'other.key': [pem, 0o644], 'other.crt': [certificatePem(leafCertificate(pair, pair)), 0o644] }, (folder) =>
    assert.equal(
      unmanagedFiles(desiredAt(join(folder, 'managed.key')), disk, new Set([join(folder, 'other.key'), join(folder, 'other.crt')])),
      [],
    ),
  ));

test('a folder that is not there holds nothing', () => assert.equal(unmanagedFiles(desiredAt('/nowhere/at/all/a.key'), disk, none), []));

test.run();
