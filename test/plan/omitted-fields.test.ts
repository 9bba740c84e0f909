import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { noNames } from '../../src/domain/alternative-names.ts';
import { days, hours } from '../../src/domain/time.ts';
import { authority, changeOf, codesOf, file, key, leaf, type OnDisk, place, planOf, world } from '../support/plan-world.ts';

const test = suite('plan/omitted-fields');

interface Row {
  /** A sentence about what the YAML leaves out and the disk has. */
  readonly name: string;
  readonly pair: OnDisk;
  readonly codes: readonly string[];
}

const names = { names: { ...noNames, dnsNames: ['server.example'], otherNames: [] } };
const rsa = { algorithm: 'RSA', size: 3072 } as const;

// biome-ignore format: table
const leafRows: readonly Row[] = [
  { name: 'a further subject attribute is drift',      pair: { certificate: { subject: { commonName: 'server', organizations: ['x'] } } },   codes: ['subject'] },
  { name: 'a subject attribute without a word is drift', pair: { certificate: { subject: { commonName: 'server', other: ['1.2.3=x'] } } },   codes: ['subject'] },
  { name: 'a further name is drift',                   pair: { certificate: { names: { ...names.names, ipAddresses: ['10.0.0.1'] } } },      codes: ['ip-addresses'] },
  { name: 'a further usage is drift',                  pair: { certificate: { usages: ['digital signature', 'server auth', 'client auth'] } }, codes: ['usages'] },
  { name: 'the order of usages says nothing',          pair: { certificate: { usages: ['server auth', 'digital signature'] } },              codes: [] },
  { name: 'another algorithm is fine',                 pair: { certificate: { publicKey: { ...rsa, spkiSha256: key('server').spkiSha256 } }, key: rsa }, codes: [] },
  { name: 'another encoding is fine',                  pair: { key: { encoding: 'SEC1' } },                                                  codes: [] },
  { name: 'no key identifiers are fine',               pair: { certificate: { subjectKeyIdentifier: undefined } },                           codes: [] },
  { name: 'another hash is a finding at most',         pair: { certificate: { signatureAlgorithm: 'sha1WithRSAEncryption', problems: [{ code: 'signature-weak', detail: 'sha1WithRSAEncryption' }] } }, codes: [] },
  { name: 'a small serial number is a finding at most', pair: { certificate: { serial: '1', problems: [{ code: 'serial-weak', detail: 'serial 1' }] } }, codes: [] },
];

// biome-ignore format: table
const authorityRows: readonly Row[] = [
  { name: 'further usages of an authority are fine',   pair: { certificate: { usages: ['cert sign', 'crl sign', 'digital signature'] } },    codes: [] },
  { name: 'a path length of a root is drift',          pair: { certificate: { basicConstraints: { ca: true, pathLength: 0 } } },             codes: ['path-length'] },
  { name: 'name constraints are drift',                pair: { certificate: { nameConstraints: { permitted: { ...noNames, dnsNames: ['a.example'], otherNames: [] }, excluded: { ...noNames, otherNames: [] } } } }, codes: ['name-constraints'] },
  { name: 'constraints on names without a word are drift', pair: { certificate: { nameConstraints: { permitted: { ...noNames, otherNames: ['dirName:O=x'] }, excluded: { ...noNames, otherNames: [] } } } }, codes: ['name-constraints'] },
];

for (const [address, rows] of [
  ['cert/server', leafRows],
  ['ca/etcd', authorityRows],
] as const) {
  for (const { name, pair, codes } of rows) {
    test(`where the YAML is silent, ${name}`, () => {
      const plan = planOf(world({ pairs: { [address]: pair } }));
      assert.equal(codesOf(changeOf(plan, address)), codes);
    });
  }
}

