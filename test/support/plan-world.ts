/** Small worlds for the decision: authorities and certificates as desired, and a disk of facts on which everything is in order. A test says only what is odd. */
import { createHash } from 'node:crypto';
import { noNames } from '../../src/domain/alternative-names.ts';
import type { ReadProblem } from '../../src/domain/codes.ts';
import {
  type DesiredAuthority,
  type DesiredCertificate,
  type DesiredFile,
  type DesiredResource,
  type DesiredService,
  type FileRole,
  filesOf,
  holdsPrivateKey,
} from '../../src/domain/desired-state.ts';
import type { Place } from '../../src/domain/diagnostic.ts';
import type { KeyFacts } from '../../src/domain/keys.ts';
import type { Address } from '../../src/domain/names.ts';
import type { CertificateFacts, FileStatus, ObservedFile, ObservedState } from '../../src/domain/observed-state.ts';
import type { Change, Plan, PlanOptions } from '../../src/domain/plan.ts';
import { noRecords, type Records } from '../../src/domain/records.ts';
import { formatSubject, type Subject } from '../../src/domain/subject.ts';
import { days, earlier, type Instant, later, minutes, parseInstant } from '../../src/domain/time.ts';
import { authorityUsages } from '../../src/domain/usages.ts';
import { makePlan, type PlanInput } from '../../src/plan/make-plan.ts';

export const at = (text: string): Instant => parseInstant(text.includes('T') ? text : `${text}T00:00:00Z`) as Instant;
export const now = at('2026-11-23T16:30:00Z');

export const place = (line: number): Place => ({ file: 'pki.yaml', line, column: 3, endLine: line, endColumn: 9 });
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const file = (role: FileRole, path: string, rest: Partial<DesiredFile> = {}): DesiredFile => ({
  role,
  path,
  place: place(9),
  ...rest,
});
export const pairAt = (folder: string, name: string): readonly DesiredFile[] => [
  file('certificate', `${folder}/${name}.crt`),
  file('privateKey', `${folder}/${name}.key`),
];

const common = (name: string) => ({
  name,
  place: place(1),
  places: new Map(),
  subject: { commonName: name },
  names: noNames,
  fileSets: [{ files: pairAt('/pki', name) }] as const,
  accept: [],
});

export const authority = (name = 'etcd', rest: Partial<DesiredAuthority> = {}): DesiredAuthority => ({
  ...common(name),
  kind: 'ca',
  address: `ca/${name}`,
  trustedBy: [],
  ...rest,
});

export const leaf = (name = 'server', rest: Partial<DesiredCertificate> = {}): DesiredCertificate => ({
  ...common(name),
  kind: 'cert',
  address: `cert/${name}`,
  issuer: 'ca/etcd',
  names: { ...noNames, dnsNames: ['server.example'] },
  usages: ['digital signature', 'server auth'],
  services: [],
  ...rest,
});

export const key = (id: string, rest: Partial<KeyFacts> = {}): KeyFacts => ({
  algorithm: 'ECDSA',
  size: 256,
  encoding: 'PKCS8',
  spkiSha256: sha256(`key ${id}`),
  ...rest,
});

const der = (subject: Subject): string => Buffer.from(formatSubject(subject)).toString('hex');

/** The hash of a certificate follows from what it says; who signed it is told by its authority key identifier, which here never lies. */
export const sealed = (facts: Omit<CertificateFacts, 'sha256'>): CertificateFacts => {
  const { der: _, ...said } = facts;
  return { ...facts, sha256: sha256(JSON.stringify(said)) };
};

export interface Half {
  readonly key: KeyFacts;
  readonly certificate: CertificateFacts;
}

/** The certificate that a resource would have been issued under `issuer` (undefined: by itself), with a tenth of its life gone. */
export function certificateFor(
  resource: DesiredResource,
  publicKey: KeyFacts,
  issuer: Half | undefined,
  rest: Partial<CertificateFacts> = {},
): CertificateFacts {
  const isCa = resource.kind === 'ca';
  const { encoding: _, ...spki } = publicKey;
  const signer = issuer?.certificate;
  const facts = {
    der: new Uint8Array(),
    version: 3,
    serial: sha256(`serial ${resource.address} ${publicKey.spkiSha256}`).slice(0, 39),
    subject: resource.subject,
    issuer: signer?.subject ?? rest.subject ?? resource.subject,
    names: { ...resource.names, otherNames: [] },
    usages: resource.usages ?? authorityUsages,
    otherUsages: [],
    basicConstraints: isCa ? { ca: true, pathLength: resource.pathLength ?? (resource.issuer ? 0 : undefined) } : undefined,
    nameConstraints:
      isCa && resource.nameConstraints
        ? {
            permitted: { ...resource.nameConstraints.permitted, otherNames: [] },
            excluded: { ...resource.nameConstraints.excluded, otherNames: [] },
          }
        : undefined,
    notBefore: earlier(now, days(isCa ? 365 : 36)),
    notAfter: later(now, days(isCa ? 3285 : 329)),
    publicKey: spki,
    signatureAlgorithm: 'ecdsa-with-SHA256',
    subjectKeyIdentifier: publicKey.spkiSha256,
    authorityKeyIdentifier: issuer?.key.spkiSha256 ?? publicKey.spkiSha256,
    problems: [],
    ...rest,
  };
  return sealed({ subjectDer: der(facts.subject), issuerDer: der(facts.issuer), ...facts });
}

