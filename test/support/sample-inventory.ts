/** An inventory with one of everything that can be in it. */
import { createHash } from 'node:crypto';
import type { Inventory } from '../../src/domain/inventory.ts';
import type { LookedFile } from '../../src/domain/looked-file.ts';
import type { FileStatus } from '../../src/domain/observed-state.ts';
import { asFound, changedSince } from '../../src/domain/records.ts';
import { hours, type Instant, later, parseInstant } from '../../src/domain/time.ts';
import { ecPair, rootCertificate } from './raw-certificate.ts';

export const takenAt = parseInstant('2026-11-23T16:30:00Z') as Instant;
export const sampleDer: Uint8Array = rootCertificate(ecPair());
const hex = (digit: string): string => digit.repeat(64);

const status = (more: Partial<FileStatus> = {}): FileStatus => ({
  mode: 0o644,
  uid: 0,
  gid: 12,
  links: 1,
  size: 900,
  inode: 0n,
  device: 0n,
  changedAt: takenAt,
  ...more,
});
const keyStatus = status({ mode: 0o600, size: 0 });
const certificate: LookedFile = {
  state: 'read',
  status: status(),
  sha256: createHash('sha256').update(sampleDer).digest('hex'),
  holds: { ok: true, parts: [{ kind: 'certificate', der: sampleDer }] },
};
const facts = { algorithm: 'ECDSA', size: 256, spkiSha256: hex('a'), encoding: 'PKCS8' } as const;

export const sampleInventory: Inventory = {
  host: { name: 'controller-0', root: '', stateFolder: '/var/lib/certstate', uid: 0, gid: 0 },
  takenAt,
  from: ['/etc/certstate/desired-state'],
  files: [
    { path: '/pki/absent.crt', seen: { state: 'absent' } },
    { path: '/pki/below/absent.crt', seen: { state: 'absent', missingFrom: '/pki/below' } },
    { path: '/pki/ca.crt', seen: certificate },
    {
      path: '/pki/ca.key',
      seen: {
        state: 'read',
        status: keyStatus,
        holds: { ok: true, parts: [{ kind: 'key', name: 'a private key (PKCS#8)', key: { ok: true, facts } }] },
      },
    },
    {
      path: '/pki/empty.crt',
      seen: { state: 'read', status: keyStatus, holds: { ok: false, problem: 'empty', cause: 'the file is empty' } },
    },
    {
      path: '/pki/encrypted.key',
      seen: {
        state: 'read',
        status: keyStatus,
        holds: {
          ok: true,
          parts: [
            {
              kind: 'key',
              name: 'an encrypted private key',
              key: { ok: false, problem: 'encrypted', cause: 'the private key is encrypted' },
            },
          ],
        },
      },
    },
    { path: '/pki/link.crt', seen: { state: 'refused', problem: 'symlink', cause: 'a link to ca.crt' }, followed: certificate },
    {
      path: '/pki/request.crt',
      seen: { state: 'read', status: keyStatus, holds: { ok: true, parts: [{ kind: 'other', name: 'a certificate request (PKCS#10)' }] } },
    },
    {
      path: '/pki/two.key',
      seen: {
        state: 'read',
        status: keyStatus,
        holds: {
          ok: true,
          parts: [
            { kind: 'key', name: 'a private key (PKCS#8)', key: null },
            { kind: 'key', name: 'a private key (SEC1)', key: null },
          ],
        },
      },
    },
    {
      path: '/pki/unread.key',
      seen: { state: 'refused', problem: 'not-in-inventory', cause: 'it is there, and was not read', status: keyStatus },
    },
  ],
  folders: [
    { path: '/', state: 'present', mode: 0o755, uid: 0, gid: 0 },
    { path: '/closed', state: 'unreadable', cause: 'permission denied (EACCES)' },
    { path: '/file', state: 'not-a-directory' },
    { path: '/gone', state: 'absent' },
    { path: '/link', state: 'symlink', realPath: '/pki' },
    { path: '/nowhere', state: 'symlink', realPath: null },
    {
      path: '/pki',
      state: 'present',
      mode: 0o755,
      uid: 0,
      gid: 0,
      mount: false,
      names: ['ca.crt', 'ca.key', 'empty.crt', 'encrypted.key', 'link.crt', 'other.txt', 'request.crt', 'sub', 'two.key', 'unread.key'],
    },
  ],
  users: new Map([
    ['root', 0],
    ['nobody-knows', undefined],
  ]),
  groups: new Map([['root', 0]]),
  userNames: new Map([
    [0, 'root'],
    [33, 'www-data'],
  ]),
  groupNames: new Map([
    [0, 'root'],
    [12, 'man'],
  ]),
  served: new Map([
    [
      'cert/web',
      {
        state: 'served',
        endpoint: '127.0.0.1:443',
        at: takenAt,
        certificate: { sha256: hex('b'), subject: 'CN=web', serial: '1a', notAfter: takenAt },
      },
    ],
    ['cert/mail', { state: 'failed', endpoint: '127.0.0.1:25', at: takenAt, failure: 'refused', cause: 'connection refused' }],
  ]),
  pendingServices: [
    { service: 'nginx', when: 'reload', source: ['/etc/certstate/desired-state'] },
    { service: 'mail', when: 'trust-change', toldInVain: { certificates: [hex('c')], argv: ['true'] } },
    { service: 'queue', when: 'trust-change', toldInVain: { certificates: [hex('c')], argv: [], staticPod: 'queue' } },
  ],
  serviceUsers: new Map([
    ['www-data', { uid: 33, gids: [33, 4], closedFolders: ['/pki'] }],
    ['nobody-here', undefined],
  ]),
  records: {
    highWater: takenAt,
    holds: {
      byAddress: new Map([
        ['cert/web', { address: 'cert/web', since: takenAt, until: later(takenAt, hours(4)), reason: 'a freeze', by: 'root@controller-0' }],
      ]),
    },
    manifest: new Map([
      [
        'ca/etcd',
        {
          address: 'ca/etcd',
          source: ['/etc/certstate/desired-state'],
          paths: ['/pki/ca.crt', '/pki/ca.key'],
          spkiSha256: hex('a'),
          written: { '/pki/ca.crt': asFound, '/pki/ca.key': changedSince },
          desired: hex('b'),
          protect: true,
          issuedFor: ['certificate-missing', 'private-key-missing'],
          appliedAt: takenAt,
        },
      ],
    ]),
  },
  warnings: [
    {
      code: 'service-pending',
      severity: 'warning',
      message: 'service/etcd has still to be told of a change that is on disk',
      hint: 'certstate apply tells it',
      address: 'service/etcd',
      notes: [],
    },
  ],
};
