import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { noNames } from '../../src/domain/alternative-names.ts';
import type { DesiredAuthority, DesiredCertificate, FileRole } from '../../src/domain/desired-state.ts';
import type { CertificateFacts, ObservedFile } from '../../src/domain/observed-state.ts';
import { days, later } from '../../src/domain/time.ts';
import { driftChecks } from '../../src/plan/drift-checks.ts';
import { carriedOut } from '../support/plan-carried-out.ts';
import {
  absent,
  at,
  authority,
  certificateFor,
  changeOf,
  codesOf,
  decided,
  file,
  key,
  leaf,
  now,
  type OnDisk,
  pairAt,
  place,
  planOf,
  readFile,
  status,
  type World,
  type WorldWishes,
  world,
} from '../support/plan-world.ts';

const test = suite('plan/drift-checks');

interface Row {
  /** A world in which nothing else is odd. */
  readonly world: World;
  /** `action key block`. */
  readonly decided: string;
  /** What is decided where `--confirm` names it; the same if left out. */
  readonly confirmed?: string;
}

const server = (rest: Partial<DesiredCertificate>, wishes: WorldWishes = {}): World =>
  world({ resources: [authority(), leaf('server', rest)], ...wishes });
const root = (rest: Partial<DesiredAuthority> = {}, wishes: WorldWishes = {}): World =>
  world({ resources: [authority('etcd', rest)], ...wishes });
const onServer = (pair: OnDisk, rest: Partial<DesiredCertificate> = {}): World => server(rest, { pairs: { 'cert/server': pair } });
const onRoot = (pair: OnDisk, rest: Partial<DesiredAuthority> = {}): World => root(rest, { pairs: { 'ca/etcd': pair } });
const twice = (name: string) => ({ fileSets: [{ files: pairAt('/pki', name) }, { files: pairAt('/copy', name) }] as const });
const ofMode = (path: string, mode: number): WorldWishes => ({ files: { [path]: { mode: 0o100000 | mode } } });
const keyFile = (path: string): ObservedFile => readFile(path, { keys: [key('another')] }, status({ mode: 0o100600 }));
const accounts: WorldWishes = { environment: { users: new Map([['etcd', 999]]), groups: new Map([['etcd', 998]]) } };
const owned = (rest: { owner?: string; group?: string }, role: FileRole, name: string) => ({
  fileSets: [{ files: pairAt('/pki', name).map((each) => (each.role === role ? { ...each, ...rest } : each)) }] as const,
});
const names = (rest: Partial<CertificateFacts['names']>) => ({ names: { ...noNames, otherNames: [], ...rest } });
const serverNames = (rest: Partial<CertificateFacts['names']>) => names({ dnsNames: ['server.example'], ...rest });
const oldKey = (id: string): OnDisk => ({ certificate: { publicKey: key(id) }, key: { algorithm: 'ECDSA', size: 256 } });

/** Below an intermediate, with a file that has lost it. */
function unchained(kind: 'cert' | 'ca', role: 'chain' | 'fullChain' | 'combined'): World {
  const files = [file('certificate', '/pki/x.crt'), file('privateKey', '/pki/x.key'), file(role, '/pki/x.chain')];
  const below = { issuer: 'ca/middle', fileSets: [{ files }] } as const;
  const middle = authority('middle', { issuer: 'ca/root' });
  const inOrder = world({ resources: [authority('root'), middle, kind === 'cert' ? leaf('server', below) : authority('etcd', below)] });
  const found = inOrder.disk.get('/pki/x.chain');
  if (found?.state !== 'read') throw new Error('the chain is there');
  const { certificates, keys } = found.content;
  const cut = role === 'chain' ? [...certificates, ...certificates] : certificates.slice(0, 1);
  return {
    ...inOrder,
    disk: new Map([...inOrder.disk, ['/pki/x.chain', readFile('/pki/x.chain', { certificates: cut, keys }, found.status)]]),
  };
}

/** `cat ca.crt server.crt > server.crt`. */
function issuerFirst(): World {
  const inOrder = world();
  const [own, above] = ['/pki/server.crt', '/pki/etcd.crt'].map((path) => inOrder.disk.get(path));
  if (own?.state !== 'read' || above?.state !== 'read') throw new Error('both are there');
  const certificates = [...above.content.certificates, ...own.content.certificates];
  return { ...inOrder, disk: new Map([...inOrder.disk, [own.path, readFile(own.path, { certificates }, own.status)]]) };
}

