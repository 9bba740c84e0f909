import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredCertificate } from '../../src/domain/desired-state.ts';
import { days } from '../../src/domain/time.ts';
import { exampleNamed } from './examples.ts';
import { file, parse, parseFiles, resourceOf } from './parse.ts';

const test = suite('desired-state/defaults');

const certificate = (defaults: string, cert: string, without: readonly string[] = []): DesiredCertificate =>
  resourceOf(file({ start: `defaults: { certificates: { ${defaults} } }`, cert, without }), 'cert/server') as DesiredCertificate;

test('a resource’s own field wins', () => {
  assert.is(certificate('duration: 90d', '').duration, days(90));
  assert.is(certificate('duration: 90d', 'duration: 80d').duration, days(80));
});

test('a list is taken whole', () => {
  assert.equal(certificate('ipAddresses: [10.0.0.1]', 'ipAddresses: [10.0.0.2]').names.ipAddresses, ['10.0.0.2']);
});

test('the private key is merged field by field', () => {
  assert.equal(certificate('privateKey: { algorithm: RSA, size: 4096 }', 'privateKey: { rotationPolicy: Never }').privateKey, {
    algorithm: 'RSA',
    size: 4096,
    encoding: undefined,
    rotationPolicy: 'Never',
  });
});

test('with another algorithm, size and encoding of the defaults are not taken', () => {
  assert.equal(
    certificate('privateKey: { algorithm: RSA, size: 4096, encoding: PKCS1, rotationPolicy: Never }', 'privateKey: { algorithm: ECDSA }')
      .privateKey,
    { algorithm: 'ECDSA', size: undefined, encoding: undefined, rotationPolicy: 'Never' },
  );
  assert.is(certificate('privateKey: { algorithm: RSA, size: 4096 }', 'privateKey: { algorithm: RSA }').privateKey?.size, 4096);
});

test('with a size of another algorithm, too', () => {
  assert.equal(certificate('privateKey: { algorithm: RSA, size: 4096, encoding: PKCS1 }', 'privateKey: { size: 256 }').privateKey, {
    algorithm: 'ECDSA',
    size: 256,
    encoding: undefined,
    rotationPolicy: undefined,
  });
});

test('the subject is merged field by field', () => {
  const { subject } = certificate('subject: { organizations: [a], countries: [DE] }', 'subject: { organizations: [b] }');
  assert.equal(subject, { commonName: 'server', organizations: ['b'], countries: ['DE'] });
});

test('usages of a resource replace a profile of the defaults, and the other way round', () => {
  assert.equal(certificate('profile: server', 'usages: [client auth]', ['profile']).usages, ['client auth']);
  assert.equal(certificate('usages: [client auth]', 'profile: client').usages, ['digital signature', 'key encipherment', 'client auth']);
});

test('what a certificate needs may come from the defaults', () => {
  assert.is(certificate('issuer: etcd', '', ['issuer']).issuer, 'ca/etcd');
});

test('${name} in defaults is each resource’s own', () => {
  const { text } = exampleNamed('examples/mqtt-clients.yaml');
  const lift = resourceOf(text, 'cert/lift');
  assert.equal([lift.subject.commonName, lift.fileSets[0].files[1]?.path], ['lift', '/var/lib/mqtt-devices/lift/key.pem']);
});

test('a fault in the defaults is said once, however many resources take them', () => {
  const resources = Array.from({ length: 5 }, (_, index) => `  a${index}: { files: { combined: /a${index} } }`).join('\n');
  const { diagnostics } = parse(
    `version: 1\ndefaults: { authorities: { commonName: "\${name}", duration: 90 } }\nauthorities:\n${resources}\n`,
  );
  assert.equal(
    diagnostics.map(({ code, place }) => `${code} ${place?.line}`),
    ['invalid-duration 2'],
  );
});

test('defaults are those of their own file', () => {
  const { state } = parseFiles({
    'a.yaml': 'version: 1\ndefaults: { authorities: { duration: 90d } }\nauthorities: { a: { commonName: a, files: { combined: /a } } }\n',
    'b.yaml': 'version: 1\nauthorities: { b: { commonName: b, files: { combined: /b } } }\n',
  });
  assert.equal(
    state?.resources.map(({ duration }) => duration),
    [days(90), undefined],
  );
});

test('a wrong field of a resource is not mended by the defaults', () => {
  const { diagnostics } = parse(file({ start: 'defaults: { certificates: { duration: 90d } }', cert: 'duration: 1' }));
  assert.equal(
    diagnostics.map(({ code }) => code),
    ['invalid-duration'],
  );
});

test.run();
