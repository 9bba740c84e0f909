import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CertificateFacts } from '../../src/domain/observed-state.ts';
import { encodePem } from '../../src/formats/pem.ts';
import { classifyContent } from '../../src/observe/classify-content.ts';
import type { FactsCache } from '../../src/observe/facts-cache.ts';
import { type KeptFacts, keptFacts } from '../../src/observe/kept-facts.ts';
import { decodeFactsFile, encodeFactsFile, newNaming, rowName } from '../../src/records/facts-file.ts';
import { isSignedBy } from '../../src/x509/verify-signature.ts';
import { certificatePem, ecPair, leafCertificate, oid, rootCertificate, rsaPair, sequence } from '../support/raw-certificate.ts';

const test = suite('observe/kept-facts');

const [root, pair] = [ecPair(), ecPair()];
const [rootDer, leafDer] = [rootCertificate(root), leafCertificate(pair, root)];
const pkcs8 = pair.privateKey.export({ type: 'pkcs8', format: 'der' });
const keyPem = encodePem('PRIVATE KEY', pkcs8);
const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Looks at a chain and a key, and says who signed whom. */
function look(cache: FactsCache, { certificates = [leafDer, rootDer], key = keyPem } = {}) {
  const chain = certificatePem(...certificates);
  const content = classifyContent(Buffer.from(chain), sha256(chain), { role: 'fullChain', use: 'end-entity' }, cache);
  const keys = classifyContent(Buffer.from(key), sha256(key), { role: 'privateKey', use: 'end-entity' }, cache);
  const [child, issuer] = content.ok ? (content.content.certificates as readonly [CertificateFacts, CertificateFacts]) : [];
  const isSigned = child && issuer && cache.signature(child, issuer, () => isSignedBy(child, issuer));
  return { content, keys, isSigned };
}

const bytesOf = (cache: KeptFacts): Uint8Array => {
  const news = cache.news();
  if (!news) throw new Error('nothing is new');
  return news.bytes;
};
const reopened = (bytes: Uint8Array, madeBy = 'us'): KeptFacts => keptFacts(decodeFactsFile(bytes, madeBy), madeBy);

/** The same facts, for whoever may not work anything out. */
const withoutWork = (cache: FactsCache): FactsCache => {
  const refuse = (): never => {
    throw new Error('worked out again');
  };
  return {
    certificate: (key, der) => cache.certificate(key, der, refuse),
    privateKey: (key) => cache.privateKey(key, refuse),
    signature: (child, issuer) => cache.signature(child, issuer, refuse),
  };
};

test('what was worked out once is not worked out by the next run, and is the same', () => {
  const first = keptFacts(undefined, 'us');
  const seen = look(first);
  assert.is(seen.isSigned, true);
  assert.equal(look(withoutWork(reopened(bytesOf(first)))), seen);
});

test('nothing is news to whoever has read it, so that nothing is written', () => {
  const first = keptFacts(undefined, 'us');
  assert.is(first.news(), undefined);
  look(first);
  const second = reopened(bytesOf(first));
  look(second);
  assert.is(second.news(), undefined);
});

test('what nobody asked for any more is dropped with the next news; the key of the names stays', () => {
  const first = keptFacts(undefined, 'us');
  look(first);
  const second = reopened(bytesOf(first));
  const other = leafCertificate(ecPair(), root, { serial: Buffer.alloc(16, 0x33) });
  look(second, { certificates: [other, rootDer] });
  const bytes = bytesOf(second);
  const third = reopened(bytes);
  look(withoutWork(third), { certificates: [other, rootDer] });
  assert.throws(() => look(withoutWork(third)), /worked out again/);
  assert.equal(decodeFactsFile(bytes, 'us')?.naming, decodeFactsFile(bytesOf(first), 'us')?.naming);
});

test('facts of another program are none, and are written anew', () => {
  const first = keptFacts(undefined, 'us');
  look(first);
  const other = reopened(bytesOf(first), 'another version');
  assert.throws(() => look(withoutWork(other)), /worked out again/);
  look(other);
  assert.ok(other.news());
});

test('what is not in order is never kept: it is looked at anew each time', () => {
  const [stranger, encrypted] = [rootCertificate(ecPair()), encodePem('ENCRYPTED PRIVATE KEY', pkcs8)];
  const broken = Buffer.concat([leafDer.subarray(0, -40), Buffer.alloc(40)]);
  const cases = [{ certificates: [leafDer, stranger] }, { key: encrypted }, { certificates: [broken.subarray(0, 60)] }];
  for (const [index, content] of cases.entries()) {
    const first = keptFacts(undefined, 'us');
    look(first, content);
    const second = reopened(bytesOf(first));
    assert.throws(() => look(withoutWork(second), content), /worked out again/, `${index}`);
    assert.equal(look(second, content), look(keptFacts(undefined, 'us'), content));
  }
});

test('whether a weak signature, or one of a weak key, is accepted is asked of OpenSSL each time', () => {
  const weakRoot = rsaPair(1024);
  const sha1 = sequence(oid('1.2.840.10045.4.1'));
  const weak = {
    'a weak key': [leafCertificate(pair, weakRoot), rootCertificate(weakRoot)],
    'a weak hash': [leafCertificate(pair, root, { inner: sha1, outer: sha1, hash: 'sha1' }), rootDer],
  };
  for (const [what, certificates] of Object.entries(weak)) {
    const first = keptFacts(undefined, 'us');
    assert.is(look(first, { certificates }).isSigned, true, what);
    assert.throws(() => look(withoutWork(reopened(bytesOf(first))), { certificates }), /worked out again/, what);
  }
});

test('nothing secret is kept, and no hash over a secret: neither the key, nor any run of its octets, nor the hash of its file', () => {
  const cache = keptFacts(undefined, 'us');
  look(cache);
  const text = Buffer.from(bytesOf(cache)).toString('latin1');
  const secret = Buffer.from(pair.privateKey.export({ format: 'jwk' }).d as string, 'base64url');
  for (const hidden of [secret, Buffer.from(sha256(keyPem), 'hex'), Buffer.from(sha256(pkcs8), 'hex')])
    for (const encoding of ['hex', 'base64', 'base64url', 'latin1'] as const)
      for (let at = 0; at + 8 <= hidden.length; at += 4) assert.not(text.includes(hidden.subarray(at, at + 8).toString(encoding)));
});

test('rows that say nothing, in a file that is whole, are as good as none', () => {
  const naming = newNaming();
  const first = keptFacts(undefined, 'us');
  const seen = look(first);
  const ids = [`${sha256(leafDer)} end-entity`, `${sha256(leafDer)} authority`, `${sha256(rootDer)} authority`, sha256(keyPem)];
  for (const line of ['', '[', 'null', '7', '[7]', '{}', '[99,"","","",0,0,{},"",null]', '"1"']) {
    const rows = [...ids, `${sha256(leafDer)} ${sha256(rootDer)}`].map((id) => [rowName(naming, id), line] as const);
    const bytes = encodeFactsFile(naming, 'us', { shared: '[]', rows });
    assert.equal(look(reopened(bytes as Uint8Array)), seen, line);
  }
});

test.run();
