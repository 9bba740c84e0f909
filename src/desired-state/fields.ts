/**
 * The one table of fields. It drives the walk over the YAML and prints the JSON Schema: a new field is one row here, and one line in
 * `resource.ts` that says what is made of it.
 */
import { type ProfileName, profiles, usageAliases, usageNames } from '../domain/usages.ts';
import { boolean, integer, listOf, oneOf, text } from './basic-types.ts';
import type { Reading } from './field.ts';
import { accessFields, copiesField, filesField } from './file-fields.ts';
import { account } from './file-types.ts';
import { dnsName, emailAddress, ipAddress, uri } from './name-types.ts';
import { accept, authorityKey, certificateKey, nameConstraints, probe, provided, subject } from './nested-fields.ts';
import { type ObjectType, objectOf } from './object-type.ts';
import {
  ofAuthorities,
  ofBoth,
  ofCertificates,
  optional,
  ownOfAuthorities,
  ownOfBoth,
  ownOfCertificates,
  type ResourceField,
  type ResourceSection,
  required,
} from './row.ts';
import { attribute, command, fingerprint, podName, unitName } from './special-types.ts';
import { duration, lifetime } from './time-types.ts';
import { cron, timeZone } from './window-types.ts';

const usages = listOf(oneOf(usageNames, usageAliases, 'unknown-usage'), { minItems: 1 });
const { owner, group, certificateMode, privateKeyMode } = accessFields;

