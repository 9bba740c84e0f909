import type { X509Certificate } from '@peculiar/x509';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { noNames } from '../../src/domain/alternative-names.ts';
import { formatKey } from '../../src/domain/keys.ts';
import { days, endOfTime, instantOf, later, seconds } from '../../src/domain/time.ts';
import { usageNames } from '../../src/domain/usages.ts';
import { hexOf } from '../../src/x509/der.ts';
import { loadIssuingLibrary } from '../../src/x509/issuing-library.ts';
import { localSigner } from '../../src/x509/local-signer.ts';
import { isSignedBy } from '../../src/x509/verify-signature.ts';
import { authorityWith, issuance, issue, keyOf, keySpecs, names, now, rootIssuance } from '../support/issuances.ts';

const test = suite('x509/local-signer');

/** A certificate as the library reads it. */
const asLibrary = async (der: Uint8Array): Promise<X509Certificate> => new (await loadIssuingLibrary()).X509Certificate(Buffer.from(der));

test('a leaf carries what was asked for, and nothing that a strict validator would mind', async () => {
  const root = await authorityWith();
  const { publicKey } = await keyOf();
  const leaf = await issue(
    root,
    publicKey,
    issuance({
      names: names({
        dnsNames: ['*.a.example', 'xn--bcher-kva.example'],
        ipAddresses: ['127.0.0.1', '2001:db8::1'],
        uris: ['spiffe://a/b'],
        emailAddresses: ['a@example.com'],
      }),
    }),
  );
  assert.is(leaf.version, 3);
  assert.equal(leaf.subject, { commonName: 'server' });
  assert.equal(leaf.names.dnsNames, ['*.a.example', 'xn--bcher-kva.example']);
  assert.equal(leaf.names.ipAddresses, ['127.0.0.1', '2001:db8::1']);
  assert.equal([leaf.names.uris, leaf.names.emailAddresses], [['spiffe://a/b'], ['a@example.com']]);
  assert.equal(leaf.usages, ['digital signature', 'key encipherment', 'server auth']);
  assert.equal(leaf.basicConstraints, { ca: false });
  assert.equal(leaf.problems, []);
});

test('the issuer is named as its certificate names itself, octet for octet, and pointed to by its key identifier', async () => {
  const root = await authorityWith(
    undefined,
    rootIssuance({ subject: { commonName: 'root, O=evil\nC=XX', organizations: ['b', 'a'], countries: ['DE'] } }),
  );
  const leaf = await issue(root, (await keyOf()).publicKey, issuance());
  assert.is(leaf.issuerDer, root.certificate.subjectDer);
  assert.is(leaf.authorityKeyIdentifier, root.certificate.subjectKeyIdentifier);
  assert.is(root.certificate.authorityKeyIdentifier, undefined);
  assert.ok(isSignedBy(leaf, root.certificate));
});

test('subjects are built from values: line breaks, equals signs and commas are characters like others', async () => {
  const { publicKey } = await keyOf();
  const subject = {
    commonName: 'a\nb=c, O=d+e',
    organizations: ['z', 'a', 'ü'],
    countries: ['DE'],
    serialNumber: '12 34',
    streetAddresses: ['1, Street'],
  };
  const { subject: read, subjectDer } = await issue(await authorityWith(), publicKey, issuance({ subject }));
  assert.equal(read, subject);
  assert.match(subjectDer, /^30[0-9a-f]{2}310b30090603550406130244/, 'the country comes first, as PrintableString');
  assert.match(subjectDer, /06035504051305/, 'serialNumber is PrintableString');
  assert.match(
    subjectDer,
    /060355040a0c017a.*060355040a0c0161.*060355040a0c02c3bc/,
    'organizations are UTF8String, each an RDN of its own, in the order given',
  );
});

test('what has no form in DER is refused with the value that is in the way', async () => {
  const { publicKey } = await keyOf();
  const root = await authorityWith();
  const refusals = [
    issuance({ subject: { countries: ['Ü'] } }),
    issuance({ names: names({ dnsNames: ['bücher.example'] }) }),
    issuance({ names: names({ ipAddresses: ['10.0.0.256'] }) }),
  ];
  for (const what of refusals) {
    const signing = await localSigner(root).sign({ issuance: what, publicKey, now });
    assert.is(signing.result, 'refused');
    assert.match((signing.result === 'refused' && signing.reason) || '', /cannot hold/);
  }
});

// biome-ignore format: table
const criticalities = [
  { what: 'with a subject, names are not critical',            subject: { commonName: 'x' }, names: names({ dnsNames: ['a.example'] }), critical: false },
  { what: 'without a subject, names are critical',             subject: {},                  names: names({ dnsNames: ['a.example'] }), critical: true },
  { what: 'without names, there is no extension for them',     subject: { commonName: 'x' }, names: noNames,                            critical: undefined },
];
for (const { what, critical, ...asked } of criticalities) {
  test(what, async () => {
    const { der } = await issue(await authorityWith(), (await keyOf()).publicKey, issuance(asked));
    assert.is((await asLibrary(der)).extensions.find(({ type }) => type === '2.5.29.17')?.critical, critical);
  });
}