/** Another pair of the same name lies at the source of a provided authority. */
function providedAnother(): World {
  const desired = authority('etcd', { provided: { certificate: '/import/ca.crt', privateKey: '/import/ca.key', place: place(4) } });
  const strong = key('brought', { size: 384 });
  return world({
    resources: [desired],
    files: {
      '/import/ca.crt': readFile('/import/ca.crt', { certificates: [certificateFor(desired, strong, undefined)] }),
      '/import/ca.key': readFile('/import/ca.key', { keys: [strong] }, status({ mode: 0o100600 })),
    },
  });
}

const constraints = { permitted: { ...noNames, dnsNames: ['example'] }, excluded: noNames };
const needsConsent = 'protect needs-confirmation ca/etcd';

// biome-ignore format: table
const leafRows: Record<keyof typeof driftChecks, Row | null> = {
  'missing':             { world: onServer({ certificate: 'absent', key: 'absent' }),                    decided: 'create new free' },
  'certificate-missing': { world: onServer({ certificate: 'absent' }),                                   decided: 'reissue kept free' },
  'private-key-missing': { world: onServer({ key: 'absent' }),                                           decided: 'rekey new free' },
  'key-mismatch':        { world: onServer({ key: key('another') }),                                     decided: 'rekey new free' },
  'foreign-authority':   null,
  'provided-differs':    null,
  'subject':             { world: onServer({ certificate: { subject: { commonName: 'other' } } }),       decided: 'reissue new free' },
  'dns-names':           { world: onServer({ certificate: names({ dnsNames: ['other.example'] }) }),                   decided: 'reissue new free' },
  'ip-addresses':        { world: onServer({ certificate: serverNames({ ipAddresses: ['10.0.0.1'] }) }), decided: 'reissue new free' },
  'uris':                { world: onServer({ certificate: serverNames({}) }, { names: { ...leaf().names, uris: ['spiffe://a/b'] } }), decided: 'reissue new free' },
  'email-addresses':     { world: onServer({ certificate: serverNames({ emailAddresses: ['a@b.example'] }) }), decided: 'reissue new free' },
  'other-names':         { world: onServer({ certificate: serverNames({ otherNames: ['dirName:CN=x'] }) }), decided: 'reissue new free' },
  'usages':              { world: onServer({ certificate: { otherUsages: ['1.2.3.4'] } }),               decided: 'reissue new free' },
  'basic-constraints':   { world: onServer({ certificate: { basicConstraints: { ca: true } } }),         decided: 'reissue new free' },
  'path-length':         null,
  'name-constraints':    null,
  'issuer':              { world: onServer({ certificate: { authorityKeyIdentifier: 'another key' } }),  decided: 'reissue new free' },
  'issuer-rekeyed':      { world: world({ options: { rekey: ['ca/etcd'], confirm: ['ca/etcd'] } }),                      decided: 'reissue new free' },
  'key-algorithm':       { world: onServer(oldKey('server'), { privateKey: { algorithm: 'RSA' } }), decided: 'rekey new free' },
  'key-size':            { world: onServer(oldKey('server'), { privateKey: { size: 384 } }), decided: 'rekey new free' },
  'expired':             { world: onServer({ certificate: { notAfter: at('2026-11-22') } }),             decided: 'renew new free' },
  'not-yet-valid':       { world: onServer({ certificate: { notBefore: at('2026-11-24') } }),            decided: 'renew new free' },
  'renewal-due':         { world: onServer({ certificate: { notAfter: later(now, days(10)) } }),         decided: 'renew new free' },
  'requested-renew':     { world: world({ options: { renew: ['cert/server'] } }),                                        decided: 'renew new free' },
  'requested-rekey':     { world: world({ options: { rekey: ['cert/server'] } }),                                        decided: 'rekey new free' },
  'key-encoding':        { world: onServer({ key: { encoding: 'PKCS8' } }, { privateKey: { encoding: 'SEC1' } }), decided: 'fix kept free' },
  'certificate-order':   { world: issuerFirst(),                                                         decided: 'fix kept free' },
  'chain':               { world: unchained('cert', 'chain'),                                         decided: 'fix kept free' },
  'full-chain':          { world: unchained('cert', 'fullChain'),                                 decided: 'fix kept free' },
  'combined':            { world: unchained('cert', 'combined'),                                   decided: 'fix kept free' },
  'copy-missing':        { world: server(twice('server'), { files: { '/copy/server.key': absent('/copy/server.key') } }), decided: 'fix kept free' },
  'copy-content':        { world: server(twice('server'), { files: { '/copy/server.key': keyFile('/copy/server.key') } }), decided: 'fix kept free' },
  'certificate-mode':    { world: server({}, ofMode('/pki/server.crt', 0o666)),                                             decided: 'fix kept free' },
  'private-key-mode':    { world: server({}, ofMode('/pki/server.key', 0o640)),                                             decided: 'fix kept free' },
  'certificate-owner':   { world: server(owned({ owner: 'etcd' }, 'certificate', 'server'), accounts),            decided: 'fix kept free' },
  'private-key-owner':   { world: server(owned({ owner: 'etcd' }, 'privateKey', 'server'), accounts),             decided: 'fix kept free' },
  'certificate-group':   { world: server(owned({ group: 'etcd' }, 'certificate', 'server'), accounts),            decided: 'fix kept free' },
  'private-key-group':   { world: server(owned({ group: 'etcd' }, 'privateKey', 'server'), accounts),             decided: 'fix kept free' },
  'no-longer-managed':   null,
};