export const status = (rest: Partial<FileStatus> = {}): FileStatus => ({
  mode: 0o100644,
  uid: 0,
  gid: 0,
  links: 1,
  size: 1000,
  inode: 1n,
  device: 1n,
  changedAt: earlier(now, days(36)),
  ...rest,
});

export const absent = (path: string): ObservedFile => ({ state: 'absent', path });
export const problem = (path: string, code: ReadProblem, cause = 'as a test wants it'): ObservedFile => ({
  state: 'unreadable',
  path,
  problem: code,
  cause,
  status: status(),
});

export type Disk = ReadonlyMap<string, ObservedFile>;

/** What a test says about one resource's pair; the rest is in order. */
export interface OnDisk {
  readonly certificate?: Partial<CertificateFacts> | 'absent';
  readonly key?: Partial<KeyFacts> | 'absent';
}

export interface World {
  readonly resources: readonly DesiredResource[];
  readonly services: readonly DesiredService[];
  readonly disk: Disk;
  readonly environment: Partial<ObservedState>;
  readonly records: Records;
  readonly options: Partial<PlanOptions>;
  readonly now: Instant;
}

export interface WorldWishes extends Partial<Omit<World, 'disk'>> {
  readonly pairs?: Readonly<Record<string, OnDisk>>;
  /** Files as a test wants them: a reading, or the odd part of a status. */
  readonly files?: Readonly<Record<string, ObservedFile | Partial<FileStatus>>>;
}

/** A disk on which everything is as desired, but for what is asked otherwise. Issuers stand before what they sign. */
export function world(wishes: WorldWishes = {}): World {
  const { pairs = {}, files = {}, resources = [authority(), leaf()], ...rest } = wishes;
  const disk = new Map<string, ObservedFile>();
  const made = new Map<Address, Half>();
  const chains = new Map<Address, readonly CertificateFacts[]>();
  for (const resource of resources) {
    const wish = pairs[resource.address] ?? {};
    const wantedKey = {
      algorithm: resource.privateKey?.algorithm,
      size: resource.privateKey?.size,
      encoding: resource.privateKey?.encoding,
    };
    const ordinary = key(resource.name, JSON.parse(JSON.stringify(wantedKey)) as Partial<KeyFacts>);
    const issuer = resource.issuer && made.get(resource.issuer);
    const certificate = certificateFor(resource, ordinary, issuer, wish.certificate === 'absent' ? {} : wish.certificate);
    made.set(resource.address, { key: ordinary, certificate });
    const chain = chains.get(resource.issuer as Address) ?? [];
    chains.set(resource.address, resource.issuer ? [certificate, ...chain] : []);
    const certificates = wish.certificate === 'absent' ? undefined : certificate;
    const onDiskKey = wish.key === 'absent' ? undefined : { ...ordinary, ...wish.key };
    for (const desired of filesOf(resource)) disk.set(desired.path, fileInOrder(desired, certificates, onDiskKey, chain));
  }
  for (const [path, wish] of Object.entries(files)) disk.set(path, 'state' in wish ? wish : withStatus(disk.get(path), wish));
  return { resources, services: [], environment: {}, records: noRecords, options: {}, now, ...rest, disk };
}

export function fileInOrder(
  { role, path, mode }: DesiredFile,
  certificate: CertificateFacts | undefined,
  privateKey: KeyFacts | undefined,
  chain: readonly CertificateFacts[],
): ObservedFile {
  const certificates =
    role === 'privateKey' ? [] : role === 'chain' ? chain : certificate ? [certificate, ...(role === 'certificate' ? [] : chain)] : [];
  const keys = holdsPrivateKey(role) && privateKey ? [privateKey] : [];
  if (certificates.length + keys.length === 0) return absent(path);
  return readFile(path, { certificates, keys }, status({ mode: 0o100000 | (mode ?? (holdsPrivateKey(role) ? 0o600 : 0o644)) }));
}

export function readFile(
  path: string,
  content: Partial<Extract<ObservedFile, { state: 'read' }>['content']>,
  fileStatus = status(),
): ObservedFile {
  const all = { certificates: [], keys: [], ...content };
  const said = [
    ...all.certificates.map((facts) => facts.sha256),
    ...all.keys.map(({ spkiSha256, encoding }) => `${spkiSha256} ${encoding}`),
  ];
  return { state: 'read', path, sha256: sha256(said.join('\n')), status: fileStatus, content: all };
}

