import { createECDH, createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ReadProblem } from '../../src/domain/codes.ts';
import { encodeDer } from '../../src/x509/encode-der.ts';
import { readPrivateKey } from '../../src/x509/read-private-key.ts';
import {
  bits,
  boolean,
  ecPair,
  ed25519Pair,
  integer,
  octets,
  oid,
  type Pair,
  rsaPair,
  sequence,
  spkiOf,
} from '../support/raw-certificate.ts';

const test = suite('x509/read-private-key');

type Form = 'pkcs8' | 'pkcs1' | 'sec1';
const labels: Record<Form, string> = { pkcs8: 'PRIVATE KEY', pkcs1: 'RSA PRIVATE KEY', sec1: 'EC PRIVATE KEY' };
const derOf = ({ privateKey }: Pair, form: Form): Buffer => privateKey.export({ type: form as 'pkcs8', format: 'der' });
const read = (label: string, der: Uint8Array, encrypted = false) => readPrivateKey({ label, der, encrypted });
const hashOf = (pair: Pair): string => createHash('sha256').update(spkiOf(pair)).digest('hex');

const good: readonly (readonly [string, Pair, Form, string, number])[] = [
  ['P-256 in PKCS#8', ecPair(), 'pkcs8', 'ECDSA', 256],
  ['P-256 in SEC1', ecPair(), 'sec1', 'ECDSA', 256],
  ['P-384 in PKCS#8', ecPair('secp384r1'), 'pkcs8', 'ECDSA', 384],
  ['P-521 in SEC1', ecPair('secp521r1'), 'sec1', 'ECDSA', 521],
  ['secp256k1, which is no P-256', ecPair('secp256k1'), 'pkcs8', 'secp256k1', 256],
  ['RSA 2048 in PKCS#8', rsaPair(), 'pkcs8', 'RSA', 2048],
  ['RSA 2048 in PKCS#1', rsaPair(), 'pkcs1', 'RSA', 2048],
  ['RSA of an odd size', rsaPair(1031), 'pkcs1', 'RSA', 1031],
  ['Ed25519', ed25519Pair(), 'pkcs8', 'Ed25519', 0],
];
for (const [what, pair, form, algorithm, size] of good) {
  test(`${what} is read, and its public half is OpenSSL's`, () => {
    const encoding = ({ pkcs8: 'PKCS8', pkcs1: 'PKCS1', sec1: 'SEC1' } as const)[form];
    assert.equal(read(labels[form], derOf(pair, form)), { ok: true, facts: { algorithm, size, spkiSha256: hashOf(pair), encoding } });
  });
}

const [mine, other] = [ecPair(), ecPair()];
const scalarOf = ({ privateKey }: Pair): Buffer => Buffer.from(String(privateKey.export({ format: 'jwk' }).d), 'base64url');
const pointOf = (pair: Pair): Buffer => spkiOf(pair).subarray(-65);
const curve = oid('1.2.840.10045.3.1.7');
const ecKey = (scalar: Uint8Array, ...rest: readonly Uint8Array[]): Buffer => sequence(integer(1), octets(scalar), ...rest);
const publicPart = (point: Uint8Array): Buffer => encodeDer(0xa1, bits(0, ...point));
const namedCurve = encodeDer(0xa0, curve);
const pkcs8 = (algorithm: Uint8Array, key: Uint8Array, ...rest: readonly Uint8Array[]): Buffer =>
  sequence(integer(rest.length > 0 ? 1 : 0), algorithm, octets(key), ...rest);
const ecAlgorithm = sequence(oid('1.2.840.10045.2.1'), curve);
const ed25519Seed = derOf(ed25519Pair(), 'pkcs8').subarray(-32);

test('an EC key without its public half has it derived', () => {
  const reading = read('EC PRIVATE KEY', ecKey(scalarOf(mine), namedCurve));
  assert.is(reading.ok && reading.facts.spkiSha256, hashOf(mine));
});

test('an EC key with its public half compressed is the same key', () => {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(scalarOf(mine));
  const reading = read('EC PRIVATE KEY', ecKey(scalarOf(mine), namedCurve, publicPart(ecdh.getPublicKey(null, 'compressed'))));
  assert.is(reading.ok && reading.facts.spkiSha256, hashOf(mine));
});

test('a short scalar is padded, as some tools leave its zeros out', () => {
  const small = Buffer.alloc(32);
  small[31] = 9;
  const whole = read('EC PRIVATE KEY', ecKey(small, namedCurve));
  const short = read('EC PRIVATE KEY', ecKey(Buffer.of(9), namedCurve));
  const long = read('EC PRIVATE KEY', ecKey(Buffer.concat([Buffer.alloc(2), small]), namedCurve));
  assert.ok(whole.ok);
  assert.equal(short, whole);
  assert.equal(long, whole);
});

/** The key that OpenSSL takes for matching the other certificate: the right scalar, somebody else's public key. */
const lying = pkcs8(ecAlgorithm, ecKey(scalarOf(mine), publicPart(pointOf(other))));

const rsa = rsaPair(1024);
const rsaParts = (change: (parts: Buffer[]) => void): Buffer => {
  const jwk = rsa.privateKey.export({ format: 'jwk' }) as Record<string, string>;
  const parts = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'].map((name) => Buffer.from(jwk[name] as string, 'base64url'));
  change(parts);
  return sequence(integer(0), ...parts.map((part) => integer(...((part[0] as number) >= 0x80 ? [0, ...part] : part))));
};
const foreign = rsaPair(1024).privateKey.export({ format: 'jwk' }) as Record<string, string>;

