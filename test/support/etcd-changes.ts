/** The changes of etcd's PKI that the plan outputs are shown with. */
import type { Change, ServiceReload } from '../../src/domain/plan.ts';
import {
  at,
  change,
  difference,
  hash,
  issued,
  newFile,
  newPair,
  placeAt,
  rootSummary,
  stems,
  summary,
  updatedFile,
} from './change-builders.ts';

type EtcdAddress = keyof typeof stems;

export const restart: readonly ServiceReload[] = [
  { service: 'etcd', argv: ['systemctl', 'try-reload-or-restart', 'etcd'], when: 'reload' },
];

const unknown = { notBefore: null, notAfter: null, serial: null, sha256: null } as const;
const rootEnds = at('2036-11-20T16:30:00Z');
const leafEnds = at('2027-11-23T16:30:00Z');
const issuing = { key: false, certificate: true, trustAnchor: false } as const;

export function create(address: EtcdAddress, rest: Partial<Change> = {}): Change {
  const isRoot = address === 'ca/etcd';
  return change(address, {
    action: 'create',
    key: 'new',
    before: null,
    after: isRoot
      ? rootSummary({ ...unknown, key: { algorithm: 'RSA', size: 4096, spkiSha256: null } })
      : issued({ subject: `CN=${address.slice(5)}`, key: { algorithm: 'RSA', size: 4096, spkiSha256: null } }),
    differences: [difference('missing', { path: ['files'], place: placeAt(20), forces: 'key' })],
    files: newPair(stems[address]),
    endsAbout: isRoot ? rootEnds : leafEnds,
    renewFrom: isRoot ? null : at('2027-10-24T16:30:00Z'),
    consent: isRoot ? 'ca/etcd' : null,
    ...rest,
  });
}

/** Issued anew with the key that is there. */
const reissue = (address: EtcdAddress, rest: Partial<Change>): Change =>
  change(address, {
    replaces: issuing,
    after: issued(),
    endsAbout: leafEnds,
    files: [updatedFile(`${stems[address]}.crt`, 'certificate')],
    ...rest,
  });

export const dueRenewal = reissue('cert/etcd-client', {
  action: 'renew',
  before: summary({
    subject: 'CN=root',
    notBefore: at('2025-12-14T09:02:00Z'),
    notAfter: at('2026-12-14T09:02:00Z'),
    serial: '4f9c1d22a07eff',
  }),
  after: issued({ subject: 'CN=root' }),
  differences: [
    difference('renewal-due', {
      origin: 'time',
      path: ['renewBefore'],
      place: placeAt(7),
      observed: '2026-12-14T09:02:00Z',
      desired: '2026-11-14T09:02:00Z',
      forces: 'certificate',
    }),
  ],
});

export const newNames = reissue('cert/etcd-server', {
  action: 'reissue',
  before: summary({ names: ['IP:127.0.0.1', 'IP:192.168.206.1', 'IP:192.168.206.9'] }),
  after: issued({ names: ['IP:127.0.0.1', 'IP:192.168.206.1', 'IP:192.168.206.4', 'IP:::1'] }),
  differences: [
    difference('ip-addresses', {
      path: ['ipAddresses'],
      place: placeAt(25),
      added: ['192.168.206.4', '::1'],
      removed: ['192.168.206.9'],
      kept: ['127.0.0.1', '192.168.206.1'],
      forces: 'certificate',
    }),
  ],
  effects: [{ code: 'name-removed', detail: '192.168.206.9' }],
  services: restart,
});

/** `privateKey: { algorithm: ECDSA, size: 384 }` was added to the authority; held back until it is confirmed. */
export const newAuthorityKey = (confirmed: boolean): Change =>
  change('ca/etcd', {
    action: 'rekey',
    key: 'new',
    replaces: { key: true, certificate: true, trustAnchor: true },
    after: rootSummary({ ...unknown, key: { algorithm: 'ECDSA', size: 384, spkiSha256: null } }),
    endsAbout: rootEnds,
    differences: [
      difference('key-algorithm', {
        path: ['privateKey', 'algorithm'],
        place: placeAt(18),
        observed: 'RSA',
        desired: 'ECDSA',
        forces: 'key',
      }),
    ],
    effects: [{ code: 'new-trust-anchor', detail: 'ca/etcd' }],
    files: [updatedFile('/etc/etcd/ca.key', 'privateKey'), updatedFile('/etc/etcd/ca.crt', 'certificate')],
    consent: 'ca/etcd',
    blocked: confirmed ? null : { by: 'protect', code: 'needs-confirmation', detail: 'ca/etcd', confirm: 'ca/etcd' },
  });

/** Follows from the authority's new key, and waits for it where that is held back. */
export const followsAuthority = (address: EtcdAddress, confirmed: boolean, rest: Partial<Change> = {}): Change =>
  reissue(address, {
    action: 'reissue',
    before: summary({ subject: `CN=${address}`, serial: hash(address), notAfter: at('2027-08-01T00:00:00Z') }),
    after: issued({ subject: `CN=${address}` }),
    differences: [
      difference('issuer-rekeyed', {
        origin: 'issuer',
        path: ['issuer'],
        place: placeAt(21),
        observed: hash('965a7caeedb1'),
        desired: 'the new key',
        becauseOf: 'ca/etcd',
        forces: 'certificate',
      }),
    ],
    blocked: confirmed ? null : { by: 'waits', code: 'issuer-blocked', detail: 'ca/etcd', confirm: null },
    ...rest,
  });

export const exposedKey = change('ca/etcd', {
  action: 'fix',
  differences: [
    difference('private-key-mode', {
      origin: 'drift',
      path: ['privateKeyMode'],
      place: placeAt(8),
      observed: '0644',
      desired: '0600',
      file: '/etc/etcd/ca.key',
    }),
  ],
  files: [newFile('/etc/etcd/ca.key', 'privateKey', { action: 'chmod', before: { exists: true, mode: 0o644, uid: 0, gid: 0 } })],
  findings: [{ code: 'key-exposed', detail: '0644', file: '/etc/etcd/ca.key' }],
  effects: [{ code: 'key-was-exposed', detail: '/etc/etcd/ca.key' }],
});

export const foreignOwner = change('cert/etcd-server', {
  action: 'fix',
  differences: [
    difference('private-key-owner', { path: ['owner'], observed: 'nobody', desired: 'root', file: '/etc/etcd/etcd-server.key' }),
    difference('private-key-group', { path: ['group'], observed: 'nogroup', desired: 'root', file: '/etc/etcd/etcd-server.key' }),
  ],
  files: [
    newFile('/etc/etcd/etcd-server.key', 'privateKey', { action: 'chown', before: { exists: true, mode: 0o600, uid: 65534, gid: 65534 } }),
  ],
});