test('basic constraints, key usage and name constraints are critical; extended key usage and key identifiers are not', async () => {
  const constraints = {
    permitted: names({ dnsNames: ['example.com'] }),
    excluded: names({ ipAddresses: ['10.0.0.0/8', '2001:db8::/33'] }),
  };
  const root = await authorityWith(
    undefined,
    rootIssuance({ authority: { pathLength: 1, nameConstraints: constraints }, usages: ['cert sign', 'server auth'] }),
  );
  const leaf = await issue(root, (await keyOf()).publicKey, issuance());
  const critical = (await Promise.all([root.certificate, leaf].map(({ der }) => asLibrary(der)))).flatMap(({ extensions }) =>
    extensions.filter((extension) => extension.critical).map(({ type }) => type),
  );
  assert.equal(critical, ['2.5.29.19', '2.5.29.15', '2.5.29.30', '2.5.29.19', '2.5.29.15']);
  assert.equal(root.certificate.basicConstraints, { ca: true, pathLength: 1 });
  assert.equal(root.certificate.nameConstraints?.permitted.dnsNames, ['example.com']);
  assert.equal(root.certificate.nameConstraints?.excluded.ipAddresses, ['10.0.0.0/8', '2001:db8::/33']);
});

test('empty name constraints are left out: RFC 5280 forbids the empty sequence', async () => {
  const root = await authorityWith(undefined, rootIssuance({ authority: { nameConstraints: { permitted: noNames, excluded: noNames } } }));
  assert.is(root.certificate.nameConstraints, undefined);
});

test('every usage there is comes back as it was asked for', async () => {
  const leaf = await issue(await authorityWith(), (await keyOf()).publicKey, issuance({ usages: usageNames }));
  assert.equal(leaf.usages, usageNames);
  assert.equal(leaf.otherUsages, []);
});

const signatures: Readonly<Record<string, string>> = {
  'RSA 2048': 'sha256WithRSAEncryption',
  'RSA 3072': 'sha256WithRSAEncryption',
  'RSA 4096': 'sha256WithRSAEncryption',
  'ECDSA 256': 'ecdsa-with-SHA256',
  'ECDSA 384': 'ecdsa-with-SHA384',
  'ECDSA 521': 'ecdsa-with-SHA512',
  Ed25519: 'Ed25519',
};
for (const spec of keySpecs) {
  const name = formatKey(spec);
  test(`an authority with ${name} signs with ${signatures[name]}, and both OpenSSL and the library verify it`, async () => {
    const root = await authorityWith(spec);
    const leaf = await issue(root, (await keyOf()).publicKey, issuance());
    assert.is(leaf.signatureAlgorithm.toLowerCase(), signatures[name]?.toLowerCase());
    assert.ok(isSignedBy(leaf, root.certificate) && isSignedBy(root.certificate, root.certificate));
    const [library, issuer] = [await asLibrary(leaf.der), await asLibrary(root.certificate.der)];
    assert.ok(await library.verify({ publicKey: issuer, signatureOnly: true }));
    assert.is(library.serialNumber, leaf.serial);
    assert.is(library.notAfter.getTime() / 1000, leaf.notAfter);
  });
}

test('serial numbers are 20 octets, positive, and never the same', async () => {
  const root = await authorityWith();
  const { publicKey } = await keyOf();
  const serials = new Set<string>();
  for (let count = 0; count < 50; count += 1) serials.add((await issue(root, publicKey, issuance())).serial);
  assert.is(serials.size, 50);
  for (const serial of serials) assert.match(serial, /^[0-7][0-9a-f]{39}$/);
});

// biome-ignore format: table
const ends = [
  { what: 'the last second of 2049 is UTCTime',         at: '2049-12-31T23:59:59Z', encoded: '170d3439313233313233353935395a' },
  { what: 'the first second of 2050 is GeneralizedTime', at: '2050-01-01T00:00:00Z', encoded: '180f32303530303130313030303030305a' },
  { what: 'the last second there is is GeneralizedTime', at: '9999-12-31T23:59:59Z', encoded: '180f39393939313233313233353935395a' },
];
for (const { what, at, encoded } of ends) {
  test(what, async () => {
    const end = instantOf(Date.parse(at) / 1000);
    const root = await authorityWith(undefined, rootIssuance({ duration: seconds(end - now) }));
    assert.is(root.certificate.notAfter, end);
    assert.match(hexOf(root.certificate.der), encoded);
  });
}

test('nothing is valid beyond the year 9999', async () => {
  const root = await authorityWith(undefined, rootIssuance({ duration: days(9999 * 365) }));
  assert.is(root.certificate.notAfter, endOfTime);
});

