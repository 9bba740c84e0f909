import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatKey, keyEncodings } from '../../src/domain/keys.ts';
import { encodePem, readPem } from '../../src/formats/pem.ts';
import { encodePrivateKey, openPrivateKey, privateKeyPem } from '../../src/x509/key-encoding.ts';
import { readPrivateKey } from '../../src/x509/read-private-key.ts';
import { sha256Hex } from '../../src/x509/read-public-key.ts';
import { keyOf, keySpecs } from '../support/issuances.ts';

const test = suite('x509/key-encoding');

for (const spec of keySpecs) {
  for (const encoding of keyEncodings[spec.algorithm]) {
    test(`${formatKey(spec)} in ${encoding}: Node, our reader and the reader of PEM agree on what was written`, async () => {
      const { privateKey, publicKey } = await keyOf(spec);
      const pem = privateKeyPem(encodePrivateKey(privateKey, encoding));
      const spki = publicKey.export({ type: 'spki', format: 'der' });
      assert.ok(createPublicKey(createPrivateKey(pem)).equals(publicKey));
      const [block] = readPem(pem).blocks;
      const reading = block && readPrivateKey(block);
      assert.equal(reading, {
        ok: true,
        facts: { algorithm: spec.algorithm, size: 'size' in spec ? spec.size : 0, spkiSha256: sha256Hex(spki), encoding },
      });
      assert.ok(block && createPublicKey(openPrivateKey(block)).equals(publicKey));
    });
  }
}

test('PEM of any length is what the writer of public PEM makes of it', () => {
  for (let length = 1; length < 200; length += 1) {
    const der = randomBytes(length);
    assert.is(privateKeyPem({ label: 'PRIVATE KEY', der }).toString(), encodePem('PRIVATE KEY', der));
  }
});

test('keys that are made one after the other differ, and RSA keys have the exponent 65537', async () => {
  const [one, other] = [await keyOf(undefined, 'one'), await keyOf(undefined, 'other')];
  assert.not(one.publicKey.equals(other.publicKey));
  assert.is((await keyOf({ algorithm: 'RSA', size: 2048 })).publicKey.asymmetricKeyDetails?.publicExponent, 65_537n);
});

test.run();
