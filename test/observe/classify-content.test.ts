import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ReadProblem } from '../../src/domain/codes.ts';
import type { FileRole } from '../../src/domain/desired-state.ts';
import { encodePem } from '../../src/formats/pem.ts';
import { classifyContent } from '../../src/observe/classify-content.ts';
import { memoryFactsCache } from '../../src/observe/facts-cache.ts';
import {
  bits,
  certificatePem,
  commonName,
  ecPair,
  integer,
  intermediateCertificate,
  leafCertificate,
  octets,
  oid,
  rootCertificate,
  rsaPair,
  sequence,
  spkiOf,
} from '../support/raw-certificate.ts';

const test = suite('observe/classify-content');

const [root, middle, pair, rsa] = [ecPair(), ecPair(), ecPair(), rsaPair(1024)];
const leaf = leafCertificate(pair, middle);
const intermediate = intermediateCertificate(middle, root);
const rootDer = rootCertificate(root);
const leafPem = certificatePem(leaf);
const keyDer = pair.privateKey.export({ type: 'pkcs8', format: 'der' });
const keyPem = encodePem('PRIVATE KEY', keyDer);
const sec1Pem = String(pair.privateKey.export({ type: 'sec1', format: 'pem' }));
const encryption = { cipher: 'aes-256-cbc', passphrase: 'secret' } as const;
const encryptedPkcs8 = String(pair.privateKey.export({ type: 'pkcs8', format: 'pem', ...encryption }));
const encryptedOldForm = String(rsa.privateKey.export({ type: 'pkcs1', format: 'pem', ...encryption }));
const request = sequence(
  sequence(integer(0), commonName('x'), spkiOf(pair), Buffer.of(0xa0, 0)),
  sequence(oid('1.2.840.10045.4.3.2')),
  bits(0, 1),
);
const revocationList = sequence(
  sequence(integer(1), sequence(oid('1.2.840.10045.4.3.2')), commonName('x')),
  sequence(oid('1.2.840.10045.4.3.2')),
  bits(0, 1),
);
const pkcs12 = sequence(integer(3), sequence(oid('1.2.840.113549.1.7.1'), Buffer.of(0xa0, 0)), sequence());
const pkcs7 = sequence(oid('1.2.840.113549.1.7.2'), Buffer.of(0xa0, 0));
const broken = encodePem('CERTIFICATE', leaf.subarray(0, 100));

function classify(content: string | Uint8Array, role: FileRole) {
  const bytes = Buffer.from(content as Uint8Array);
  return classifyContent(bytes, createHash('sha256').update(bytes).digest('hex'), { role, use: 'end-entity' }, memoryFactsCache());
}

interface Row {
  readonly content: string | Uint8Array;
  readonly role: FileRole;
  readonly problem: ReadProblem;
  readonly cause: RegExp;
}

