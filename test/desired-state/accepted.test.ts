import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type DesiredAuthority, type DesiredCertificate, isAuthority } from '../../src/domain/desired-state.ts';
import { days, hours, parseInstant } from '../../src/domain/time.ts';
import { exampleNamed, examples } from './examples.ts';
import { file, parse, parseFiles, resourceOf, stateOf } from './parse.ts';

const test = suite('desired-state/accepted');

const authority = (text: string): DesiredAuthority => resourceOf(text, 'ca/etcd') as DesiredAuthority;
const certificate = (text: string): DesiredCertificate => resourceOf(text, 'cert/server') as DesiredCertificate;

for (const { name, text, host } of examples) {
  test(`${name} has nothing wrong with it`, () => {
    assert.equal(parse(text, { host }).diagnostics, []);
  });
}

test('the StarlingX file says what StarlingX does', () => {
  const state = stateOf(exampleNamed('starlingx-etcd.yaml').text);
  assert.equal(
    state.resources.map(({ address, subject, names, usages, duration, privateKey, fileSets }) => ({
      address,
      subject,
      names: [...names.dnsNames, ...names.ipAddresses],
      usages,
      duration,
      privateKey: privateKey?.algorithm && `${privateKey.algorithm} ${privateKey.size}`,
      files: fileSets[0].files.map(({ path }) => path),
    })),
    [
      {
        address: 'ca/etcd',
        subject: { commonName: 'etcd' },
        names: ['etcd'],
        usages: ['digital signature', 'key encipherment', 'cert sign'],
        duration: days(3650),
        privateKey: 'RSA 4096',
        files: ['/etc/etcd/ca.crt', '/etc/etcd/ca.key'],
      },
      {
        address: 'cert/etcd-server',
        subject: { commonName: 'etcd-server' },
        names: ['127.0.0.1', '192.168.206.1'],
        usages: ['digital signature', 'key encipherment', 'server auth', 'client auth'],
        duration: days(365),
        privateKey: 'RSA 4096',
        files: ['/etc/etcd/etcd-server.crt', '/etc/etcd/etcd-server.key'],
      },
      {
        address: 'cert/etcd-client',
        subject: { commonName: 'root' },
        names: ['root'],
        usages: ['digital signature', 'server auth', 'client auth'],
        duration: days(365),
        privateKey: 'RSA 4096',
        files: ['/etc/etcd/etcd-client.crt', '/etc/etcd/etcd-client.key'],
      },
      {
        address: 'cert/apiserver-etcd-client',
        subject: { commonName: 'apiserver-etcd-client' },
        names: ['127.0.0.1', '192.168.206.1'],
        usages: ['digital signature', 'key encipherment', 'server auth', 'client auth'],
        duration: days(365),
        privateKey: 'RSA 4096',
        files: ['/etc/kubernetes/pki/apiserver-etcd-client.crt', '/etc/kubernetes/pki/apiserver-etcd-client.key'],
      },
    ],
  );
  const [ca, server] = state.resources;
  assert.is(ca && isAuthority(ca) && ca.pathLength, 1);
  assert.is(server?.kind === 'cert' && server.renewBefore, days(15));
  assert.is(server?.kind === 'cert' && server.probe?.tls, '127.0.0.1:2379');
  assert.equal(
    state.services.map(({ name, after }) => [name, after]),
    [
      ['etcd', []],
      ['kube-apiserver', ['etcd']],
    ],
  );
  assert.is(state.resources.length, 4);
});

test('what the YAML leaves out is absent: nothing is filled in', () => {
  const ca = authority(file());
  const leaf = certificate(file());
  for (const field of [
    'issuer',
    'usages',
    'duration',
    'warnBefore',
    'backdate',
    'privateKey',
    'pathLength',
    'nameConstraints',
    'provided',
    'external',
    'fingerprint',
    'manage',
    'optional',
    'protect',
  ] as const)
    assert.is(ca[field], undefined, field);
  for (const field of ['duration', 'renewBefore', 'privateKey', 'probe', 'protect', 'manage'] as const)
    assert.is(leaf[field], undefined, field);
  assert.equal([leaf.services, ca.trustedBy, leaf.accept], [[], [], []]);
  for (const { mode, owner, group } of leaf.fileSets[0].files) assert.equal([mode, owner, group], [undefined, undefined, undefined]);
});

