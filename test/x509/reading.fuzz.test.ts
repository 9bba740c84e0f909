import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fileRoles } from '../../src/domain/desired-state.ts';
import { encodePem, readPem } from '../../src/formats/pem.ts';
import { classifyContent } from '../../src/observe/classify-content.ts';
import { memoryFactsCache } from '../../src/observe/facts-cache.ts';
import { nameOfDer } from '../../src/x509/der-kind.ts';
import { readCertificate } from '../../src/x509/read-certificate.ts';
import { readPrivateKey } from '../../src/x509/read-private-key.ts';
import { isSignedBy } from '../../src/x509/verify-signature.ts';
import { certificatePem, ecPair, ed25519Pair, leafCertificate, rootCertificate, rsaPair } from '../support/raw-certificate.ts';

const test = suite('x509/reading.fuzz');

const pair = ecPair();
const certificate = leafCertificate(ecPair(), pair);
const keys = [
  { label: 'PRIVATE KEY', der: pair.privateKey.export({ type: 'pkcs8', format: 'der' }) },
  { label: 'EC PRIVATE KEY', der: pair.privateKey.export({ type: 'sec1', format: 'der' }) },
  { label: 'PRIVATE KEY', der: ed25519Pair().privateKey.export({ type: 'pkcs8', format: 'der' }) },
  { label: 'RSA PRIVATE KEY', der: rsaPair(1024).privateKey.export({ type: 'pkcs1', format: 'der' }) },
] as const;

/** Some octets changed, some taken out, some put in: what still parses is as interesting as what does not. */
const mutations = fc.array(fc.record({ at: fc.nat(5000), octet: fc.nat(255), how: fc.constantFrom('change', 'insert', 'remove', 'cut') }), {
  minLength: 1,
  maxLength: 4,
});

function mutate(bytes: Uint8Array, list: readonly { readonly at: number; readonly octet: number; readonly how: string }[]): Uint8Array {
  let content = [...bytes];
  for (const { at, octet, how } of list) {
    const index = at % Math.max(1, content.length);
    if (how === 'change') content[index] = octet;
    else if (how === 'insert') content.splice(index, 0, octet);
    else if (how === 'remove') content.splice(index, 1);
    else content = content.slice(0, index);
  }
  return Uint8Array.from(content);
}

const classify = (bytes: Uint8Array) =>
  fileRoles.map((role) =>
    classifyContent(Buffer.from(bytes), createHash('sha256').update(bytes).digest('hex'), { role, use: 'end-entity' }, memoryFactsCache()),
  );

test('any bytes get one class in each role, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      for (const classification of classify(bytes)) assert.ok(classification.ok || classification.cause !== '');
      nameOfDer(bytes);
    }),
    { numRuns: 2000 },
  );
});

test('any text between the lines of PEM gets one class', () => {
  const line = fc.constantFrom(
    '-----BEGIN CERTIFICATE-----',
    '-----END CERTIFICATE-----',
    '-----BEGIN PRIVATE KEY-----',
    '-----END PRIVATE KEY-----',
    '-----BEGIN ',
    '-----',
    '',
    'MIIB',
    'Proc-Type: 4,ENCRYPTED',
    'DEK-Info: x',
    '====',
    'text',
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), fc.constantFrom('\n', '\r\n', '\r', ' '), (lines, newline) => {
      for (const classification of classify(Buffer.from(lines.join(newline)))) assert.ok(classification.ok || classification.cause !== '');
    }),
    { numRuns: 2000 },
  );
});

test('a certificate with changed octets is read or refused, and its signature no longer holds', () => {
  const issuer = readCertificate(rootCertificate(pair), 'authority');
  if (!issuer.ok) throw new Error(issuer.cause);
  fc.assert(
    fc.property(mutations, (list) => {
      const der = mutate(certificate, list);
      const reading = readCertificate(der, 'end-entity');
      if (!reading.ok) return assert.is(reading.problem, 'unparsable');
      assert.ok(!isSignedBy(reading.facts, issuer.facts) || Buffer.compare(der, certificate) === 0);
    }),
    { numRuns: 3000 },
  );
});

test('a private key with changed octets is read as what it then is, or refused without a word of its content', () => {
  fc.assert(
    fc.property(fc.constantFrom(...keys), mutations, ({ label, der }, list) => {
      const changed = mutate(der, list);
      const reading = readPrivateKey({ label, der: changed, encrypted: false });
      if (reading.ok) return;
      assert.not.match(reading.cause, /[0-9a-f]{16}/i);
    }),
    { numRuns: 3000 },
  );
});

test('PEM of any certificates comes back as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 4 }), (ders) => {
      const { blocks, faults } = readPem(Buffer.from(certificatePem(...ders)));
      assert.equal(faults, []);
      assert.equal(
        blocks.map(({ der }) => [...der]),
        ders.map((der) => [...der]),
      );
    }),
  );
});

test('a megabyte of nested sequences, of lines, or of beginnings takes less than a second', () => {
  const nested = Buffer.concat(Array.from({ length: 200_000 }, () => Buffer.of(0x30, 0x80)));
  const texts = [
    nested,
    Buffer.from(encodePem('CERTIFICATE', nested)),
    Buffer.from('-----BEGIN CERTIFICATE-----\n'.repeat(37_000)),
    Buffer.alloc(1024 * 1024, 'A'),
    Buffer.from(`-----BEGIN CERTIFICATE-----\n${'\f\n'.repeat(500_000)}:`),
  ];
  texts.push(Buffer.from(`-----BEGIN CERTIFICATE-----\n${'A'.repeat(10 * 1024 * 1024)}\n-----END CERTIFICATE-----\n`));
  for (const text of texts) {
    const start = performance.now();
    classify(text);
    assert.ok((performance.now() - start) / fileRoles.length < 1000);
  }
});

test.run();
