import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CertificateProblemCode } from '../../src/domain/codes.ts';
import type { CertificateFacts } from '../../src/domain/observed-state.ts';
import { type CertificateUse, certificateProblemCodes, problemsUnder } from '../../src/x509/certificate-problems.ts';
import { encodeDer } from '../../src/x509/encode-der.ts';
import { readCertificate } from '../../src/x509/read-certificate.ts';
import { isSignedBy } from '../../src/x509/verify-signature.ts';
import {
  alternativeNames,
  authorityKeyIdentifier,
  basicConstraints,
  bits,
  boolean,
  clientAuth,
  commonName,
  dns,
  ecPair,
  ed25519Pair,
  email,
  extendedKeyUsage,
  generalizedTime,
  integer,
  intermediateCertificate,
  ip,
  keyIdOf,
  keyUsage,
  leafCertificate,
  octets,
  oid,
  type Parts,
  rootCertificate,
  rsaPair,
  sequence,
  spkiOf,
  subjectKeyIdentifier,
  uri,
  utcTime,
} from '../support/raw-certificate.ts';

const test = suite('x509/certificate-problems');

const root = ecPair();
const middle = ecPair();
const leafPair = ecPair();

function factsOf(der: Uint8Array, use: CertificateUse): CertificateFacts {
  const reading = readCertificate(der, use);
  if (!reading.ok) throw new Error(reading.cause);
  return reading.facts;
}

type Kind = 'leaf' | 'root' | 'intermediate';
interface Row {
  /** What is odd about it, in words. */
  readonly when: string;
  readonly on: Kind;
  readonly parts?: Parts;
  readonly pair?: typeof root;
  /** The root that signs it, where it is an odd one; else an ordinary one. */
  readonly issuer?: Parts;
  readonly detail?: RegExp;
}

const names = (...list: readonly Uint8Array[]): Parts => ({ extensions: { names: alternativeNames(false, ...list) } });
const md5 = sequence(oid('1.2.840.113549.1.1.4'), encodeDer(0x05));
const sha1 = sequence(oid('1.2.840.10045.4.1'));
const explicitCurve = sequence(
  sequence(oid('1.2.840.10045.2.1'), sequence(integer(1), sequence(oid('1.2.840.10045.1.1'), integer(7)))),
  bits(0, 4, ...Buffer.alloc(64, 1)),
);
const gost = sequence(sequence(oid('1.2.643.7.1.1.1.1')), bits(0, ...Buffer.alloc(66, 1)));
const permitted = (...subtrees: readonly Uint8Array[]): Parts => ({
  extensions: {
    constraints: { oid: '2.5.29.30', critical: true, value: sequence(encodeDer(0xa0, ...subtrees.map((subtree) => sequence(subtree)))) },
  },
});

