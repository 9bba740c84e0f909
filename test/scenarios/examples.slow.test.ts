/** The examples that people copy: each is valid, is applied to an empty root, and then there is nothing left to do. */
import { createHash, createPrivateKey } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { days, instantOf } from '../../src/domain/time.ts';
import { readPem } from '../../src/formats/pem.ts';
import { encodePrivateKey, privateKeyPem } from '../../src/x509/key-encoding.ts';
import { readCertificate } from '../../src/x509/read-certificate.ts';
import { authorityWith, issue, keyOf, rootIssuance } from '../support/issuances.ts';
import { runCertstate } from '../support/run-certstate.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('scenarios/examples');

const folderOfExamples = resolve(import.meta.dirname, '../../desired-state/examples');
const now = instantOf(Date.now() / 1000);

const pem = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
const fingerprintOf = (der: Buffer): string => `"sha256:${createHash('sha256').update(der).digest('hex')}"`;

interface Preparation {
  /** What a machine has that the example is for. */
  readonly flags?: readonly string[];
  /** Puts what is brought along in its place, and tells the pins that belong to it, in the order of the file. */
  readonly bring?: (root: string) => Promise<readonly string[]>;
}

/** A root that somebody else made, with key and pin. */
async function bringRoot(root: string, name: string, commonName: string, withKey: boolean): Promise<string> {
  const spec = { algorithm: 'ECDSA', size: 384 } as const;
  const { certificate, privateKey } = await authorityWith(spec, rootIssuance({ subject: { commonName }, duration: days(3650) }), now);
  mkdirSync(join(root, 'opt/import'), { recursive: true });
  writeFileSync(join(root, `opt/import/${name}.crt`), pem(certificate.der));
  if (withKey) writeFileSync(join(root, `opt/import/${name}.key`), privateKeyPem(encodePrivateKey(privateKey, 'PKCS8')), { mode: 0o600 });
  const { publicKey } = await keyOf(spec, 'authority');
  return fingerprintOf(publicKey.export({ type: 'spki', format: 'der' }));
}

const preparations: Readonly<Record<string, Preparation>> = {
  'kubeadm.yaml': { flags: ['--host', 'control-plane-1'] },
  'bring-your-own-ca.yaml': {
    async bring(root) {
      await bringRoot(root, 'site-ca', 'Site CA', true);
      return [await bringRoot(root, 'company-root', 'Company Root', false)];
    },
  },
  'every-field.yaml': { flags: ['--host', 'web-1'] },
};

const examples = readdirSync(folderOfExamples).filter((name) => name.endsWith('.yaml'));

const apply = (scope: readonly string[]) => {
  const addresses = runCertstate('__complete', 'addresses', ...scope).stdout.split('\n');
  const consents = addresses.filter((address) => address.startsWith('ca/')).flatMap((address) => ['--confirm', address]);
  return runCertstate('apply', '--yes', ...consents, ...scope);
};

for (const name of examples) {
  test(`${name} is valid, is applied, and then there is nothing left to do`, () =>
    inTemporaryFolder(async (folder) => {
      const root = join(folder, 'root');
      const file = join(folder, name);
      const { flags = [], bring } = preparations[name] ?? {};
      const text = readFileSync(join(folderOfExamples, name), 'utf8');
      mkdirSync(root);
      const scope = ['-f', file, '--root', root, ...flags];
      const pins = (await bring?.(root)) ?? [];
      const pinned = pins.reduce((all, pin) => all.replace(/"sha256:[0-9a-f]{64}"/, pin), text);
      writeFileSync(file, pinned);
      chmodSync(file, 0o644);

      const valid = runCertstate('validate', join(folderOfExamples, name), ...flags);
      assert.is(valid.exit, 0, valid.stderr);
      assert.is(valid.stderr, '', 'an example without warnings');

      // Its intermediate was made elsewhere, under the root that the same file makes.
      if (name === 'every-field.yaml') return await bringIntermediate(root, file, scope);
      const applied = apply(scope);
      assert.is(applied.exit, 0, applied.stdout + applied.stderr);
      const plan = runCertstate('plan', '--exit-code', ...scope);
      assert.is(plan.exit, 0, plan.stdout);
    }));
}

/** Everything that can be is applied; then the intermediate comes from elsewhere, and with it the rest. */
async function bringIntermediate(root: string, file: string, scope: readonly string[]): Promise<void> {
  const first = apply(scope);
  assert.is(first.exit, 22, first.stdout + first.stderr);
  const { certificate, key, spki } = await intermediateUnder(root);
  mkdirSync(join(root, 'opt/import'), { recursive: true });
  writeFileSync(join(root, 'opt/import/issuing.crt'), certificate);
  writeFileSync(join(root, 'opt/import/issuing.key'), key, { mode: 0o600 });
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"sha256:[0-9a-f]{64}"/, fingerprintOf(spki)));
  const second = apply(scope);
  assert.is(second.exit, 0, second.stdout + second.stderr);
  const plan = runCertstate('plan', '--exit-code', ...scope);
  assert.is(plan.exit, 0, plan.stdout);
}

async function intermediateUnder(root: string): Promise<{ readonly certificate: string; readonly key: Buffer; readonly spki: Buffer }> {
  const [block] = readPem(readFileSync(join(root, 'etc/pki/every/root.crt'))).blocks;
  const reading = readCertificate(block?.der ?? new Uint8Array());
  if (!reading.ok) throw new Error(reading.cause);
  const authority = { certificate: reading.facts, privateKey: createPrivateKey(readFileSync(join(root, 'etc/pki/every/root.key'))) };
  const { privateKey, publicKey } = await keyOf({ algorithm: 'ECDSA', size: 384 }, 'intermediate');
  const what = rootIssuance({
    subject: { commonName: 'Every Field Issuing' },
    authority: { pathLength: 0 },
    issuer: { address: 'ca/root', certificate: '', privateKey: '' },
    duration: days(1800),
  });
  const facts = await issue(authority, publicKey, what, now);
  return {
    certificate: pem(facts.der),
    key: privateKeyPem(encodePrivateKey(privateKey, 'PKCS8')),
    spki: publicKey.export({ type: 'spki', format: 'der' }),
  };
}

test.run();