// biome-ignore format: table
const authorityRows: Record<keyof typeof driftChecks, Row | null> = {
  'missing':             { world: onRoot({ certificate: 'absent', key: 'absent' }),                        decided: `create new ${needsConsent}`, confirmed: 'create new free' },
  'certificate-missing': { world: onRoot({ certificate: 'absent' }),                                       decided: 'reissue kept not-ours key-of-unknown-origin ca/etcd', confirmed: 'reissue kept free' },
  'private-key-missing': null,
  'key-mismatch':        { world: onRoot({ key: key('another') }),                                         decided: 'rekey new not-ours authority-pair-mismatch ca/etcd', confirmed: 'rekey new free' },
  'foreign-authority':   { world: root({ fingerprint: key('pinned').spkiSha256 }),                                decided: 'noop kept not-ours pinned-key-differs' },
  'provided-differs':    { world: providedAnother(),                                                                 decided: `rekey new ${needsConsent}`, confirmed: 'rekey new free' },
  'subject':             { world: onRoot({ certificate: { subject: { commonName: 'other' } } }),           decided: `reissue kept ${needsConsent}`, confirmed: 'reissue kept free' },
  'dns-names':           { world: onRoot({ certificate: names({ dnsNames: ['etcd'] }) }),                                decided: 'reissue kept free' },
  'ip-addresses':        { world: onRoot({ certificate: names({ ipAddresses: ['::1'] }) }), decided: 'reissue kept free' },
  'uris':                { world: onRoot({ certificate: names({}) }, { names: { ...noNames, uris: ['https://a.example/'] } }), decided: 'reissue kept free' },
  'email-addresses':     { world: onRoot({ certificate: names({ emailAddresses: ['a@b.example'] }) }), decided: 'reissue kept free' },
  'other-names':         { world: onRoot({ certificate: names({ otherNames: ['dirName:CN=x'] }) }), decided: 'reissue kept free' },
  'usages':              { world: onRoot({ certificate: { usages: ['cert sign', 'crl sign'] } }, { usages: ['digital signature', 'cert sign'] }), decided: 'reissue kept free' },
  'basic-constraints':   { world: onRoot({ certificate: { basicConstraints: undefined } }),                decided: `reissue kept ${needsConsent}`, confirmed: 'reissue kept free' },
  'path-length':         { world: onRoot({ certificate: { basicConstraints: { ca: true, pathLength: 1 } } }), decided: 'reissue kept free' },
  'name-constraints':    { world: onRoot({ certificate: { nameConstraints: undefined } }, { nameConstraints: constraints }), decided: `reissue kept ${needsConsent}`, confirmed: 'reissue kept free' },
  'issuer':              { world: onRoot({ certificate: { authorityKeyIdentifier: 'another key' } }),      decided: 'reissue kept free' },
  'issuer-rekeyed':      { world: world({ resources: [authority('root'), authority('etcd', { issuer: 'ca/root' })], options: { rekey: ['ca/root'], confirm: ['ca/root'] } }), decided: 'reissue kept free' },
  'key-algorithm':       { world: onRoot(oldKey('etcd'), { privateKey: { algorithm: 'RSA' } }), decided: `rekey new ${needsConsent}`, confirmed: 'rekey new free' },
  'key-size':            { world: onRoot(oldKey('etcd'), { privateKey: { size: 384 } }), decided: `rekey new ${needsConsent}`, confirmed: 'rekey new free' },
  'expired':             null,
  'not-yet-valid':       null,
  'renewal-due':         null,
  'requested-renew':     { world: root({}, { options: { renew: ['ca/etcd'] } }),                                  decided: 'renew kept free' },
  'requested-rekey':     { world: root({}, { options: { rekey: ['ca/etcd'] } }),                                  decided: `rekey new ${needsConsent}`, confirmed: 'rekey new free' },
  'key-encoding':        { world: onRoot({ key: { encoding: 'PKCS8' } }, { privateKey: { encoding: 'SEC1' } }), decided: 'fix kept free' },
  'certificate-order':   null,
  'chain':               { world: unchained('ca', 'chain'),                                           decided: 'fix kept free' },
  'full-chain':          { world: unchained('ca', 'fullChain'),                                   decided: 'fix kept free' },
  'combined':            { world: unchained('ca', 'combined'),                                     decided: 'fix kept free' },
  'copy-missing':        { world: root(twice('etcd'), { files: { '/copy/etcd.crt': absent('/copy/etcd.crt') } }), decided: 'fix kept free' },
  'copy-content':        { world: root(twice('etcd'), { files: { '/copy/etcd.key': keyFile('/copy/etcd.key') } }), decided: 'fix kept free' },
  'certificate-mode':    { world: root({}, ofMode('/pki/etcd.crt', 0o664)),                           decided: 'fix kept free' },
  'private-key-mode':    { world: root({}, ofMode('/pki/etcd.key', 0o644)),                           decided: 'fix kept free' },
  'certificate-owner':   { world: root(owned({ owner: 'etcd' }, 'certificate', 'etcd'), accounts),                decided: 'fix kept free' },
  'private-key-owner':   { world: root(owned({ owner: 'etcd' }, 'privateKey', 'etcd'), accounts),                 decided: 'fix kept free' },
  'certificate-group':   { world: root(owned({ group: 'etcd' }, 'certificate', 'etcd'), accounts),                decided: 'fix kept free' },
  'private-key-group':   { world: root(owned({ group: 'etcd' }, 'privateKey', 'etcd'), accounts),                 decided: 'fix kept free' },
  'no-longer-managed':   null,
};

