/** P21: what we would be rejected for, we flag. Each certificate that some validator rejects, and each that all take and no operator wants, made on disk and judged by the shipped program. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeDer } from '../../src/x509/encode-der.ts';
import {
  alternativeNames,
  authorityKeyIdentifier,
  basicConstraints,
  boolean,
  certificatePem,
  clientAuth,
  commonName,
  dns,
  type Extension,
  ecPair,
  ed25519Pair,
  extendedKeyUsage,
  generalizedTime,
  integer,
  intermediateCertificate,
  keyIdOf,
  keyUsage,
  leafCertificate,
  type Pair,
  type Parts,
  rootCertificate,
  rsaPair,
  sequence,
  utcTime,
} from '../support/raw-certificate.ts';
import { runCertstate } from '../support/run-certstate.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('promises/p21-refused-flagged');

interface Case {
  /** The deviation, as the table of measured validators calls it. */
  readonly what: string;
  /** What it must be flagged as. */
  readonly code: string;
  readonly leaf?: Parts;
  readonly root?: Parts;
  /** Where there is one between them. */
  readonly intermediate?: Parts;
  readonly pair?: Pair;
  /** Which of them has the finding. */
  readonly on?: 'leaf' | 'root' | 'intermediate';
  /** Signed by another key than that of the authority that stands there. */
  readonly impostor?: true;
}

const other = ecPair();
const extensions = (named: NonNullable<Parts['extensions']>): Parts => ({ extensions: named });
const names = (...list: readonly Uint8Array[]): Parts => extensions({ names: alternativeNames(false, ...list) });
const constrainedTo = (name: string): Extension => ({
  oid: '2.5.29.30',
  critical: true,
  value: sequence(encodeDer(0xa0, sequence(dns(name)))),
});
const certificateSign = 0b0000_0100;

// biome-ignore format: table
const rejectedBySome: readonly Case[] = [
  { what: 'no SAN', code: 'alternative-names-absent', leaf: extensions({ names: null }) },
  { what: 'leaf without AKI', code: 'authority-key-identifier', leaf: extensions({ akid: null }) },
  { what: 'CA without SKI', code: 'subject-key-identifier', on: 'root', root: extensions({ skid: null }) },
  { what: 'CA basicConstraints not critical', code: 'basic-constraints-not-critical', on: 'root', root: extensions({ basic: basicConstraints(false, boolean(true)) }) },
  { what: 'CA without basicConstraints', code: 'basic-constraints-absent', on: 'root', root: extensions({ basic: null }) },
  { what: 'CA keyUsage without keyCertSign', code: 'key-usage-of-authority', on: 'root', root: extensions({ usage: keyUsage(7, 0b1000_0000) }) },
  { what: 'CA without keyUsage', code: 'key-usage-absent', on: 'root', root: extensions({ usage: null }) },
  { what: 'empty subject, SAN not critical', code: 'alternative-names-not-critical', leaf: { subject: sequence() } },
  { what: 'leaf with keyCertSign', code: 'key-usage-of-leaf', leaf: extensions({ usage: keyUsage(2, 0b1000_0000 | certificateSign) }) },
  { what: 'leaf with cA=true', code: 'leaf-is-authority', leaf: extensions({ basic: basicConstraints(true, boolean(true)) }) },
  { what: 'AKI does not match issuer', code: 'authority-key-identifier', leaf: extensions({ akid: authorityKeyIdentifier(keyIdOf(other)) }) },
  { what: 'partial wildcard', code: 'name-malformed', leaf: names(dns('h*.leaf.example')) },
  { what: 'trailing dot in SAN', code: 'name-malformed', leaf: names(dns('leaf.example.')) },
  { what: 'clientAuth only, used as server', code: 'usages', leaf: extensions({ extended: extendedKeyUsage(clientAuth) }) },
  { what: 'root with EKU clientAuth only', code: 'extended-key-usage-of-authority', on: 'root', root: extensions({ extended: extendedKeyUsage(clientAuth) }) },
  { what: 'pathLen 0 root + intermediate', code: 'path-length-violated', on: 'intermediate', root: extensions({ basic: basicConstraints(true, boolean(true), integer(0)) }), intermediate: {} },
  { what: 'RSA-1024 leaf', code: 'key-weak', pair: rsaPair(1024) },
  { what: 'Ed25519 leaf', code: 'key-algorithm-limited', pair: ed25519Pair() },
  { what: 'name-constraint violation', code: 'name-constraints-violated', root: extensions({ constraints: constrainedTo('other.example') }) },
  { what: 'unknown critical extension', code: 'unknown-critical-extension', leaf: extensions({ more: { oid: '1.2.3.4', critical: true, value: Buffer.of(5, 0) } }) },
  { what: 'expired', code: 'expired', leaf: { notAfter: utcTime('260201000000Z') } },
  { what: 'future', code: 'not-yet-valid', leaf: { notBefore: utcTime('261201000000Z') } },
  { what: 'wrong CA, same DN', code: 'issuer', impostor: true },
];