const rows: Readonly<Record<string, Row>> = {
  'an empty certificate': { content: '', role: 'certificate', problem: 'empty', cause: /empty/ },
  'an empty key': { content: '', role: 'privateKey', problem: 'empty', cause: /empty/ },
  'a file that a power loss left as zeros': { content: Buffer.alloc(900), role: 'certificate', problem: 'unparsable', cause: /zero/ },
  text: { content: 'hello', role: 'certificate', problem: 'unparsable', cause: /no PEM/ },
  'a certificate cut short': { content: leafPem.slice(0, 200), role: 'certificate', problem: 'unparsable', cause: /no end/ },
  'PEM around half a certificate': { content: broken, role: 'certificate', problem: 'unparsable', cause: /cut off/ },
  'a chain whose second certificate is broken': {
    content: leafPem + broken,
    role: 'fullChain',
    problem: 'unparsable',
    cause: /certificate 2/,
  },
  'PEM around half a key': {
    content: encodePem('PRIVATE KEY', keyDer.subarray(0, 40)),
    role: 'privateKey',
    problem: 'unparsable',
    cause: /private key/,
  },
  'an encrypted key (PKCS#8)': { content: encryptedPkcs8, role: 'privateKey', problem: 'encrypted', cause: /encrypted/ },
  'an encrypted key in the old form': { content: encryptedOldForm, role: 'privateKey', problem: 'encrypted', cause: /encrypted/ },
  'an encrypted key in DER': {
    content: pair.privateKey.export({ type: 'pkcs8', format: 'der', ...encryption }),
    role: 'privateKey',
    problem: 'encrypted',
    cause: /DER/,
  },
  'a key where a certificate should be': { content: keyPem, role: 'certificate', problem: 'wrong-kind', cause: /private key \(PKCS#8\)/ },
  'an encrypted key where a certificate should be': {
    content: encryptedPkcs8,
    role: 'certificate',
    problem: 'wrong-kind',
    cause: /private key/,
  },
  'a certificate where a key should be': { content: leafPem, role: 'privateKey', problem: 'wrong-kind', cause: /a certificate/ },
  'a key beside the certificate': { content: leafPem + keyPem, role: 'certificate', problem: 'wrong-kind', cause: /beside/ },
  'a certificate beside the key': { content: keyPem + leafPem, role: 'privateKey', problem: 'wrong-kind', cause: /beside/ },
  'two keys': { content: keyPem + keyPem, role: 'privateKey', problem: 'wrong-kind', cause: /2 private keys/ },
  'two keys in a combined file': { content: keyPem + leafPem + keyPem, role: 'combined', problem: 'wrong-kind', cause: /2 private keys/ },
  'a combined file without its key': { content: leafPem, role: 'combined', problem: 'wrong-kind', cause: /without its private key/ },
  'a combined file without its certificate': { content: keyPem, role: 'combined', problem: 'wrong-kind', cause: /without its certificate/ },
  'a certificate request': {
    content: encodePem('CERTIFICATE REQUEST', request),
    role: 'certificate',
    problem: 'wrong-kind',
    cause: /PKCS#10/,
  },
  'a certificate request of an old tool': {
    content: encodePem('NEW CERTIFICATE REQUEST', request),
    role: 'certificate',
    problem: 'wrong-kind',
    cause: /PKCS#10/,
  },
  'a certificate request in DER': { content: request, role: 'certificate', problem: 'wrong-kind', cause: /PKCS#10/ },
  'a revocation list': { content: encodePem('X509 CRL', revocationList), role: 'certificate', problem: 'wrong-kind', cause: /CRL/ },
  'a revocation list in DER': { content: revocationList, role: 'certificate', problem: 'wrong-kind', cause: /CRL/ },
  'a revocation list behind the certificate': {
    content: leafPem + encodePem('X509 CRL', revocationList),
    role: 'certificate',
    problem: 'wrong-kind',
    cause: /CRL/,
  },
  'a PKCS#12 container': { content: pkcs12, role: 'certificate', problem: 'wrong-kind', cause: /PKCS#12/ },
  'a PKCS#7 container': { content: pkcs7, role: 'certificate', problem: 'wrong-kind', cause: /PKCS#7/ },
  'a certificate in DER': { content: leaf, role: 'certificate', problem: 'wrong-kind', cause: /certificate in DER/ },
  'a key in DER (PKCS#8)': { content: keyDer, role: 'privateKey', problem: 'wrong-kind', cause: /PKCS#8.*DER/ },
  'a key in DER (SEC1)': {
    content: pair.privateKey.export({ type: 'sec1', format: 'der' }),
    role: 'privateKey',
    problem: 'wrong-kind',
    cause: /SEC1.*DER/,
  },
  'a key in DER (PKCS#1)': {
    content: rsa.privateKey.export({ type: 'pkcs1', format: 'der' }),
    role: 'privateKey',
    problem: 'wrong-kind',
    cause: /PKCS#1.*DER/,
  },
  'a public key in DER': { content: spkiOf(pair), role: 'certificate', problem: 'wrong-kind', cause: /public key/ },
  'a public key': { content: encodePem('PUBLIC KEY', spkiOf(pair)), role: 'certificate', problem: 'wrong-kind', cause: /public key/ },
  'an OpenSSH key': {
    content: encodePem('OPENSSH PRIVATE KEY', Buffer.from('openssh-key-v1')),
    role: 'privateKey',
    problem: 'wrong-kind',
    cause: /OpenSSH/,
  },
  'an OpenSSH public key': { content: 'ssh-ed25519 AAAA', role: 'certificate', problem: 'wrong-kind', cause: /SSH/ },
  'a trusted certificate': {
    content: encodePem('TRUSTED CERTIFICATE', leaf),
    role: 'certificate',
    problem: 'wrong-kind',
    cause: /TRUSTED CERTIFICATE/,
  },
  'a Java key store': { content: Buffer.from('feedfeed00000002', 'hex'), role: 'certificate', problem: 'wrong-kind', cause: /Java/ },
  'UTF-16': { content: Buffer.from(`\ufeff${leafPem}`, 'utf16le'), role: 'certificate', problem: 'wrong-kind', cause: /UTF-16/ },
  'parameters without a key': {
    content: encodePem('EC PARAMETERS', oid('1.2.840.10045.3.1.7')),
    role: 'privateKey',
    problem: 'wrong-kind',
    cause: /parameters/,
  },
  'a DSA key': {
    content: encodePem('DSA PRIVATE KEY', sequence(integer(0))),
    role: 'privateKey',
    problem: 'unsupported-algorithm',
    cause: /DSA/,
  },
  'a key of an unknown algorithm': {
    content: encodePem('PRIVATE KEY', sequence(integer(0), sequence(oid('2.16.840.1.101.3.4.3.18')), octets(Buffer.alloc(32)))),
    role: 'privateKey',
    problem: 'unsupported-algorithm',
    cause: /ML-DSA-65/,
  },
};

for (const [what, { content, role, problem, cause }] of Object.entries(rows)) {
  test(`${what} is ${problem} as ${role}`, () => {
    const classification = classify(content, role);
    assert.is(classification.ok ? 'read' : classification.problem, problem);
    assert.match(classification.ok ? '' : classification.cause, cause);
  });
}

test('each role is read when it holds what it should', () => {
  const full = certificatePem(leaf, intermediate);
  const expected: Record<FileRole, readonly [string, number, number]> = {
    certificate: [leafPem, 1, 0],
    privateKey: [keyPem, 0, 1],
    chain: [certificatePem(intermediate), 1, 0],
    fullChain: [full, 2, 0],
    combined: [keyPem + certificatePem(leaf, intermediate), 2, 1],
  };
  for (const [role, [content, certificates, keys]] of Object.entries(expected)) {
    const classification = classify(content, role as FileRole);
    assert.equal(
      classification.ok && [classification.content.certificates.length, classification.content.keys.length],
      [certificates, keys],
      role,
    );
  }
});

test('several certificates, in any order, twice, between text, with CRLF, with garbage behind: facts, in the order of the file', () => {
  const text = `subject=root\r\n${[rootDer, leaf, leaf, intermediate]
    .map((der) => certificatePem(der))
    .join('some text\n')
    .replaceAll('\n', '\r\n')}garbage`;
  const classification = classify(text, 'certificate');
  assert.equal(classification.ok && classification.content.certificates.map(({ subject }) => subject.commonName), [
    'root',
    'leaf',
    'leaf',
    'intermediate',
  ]);
});

test('parameters beside a key are passed over, as OpenSSL writes them', () => {
  const classification = classify(encodePem('EC PARAMETERS', oid('1.2.840.10045.3.1.7')) + sec1Pem, 'privateKey');
  assert.equal(classification.ok && classification.content.keys.map(({ encoding, algorithm, size }) => [encoding, algorithm, size]), [
    ['SEC1', 'ECDSA', 256],
  ]);
});

test('what stands in front is judged for its place, what follows as authorities', () => {
  const classification = classify(certificatePem(leaf, intermediate), 'fullChain');
  assert.equal(classification.ok && classification.content.certificates.flatMap(({ problems }) => problems), []);
});

test('a certificate that was read is not read again, and a known key is not derived again', () => {
  const counts = { certificates: 0, keys: 0 };
  const cache = memoryFactsCache();
  const counting: typeof cache = {
    ...cache,
    certificate: (key, der, read) =>
      cache.certificate(key, der, () => {
        counts.certificates += 1;
        return read();
      }),
    privateKey: (key, read) =>
      cache.privateKey(key, () => {
        counts.keys += 1;
        return read();
      }),
  };
  for (let round = 0; round < 3; round += 1) {
    const bytes = Buffer.from(keyPem + leafPem);
    const classification = classifyContent(bytes, 'hash of the same bytes', { role: 'combined', use: 'end-entity' }, counting);
    assert.ok(classification.ok);
  }
  assert.equal(counts, { certificates: 1, keys: 1 });
});

test.run();