for (const [kind, rows, address] of [
  ['leaf', leafRows, 'cert/server'],
  ['authority', authorityRows, 'ca/etcd'],
] as const) {
  for (const [code, row] of Object.entries(rows)) {
    if (!row) continue;
    test(`${code} of a ${kind} is found alone when only that differs, with its action and its key`, () => {
      const plan = planOf(row.world);
      assert.equal(codesOf(changeOf(plan, address)), [code]);
      assert.is(decided(changeOf(plan, address)), row.decided);
    });

    test(`${code} of a ${kind} is gone once the plan has been carried out`, () => {
      const confirm = [...(row.world.options.confirm ?? []), address];
      const confirmed = { ...row.world, options: { ...row.world.options, confirm } };
      const plan = planOf(confirmed);
      assert.is(decided(changeOf(plan, address)), row.confirmed ?? row.decided);
      const after = planOf(carriedOut(confirmed, plan));
      if (changeOf(plan, address).blocked) return;
      assert.equal(
        after.changes.map((change) => [change.address, decided(change), codesOf(change)]),
        after.changes.map((change) => [change.address, 'noop kept free', []]),
      );
    });
  }

  test(`a check without a row for a ${kind} is one that is not made, or only reported`, () => {
    const unmade = Object.entries(driftChecks).filter(([code, check]) => {
      const remedy = check[address === 'ca/etcd' ? 'ca' : 'cert'];
      return (remedy === null || remedy === 'none') !== (rows[code as keyof typeof driftChecks] === null) && code !== 'foreign-authority';
    });
    assert.equal(unmade, []);
  });
}

test.run();