test('resources come in the order of the YAML, whichever section is first', () => {
  const reversed =
    'version: 1\ncertificates:\n  z: { issuer: b, commonName: z, profile: client, files: { combined: /z } }\nauthorities:\n  b: { commonName: b, files: { combined: /b } }\n  a: { commonName: a, files: { combined: /a } }\n';
  assert.equal(
    stateOf(reversed).resources.map(({ address }) => address),
    ['cert/z', 'ca/b', 'ca/a'],
  );
});

test('an issuer and a service may stand in another file', () => {
  const { state, diagnostics } = parseFiles({
    'a.yaml':
      'version: 1\ncertificates:\n  leaf: { issuer: root, commonName: a, profile: client, services: [s], files: { combined: /a } }\n',
    'b.yaml': 'version: 1\nauthorities:\n  root: { commonName: root, files: { combined: /b } }\nservices: { s: { reload: [s] } }\n',
  });
  assert.equal(diagnostics, []);
  assert.equal(
    state?.sources.map(({ file: name, sha256 }) => [name, sha256.length]),
    [
      ['a.yaml', 64],
      ['b.yaml', 64],
    ],
  );
  assert.equal(state?.from, ['a.yaml', 'b.yaml']);
});

test('row 34: a byte order mark and CRLF are no fault, and columns count without them', () => {
  const text = `\uFEFF${file({ cert: 'usagess: []' }).replaceAll('\n', '\r\n')}`;
  const { diagnostics, texts } = parse(text);
  const [found] = diagnostics;
  assert.equal([found?.code, found?.place?.column, diagnostics.length], ['unknown-field', 5, 1]);
  assert.is(texts.get('pki.yaml')?.startsWith('version'), true);
  assert.equal(parse(`\uFEFF${file().replaceAll('\n', '\r\n')}`).diagnostics, []);
});

test('sections with nothing behind them are empty', () => {
  assert.equal(parse(`${file()}services:\nvariables:\nhosts:\n`.replace('defaults', '')).diagnostics, []);
});

test('a document may have its markers', () => {
  assert.equal(parse(`%YAML 1.2\n---\n${file()}...\n`).diagnostics, []);
});

test('a mode, an owner, a group: of the file, else of the resource', () => {
  const { fileSets } = certificate(
    file({
      cert: 'owner: etcd\ngroup: 12\ncertificateMode: "644"\nprivateKeyMode: "0640"\nfiles: { certificate: /a, privateKey: { path: /b, mode: "0600", owner: 0 }, combined: /c }\ncopies: [{ certificate: /m/a, mount: /m/ }]',
    }),
  );
  assert.equal(
    fileSets.map(({ files, mount }) => [
      mount,
      ...files.map(({ role, path, mode, owner, group }) => [role, path, mode?.toString(8), owner, group]),
    ]),
    [
      [
        undefined,
        ['certificate', '/a', '644', 'etcd', '12'],
        ['privateKey', '/b', '600', '0', '12'],
        ['combined', '/c', '640', 'etcd', '12'],
      ],
      ['/m', ['certificate', '/m/a', '644', 'etcd', '12']],
    ],
  );
});

test('--root stands before every path inside the desired state, and before no program', () => {
  const text = file({
    ca: 'provided: { certificate: /opt/a, privateKey: /opt/b }',
    cert: 'copies: [{ certificate: /m/a, mount: /m }]',
    end: 'services: { etcd: { reload: [/bin/true] } }',
  });
  const { resources, services } = stateOf(text, { root: '/sandbox/', stateDir: '/sandbox/var/lib/certstate' });
  const paths = resources.flatMap((resource) => [
    ...resource.fileSets.flatMap(({ files, mount }) => [...files.map(({ path }) => path), mount]),
    ...(isAuthority(resource) ? [resource.provided?.certificate, resource.provided?.privateKey] : []),
  ]);
  assert.equal(
    paths.filter((path) => path !== undefined && !path.startsWith('/sandbox/')),
    [],
  );
  assert.equal(services[0]?.reload, ['/bin/true']);
});

test('a path in the state directory is found under a root, too', () => {
  const { diagnostics } = parse(file({ cert: 'files: { combined: /var/lib/certstate/a }' }), {
    root: '/sandbox',
    stateDir: '/sandbox/var/lib/certstate',
  });
  assert.equal(
    diagnostics.map(({ code }) => code),
    ['invalid-path'],
  );
  assert.equal(parse(file({ cert: 'files: { combined: /var/lib/certstate-2/a }' })).diagnostics, []);
});