// Every code has its rows, or this does not compile; the certificate of a row has that problem and no other.
const rows: Record<CertificateProblemCode, readonly Row[]> = {
  'signature-weak': [
    { when: 'the signature hashes with SHA-1', on: 'leaf', parts: { inner: sha1, outer: sha1, hash: 'sha1' }, detail: /SHA1/ },
    { when: 'the signature hashes with MD5', on: 'leaf', parts: { inner: md5, outer: md5 }, detail: /md5/ },
  ],
  'key-weak': [
    { when: 'the key is RSA 1024', on: 'leaf', pair: rsaPair(1024), detail: /1024/ },
    { when: 'the key is RSA with exponent 3', on: 'leaf', pair: rsaPair(2048, 3), detail: /exponent 3/ },
    { when: 'the key is on P-192', on: 'leaf', pair: ecPair('prime192v1'), detail: /192/ },
  ],
  'serial-weak': [
    { when: 'the serial is 0', on: 'leaf', parts: { serial: Buffer.of(0) }, detail: /serial 0/ },
    { when: 'the serial is 1', on: 'leaf', parts: { serial: Buffer.of(1) }, detail: /serial 01/ },
    {
      when: 'the serial is negative',
      on: 'leaf',
      parts: { serial: Buffer.from('8a6f7261207365656420627920686961', 'hex') },
      detail: /negative/,
    },
    { when: 'the serial has 21 octets', on: 'leaf', parts: { serial: Buffer.alloc(21, 0x41) }, detail: /21 octets/ },
  ],
  malformed: [
    { when: 'it is version 2', on: 'leaf', parts: { version: 1 }, detail: /version 2/ },
    { when: 'an extension stands there twice', on: 'leaf', parts: { extensions: { more: keyUsage(7, 0x80) } }, detail: /second key usage/ },
    {
      when: 'the algorithms inside and outside differ',
      on: 'leaf',
      parts: { inner: sequence(oid('1.2.840.10045.4.3.3')) },
      detail: /algorithm/,
    },
    { when: 'the curve is written out', on: 'leaf', parts: { spki: explicitCurve }, detail: /curve/ },
    {
      when: 'the alternative names do not parse',
      on: 'leaf',
      parts: { extensions: { names: { oid: '2.5.29.17', value: Buffer.from('0500', 'hex') } } },
      detail: /alternative names/,
    },
    {
      when: 'the extended key usage is empty',
      on: 'leaf',
      parts: { extensions: { extended: extendedKeyUsage() } },
      detail: /extended key usage/,
    },
  ],
  'unknown-critical-extension': [
    {
      when: 'a critical extension is unknown',
      on: 'leaf',
      parts: { extensions: { more: { oid: '1.2.3.4', critical: true, value: Buffer.of(5, 0) } } },
      detail: /1\.2\.3\.4/,
    },
    {
      when: 'the authority key identifier is critical',
      on: 'leaf',
      parts: { extensions: { akid: { ...authorityKeyIdentifier(keyIdOf(root)), critical: true } } },
      detail: /2\.5\.29\.35/,
    },
  ],
  'alternative-names-absent': [{ when: 'a leaf has no alternative name', on: 'leaf', parts: { extensions: { names: null } } }],
  'alternative-names-not-critical': [
    { when: 'the subject is empty and its names are not critical', on: 'leaf', parts: { subject: sequence() } },
  ],
  'name-malformed': [
    { when: 'an IP address stands as dNSName', on: 'leaf', parts: names(dns('10.0.0.1')), detail: /IP address/ },
    { when: 'a dNSName ends with a dot', on: 'leaf', parts: names(dns('a.example.')), detail: /trailing dot/ },
    { when: 'a wildcard is partial', on: 'leaf', parts: names(dns('h*.a.example')), detail: /wildcard/ },
    { when: 'a wildcard is not leftmost', on: 'leaf', parts: names(dns('*.*.a.example')), detail: /wildcard/ },
    { when: 'a wildcard takes a whole top-level domain', on: 'leaf', parts: names(dns('*.com')), detail: /top-level/ },
    { when: 'a name has an underscore', on: 'leaf', parts: names(dns('a_b.example')), detail: /underscore/ },
    { when: 'a label is empty', on: 'leaf', parts: names(dns('a..example')), detail: /label/ },
    { when: 'a label has 64 characters', on: 'leaf', parts: names(dns(`${'a'.repeat(64)}.example`)), detail: /label/ },
    { when: 'a name has a NUL in it', on: 'leaf', parts: names(dns('a.example\u0000.evil.example')), detail: /\\u\{0\}/ },
    { when: 'an iPAddress has 5 octets', on: 'leaf', parts: names(ip(10, 0, 0, 1, 24)), detail: /5 octets/ },
    { when: 'an address has no mailbox', on: 'leaf', parts: names(email('nobody')), detail: /mailbox/ },
    { when: 'a URI has no scheme', on: 'leaf', parts: names(uri('//a.example')), detail: /URI/ },
  ],
  'authority-key-identifier': [
    { when: 'a leaf has none', on: 'leaf', parts: { extensions: { akid: null } }, detail: /missing/ },
    {
      when: "it names another key than the issuer's",
      on: 'leaf',
      parts: { extensions: { akid: authorityKeyIdentifier(keyIdOf(middle)) } },
      detail: /names/,
    },
  ],
  'subject-key-identifier': [{ when: 'an authority has none', on: 'root', parts: { extensions: { skid: null } } }],
  'basic-constraints-not-critical': [
    {
      when: 'those of an authority are not critical',
      on: 'root',
      parts: { extensions: { basic: basicConstraints(false, boolean(true)) } },
    },
  ],
  'basic-constraints-absent': [
    { when: 'an authority has none', on: 'root', parts: { extensions: { basic: null } }, detail: /missing/ },
    { when: 'an authority says it is none', on: 'root', parts: { extensions: { basic: basicConstraints(true) } }, detail: /cA/ },
  ],
  'key-usage-absent': [
    { when: 'an authority has no key usage', on: 'root', parts: { extensions: { usage: null } } },
    { when: 'a leaf has no key usage', on: 'leaf', parts: { extensions: { usage: null } } },
  ],
  'key-usage-not-critical': [
    {
      when: 'the key usage of an authority is not critical',
      on: 'root',
      parts: { extensions: { usage: keyUsage(1, 0b0000_0110, false) } },
    },
  ],
  'key-usage-of-leaf': [{ when: 'a leaf may sign certificates', on: 'leaf', parts: { extensions: { usage: keyUsage(2, 0b1000_0100) } } }],
  'key-usage-of-authority': [
    { when: 'an authority may not sign certificates', on: 'root', parts: { extensions: { usage: keyUsage(1, 0b0000_0010) } } },
  ],
  'extended-key-usage-absent': [{ when: 'a leaf says nothing of its purpose', on: 'leaf', parts: { extensions: { extended: null } } }],
  'leaf-is-authority': [
    { when: 'a leaf says it is an authority', on: 'leaf', parts: { extensions: { basic: basicConstraints(true, boolean(true)) } } },
  ],
  'self-named': [{ when: 'a leaf has the name of its issuer', on: 'leaf', parts: { subject: commonName('root') } }],
  'validity-inverted': [{ when: 'it ends before it begins', on: 'leaf', parts: { notAfter: utcTime('251231235959Z') } }],
  'validity-malformed': [
    { when: 'notAfter is 31 February', on: 'leaf', parts: { notAfter: utcTime('270231000000Z') }, detail: /notAfter/ },
    { when: 'notBefore has no seconds', on: 'leaf', parts: { notBefore: utcTime('2601010000Z') }, detail: /notBefore/ },
    {
      when: 'a date before 2050 is a GeneralizedTime',
      on: 'leaf',
      parts: { notAfter: generalizedTime('20270101000000Z') },
      detail: /GeneralizedTime/,
    },
  ],
  'validity-long': [{ when: 'it ends in 2100', on: 'leaf', parts: { notAfter: generalizedTime('21000101000000Z') } }],
  'extended-key-usage-of-authority': [
    {
      when: 'a root is for clients only',
      on: 'root',
      parts: { extensions: { extended: extendedKeyUsage(clientAuth) } },
      detail: /client auth/,
    },
  ],
  'key-algorithm-limited': [{ when: 'the key is Ed25519', on: 'leaf', pair: ed25519Pair() }],
  'key-unsupported': [{ when: 'the key is a GOST key', on: 'leaf', parts: { spki: gost }, detail: /GOST/ }],
  'path-length-violated': [
    {
      when: 'its issuer has path length 0',
      on: 'intermediate',
      issuer: { extensions: { basic: basicConstraints(true, boolean(true), integer(0)) } },
    },
  ],
  'name-constraints-violated': [
    { when: 'a dNSName is outside', on: 'leaf', issuer: permitted(dns('other.example')), detail: /DNS:leaf\.example is outside/ },
    {
      when: 'an address is outside',
      on: 'leaf',
      issuer: permitted(ip(10, 0, 0, 0, 255, 0, 0, 0)),
      detail: /IP:127\.0\.0\.1 is outside 10\.0\.0\.0\/8/,
    },
  ],
};