export const resourceFields = {
  issuer: ofBoth(
    text,
    'The authority that signs: a name under authorities, in any file that is read. An authority without an issuer is a root.',
    'etcd',
  ),
  commonName: ofBoth(attribute('commonName'), 'The common name (CN), at most 64 characters.', 'etcd-server', '${name}'),
  subject: ofBoth(subject, 'Further attributes of the subject. Left out means none.', { organizations: ['system:masters'] }),
  dnsNames: ofBoth(
    listOf(dnsName),
    'DNS names (subject alternative names), compared as a set; one with an asterisk needs quotes. Left out means none.',
    ['etcd.example.com', 'etcd-0.example.com'],
  ),
  ipAddresses: ofBoth(
    listOf(ipAddress),
    'IP addresses (subject alternative names), compared as a set. Left out means none.',
    ['${floatingAddress}', '127.0.0.1'],
    ['::1'],
  ),
  uris: ofBoth(listOf(uri), 'URIs (subject alternative names), compared as a set. Left out means none.', ['spiffe://example.org/etcd']),
  emailAddresses: ofBoth(listOf(emailAddress), 'E-mail addresses (subject alternative names), compared as a set. Left out means none.', [
    'ops@example.com',
  ]),
  usages: ofBoth(
    usages,
    'Key usages and extended key usages. A certificate has exactly these. An authority without any gets cert sign and crl sign, and what it has on disk is in order.',
    ['digital signature', 'key encipherment', 'server auth'],
  ),
  profile: ofCertificates(
    oneOf(Object.keys(profiles) as ProfileName[]),
    'Usages by one word, instead of usages: digital signature and key encipherment, with server auth, client auth, or both (peer).',
    'server',
    'client',
    'peer',
  ),
  duration: ofBoth(
    lifetime,
    'Lifetime of what is issued; 1y is 365d. Left out: 3650d for authorities, 365d for certificates. A change reissues nothing.',
    '365d',
    '8760h',
  ),
  renewBefore: ofCertificates(
    duration({ zero: false }),
    'How long before its end a certificate is renewed. Left out: a third of the lifetime, at most 30d.',
    '30d',
  ),
  warnBefore: ofBoth(
    duration({ zero: true }),
    'How long before its end age becomes a finding. Left out, for an authority: the longer of 180d and the longest duration of the certificates right below it, at most a third of its own lifetime.',
    '180d',
  ),
  backdate: ofBoth(
    duration({ zero: true }),
    'How far notBefore lies before the moment of issuing, for verifiers whose clocks lag behind. Left out: 5m.',
    '5m',
  ),
  privateKey: ofBoth(
    certificateKey,
    'The private key that is wanted.',
    { algorithm: 'RSA', size: 4096 },
    { algorithm: 'ECDSA', size: 256 },
  ),
  files: ofBoth(filesField, 'Where key and certificate live. One of certificate, fullChain and combined is required.', {
    certificate: '/etc/etcd/ca.crt',
    privateKey: '/etc/etcd/ca.key',
  }),
  copies: ownOfBoth(copiesField, 'Further sets of files with the same bytes.', [
    { certificate: '/opt/platform/etcd/ca.crt', mount: '/opt/platform' },
  ]),
  owner: ofBoth(owner.type, owner.description, ...owner.examples),
  group: ofBoth(group.type, group.description, ...group.examples),
  certificateMode: ofBoth(certificateMode.type, certificateMode.description, ...certificateMode.examples),
  privateKeyMode: ofBoth(privateKeyMode.type, privateKeyMode.description, ...privateKeyMode.examples),
  provided: ownOfAuthorities(provided, 'A pair that is brought along and installed; with external, a certificate alone.', {
    certificate: '/opt/import/ca.crt',
    privateKey: '/opt/import/ca.key',
  }),
  external: ownOfAuthorities(
    boolean,
    'Its certificate is here; its key is not, and is never created: what it signed is verified, nothing is signed.',
    true,
  ),
  fingerprint: ownOfAuthorities(
    fingerprint,
    'Pin of the public key. Another key in that place is never repaired, renewed or copied, and a lost one is never made anew.',
    `sha256:${'6f'.repeat(32)}`,
  ),
  pathLength: ofAuthorities(
    integer({ minimum: 0, maximum: 255 }),
    'How many authorities may stand below this one (RFC 5280 §4.2.1.9). Left out: no limit for a root, 0 for an intermediate.',
    1,
  ),
  nameConstraints: ofAuthorities(nameConstraints, 'The names that may be signed (RFC 5280 §4.2.1.10). Left out: all.', {
    permitted: { dnsDomains: ['example.com'] },
  }),
  manage: ofBoth(oneOf(['full', 'observe']), 'observe reports and never touches.', 'observe'),
  optional: ofBoth(boolean, 'Its absence is in order.', true),
  protect: ofBoth(boolean, 'What replaces its key needs a confirmation. Left out: true for authorities.', true),
  services: ofCertificates(listOf(text), 'The services that reload when the pair changes: names under services.', ['etcd']),
  trustedBy: ofAuthorities(listOf(text), 'The services that restart when the certificate changes: names under services.', [
    'etcd',
    'kube-apiserver',
  ]),
  windows: ofBoth(
    listOf(text),
    'When renew and watch --apply may put new files in place: names under windows; one of them has to be open. Left out, or empty: at any time. A person’s apply is not bound by it, and a renewal that cannot wait any longer neither.',
    ['nightly'],
  ),
  gates: ofBoth(
    listOf(text),
    'Who is asked by renew and watch --apply before they put new files in place: names under gates; all of them have to agree. A person’s apply asks nobody, and a renewal that cannot wait any longer is made all the same.',
    ['etcd-healthy'],
  ),
  probe: ownOfCertificates(probe, 'Where this very certificate is served.', { tls: '127.0.0.1:2379' }),
  accept: ownOfBoth(accept, 'Findings that are known and tolerated for a time.', [
    { code: 'expiring', reason: 'replaced in March', until: '2027-03-31' },
  ]),
} as const;

export type ResourceFields = typeof resourceFields;
export type ResourceReading = Reading<ResourceFields>;

/** Answers better than "not a field of authorities". */
const explained: Readonly<Record<string, string>> = {
  renewBefore: 'nobody but a person renews an authority; use warnBefore to be told in time',
  services: 'what must restart when an authority changes is under trustedBy',
  trustedBy: 'what reloads when a certificate changes is under services',
  issuer: 'a resource names its own issuer',
};

