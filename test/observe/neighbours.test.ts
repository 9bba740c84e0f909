import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredState } from '../../src/domain/desired-state.ts';
import { nodeFileReader } from '../../src/node/node-file-reader.ts';
import { memoryFactsCache } from '../../src/observe/facts-cache.ts';
import { unmanagedNeighbours } from '../../src/observe/neighbours.ts';
import { diskSight } from '../../src/observe/sight.ts';
import { needs } from '../support/needs.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('observe/neighbours');

const desiredAt = (path: string): DesiredState =>
  ({ resources: [{ kind: 'cert', address: 'cert/a', fileSets: [{ files: [{ role: 'certificate', path }] }] }] }) as unknown as DesiredState;

if (needs('openssl')) {
  test('a certificate beside a managed one is named; keys, links, garbage and what is managed are not', async () => {
    await inTemporaryFolder(async (folder) => {
      const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=old', '-days', '1'];
      execFileSync('openssl', [...made, '-keyout', join(folder, 'old.key'), '-out', join(folder, 'old.crt')], { stdio: 'ignore' });
      cpSync(join(folder, 'old.crt'), join(folder, 'managed.crt'));
      cpSync(join(folder, 'old.key'), join(folder, 'key.pem'));
      symlinkSync(join(folder, 'old.crt'), join(folder, 'link.crt'));
      writeFileSync(join(folder, 'garbage.crt'), 'garbage');
      mkdirSync(join(folder, 'folder.crt'));
      const found = unmanagedNeighbours(desiredAt(join(folder, 'managed.crt')), diskSight(nodeFileReader, memoryFactsCache()));
      assert.equal(
        found.map(({ path }) => path),
        [join(folder, 'old.crt')],
      );
    });
  });
}

test('a folder that is not there has no neighbours', () => {
  assert.equal(unmanagedNeighbours(desiredAt('/nowhere/at/all/a.crt'), diskSight(nodeFileReader, memoryFactsCache())), []);
});

test.run();
