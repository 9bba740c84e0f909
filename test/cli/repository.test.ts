import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reportName, repositoryPath, webFolder } from '../../src/cli/repository.ts';

const test = suite('cli/repository');

const here = { workingFolder: '/builds/repo/sub', environment: {} };

// biome-ignore format: table
const paths: readonly (readonly [file: string, environment: Record<string, string>, shown: string])[] = [
  ['etcd.yaml',               {},                                    'etcd.yaml'],
  ['./a/../etcd.yaml',        {},                                    'etcd.yaml'],
  ['/builds/repo/sub/b/c.yaml', {},                                    'b/c.yaml'],
  ['../etcd.yaml',            {},                                    '/builds/repo/etcd.yaml'],
  ['../etcd.yaml',            { GITHUB_WORKSPACE: '/builds/repo' },    'etcd.yaml'],
  ['etcd.yaml',               { GITHUB_WORKSPACE: '/builds/repo' },    'sub/etcd.yaml'],
  ['etcd.yaml',               { CI_PROJECT_DIR: '/builds/repo/' },     'sub/etcd.yaml'],
  ['etcd.yaml',               { GITHUB_WORKSPACE: '/builds/other' },   'etcd.yaml'],
  ['/etc/certstate/a.yaml',   { GITHUB_WORKSPACE: '/builds/repo' },    '/etc/certstate/a.yaml'],
];

for (const [file, environment, shown] of paths) {
  test(`${file} with ${JSON.stringify(environment)} is ${shown}`, () => {
    assert.is(repositoryPath({ ...here, environment }, file), shown);
  });
}

const sha = '0123456789abcdef0123456789abcdef01234567';

test('GitHub and GitLab show the files of the commit that was read', () => {
  const github = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'o/r', GITHUB_SHA: sha };
  assert.is(webFolder({ ...here, environment: github }), `https://github.com/o/r/blob/${sha}/`);
  const gitlab = { CI_PROJECT_URL: 'https://gitlab.example/g/p', CI_COMMIT_SHA: sha };
  assert.is(webFolder({ ...here, environment: gitlab }), `https://gitlab.example/g/p/-/blob/${sha}/`);
});

test('elsewhere, and where the variables are not what they should be, there is no link', () => {
  assert.is(webFolder(here), undefined);
  assert.is(
    webFolder({ ...here, environment: { GITHUB_SERVER_URL: 'javascript:alert(1)', GITHUB_REPOSITORY: 'o/r', GITHUB_SHA: sha } }),
    undefined,
  );
  assert.is(
    webFolder({ ...here, environment: { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'o/r)', GITHUB_SHA: sha } }),
    undefined,
  );
});

// biome-ignore format: table
const names: readonly (readonly [paths: readonly string[], host: string | undefined, name: string])[] = [
  [['desired-state/etcd.yaml'],             undefined,      'etcd'],
  [['.'],                                   undefined,      'sub'],
  [['a.yaml', 'b.yml'],                     undefined,      'a+b'],
  [['a.yaml', 'b.yml', 'c.yaml', 'd.yaml'], undefined,      'a+3'],
  [['etcd.yaml'],                           'controller-0', 'etcd@controller-0'],
  [['x --> <b>.yaml'],                      undefined,      'x-b-'],
];

for (const [given, host, name] of names) {
  test(`${given.join(' ')}${host ? ` for ${host}` : ''} is called ${name}`, () => {
    assert.is(reportName(given, { workingFolder: here.workingFolder, options: host === undefined ? {} : { host } }), name);
  });
}

test.run();
