import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FileRole } from '../../src/domain/desired-state.ts';
import { formatSubject } from '../../src/domain/subject.ts';
import { readPem } from '../../src/formats/pem.ts';
import { classifyContent } from '../../src/observe/classify-content.ts';
import { memoryFactsCache } from '../../src/observe/facts-cache.ts';
import { readCertificate } from '../../src/x509/read-certificate.ts';
import { isSignedBy } from '../../src/x509/verify-signature.ts';
import { needs } from '../support/needs.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('x509/openssl.slow');

const openssl = (folder: string, ...parts: readonly string[]): string =>
  execFileSync('openssl', parts, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

function classify(folder: string, name: string, role: FileRole) {
  const bytes = readFileSync(join(folder, name));
  return classifyContent(bytes, createHash('sha256').update(bytes).digest('hex'), { role, use: 'authority' }, memoryFactsCache());
}

const keyArguments: Readonly<Record<string, readonly string[]>> = {
  'RSA 2048': ['-newkey', 'rsa:2048'],
  'RSA-PSS 2048': ['-newkey', 'rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048'],
  'ECDSA 256': ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  'ECDSA 521': ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-521'],
  Ed25519: ['-newkey', 'ed25519'],
  secp256k1: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1'],
};

const extensions = [
  'subjectAltName=DNS:b.example,DNS:a.example,IP:192.0.2.7,IP:2001:db8:0:0:1::1,URI:https://example/x,email:me@example.org',
  'keyUsage=critical,digitalSignature,keyCertSign,cRLSign',
  'extendedKeyUsage=serverAuth,clientAuth',
  'nameConstraints=critical,permitted;DNS:example,permitted;IP:192.0.2.0/255.255.255.0,excluded;email:.bad.example',
];

if (needs('openssl')) {
  for (const [name, key] of Object.entries(keyArguments)) {
    test(`openssl prints of a ${name} certificate what we read`, () =>
      inTemporaryFolder((folder) => {
        openssl(
          folder,
          'req',
          '-x509',
          ...key,
          '-nodes',
          '-keyout',
          'ca.key',
          '-out',
          'ca.crt',
          '-days',
          '100',
          '-subj',
          '/C=DE/O=Example/OU=One/OU=Two/CN=a, b',
          ...extensions.flatMap((extension) => ['-addext', extension]),
        );
        const reading = readCertificate(readPem(readFileSync(join(folder, 'ca.crt'))).blocks[0]?.der ?? Buffer.alloc(0));
        if (!reading.ok) throw new Error(reading.cause);
        const { facts } = reading;
        const printed = openssl(
          folder,
          'x509',
          '-in',
          'ca.crt',
          '-noout',
          '-text',
          '-subject',
          '-serial',
          '-dates',
          '-fingerprint',
          '-sha256',
          '-nameopt',
          'rfc2253,-esc_msb',
          '-dateopt',
          'iso_8601',
        );
        const field = (expression: RegExp): string => expression.exec(printed)?.[1]?.trim() ?? `nothing like ${expression}`;
        const identifier = (expression: RegExp): string => field(expression).replaceAll(':', '').toLowerCase();
        assert.is(facts.serial, identifier(/^serial=(.*)$/m));
        assert.is(facts.notBefore, Date.parse(field(/^notBefore=(.*)$/m)) / 1000);
        assert.is(facts.notAfter, Date.parse(field(/^notAfter=(.*)$/m)) / 1000);
        assert.is(facts.sha256, identifier(/^sha256 Fingerprint=(.*)$/im));
        assert.is(facts.subjectKeyIdentifier, identifier(/Subject Key Identifier:\s*\n\s*(.*)/));
        assert.is(
          formatSubject(facts.subject).replaceAll(', ', ','),
          field(/^subject=(.*)$/m)
            .replace('\\, ', '\\,')
            .replace('OU=Two,OU=One', 'OU=One,OU=Two'),
        );
        const labelled = [
          ...facts.names.dnsNames.map((value) => `DNS:${value}`),
          ...facts.names.ipAddresses.map((value) => `IP Address:${value}`),
          ...facts.names.uris.map((value) => `URI:${value}`),
          ...facts.names.emailAddresses.map((value) => `email:${value}`),
        ];
        const theirs = field(/Subject Alternative Name:\s*\n\s*(.*)/)
          .split(', ')
          .map((value) => value.replace('2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'))
          .sort();
        assert.equal(labelled.sort(), theirs);
        assert.equal(facts.usages, ['digital signature', 'cert sign', 'crl sign', 'server auth', 'client auth']);
        assert.equal(
          [
            facts.nameConstraints?.permitted.dnsNames,
            facts.nameConstraints?.permitted.ipAddresses,
            facts.nameConstraints?.excluded.emailAddresses,
          ],
          [['example'], ['192.0.2.0/24'], ['.bad.example']],
        );
        assert.ok(isSignedBy(facts, facts));
        const spki = openssl(folder, 'x509', '-in', 'ca.crt', '-noout', '-pubkey');
        assert.is(
          facts.publicKey.spkiSha256,
          createHash('sha256')
            .update(readPem(Buffer.from(spki)).blocks[0]?.der ?? '')
            .digest('hex'),
        );
        if (name !== 'RSA-PSS 2048') {
          const pair = classify(folder, 'ca.key', 'privateKey');
          assert.is(pair.ok && pair.content.keys[0]?.spkiSha256, facts.publicKey.spkiSha256);
        }
      }));
  }

  test('what openssl writes besides certificates is named for what it is', () =>
    inTemporaryFolder((folder) => {
      openssl(
        folder,
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-keyout',
        'ca.key',
        '-out',
        'ca.crt',
        '-subj',
        '/CN=ca',
      );
      openssl(folder, 'req', '-new', '-key', 'ca.key', '-subj', '/CN=x', '-out', 'csr');
      openssl(folder, 'req', '-new', '-key', 'ca.key', '-subj', '/CN=x', '-outform', 'DER', '-out', 'csr.der');
      openssl(folder, 'pkcs12', '-export', '-inkey', 'ca.key', '-in', 'ca.crt', '-passout', 'pass:x', '-out', 'p12');
      openssl(folder, 'crl2pkcs7', '-nocrl', '-certfile', 'ca.crt', '-outform', 'DER', '-out', 'p7');
      openssl(folder, 'x509', '-in', 'ca.crt', '-outform', 'DER', '-out', 'crt.der');
      openssl(folder, 'x509', '-in', 'ca.crt', '-trustout', '-addtrust', 'serverAuth', '-out', 'trusted');
      openssl(folder, 'pkcs8', '-topk8', '-in', 'ca.key', '-passout', 'pass:x', '-out', 'encrypted');
      openssl(folder, 'ec', '-in', 'ca.key', '-aes256', '-passout', 'pass:x', '-out', 'encrypted-old');
      openssl(folder, 'pkcs8', '-topk8', '-in', 'ca.key', '-passout', 'pass:x', '-outform', 'DER', '-out', 'encrypted.der');
      openssl(folder, 'ecparam', '-name', 'prime256v1', '-genkey', '-out', 'with-parameters');
      openssl(folder, 'ecparam', '-name', 'prime256v1', '-genkey', '-param_enc', 'explicit', '-noout', '-out', 'explicit');
      openssl(folder, 'ec', '-in', 'ca.key', '-no_public', '-out', 'no-public');
      openssl(folder, 'ec', '-in', 'ca.key', '-conv_form', 'compressed', '-out', 'compressed');
      writeFileSync(join(folder, 'db'), '');
      writeFileSync(join(folder, 'cnf'), '[ca]\ndefault_ca=d\n[d]\ndatabase=db\ndefault_md=sha256\ndefault_crl_days=1\n');
      openssl(folder, 'ca', '-gencrl', '-config', 'cnf', '-cert', 'ca.crt', '-keyfile', 'ca.key', '-out', 'crl');
      writeFileSync(join(folder, 'crl.der'), readPem(readFileSync(join(folder, 'crl'))).blocks[0]?.der ?? '');

      const expected: Readonly<Record<string, readonly [FileRole, string, RegExp]>> = {
        csr: ['certificate', 'wrong-kind', /PKCS#10/],
        'csr.der': ['certificate', 'wrong-kind', /PKCS#10/],
        p12: ['certificate', 'wrong-kind', /PKCS#12/],
        p7: ['certificate', 'wrong-kind', /PKCS#7/],
        'crt.der': ['certificate', 'wrong-kind', /certificate in DER/],
        trusted: ['certificate', 'wrong-kind', /TRUSTED/],
        crl: ['certificate', 'wrong-kind', /CRL/],
        'crl.der': ['certificate', 'wrong-kind', /CRL/],
        encrypted: ['privateKey', 'encrypted', /encrypted/],
        'encrypted-old': ['privateKey', 'encrypted', /encrypted/],
        'encrypted.der': ['privateKey', 'encrypted', /DER/],
        explicit: ['privateKey', 'unsupported-algorithm', /explicit/],
      };
      for (const [name, [role, problem, cause]] of Object.entries(expected)) {
        const classification = classify(folder, name, role);
        assert.is(classification.ok ? 'read' : classification.problem, problem, name);
        assert.match(classification.ok ? '' : classification.cause, cause, name);
      }
      const hashes = ['ca.key', 'no-public', 'compressed'].map((name) => {
        const classification = classify(folder, name, 'privateKey');
        return classification.ok ? classification.content.keys[0]?.spkiSha256 : classification.cause;
      });
      assert.is(new Set(hashes).size, 1, hashes.join(' '));
      assert.ok(classify(folder, 'with-parameters', 'privateKey').ok);
    }));
}

test.run();