const builders: Record<Kind, (pair: typeof root, parts: Parts) => Buffer> = {
  leaf: (pair, parts) => leafCertificate(pair, root, parts),
  root: (pair, parts) => rootCertificate(pair, parts),
  intermediate: (pair, parts) => intermediateCertificate(pair, root, parts),
};
const ordinary: Record<Kind, typeof root> = { leaf: leafPair, root, intermediate: middle };

/** Everything that is said of a certificate: by itself, and beside the one that signed it. */
function problemsOf(kind: Kind, row: Partial<Row>) {
  const facts = factsOf(builders[kind](row.pair ?? ordinary[kind], row.parts ?? {}), kind === 'leaf' ? 'end-entity' : 'authority');
  const issuer = kind === 'root' ? facts : factsOf(rootCertificate(root, row.issuer ?? {}), 'authority');
  return [...facts.problems, ...problemsUnder(facts, issuer)];
}

for (const kind of ['leaf', 'root', 'intermediate'] as const) {
  test(`an ordinary ${kind} has no problem`, () => {
    assert.equal(problemsOf(kind, {}), []);
  });
}

for (const code of certificateProblemCodes) {
  for (const row of rows[code]) {
    test(`${code}: found alone when ${row.when}`, () => {
      const problems = problemsOf(row.on, row);
      assert.equal(
        problems.map((problem) => problem.code),
        [code],
        JSON.stringify(problems),
      );
      assert.match(problems[0]?.detail ?? '', row.detail ?? /./);
    });
  }
}