const resourceTypes = new Map<string, ObjectType<ResourceFields>>();

/** The map of one authority or certificate, or of the defaults for them; made when it is first asked for. */
export function resourceType(section: ResourceSection, use: 'resource' | 'defaults'): ObjectType<ResourceFields> {
  const made = resourceTypes.get(`${use} ${section}`) ?? makeResourceType(section, use);
  resourceTypes.set(`${use} ${section}`, made);
  return made;
}

function makeResourceType(section: ResourceSection, use: 'resource' | 'defaults'): ObjectType<ResourceFields> {
  const rows = Object.entries(resourceFields) as [string, ResourceField<unknown>][];
  const here = rows.filter(([, row]) => row.of.includes(section) && (use === 'resource' || row.inDefaults));
  const names = new Set(here.map(([name]) => name));
  const fields = Object.fromEntries(
    here.map(([name, row]) => [name, name === 'privateKey' && section === 'authorities' ? { ...row, type: authorityKey } : row]),
  );
  const notHere = Object.fromEntries(
    rows
      .filter(([name]) => !names.has(name))
      .map(([name, { of }]) => [
        name,
        of.includes(section) ? 'it is not taken from defaults: give it in each resource' : (explained[name] ?? `it is a field of ${of[0]}`),
      ]),
  );
  const schema = section === 'certificates' ? { not: { required: ['usages', 'profile'] } } : {};
  return objectOf(fields, { notHere, schema }) as unknown as ObjectType<ResourceFields>;
}

export const serviceFields = {
  systemd: optional(
    unitName,
    'Its unit of systemd: what is not written here is said to it through systemctl (is-active, try-reload-or-restart, try-restart).',
    'nginx.service',
  ),
  staticPod: optional(
    podName,
    'Its static pod, named as the manifest has it: what is not written here is done through crictl, which stops its containers; kubelet starts them again.',
    'kube-apiserver',
  ),
  user: optional(
    account,
    'The user that it runs as and reads its files as; the commands written here are run as that user too.',
    'www-data',
  ),
  timeout: optional(duration({ zero: false }), 'How long each of its commands may take. Left out: 2 minutes.', '30s'),
  test: optional(command, 'What is run before a reload. Where it fails, the service is left as it is.', ['nginx', '-t']),
  activeIf: optional(command, 'A program that succeeds where the service runs. Where it fails, nothing is reloaded, and that is noted.', [
    'systemctl',
    'is-active',
    '--quiet',
    'etcd',
  ]),
  reload: optional(command, 'What is run when a certificate of the service has changed. Left out: the service reads its files by itself.', [
    'systemctl',
    'reload',
    'nginx',
  ]),
  onTrustChange: optional(command, 'What is run when an authority that the service trusts has changed.', ['systemctl', 'restart', 'etcd']),
  after: optional(listOf(text), 'Services whose turn comes first.', ['etcd']),
};
export const serviceType = objectOf(serviceFields, { notHere: {} });

export const windowFields = {
  cron: required(
    cron,
    'When it opens: minute, hour, day of the month, month, day of the week, as cron has them (with L, W and #); where both days are named, either counts.',
    '0 2 * * 6,0',
    '30 1 * * 0#1',
  ),
  duration: required(duration({ zero: false }), 'How long it stays open.', '4h'),
  timeZone: optional(timeZone, 'Whose clock the expression is about: an IANA name. Left out: UTC.', 'Europe/Berlin'),
};
export const windowType = objectOf(windowFields);

export const gateFields = {
  command: required(
    command,
    'The program that is asked: exit code 0 means go, 75 means not now; anything else, too, is not now, and is complained of.',
    ['/usr/local/libexec/etcd-healthy'],
  ),
  user: optional(account, 'The user that it is run as. Left out: the one that certstate runs as.', 'etcd'),
  timeout: optional(duration({ zero: false }), 'How long it may take. Left out: 2 minutes.', '30s'),
};
export const gateType = objectOf(gateFields);