const bad: Readonly<Record<string, readonly [string, Uint8Array, ReadProblem]>> = {
  "somebody else's public key is written into it": ['PRIVATE KEY', lying, 'unparsable'],
  'another modulus is written into an RSA key': [
    'RSA PRIVATE KEY',
    rsaParts((parts) => (parts[0] = Buffer.from(String(foreign['n']), 'base64url'))),
    'unparsable',
  ],
  'the private exponent is another one': [
    'RSA PRIVATE KEY',
    rsaParts((parts) => (parts[2] = Buffer.from(String(foreign['d']), 'base64url'))),
    'unparsable',
  ],
  'a CRT exponent is another one': [
    'RSA PRIVATE KEY',
    rsaParts((parts) => (parts[5] = Buffer.from(String(foreign['dp']), 'base64url'))),
    'unparsable',
  ],
  'a part of the RSA key is missing': ['RSA PRIVATE KEY', rsaParts((parts) => parts.pop()), 'unparsable'],
  'the RSA key has three primes': ['RSA PRIVATE KEY', sequence(integer(1), integer(3)), 'unsupported-algorithm'],
  'the modulus has 20,000 bits': [
    'RSA PRIVATE KEY',
    sequence(integer(0), integer(1, ...Buffer.alloc(2500)), integer(3)),
    'unsupported-algorithm',
  ],
  'the scalar is zero': ['EC PRIVATE KEY', ecKey(Buffer.alloc(32), namedCurve), 'unparsable'],
  'the scalar is beyond the order of the curve': ['EC PRIVATE KEY', ecKey(Buffer.alloc(32, 0xff), namedCurve), 'unparsable'],
  'the scalar has 33 octets': ['EC PRIVATE KEY', ecKey(Buffer.alloc(33, 1), namedCurve), 'unparsable'],
  'there is no curve': ['EC PRIVATE KEY', ecKey(scalarOf(mine)), 'unparsable'],
  'two curves are named': ['PRIVATE KEY', pkcs8(ecAlgorithm, ecKey(scalarOf(mine), encodeDer(0xa0, oid('1.3.132.0.34')))), 'unparsable'],
  'the curve is written out': [
    'PRIVATE KEY',
    pkcs8(sequence(oid('1.2.840.10045.2.1'), sequence(integer(1))), ecKey(scalarOf(mine))),
    'unsupported-algorithm',
  ],
  'the curve is unknown': ['EC PRIVATE KEY', ecKey(scalarOf(mine), encodeDer(0xa0, oid('1.3.132.0.1'))), 'unsupported-algorithm'],
  'the Ed25519 seed is short': ['PRIVATE KEY', pkcs8(sequence(oid('1.3.101.112')), octets(Buffer.alloc(31))), 'unparsable'],
  'the Ed25519 public key in it is another': [
    'PRIVATE KEY',
    pkcs8(sequence(oid('1.3.101.112')), octets(ed25519Seed), encodeDer(0x81, Buffer.of(0), Buffer.alloc(32, 1))),
    'unparsable',
  ],
  'it is Ed448': ['PRIVATE KEY', derOf(generateKeyPairSync('ed448'), 'pkcs8'), 'unsupported-algorithm'],
  'it is for key agreement only': ['PRIVATE KEY', derOf(generateKeyPairSync('x25519'), 'pkcs8'), 'unsupported-algorithm'],
  'it is DSA': ['DSA PRIVATE KEY', sequence(integer(0)), 'unsupported-algorithm'],
  'it is RSASSA-PSS': ['PRIVATE KEY', pkcs8(sequence(oid('1.2.840.113549.1.1.10')), sequence(integer(0))), 'unsupported-algorithm'],
  'it is something else in DER': ['PRIVATE KEY', sequence(boolean(true)), 'unparsable'],
  'something stands behind it': ['PRIVATE KEY', Buffer.concat([derOf(mine, 'pkcs8'), Buffer.of(0)]), 'unparsable'],
};
for (const [what, [label, der, problem]] of Object.entries(bad)) {
  test(`a key is ${problem} when ${what}`, () => {
    const reading = read(label, der);
    assert.is(reading.ok ? 'read' : reading.problem, problem);
  });
}

test('OpenSSL believes the lie that we do not', () => {
  assert.ok(createPrivateKey({ key: lying, format: 'der', type: 'pkcs8' }));
  const reading = read('PRIVATE KEY', lying);
  assert.match(reading.ok ? '' : reading.cause, /not its own/);
});

test('an encrypted key is encrypted, whatever is inside', () => {
  for (const reading of [read('ENCRYPTED PRIVATE KEY', Buffer.of(1)), read('RSA PRIVATE KEY', Buffer.of(1), true)])
    assert.is(reading.ok ? 'read' : reading.problem, 'encrypted');
});

test('no cause holds a part of the key', () => {
  const secret = scalarOf(mine);
  for (const der of [lying, ecKey(secret), ecKey(Buffer.concat([secret, Buffer.of(1)]), namedCurve)]) {
    const reading = read('EC PRIVATE KEY', der);
    assert.not(JSON.stringify(reading).includes(secret.toString('hex').slice(0, 8)));
    assert.not(JSON.stringify(reading).includes(secret.toString('base64').slice(0, 8)));
  }
});

test.run();