test('a leaf for clients alone needs no alternative name: its subject says who it is', () => {
  const problems = problemsOf('leaf', {
    when: '',
    on: 'leaf',
    parts: { extensions: { names: null, extended: extendedKeyUsage(clientAuth) } },
  });
  assert.equal(problems, []);
});

test('a certificate of version 1 is malformed, and lacks what only extensions can say', () => {
  const facts = factsOf(leafCertificate(leafPair, root, { version: 0, extensions: null }), 'end-entity');
  assert.is(facts.version, 1);
  assert.ok(facts.problems.some(({ code, detail }) => code === 'malformed' && /version 1/.test(detail)));
});

test('a date that does not parse is NaN, and everything else is there', () => {
  const facts = factsOf(leafCertificate(leafPair, root, { notAfter: utcTime('not a date') }), 'end-entity');
  assert.ok(Number.isNaN(facts.notAfter));
  assert.equal(facts.names.dnsNames, ['leaf.example']);
});

test('an unknown key leaves every other fact, and nobody can be verified with it', () => {
  const facts = factsOf(leafCertificate(leafPair, root, { spki: gost }), 'end-entity');
  assert.is(facts.publicKey.algorithm, 'GOST R 34.10-2012 256');
  assert.equal(facts.subject, { commonName: 'leaf' });
  assert.not(isSignedBy(facts, facts));
});

test('a certificate without a use is judged by its own basic constraints', () => {
  const authority = readCertificate(rootCertificate(root));
  const leaf = readCertificate(leafCertificate(leafPair, root));
  assert.equal(authority.ok && authority.facts.problems, []);
  assert.equal(leaf.ok && leaf.facts.problems, []);
});

test('the same certificate issued under the wrong key has its keys told apart by the signature', () => {
  const impostor = ecPair();
  const genuine = factsOf(rootCertificate(root), 'authority');
  const lookalike = factsOf(rootCertificate(impostor), 'authority');
  const facts = factsOf(leafCertificate(leafPair, root), 'end-entity');
  assert.ok(isSignedBy(facts, genuine));
  assert.not(isSignedBy(facts, lookalike));
  assert.is(genuine.subjectDer, lookalike.subjectDer);
});

test('subject key identifiers of leaves and key octets are facts in hex', () => {
  const facts = factsOf(
    leafCertificate(leafPair, root, {
      extensions: { skid: subjectKeyIdentifier(leafPair), more: { oid: '1.2.3.5', value: octets(spkiOf(leafPair)) } },
    }),
    'end-entity',
  );
  assert.is(facts.subjectKeyIdentifier, keyIdOf(leafPair).toString('hex'));
  assert.is(facts.authorityKeyIdentifier, keyIdOf(root).toString('hex'));
  assert.equal(facts.problems, []);
});

test.run();
