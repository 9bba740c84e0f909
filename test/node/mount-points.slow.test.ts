import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isMountPoint, mountPointsIn } from '../../src/node/mount-points.ts';
import { needs, needsRoot } from '../support/needs.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('node/mount-points');

test('the mount points of a list, with spaces and line breaks in their names', () => {
  const list =
    '22 1 0:21 / / rw - ext4 /dev/vda rw\n36 22 98:0 /mnt1 /mnt/with\\040space\\012and\\134more rw,noatime master:1 - ext3 /dev/root rw\n';
  assert.equal([...mountPointsIn(list)], ['/', '/mnt/with space\nand\\more']);
});

test('a folder, a file, a link and nothing are no mount points; the root is one', () =>
  inTemporaryFolder((folder) => {
    writeFileSync(join(folder, 'file'), '');
    symlinkSync('/', join(folder, 'link'));
    assert.equal([folder, join(folder, 'file'), join(folder, 'nothing'), '/', join(folder, 'link')].map(isMountPoint), [
      false,
      false,
      false,
      true,
      true,
    ]);
  }));

if (needsRoot() && needs('unshare'))
  test('a part of a file system that is mounted elsewhere in it is a mount point', () =>
    inTemporaryFolder((folder) => {
      for (const name of ['a', 'b b']) mkdirSync(join(folder, name));
      const module = pathToFileURL(resolve(import.meta.dirname, '../../src/node/mount-points.ts'));
      const script = `import('${module}').then(({ isMountPoint }) => console.log(isMountPoint('a'), isMountPoint('b b')))`;
      const mounted = spawnSync(
        'unshare',
        [
          '--mount',
          'sh',
          '-c',
          'mount --bind a "b b" && exec "$@"',
          'sh',
          process.execPath,
          '--import',
          import.meta.resolve('tsx'),
          '-e',
          script,
        ],
        { cwd: folder, encoding: 'utf8' },
      );
      assert.is(mounted.stdout, 'false true\n', mounted.stderr);
    }));

test.run();
