import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredResource } from '../../src/domain/desired-state.ts';
import type { FolderReading } from '../../src/ports/file-reader.ts';
import { concernOf, identitiesOf, interestOf, namedIn } from '../../src/watch/interest.ts';

const test = suite('watch/interest');

const resource = (
  address: 'ca/root' | 'ca/issuing' | 'cert/web' | 'cert/seen',
  issuer: string | undefined,
  paths: readonly string[],
  manage?: 'observe',
) =>
  ({
    address,
    kind: address.split('/')[0],
    issuer,
    manage,
    fileSets: [{ files: paths.map((path) => ({ role: 'certificate', path })) }],
  }) as unknown as DesiredResource;

const resources = [
  resource('ca/root', undefined, ['/pki/root.crt']),
  resource('ca/issuing', 'ca/root', ['/pki/issuing.crt']),
  resource('cert/web', 'ca/issuing', ['/tls/web.crt', '/copies/web.crt']),
  resource('cert/seen', 'ca/root', ['/kubelet/current.pem'], 'observe'),
];
const folders = ['/', '/pki', '/tls', '/etc', '/etc/certs.d', '/state', '/kubelet'];
const reader = {
  folder: (path: string): FolderReading =>
    folders.includes(path)
      ? { state: 'present', uid: 0, gid: 0, mode: 0o755, device: 1n, inode: BigInt(folders.indexOf(path)) }
      : { state: 'absent' },
  realPath: (path: string) => (path === '/kubelet/current.pem' ? '/kubelet/2026.pem' : undefined),
};
const interest = interestOf(
  namedIn({ resources }),
  { texts: ['/etc/certs.d', '/srv/one.yaml'], records: ['/state/records.json', '/state/holds.json'] },
  reader,
);

const concerned = (path: string): string => {
  const concern = concernOf(path, interest);
  return typeof concern === 'string' ? concern : [...concern].sort().join(' ');
};

for (const [path, whom, why] of [
  ['/tls/web.crt', 'cert/web', 'a file concerns its resource'],
  ['/copies/web.crt', 'cert/web', 'a copy does too'],
  ['/pki/issuing.crt', 'ca/issuing cert/web', 'an authority concerns what it signs'],
  ['/pki/root.crt', 'ca/issuing ca/root cert/seen cert/web', 'and what is signed below that'],
  ['/kubelet/current.pem', 'cert/seen', 'a link that is only watched concerns its resource'],
  ['/kubelet/2026.pem', 'cert/seen', 'and so does what it leads to'],
  ['/tls/other.crt', 'nothing', 'a file that nobody names concerns nobody'],
  ['/tls', 'everything', 'a folder on the way may have become another one'],
  ['/', 'everything', 'up to the first'],
  ['/etc/certs.d/a.yaml', 'everything', 'a text of the folder is the desired state'],
  ['/etc/certs.d/.a.yaml.swp', 'nothing', 'what an editor leaves beside it is not'],
  ['/etc/certs.d/..data', 'everything', 'a folder that Kubernetes mounts changes by this link'],
  ['/kubelet/..data', 'everything', 'and so does a Secret that it mounts'],
  ['/srv/one.yaml', 'everything', 'a text that is named by itself'],
  ['/srv/two.yaml', 'nothing', 'and not the one beside it'],
  ['/state/records.json', 'everything', 'another certstate has applied something'],
  ['/state/holds.json', 'everything', 'somebody has put something on hold, or released it'],
  ['/state/lock', 'nothing', 'or is about to'],
] as const)
  test(`${path}: ${why}`, () => assert.is(concerned(path), whom));

test('the folders that are there are listened to, each known by device and inode', () => {
  const found = identitiesOf(interest, reader);
  assert.equal([...found.keys()].sort(), ['/', '/etc', '/etc/certs.d', '/kubelet', '/pki', '/state', '/tls']);
  assert.is(found.get('/tls'), '1:2');
});

test.run();
