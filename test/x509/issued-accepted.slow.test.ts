/**
 * Every profile with every kind of key, before the judges that are installed here: OpenSSL in its strict mode, and GnuTLS.
 * Both accept Ed25519 throughout. NSS does not know it at all (3.87), which is why no profile of ours chooses it by itself.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { noNames } from '../../src/domain/alternative-names.ts';
import { formatKey, type KeySpec, keyEncodings } from '../../src/domain/keys.ts';
import type { CertificateFacts } from '../../src/domain/observed-state.ts';
import { days, instantOf } from '../../src/domain/time.ts';
import { authorityUsages, type ProfileName, profiles } from '../../src/domain/usages.ts';
import { encodePem } from '../../src/formats/pem.ts';
import { encodePrivateKey, privateKeyPem } from '../../src/x509/key-encoding.ts';
import { authorityWith, issuance, issue, keyOf, keySpecs, names, rootIssuance } from '../support/issuances.ts';
import { needs } from '../support/needs.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('x509/issued-accepted');

const at = instantOf(Date.now() / 1000);

/** What `openssl verify -purpose` asks a leaf of this profile for. */
const purposes = { server: ['sslserver'], client: ['sslclient'], peer: ['sslserver', 'sslclient'] } as const satisfies Record<
  ProfileName,
  readonly string[]
>;

/** A root, an intermediate below it (both with this kind of key), and a leaf of each profile below that, written as PEM. */
async function hierarchy(spec: KeySpec, folder: string): Promise<(name: string) => string> {
  const write = (name: string, { der }: CertificateFacts) => writeFileSync(join(folder, name), encodePem('CERTIFICATE', der));
  const constraints = {
    permitted: names({ dnsNames: ['example'], ipAddresses: ['127.0.0.0/8'] }),
    excluded: names({ dnsNames: ['not.example'] }),
  };
  const root = await authorityWith(spec, rootIssuance({ authority: { pathLength: 1, nameConstraints: constraints } }), at);
  const { privateKey, publicKey } = await keyOf(spec, 'intermediate');
  const below = issuance({
    subject: { commonName: 'intermediate' },
    names: noNames,
    usages: authorityUsages,
    authority: { pathLength: 0 },
    duration: days(50),
  });
  const intermediate = { privateKey, certificate: await issue(root, publicKey, below, at) };
  write('root', root.certificate);
  write('intermediate', intermediate.certificate);
  for (const profile of Object.keys(profiles) as ProfileName[]) {
    const leafNames = names({ dnsNames: [`${profile}.example`], ipAddresses: ['127.0.0.1'] });
    write(profile, await issue(intermediate, (await keyOf(spec)).publicKey, issuance({ usages: profiles[profile], names: leafNames }), at));
    // A name of its own is all a certificate needs where it has no subject.
    write(
      `nameless-${profile}`,
      await issue(intermediate, (await keyOf(spec)).publicKey, issuance({ subject: {}, usages: profiles[profile], names: leafNames }), at),
    );
  }
  return (name) => join(folder, name);
}

const openssl = (...args: readonly string[]): string =>
  execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

for (const spec of keySpecs) {
  const kind = formatKey(spec);

  test(`openssl -x509_strict accepts root, intermediate and a leaf of every profile with ${kind}`, async () => {
    if (!needs('openssl')) return;
    await inTemporaryFolder(async (folder) => {
      const path = await hierarchy(spec, folder);
      const verify = (...args: readonly string[]) =>
        assert.match(openssl('verify', '-x509_strict', '-CAfile', path('root'), ...args), /: OK\n$/);
      verify(path('root'));
      verify(path('intermediate'));
      for (const [profile, asked] of Object.entries(purposes)) {
        for (const purpose of asked) {
          verify('-untrusted', path('intermediate'), '-purpose', purpose, path(profile));
          verify('-untrusted', path('intermediate'), '-purpose', purpose, path(`nameless-${profile}`));
        }
      }
      const wrong = spawnSync('openssl', [
        'verify',
        '-CAfile',
        path('root'),
        '-untrusted',
        path('intermediate'),
        '-purpose',
        'sslserver',
        path('client'),
      ]);
      assert.is.not(wrong.status, 0, 'a client certificate passed for a server: the judge is not looking');
    });
  });

  test(`GnuTLS accepts root, intermediate and a leaf of every profile with ${kind}`, async () => {
    if (!needs('certtool')) return;
    await inTemporaryFolder(async (folder) => {
      const path = await hierarchy(spec, folder);
      for (const profile of Object.keys(purposes)) {
        const chain = [profile, 'intermediate', 'root'].map((name) => openssl('x509', '-in', path(name))).join('');
        const { stdout, stderr } = spawnSync('certtool', ['--verify-chain', '--verify-profile=medium'], { input: chain, encoding: 'utf8' });
        assert.match(stdout, /Chain verification output: Verified\. The certificate is trusted\./, stdout + stderr);
      }
    });
  });
}

test('each private key form is read by openssl', async () => {
  if (!needs('openssl')) return;
  for (const spec of keySpecs) {
    const { privateKey, publicKey } = await keyOf(spec);
    for (const encoding of keyEncodings[spec.algorithm]) {
      const input = privateKeyPem(encodePrivateKey(privateKey, encoding));
      const { stdout } = spawnSync('openssl', ['pkey', '-pubout'], { input, encoding: 'utf8' });
      assert.is(stdout, publicKey.export({ type: 'spki', format: 'pem' }), `${formatKey(spec)} ${encoding}`);
    }
  }
});

test.run();