test('a profile is a word for usages', () => {
  assert.equal(certificate(file({ cert: 'profile: server' })).usages, ['digital signature', 'key encipherment', 'server auth']);
  const { places } = certificate(file({ cert: 'profile: server' }));
  assert.equal(places.get('usages'), places.get('profile'));
});

test('usages are a set in the order of the table, by either of two names', () => {
  assert.equal(certificate(file({ cert: 'usages: [client auth, signing, client auth, s/mime]', without: ['profile'] })).usages, [
    'digital signature',
    'client auth',
    'email protection',
  ]);
});

test('a size or an encoding alone names the algorithm that has it', () => {
  assert.is(certificate(file({ cert: 'privateKey: { size: 4096 }' })).privateKey?.algorithm, 'RSA');
  assert.is(certificate(file({ cert: 'privateKey: { size: 521 }' })).privateKey?.algorithm, 'ECDSA');
  assert.is(certificate(file({ cert: 'privateKey: { encoding: SEC1 }' })).privateKey?.algorithm, 'ECDSA');
  assert.is(certificate(file({ cert: 'privateKey: { encoding: PKCS8 }' })).privateKey?.algorithm, undefined);
});

test('a pin is 64 lower-case digits', () => {
  assert.is(authority(file({ ca: `fingerprint: "sha256:${'AB'.repeat(32)}"` })).fingerprint, 'ab'.repeat(32));
});

test('durations have units, in one word', () => {
  assert.is(certificate(file({ cert: 'duration: 8760h0m0s\nbackdate: 0s' })).duration, hours(8760));
  assert.is(certificate(file({ cert: 'duration: 1y' })).duration, days(365));
});

test('a tolerance lasts to the end of its last day', () => {
  const { accept } = authority(file({ ca: 'accept: [{ code: expiring, reason: known, until: 2026-11-23 }]' }));
  assert.is(accept[0]?.until, parseInstant('2026-11-23T23:59:59Z'));
});

test('name constraints keep their kinds', () => {
  const { nameConstraints } = authority(
    file({
      ca: 'nameConstraints: { permitted: { dnsDomains: [server, .Example.COM], ipRanges: ["10.0.0.0/8", "2001:DB8::/32"] }, excluded: { emailAddresses: [a@b.c], uriDomains: [.x.y] } }',
    }),
  );
  assert.equal(nameConstraints, {
    permitted: { dnsNames: ['.example.com', 'server'], ipAddresses: ['10.0.0.0/8', '2001:db8::/32'], uris: [], emailAddresses: [] },
    excluded: { dnsNames: [], ipAddresses: [], uris: ['.x.y'], emailAddresses: ['a@b.c'] },
  });
});

test('names within the constraints are accepted', () => {
  const constraints =
    'nameConstraints: { permitted: { dnsDomains: [example.com], ipRanges: [10.0.0.0/9], uriDomains: [.example.com], emailAddresses: [example.com] } }';
  assert.equal(
    parse(
      file({
        ca: constraints,
        cert: 'dnsNames: [example.com, "*.example.com"]\nipAddresses: [10.127.255.255]\nuris: ["https://a.example.com:8443/x"]\nemailAddresses: [a@example.com]',
      }),
    ).diagnostics,
    [],
  );
});

test('an external root imports its certificate alone', () => {
  const ca = authority(file({ ca: 'external: true\nprovided: { certificate: /opt/a }\nfiles: { certificate: /etc/a }' }));
  assert.equal([ca.external, ca.provided?.certificate, ca.provided?.privateKey], [true, '/opt/a', undefined]);
});

test('a plan can point at each field, and at the defaults where it comes from there', () => {
  const { place, places, fileSets } = certificate(
    file({
      start: 'defaults: { certificates: { duration: 90d } }',
      cert: 'privateKey:\n  size: 4096\nipAddresses:\n  - 127.0.0.1\n  - 127.0.0.2',
    }),
  );
  const at = (path: string) => [places.get(path)?.line, places.get(path)?.column];
  assert.equal([place.line, place.column, place.endColumn], [8, 3, 9]);
  assert.equal(at('duration'), [2, 39]);
  assert.equal(at('privateKey'), [14, 5], 'of a block, its key');
  assert.equal(at('privateKey.size'), [15, 13]);
  assert.equal(at('ipAddresses'), [16, 5]);
  assert.equal(at('files.certificate'), [fileSets[0].files[0]?.place.line, fileSets[0].files[0]?.place.column]);
});

test.run();