for (const [pathLength, codes] of [
  [0, []],
  [undefined, []],
  [3, ['path-length']],
] as const) {
  test(`an intermediate whose path length the YAML leaves out may have ${pathLength ?? 'none'}${codes.length ? ' only until it is issued again' : ''}`, () => {
    const resources = [authority('root'), authority('etcd', { issuer: 'ca/root' })];
    const plan = planOf(world({ resources, pairs: { 'ca/etcd': { certificate: { basicConstraints: { ca: true, pathLength } } } } }));
    assert.equal(codesOf(changeOf(plan, 'ca/etcd')), codes);
  });
}

// biome-ignore format: table
const modes = [
  ['stricter', '/pki/server.key', 0o400, []],
  ['ours',     '/pki/server.key', 0o600, []],
  ['wider',    '/pki/server.key', 0o640, ['private-key-mode']],
  ['stricter', '/pki/server.crt', 0o440, []],
  ['wider',    '/pki/server.crt', 0o664, ['certificate-mode']],
  ['set-uid',  '/pki/server.crt', 0o4644, ['certificate-mode']],
] as const;
for (const [how, path, mode, codes] of modes) {
  test(`where the YAML names no mode, one that is ${how} (${mode.toString(8)}) is ${codes.length ? 'drift' : 'fine'}`, () => {
    assert.equal(codesOf(changeOf(planOf(world({ files: { [path]: { mode: 0o100000 | mode } } })), 'cert/server')), codes);
  });
}

test('a mode that the YAML states is exact: a stricter one is drift too', () => {
  const files = [file('certificate', '/pki/server.crt', { mode: 0o644 }), file('privateKey', '/pki/server.key', { mode: 0o640 })];
  const plan = planOf(
    world({ resources: [authority(), leaf('server', { fileSets: [{ files }] })], files: { '/pki/server.key': { mode: 0o100600 } } }),
  );
  assert.equal(codesOf(changeOf(plan, 'cert/server')), ['private-key-mode']);
});

test('owner and group are open', () => {
  assert.equal(codesOf(changeOf(planOf(world({ files: { '/pki/server.key': { uid: 7, gid: 7, mode: 0o100600 } } })), 'cert/server')), []);
});

test('the order of names, values and resources in the YAML is no difference', () => {
  const desired = leaf('server', {
    names: { ...noNames, dnsNames: ['a.example', 'b.example'] },
    subject: { commonName: 'server', organizations: ['x', 'y'] },
  });
  const pair = {
    certificate: {
      names: { ...noNames, dnsNames: ['b.example', 'a.example'], otherNames: [] },
      subject: { commonName: 'server', organizations: ['y', 'x'] },
    },
  };
  const plan = planOf(world({ resources: [authority(), desired], pairs: { 'cert/server': pair } }));
  assert.is(changeOf(plan, 'cert/server').action, 'noop');
});

test('duration, renewBefore, warnBefore, backdate, services, probe, accept and comments never reissue anything', () => {
  const inOrder = world();
  const policy = {
    duration: days(400),
    warnBefore: days(9),
    backdate: hours(2),
    protect: true,
    accept: [{ code: 'expiring', reason: 'known', until: inOrder.now, place: place(7) }],
  } as const;
  const resources = [
    authority('etcd', { ...policy, trustedBy: ['etcd'], place: place(70), duration: days(9999) }),
    leaf('server', { ...policy, renewBefore: days(2), services: ['etcd'], probe: { tls: '127.0.0.1:2379' }, place: place(80) }),
  ];
  const services = [{ name: 'etcd', place: place(90), reload: ['/bin/true'], onTrustChange: ['/bin/true'], after: [] }];
  const plan = planOf({ ...inOrder, resources, services });
  assert.equal(
    plan.changes.map(({ action }) => action),
    ['noop', 'noop'],
  );
});

test('a rotation policy decides about the key of the next certificate and asks for none', () => {
  const never = [authority(), leaf('server', { privateKey: { rotationPolicy: 'Never' } })];
  assert.is(changeOf(planOf(world({ resources: never })), 'cert/server').action, 'noop');
  const due = planOf(world({ resources: never, options: { renew: ['cert/server'] } }));
  assert.is(changeOf(due, 'cert/server').key, 'kept');
});

test.run();
