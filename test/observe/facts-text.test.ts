import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isSame } from '../../src/domain/is-same.ts';
import type { CertificateFacts } from '../../src/domain/observed-state.ts';
import { factsReader, factsWriter } from '../../src/observe/facts-text.ts';
import { encodeDer } from '../../src/x509/encode-der.ts';
import { readCertificate } from '../../src/x509/read-certificate.ts';
import {
  alternativeNames,
  distinguishedName,
  dns,
  ecPair,
  ed25519Pair,
  email,
  generalizedTime,
  intermediateCertificate,
  leafCertificate,
  type Parts,
  rootCertificate,
  rsaPair,
  sequence,
  uri,
  utcTime,
} from '../support/raw-certificate.ts';

const test = suite('observe/facts-text');

const [pair, root] = [ecPair(), ecPair()];
const leaf = (parts: Parts = {}): Uint8Array => leafCertificate(pair, root, parts);

function factsOf(der: Uint8Array): CertificateFacts {
  const reading = readCertificate(der, 'end-entity');
  if (!reading.ok) throw new Error(reading.cause);
  return reading.facts;
}

const constraints = sequence(encodeDer(0xa0, sequence(encodeDer(0x82, Buffer.from('example.com')))));

// biome-ignore format: table
const certificates: Readonly<Record<string, Uint8Array>> = {
  'a leaf':                          leaf(),
  'a root':                          rootCertificate(root),
  'an intermediate':                 intermediateCertificate(pair, root),
  'RSA':                             leafCertificate(rsaPair(), root),
  'Ed25519':                         leafCertificate(ed25519Pair(), root),
  'every kind of name':              leaf({ extensions: { names: alternativeNames(true, dns('a.example'), email('a@b.example'), uri('urn:x'), encodeDer(0x87, Buffer.alloc(16, 1))) } }),
  'letters of other scripts':        leaf({ subject: distinguishedName(['2.5.4.3', 'Ключ "☃" \u{1f510}\n'], ['2.5.4.10', 'Büro'], ['2.5.4.11', 'a'], ['2.5.4.11', 'b'], ['1.2.3.4', 'other']) }),
  'name constraints':                intermediateCertificate(pair, root, { extensions: { constraints: { oid: '2.5.29.30', critical: true, value: constraints } } }),
  'no extensions at all':            leaf({ version: 0, extensions: null }),
  'the end of time':                 leaf({ notAfter: generalizedTime('99991231235959Z') }),
  'an empty subject':                leaf({ subject: sequence() }),
  'a serial of zero, and problems':  leaf({ serial: Buffer.of(0), extensions: { skid: null, akid: null, usage: null } }),
};

for (const [what, der] of Object.entries(certificates))
  test(`${what}: the facts come back from one line of ASCII as they were, to the order of their names`, () => {
    const [writer, facts] = [factsWriter(), factsOf(der)];
    const line = writer.certificate(facts);
    assert.type(line, 'string');
    assert.match(line ?? '', /^[ -~]+$/);
    assert.match(writer.shared(), /^[ -~]+$/);
    const again = factsReader(writer.shared()).certificate(line ?? '', { sha256: facts.sha256, der });
    assert.ok(isSame(again, facts));
    assert.is(JSON.stringify(again), JSON.stringify(facts));
  });

test('facts that JSON has no word for are not kept', () => {
  const facts = factsOf(leaf({ notAfter: utcTime('261301000000Z') }));
  assert.ok(Number.isNaN(facts.notAfter));
  const writer = factsWriter();
  assert.is(writer.certificate(facts), undefined);
  assert.is(writer.shared(), '[]');
});

test('what brothers and sisters have in common stands once, and is the same object in all of them', () => {
  const writer = factsWriter();
  const sisters = [leaf(), leafCertificate(ecPair(), root, { serial: Buffer.alloc(16, 0x22) })].map(factsOf);
  const lines = [...sisters, factsOf(rootCertificate(root))].map((facts) => writer.certificate(facts) ?? '');
  const reader = factsReader(writer.shared());
  assert.is((JSON.parse(writer.shared()) as readonly unknown[]).length, 2);
  const [one, other] = lines.map((line) => reader.certificate(line, { sha256: '', der: Buffer.alloc(0) }));
  assert.is(one?.issuer, other?.issuer);
  assert.is(one?.usages, other?.usages);
  assert.is.not(one?.serial, other?.serial);
});

test('nothing of a certificate but facts is in its line: not its bytes, not its signature', () => {
  const der = Buffer.from(leaf());
  const line = factsWriter().certificate(factsOf(der)) ?? '';
  const tail = der.subarray(-32);
  for (const encoding of ['hex', 'base64', 'base64url'] as const) assert.not(line.includes(tail.toString(encoding)));
});

test('a key is its public half and its form', () => {
  const facts = { algorithm: 'ECDSA', size: 256, spkiSha256: 'ab'.repeat(32), encoding: 'PKCS8' } as const;
  const line = factsWriter().key(facts) ?? '';
  assert.equal(JSON.parse(line), facts);
  assert.equal(factsReader('').key(line), facts);
});

test('a line that says nothing is none', () => {
  const reader = factsReader('[{"version":3}]');
  const identity = { sha256: '', der: Buffer.alloc(0) };
  for (const line of ['', '1', 'null', '[]', '{}', '[0]', '[1,"","","",0,0,{},"",null]', '[', '["__proto__","","","",0,0,{},"",null]'])
    assert.is(reader.certificate(line, identity), undefined, line);
  for (const shared of ['', 'null', '{}', '[', '7'])
    assert.is(factsReader(shared).certificate('[0,"","","",0,0,{},"",null]', identity), undefined, shared);
  for (const line of ['', '[', '7', 'null', '{}', '{"algorithm":"RSA"}']) assert.is(reader.key(line), undefined, line);
});

test.run();