function withStatus(found: ObservedFile | undefined, rest: Partial<FileStatus>): ObservedFile {
  if (found?.state !== 'read') throw new Error('only a file that is there has a status');
  return { ...found, status: { ...found.status, ...rest } };
}

/** What the observing room would say of this disk. */
export function observedOf({ resources, disk, environment }: World): ObservedState {
  const own = new Map(resources.map((resource) => [resource.address, ownCertificates(resource, disk)]));
  const signedBy = new Map<Address, string | null>();
  for (const { address, issuer } of resources) {
    const [certificate] = own.get(address) ?? [];
    const candidates = own.get(issuer ?? address) ?? [];
    if (!certificate || candidates.length === 0) continue;
    const signer = candidates.find(({ publicKey }) => publicKey.spkiSha256 === certificate.authorityKeyIdentifier);
    signedBy.set(address, signer?.publicKey.spkiSha256 ?? null);
  }
  const copiesSignedBy = new Map<string, string | null>();
  for (const resource of resources) {
    for (const copy of resource.fileSets.slice(1)) {
      const [certificate] = ownCertificates({ ...resource, fileSets: [copy] }, disk);
      if (!certificate || certificate.sha256 === own.get(resource.address)?.[0]?.sha256) continue;
      const candidates = resource.issuer ? (own.get(resource.issuer) ?? []) : [certificate];
      if (candidates.length === 0) continue;
      const signer = candidates.find(({ publicKey }) => publicKey.spkiSha256 === certificate.authorityKeyIdentifier);
      copiesSignedBy.set(certificate.sha256, signer?.publicKey.spkiSha256 ?? null);
    }
  }
  const providedSignedBy = new Map<Address, string | null>();
  const broughtFor = (resource: DesiredResource | undefined): readonly CertificateFacts[] => {
    const source = resource?.kind === 'ca' && resource.provided ? disk.get(resource.provided.certificate) : undefined;
    return source?.state === 'read' ? source.content.certificates.slice(0, 1) : [];
  };
  for (const resource of resources) {
    const [certificate] = broughtFor(resource);
    const issuer = resources.find(({ address }) => address === resource.issuer);
    const candidates = issuer ? [...broughtFor(issuer), ...(own.get(issuer.address) ?? [])] : [certificate];
    if (!certificate || candidates.length === 0) continue;
    const signer = candidates.find((candidate) => candidate?.publicKey.spkiSha256 === certificate.authorityKeyIdentifier);
    providedSignedBy.set(resource.address, signer?.publicKey.spkiSha256 ?? null);
  }
  return {
    files: disk,
    folders: new Map(),
    signedBy,
    copiesSignedBy,
    providedSignedBy,
    users: new Map(),
    groups: new Map(),
    userNames: new Map([[0, 'root']]),
    groupNames: new Map([[0, 'root']]),
    mounted: new Set(),
    process: { uid: 0, gid: 0 },
    ...environment,
  };
}

function ownCertificates(resource: DesiredResource, disk: Disk): readonly CertificateFacts[] {
  for (const { files } of resource.fileSets) {
    for (const role of ['certificate', 'fullChain', 'combined'] as const) {
      const found = disk.get(files.find((candidate) => candidate.role === role)?.path ?? '');
      if (found?.state !== 'read' || found.content.certificates.length === 0) continue;
      return role === 'certificate' ? found.content.certificates : found.content.certificates.slice(0, 1);
    }
  }
  return [];
}

const noOptions: PlanOptions = { targets: [], excludes: [], renew: [], rekey: [], confirm: [], prune: false, acceptClock: false, root: '' };

export const planOf = (wanted: World): Plan => makePlan(inputOf(wanted));

export const inputOf = (wanted: World): PlanInput => ({
  desired: { resources: wanted.resources, services: wanted.services, sources: [], from: ['pki.yaml'], host: 'controller-0' },
  observed: observedOf(wanted),
  records: wanted.records,
  options: { ...noOptions, ...wanted.options },
  now: wanted.now,
});

export function changeOf(plan: Plan, address: string): Change {
  const change = plan.changes.find((candidate) => candidate.address === address);
  if (!change) throw new Error(`the plan says nothing about ${address}`);
  return change;
}

/** The codes of a change's differences. */
export const codesOf = ({ differences }: Change): readonly string[] => differences.map(({ code }) => code);
/** `protect needs-confirmation ca/etcd`: by, code, and what lifts it. */
export const blockOf = ({ blocked }: Change): string =>
  blocked ? [blocked.by, blocked.code, blocked.confirm].filter(Boolean).join(' ') : 'free';
/** `ca/etcd noop kept free`: all that was decided, in one line for tables. */
export const decided = (change: Change): string => `${change.action} ${change.key} ${blockOf(change)}`;

export const minutesAfter = (instant: Instant, count: number): Instant => later(instant, minutes(count));
