import 'reflect-metadata';
import { webcrypto, X509Certificate } from 'node:crypto';
import * as peculiar from '@peculiar/x509';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { noNames } from '../../src/domain/alternative-names.ts';
import type { CertificateFacts } from '../../src/domain/observed-state.ts';
import { encodeDer } from '../../src/x509/encode-der.ts';
import { readCertificate } from '../../src/x509/read-certificate.ts';
import { isSignedBy } from '../../src/x509/verify-signature.ts';
import {
  alternativeNames,
  commonName,
  distinguishedName,
  ecPair,
  generalizedTime,
  ip,
  leafCertificate,
  octets,
  oid,
  type Parts,
  rootCertificate,
  rsaPair,
  sequence,
  utcTime,
} from '../support/raw-certificate.ts';

const test = suite('x509/read-certificate');

function factsOf(der: Uint8Array): CertificateFacts {
  const reading = readCertificate(der);
  if (!reading.ok) throw new Error(reading.cause);
  return reading.facts;
}

const [root, pair] = [ecPair(), ecPair()];
const leaf = (parts: Parts = {}): CertificateFacts => factsOf(leafCertificate(pair, root, parts));

// @peculiar/x509 builds what we issue; here it judges our reader on certificates that it made itself.
const algorithms = {
  'ECDSA P-256': { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  'ECDSA P-384': { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
  'RSA 2048': { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 },
  'RSA-PSS 2048': { name: 'RSA-PSS', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048, saltLength: 32 },
  Ed25519: { name: 'Ed25519' },
} as const;
const signatures: Record<keyof typeof algorithms, string> = {
  'ECDSA P-256': 'ecdsa-with-SHA256',
  'ECDSA P-384': 'ecdsa-with-SHA384',
  'RSA 2048': 'sha256WithRSAEncryption',
  'RSA-PSS 2048': 'RSASSA-PSS with SHA256',
  Ed25519: 'Ed25519',
};

for (const [name, algorithm] of Object.entries(algorithms)) {
  test(`a certificate that another library made with ${name} says the same to us as to it`, async () => {
    peculiar.cryptoProvider.set(webcrypto as never);
    const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as never;
    const certificate = await peculiar.X509CertificateGenerator.createSelfSigned({
      serialNumber: '00f1e2d3c4b5a6978800',
      name: 'C=DE, O=Example, OU=One, OU=Two, CN="a, b"',
      notBefore: new Date('2026-01-02T03:04:05Z'),
      notAfter: new Date('2055-06-07T08:09:10Z'),
      keys,
      signingAlgorithm: algorithm as never,
      extensions: [
        new peculiar.BasicConstraintsExtension(true, 2, true),
        new peculiar.KeyUsagesExtension(
          peculiar.KeyUsageFlags.keyCertSign | peculiar.KeyUsageFlags.cRLSign | peculiar.KeyUsageFlags.decipherOnly,
          true,
        ),
        new peculiar.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2', '1.2.3.4']),
        new peculiar.SubjectAlternativeNameExtension([
          { type: 'dns', value: 'B.example' },
          { type: 'dns', value: 'a.example' },
          { type: 'ip', value: '192.0.2.1' },
          { type: 'ip', value: '2001:db8::1' },
          { type: 'email', value: 'Me@Example.org' },
          { type: 'url', value: 'spiffe://example/x' },
          { type: 'dn', value: 'CN=dir' },
          { type: 'id', value: '1.2.3' },
        ]),
        await peculiar.SubjectKeyIdentifierExtension.create((keys as { publicKey: never }).publicKey),
        await peculiar.AuthorityKeyIdentifierExtension.create((keys as { publicKey: never }).publicKey),
      ],
    });
    const der = new Uint8Array(certificate.rawData);
    const facts = factsOf(der);
    const theirs = new peculiar.X509Certificate(der);
    assert.is(facts.notBefore, theirs.notBefore.getTime() / 1000);
    assert.is(facts.notAfter, theirs.notAfter.getTime() / 1000);
    assert.is(facts.serial, theirs.serialNumber.replace(/^00/, ''));
    assert.equal(facts.subject, { countries: ['DE'], organizations: ['Example'], organizationalUnits: ['One', 'Two'], commonName: 'a, b' });
    assert.is(facts.subjectDer, facts.issuerDer);
    assert.is(facts.subjectKeyIdentifier, theirs.getExtension(peculiar.SubjectKeyIdentifierExtension)?.keyId);
    assert.is(facts.authorityKeyIdentifier, theirs.getExtension(peculiar.AuthorityKeyIdentifierExtension)?.keyId);
    assert.is(facts.publicKey.spkiSha256, Buffer.from(await webcrypto.subtle.digest('SHA-256', theirs.publicKey.rawData)).toString('hex'));
    assert.is(facts.sha256, Buffer.from(await theirs.getThumbprint('SHA-256')).toString('hex'));
    assert.equal(facts.usages, ['cert sign', 'crl sign', 'decipher only', 'server auth', 'client auth']);
    assert.equal(facts.otherUsages, ['1.2.3.4']);
    assert.equal(facts.basicConstraints, { ca: true, pathLength: 2 });
    assert.equal(facts.names, {
      dnsNames: ['a.example', 'b.example'],
      ipAddresses: ['192.0.2.1', '2001:db8::1'],
      emailAddresses: ['Me@example.org'],
      uris: ['spiffe://example/x'],
      otherNames: ['dirName:CN=dir', 'registeredID:1.2.3'],
    });
    assert.is(facts.signatureAlgorithm, signatures[name as keyof typeof algorithms]);
    assert.ok(isSignedBy(facts, facts));
    assert.is(new X509Certificate(der).fingerprint256.replaceAll(':', '').toLowerCase(), facts.sha256);
  });
}

const serials: readonly (readonly [hex: string, text: string])[] = [
  ['00', '0'],
  ['01', '01'],
  ['7f', '7f'],
  ['0080', '80'],
  ['00ff00', 'ff00'],
  ['ff', '-01'],
  ['80', '-80'],
  ['ff7f', '-81'],
  ['ff00', '-0100'],
];
for (const [hex, text] of serials) {
  test(`the serial ${hex} is ${text}`, () => {
    assert.is(leaf({ serial: Buffer.from(hex, 'hex') }).serial, text);
  });
}

const dates: readonly (readonly [what: string, value: Uint8Array, iso: string | null])[] = [
  ['UTCTime of this century', utcTime('491231235959Z'), '2049-12-31T23:59:59Z'],
  ['UTCTime of the last century', utcTime('500101000000Z'), '1950-01-01T00:00:00Z'],
  ['GeneralizedTime', generalizedTime('20500101000000Z'), '2050-01-01T00:00:00Z'],
  ['the end of time', generalizedTime('99991231235959Z'), '9999-12-31T23:59:59Z'],
  ['a leap day', utcTime('280229120000Z'), '2028-02-29T12:00:00Z'],
  ['a leap day in another year', utcTime('270229120000Z'), null],
  ['a thirteenth month', utcTime('271301000000Z'), null],
  ['the hour 24', utcTime('270101240000Z'), null],
  ['a leap second', utcTime('261231235960Z'), null],
  ['an offset', utcTime('270101000000+0100'), null],
  ['no Z', utcTime('270101000000'), null],
  ['fractions', generalizedTime('20500101000000.5Z'), null],
  ['nothing', utcTime(''), null],
];
for (const [what, value, iso] of dates) {
  test(`a date with ${what} is ${iso ?? 'none'}`, () => {
    const { notAfter } = leaf({ notAfter: value });
    assert.is(iso === null ? Number.isNaN(notAfter) : notAfter, iso === null ? true : Date.parse(iso) / 1000);
  });
}

test('a name that pretends to be two is one', () => {
  const pretending = encodeDer(0x82, Buffer.from('a.example, DNS:evil.example'));
  assert.equal(leaf({ extensions: { names: alternativeNames(false, pretending) } }).names, {
    ...noNames,
    dnsNames: ['a.example, dns:evil.example'],
    otherNames: [],
  });
});

test('attributes of names are read in every string type, and what has no word of ours is kept as it is', () => {
  const attribute = (type: string, tag: number, content: Uint8Array) => encodeDer(0x31, sequence(oid(type), encodeDer(tag, content)));
  const subject = sequence(
    attribute('2.5.4.6', 0x13, Buffer.from('DE')),
    attribute('2.5.4.10', 0x14, Buffer.from('B\u00fccher', 'latin1')),
    attribute('2.5.4.11', 0x1e, Buffer.from('\u20acu', 'utf16le').swap16()),
    attribute('2.5.4.3', 0x0c, Buffer.from('first')),
    attribute('2.5.4.3', 0x0c, Buffer.from('second')),
    attribute('1.2.840.113549.1.9.1', 0x16, Buffer.from('me@example.org')),
    attribute('1.2.3', 0x04, Buffer.of(1)),
  );
  assert.equal(leaf({ subject }).subject, {
    countries: ['DE'],
    organizations: ['B\u00fccher'],
    organizationalUnits: ['\u20acu'],
    commonName: 'first',
    other: ['2.5.4.3=second', '1.2.840.113549.1.9.1=me@example.org', '1.2.3=#040101'],
  });
});

test('constraints of an authority are read as ranges and names', () => {
  const subtrees = (tag: number, ...bases: readonly Uint8Array[]) => encodeDer(tag, ...bases.map((base) => sequence(base)));
  const value = sequence(
    subtrees(
      0xa0,
      encodeDer(0x82, Buffer.from('.example')),
      ip(10, 0, 0, 0, 255, 0, 0, 0),
      ip(...Buffer.from('fd00'.padEnd(32, '0') + 'ff00'.padEnd(32, '0'), 'hex')),
      encodeDer(0xa4, commonName('x')),
    ),
    subtrees(0xa1, ip(10, 1, 0, 0, 255, 0, 255, 0), ip(0, 0, 0, 0, 0, 0, 0, 0)),
  );
  const facts = factsOf(rootCertificate(root, { extensions: { constraints: { oid: '2.5.29.30', critical: true, value } } }));
  assert.equal(facts.nameConstraints, {
    permitted: { ...noNames, dnsNames: ['.example'], ipAddresses: ['10.0.0.0/8', 'fd00::/8'], otherNames: ['dirName:CN=x'] },
    excluded: { ...noNames, ipAddresses: ['0.0.0.0/0', '10.1.0.0/ff00ff00'], otherNames: [] },
  });
});

const unparsable: Readonly<Record<string, Uint8Array>> = {
  nothing: Buffer.alloc(0),
  'a certificate with an octet behind it': Buffer.concat([leafCertificate(pair, root), Buffer.of(0)]),
  'a certificate that is cut short': leafCertificate(pair, root).subarray(0, -1),
  'a certificate whose length is not the shortest': Buffer.concat([Buffer.of(0x30, 0x83, 0), leafCertificate(pair, root).subarray(2)]),
  'a private key': pair.privateKey.export({ type: 'pkcs8', format: 'der' }),
  'a sequence of nothing': sequence(),
  'a certificate with a name that is not UTF-8': leafCertificate(pair, root, {
    subject: sequence(encodeDer(0x31, sequence(oid('2.5.4.3'), encodeDer(0x0c, Buffer.of(0xff))))),
  }),
  'a certificate with an attribute without a value': leafCertificate(pair, root, {
    subject: sequence(encodeDer(0x31, sequence(oid('2.5.4.3')))),
  }),
  'a certificate whose validity is text': leafCertificate(pair, root, { notBefore: octets(Buffer.from('now')) }),
  'a certificate with half an RSA key': leafCertificate(pair, root, {
    spki: sequence(sequence(oid('1.2.840.113549.1.1.1')), encodeDer(0x03, Buffer.of(0, 0x30, 0))),
  }),
};
for (const [what, der] of Object.entries(unparsable)) {
  test(`${what} is unparsable`, () => {
    const reading = readCertificate(der);
    assert.is(reading.ok ? 'read' : reading.problem, 'unparsable');
  });
}

test('a signature is checked with whichever key the issuer has', () => {
  for (const issuer of [ecPair(), ecPair('secp384r1'), rsaPair()]) {
    const authority = factsOf(rootCertificate(issuer));
    const child = factsOf(leafCertificate(pair, issuer));
    assert.ok(isSignedBy(authority, authority));
    assert.ok(isSignedBy(child, authority));
    assert.not(isSignedBy(authority, child));
  }
});

test('a name in the subject keeps its encoding for comparison', () => {
  const printable = sequence(encodeDer(0x31, sequence(oid('2.5.4.3'), encodeDer(0x13, Buffer.from('x')))));
  const [one, two] = [leaf({ subject: printable }), leaf({ subject: distinguishedName(['2.5.4.3', 'x']) })];
  assert.equal(one.subject, two.subject);
  assert.is.not(one.subjectDer, two.subjectDer);
});

test.run();
