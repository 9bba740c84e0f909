import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { schemaNames } from '../../src/cli/schema-table.ts';
import { debianPackages } from '../support/needs.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { repository } from './source-tree.ts';

const test = suite('architecture/bundle');

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
const program = join(repository, 'dist', 'certstate.cjs');

interface Component {
  readonly name: string;
  readonly version: string;
  readonly licenses: readonly { readonly license: { readonly id: string } }[];
  readonly hashes: readonly { readonly alg: string; readonly content: string }[];
}
const bill = JSON.parse(read('dist/sbom.cdx.json')) as { readonly specVersion: string; readonly components: readonly Component[] };
const manifest = JSON.parse(read('package.json')) as { readonly version: string; readonly dependencies?: object };

test('what is bundled is exactly the reviewed list, and no more than 35 packages', () => {
  const reviewed = read('.ci/bundled-packages.txt')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const bundled = bill.components.map(
    ({ name, version, licenses }) => `${name} ${version} ${licenses.map(({ license }) => license.id).join(' ')}`,
  );
  assert.equal([...new Set(bundled)], reviewed);
  assert.ok(bundled.length > 0 && bundled.length <= 35, `${bundled.length} packages`);
});

test('each bundled package has a licence that lets it be passed on, a text of it, and a hash', () => {
  const texts = read('dist/THIRD-PARTY-LICENSES.txt');
  for (const { name, version, licenses, hashes } of bill.components) {
    assert.ok(
      ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD'].includes(licenses[0]?.license.id ?? ''),
      `${name}: ${licenses[0]?.license.id}`,
    );
    assert.ok(texts.includes(`\n${name} ${version} (`), `${name} ${version} has no licence text`);
    assert.match(hashes[0]?.content ?? '', /^[0-9a-f]{128}$/);
  }
  assert.is(bill.specVersion, '1.6');
});

test('installing certstate installs nothing else, and no package of the lockfile that we bundle has an install script', () => {
  assert.is(manifest.dependencies, undefined);
  const { packages } = JSON.parse(read('package-lock.json')) as {
    readonly packages: Record<string, { readonly hasInstallScript?: boolean }>;
  };
  const scripted = Object.keys(packages).filter((path) => packages[path]?.hasInstallScript);
  assert.equal(
    scripted.filter((path) => bill.components.some(({ name }) => path.endsWith(`node_modules/${name}`))),
    [],
  );
});

test('the built program is one file and answers with the version of package.json', () => {
  assert.equal(
    readdirSync(join(repository, 'dist')).filter((name) => /\.[cm]?js$/.test(name)),
    ['certstate.cjs'],
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, '--version'], { encoding: 'utf8' });
  assert.equal([status, stderr, stdout.includes(manifest.version)], [0, '', true]);
});

test('the built program is ASCII: Node reads such a file without decoding it', () => {
  assert.not.match(readFileSync(program, 'latin1'), /[^\x00-\x7f]/);
});

test('every schema the program knows is shipped as a file, and that of the desired state stands beside the examples', () => {
  assert.is(readdirSync(join(repository, 'dist/schema')).length, schemaNames.length);
  assert.ok(read('desired-state/schema.v1.json') === read('dist/schema/desired-state.v1.json'), 'npm run generate brings it up to date');
});

test('checking the text of the desired state evaluates no ASN.1: the metadata API it needs is not there afterwards', () => {
  const probe = `process.on('exit', () => console.error('metadata', typeof Reflect.getMetadata));process.argv.splice(1, 0, ${JSON.stringify(program)});require(${JSON.stringify(program)})`;
  const arguments_ = ['validate', '-f', join(repository, 'desired-state/starlingx-etcd.yaml')];
  const { status, stderr } = spawnSync(process.execPath, ['-e', probe, ...arguments_], { encoding: 'utf8' });
  assert.match(stderr, 'metadata undefined');
  assert.is(status, 0);
});

test('every program a test may need is installed by the gate', () => {
  const gate = /^judges=\(([^)]*)\)$/m.exec(read('.ci/run'))?.[1]?.split(/\s+/) ?? [];
  assert.equal(
    Object.values(debianPackages).filter((name) => !gate.includes(name)),
    [],
  );
});

test('building again gives the same bytes', () =>
  inTemporaryFolder((folder) => {
    assert.is(spawnSync(process.execPath, ['scripts/build.mjs', folder], { cwd: repository }).status, 0);
    const built = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder, name)).isFile());
    for (const name of built)
      assert.ok(readFileSync(join(repository, 'dist', name)).equals(readFileSync(join(folder, name))), `${name} differs`);
    assert.ok(
      [
        'THIRD-PARTY-LICENSES.txt',
        'certstate.cjs',
        'certstate.compiled',
        'sbom.cdx.json',
        'schema/plan.v1.json',
        'man/certstate.1',
        'completions/_certstate',
      ].every((name) => built.includes(name)),
    );
  }));

test('a program that was dated when it was made distrusts a clock behind that date', () =>
  inTemporaryFolder((folder) => {
    const env = { ...process.env, SOURCE_DATE_EPOCH: `${Date.UTC(2100, 0, 2) / 1000}` };
    const built = spawnSync(process.execPath, [join(repository, 'scripts', 'build.mjs'), folder], { encoding: 'utf8', env });
    assert.is(built.status, 0, built.stderr);
    const words = ['plan', '-f', join(repository, 'desired-state/starlingx-etcd.yaml'), '--root', folder];
    const { stderr } = spawnSync(process.execPath, [join(folder, 'certstate.cjs'), ...words], { encoding: 'utf8' });
    assert.match(stderr, 'this program was made on 2100-01-02');
  }));

test.run();