// biome-ignore format: table
const takenByAll: readonly Case[] = [
  { what: 'leaf outliving its CA', code: 'outlives-issuer', leaf: { notAfter: utcTime('370101000000Z') } },
  { what: 'subject DN equal to issuer DN', code: 'self-named', leaf: { subject: commonName('root') } },
  { what: 'IP text as dNSName', code: 'name-malformed', leaf: names(dns('127.0.0.1')) },
  { what: 'underscore', code: 'name-malformed', leaf: names(dns('leaf_1.example')) },
  { what: '*.com', code: 'name-malformed', leaf: names(dns('*.com')) },
  { what: 'serial 1', code: 'serial-weak', leaf: { serial: Buffer.of(1) } },
  { what: 'keyUsage not critical on the CA', code: 'key-usage-not-critical', on: 'root', root: extensions({ usage: keyUsage(1, 0b0000_0110, false) }) },
  { what: 'no EKU', code: 'extended-key-usage-absent', leaf: extensions({ extended: null }) },
  { what: 'no KU', code: 'key-usage-absent', leaf: extensions({ usage: null }) },
  { what: '2100 notAfter', code: 'validity-long', leaf: { notAfter: generalizedTime('21000101000000Z') } },
];

const inOrder: Case = { what: 'in order', code: 'none' };
const cases = [inOrder, ...rejectedBySome, ...takenByAll];

const owner = (on: Case['on'], index: number): string =>
  ({ leaf: `cert/leaf-${index}`, root: `ca/root-${index}`, intermediate: `ca/middle-${index}` })[on ?? 'leaf'];

/** One chain on disk, each file where the YAML says. */
function install(folder: string, { leaf = {}, root = {}, intermediate, pair = ecPair(), impostor }: Case, index: number): void {
  const rootPair = ecPair();
  const dn = commonName(`root-${index}`);
  const under = { issuer: dn };
  const serial = (kind: number) =>
    Buffer.concat([Buffer.of(0x4a, kind, index), Buffer.from('7261207365656420627920', 'hex'), Buffer.alloc(3, index)]);
  const write = (name: string, text: string | Buffer, mode = 0o644) => writeFileSync(join(folder, `${name}-${index}`), text, { mode });
  write('root.crt', certificatePem(rootCertificate(rootPair, { serial: serial(1), subject: dn, issuer: dn, ...root })));
  const isSelfNamed = leaf.subject !== undefined && commonName('root').equals(leaf.subject);
  const signer = impostor ? other : intermediate ? ecPair() : rootPair;
  if (intermediate)
    write(
      'middle.crt',
      certificatePem(
        intermediateCertificate(signer, rootPair, { serial: serial(2), ...under, ...intermediate, subject: commonName(`middle-${index}`) }),
      ),
    );
  const issuer = intermediate ? { issuer: commonName(`middle-${index}`) } : under;
  const akid = impostor ? { extensions: { akid: authorityKeyIdentifier(keyIdOf(rootPair)) } } : {};
  write(
    'leaf.crt',
    certificatePem(leafCertificate(pair, signer, { serial: serial(3), ...issuer, ...akid, ...leaf, ...(isSelfNamed && { subject: dn }) })),
  );
  write('leaf.key', pair.privateKey.export({ type: 'pkcs8', format: 'pem' }), 0o600);
}

const yaml = `version: 1
authorities:
${cases
  .map(
    (
      { intermediate },
      index,
    ) => `  root-${index}: { commonName: root-${index}, external: true, files: { certificate: /tls/root.crt-${index} } }
${intermediate ? `  middle-${index}: { commonName: middle-${index}, issuer: root-${index}, external: true, files: { certificate: /tls/middle.crt-${index} } }\n` : ''}`,
  )
  .join('')}
certificates:
${cases
  .map(
    ({ intermediate }, index) => `  leaf-${index}:
    issuer: ${intermediate ? 'middle' : 'root'}-${index}
    commonName: leaf
    dnsNames: [leaf.example]
    ipAddresses: [127.0.0.1]
    usages: [digital signature, server auth, client auth]
    files: { certificate: /tls/leaf.crt-${index}, privateKey: /tls/leaf.key-${index} }
`,
  )
  .join('')}`;

interface Verdict {
  readonly findings: readonly { readonly address: string | null; readonly code: string; readonly fails: boolean; readonly class: string }[];
}

test('every certificate that a validator rejects, or no operator wants, is flagged with its own code; one in order is not', () =>
  inTemporaryFolder((folder) => {
    mkdirSync(join(folder, 'tls'));
    for (const [index, one] of cases.entries()) install(join(folder, 'tls'), one, index);
    writeFileSync(join(folder, 'pki.yaml'), yaml);
    const check = ['check', '-f', join(folder, 'pki.yaml'), '--root', folder, '--now', '2026-06-01T00:00:00Z'];
    const { exit, stdout, stderr } = runCertstate(...check, '--json');
    assert.is(exit, 2, stderr);
    const { findings } = JSON.parse(stdout) as Verdict;
    const found = (address: string) => findings.filter((finding) => finding.address === address).map(({ code }) => code);
    assert.equal(
      cases
        .slice(1)
        .flatMap(({ what, code, on }, index) =>
          found(owner(on, index + 1)).includes(code) ? [] : [`${what}: ${code} is not among ${found(owner(on, index + 1)).join(', ')}`],
        ),
      [],
    );
    assert.equal([...found('ca/root-0'), ...found('cert/leaf-0')], []);
    // What no validator takes fails the check by itself.
    const refusedByAll = [
      'CA keyUsage without keyCertSign',
      'name-constraint violation',
      'unknown critical extension',
      'expired',
      'future',
      'wrong CA, same DN',
    ];
    for (const what of refusedByAll) {
      const index = cases.findIndex((one) => one.what === what);
      const { code, on } = cases[index] as Case;
      assert.ok(
        findings.some((finding) => finding.address === owner(on, index) && finding.code === code && finding.fails),
        what,
      );
    }
    const text = runCertstate(...check, '--max', 'none').stdout;
    for (const { code } of cases.slice(1)) assert.match(text, code);
  }));

test.run();