test('a certificate begins a little before now, and not before its issuer', async () => {
  const { publicKey } = await keyOf();
  const root = await authorityWith(undefined, rootIssuance({ backdate: seconds(60) }));
  assert.is((await issue(root, publicKey, issuance({ backdate: seconds(300) }))).notBefore, now - 60);
  assert.is((await issue(root, publicKey, issuance({ backdate: seconds(30) }))).notBefore, now - 30);
});

test('a certificate ends with its issuer at the latest', async () => {
  const { publicKey } = await keyOf();
  const root = await authorityWith();
  assert.is((await issue(root, publicKey, issuance({ duration: days(365) }))).notAfter, root.certificate.notAfter);
  assert.is((await issue(root, publicKey, issuance({ duration: days(9) }))).notAfter, later(now, days(9)));
});

test('an authority that is expired, not yet valid, without its key, or no authority signs nothing', async () => {
  const root = await authorityWith();
  const { privateKey, publicKey } = await keyOf();
  const leaf = await issue(root, publicKey, issuance());
  const attempts = [
    localSigner(root).sign({ issuance: issuance(), publicKey, now: root.certificate.notAfter }),
    localSigner(root).sign({ issuance: issuance(), publicKey, now: later(root.certificate.notBefore, seconds(-1)) }),
    localSigner({ certificate: { ...root.certificate, notAfter: instantOf(Number.NaN) }, privateKey: root.privateKey }).sign({
      issuance: issuance(),
      publicKey,
      now,
    }),
    localSigner({ certificate: root.certificate, privateKey }).sign({ issuance: issuance(), publicKey, now }),
    localSigner({ certificate: leaf, privateKey }).sign({ issuance: issuance(), publicKey, now }),
  ];
  assert.equal(
    (await Promise.all(attempts)).map(({ result }) => result),
    new Array(attempts.length).fill('refused'),
  );
});

test('a key identifier that is given stays; an issuer without one is pointed to by the hash a verifier would compute', async () => {
  const kept = await authorityWith(undefined, rootIssuance({ subjectKeyIdentifier: 'ab'.repeat(20) }));
  assert.is(kept.certificate.subjectKeyIdentifier, 'ab'.repeat(20));
  const { publicKey } = await keyOf();
  assert.is((await issue(kept, publicKey, issuance())).authorityKeyIdentifier, 'ab'.repeat(20));
  const bare = { ...kept, certificate: { ...kept.certificate, subjectKeyIdentifier: undefined } };
  assert.match((await issue(bare, publicKey, issuance())).authorityKeyIdentifier ?? '', /^[0-9a-f]{40}$/);
});

test('the name of an authority that is issued again keeps its encoding, so that its children still fit', async () => {
  const subjectDer = '300c310a3008060355040313016b'; // PrintableString, as Go writes it
  const again = await authorityWith(undefined, rootIssuance({ subject: { commonName: 'k' }, subjectDer }));
  assert.is(again.certificate.subjectDer, subjectDer);
  assert.is(again.certificate.issuerDer, subjectDer);
  assert.equal(again.certificate.subject, { commonName: 'k' });
});

/** Names as other tools encode them: T61String, BMPString, IA5String, a multi-valued RDN, an attribute we have no word for. */
// biome-ignore format: table
const foreignNames: Readonly<Record<string, string>> = {
  'TeletexString':        '300c310a300806035504031401e9',
  'BMPString':            '300d310b300906035504031e0200e9',
  'UniversalString':      '300f310d300b06035504031c04000000e9',
  'IA5String':            '30143112301006092a864886f70d0109011603614062',
  'PrintableString':      '300c310a3008060355040313016b',
  'multi-valued RDN':     '30163114300806035504030c01613008060355040a0c0162',
  'RDN out of order':     '30163114 3008060355040a0c0162 300806035504030c0161'.replaceAll(' ', ''),
  'NumericString':        '300c310a300806035504051201 31'.replaceAll(' ', ''),
  'unknown attribute':    '300f310d300b06042a030405 0c03666f6f'.replaceAll(' ', ''),
};
for (const [kind, subjectDer] of Object.entries(foreignNames)) {
  test(`an issuer whose name holds a ${kind} is repeated exactly`, async () => {
    const root = await authorityWith();
    const foreign = { ...root, certificate: { ...root.certificate, subjectDer } };
    const signing = await localSigner(foreign).sign({ issuance: issuance(), publicKey: (await keyOf()).publicKey, now });
    assert.is(signing.result, 'signed');
    assert.ok(signing.result === 'signed' && hexOf(signing.certificate).includes(subjectDer));
  });
}

test('an issuer whose name cannot be repeated exactly signs nothing', async () => {
  const root = await authorityWith();
  for (const subjectDer of ['300d310b300906035504030c02ffff', '300c310a300806035504030c0261', '3000ff']) {
    const foreign = { ...root, certificate: { ...root.certificate, subjectDer } };
    assert.is((await localSigner(foreign).sign({ issuance: issuance(), publicKey: (await keyOf()).publicKey, now })).result, 'refused');
  }
});

test.run();
