/** Changes, plans and contexts by hand for the report room: etcd's PKI of four resources in `pki.yaml`, of which a test says only what is odd. */
import { noNames } from '../../src/domain/alternative-names.ts';
import type { DesiredResource, DesiredState, FileRole } from '../../src/domain/desired-state.ts';
import type { Place } from '../../src/domain/diagnostic.ts';
import type { Address } from '../../src/domain/names.ts';
import type { CertificateFacts, FileStatus, ObservedFile, ObservedState } from '../../src/domain/observed-state.ts';
import type { CertificateSummary, Change, Difference, FileChange, Plan, PlanOptions } from '../../src/domain/plan.ts';
import { days, type Instant, parseInstant } from '../../src/domain/time.ts';
import type { DesiredContext } from '../../src/report/plan-context.ts';
import type { Tool } from '../../src/report/plan-json.ts';
import { plainStyle } from '../../src/report/style.ts';

export const at = (text: string): Instant => {
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error(`${text} is no instant`);
  return instant;
};

/** When the plans are made. */
export const now = at('2026-11-23T16:30:00Z');
export const tool: Tool = { name: 'certstate', version: '0.1.0', node: '20.19.0' };

export const placeAt = (line: number, column = 3, length = 4, file = 'pki.yaml'): Place => ({
  file,
  line,
  column,
  endLine: line,
  endColumn: column + length,
});

export const hash = (seed: string): string => seed.padEnd(64, '0');

/** A leaf on disk: RSA 4096, signed by ca/etcd, valid from 2026-07-02 for a year. */
export const summary = (rest: Partial<CertificateSummary> = {}): CertificateSummary => ({
  subject: 'CN=etcd-server',
  issuer: 'CN=etcd',
  names: ['IP:127.0.0.1', 'IP:192.168.206.1'],
  usages: ['server auth', 'client auth'],
  ca: false,
  pathLength: null,
  notBefore: at('2026-07-02T08:11:00Z'),
  notAfter: at('2027-07-02T08:11:00Z'),
  serial: '1f07aa5e91b3c0d2',
  sha256: hash('2829b7cb74cc'),
  key: { algorithm: 'RSA', size: 4096, spkiSha256: hash('fb3644015dff') },
  ...rest,
});

/** What is decided at apply is not known in a plan. */
export const issued = (rest: Partial<CertificateSummary> = {}): CertificateSummary =>
  summary({ notBefore: null, notAfter: null, serial: null, sha256: null, ...rest });

export const rootSummary = (rest: Partial<CertificateSummary> = {}): CertificateSummary =>
  summary({
    subject: 'CN=etcd',
    names: [],
    usages: ['cert sign', 'crl sign'],
    ca: true,
    pathLength: 1,
    notBefore: at('2025-03-01T00:00:00Z'),
    notAfter: at('2035-02-27T00:00:00Z'),
    serial: '52aa',
    key: { algorithm: 'RSA', size: 4096, spkiSha256: hash('965a7caeedb1') },
    ...rest,
  });

const lines: Readonly<Record<string, number>> = {
  'ca/etcd': 11,
  'cert/etcd-server': 20,
  'cert/apiserver-etcd-client': 29,
  'cert/etcd-client': 37,
};

/** Nothing to do, valid until 2027-07-02. */
export const change = (address: Address, rest: Partial<Change> = {}): Change => {
  const kind = address.startsWith('ca/') ? 'ca' : 'cert';
  return {
    address,
    kind,
    name: address.slice(address.indexOf('/') + 1),
    action: 'noop',
    key: 'kept',
    blocked: null,
    replaces: { key: false, certificate: false, trustAnchor: false },
    differences: [],
    findings: [],
    effects: [],
    place: placeAt(lines[address] ?? 99),
    issuer: kind === 'ca' ? null : 'ca/etcd',
    dependsOn: kind === 'ca' ? [] : ['ca/etcd'],
    before: kind === 'ca' ? rootSummary() : summary(),
    after: null,
    endsAbout: null,
    renewFrom: kind === 'ca' ? null : at('2027-06-02T08:11:00Z'),
    renewBefore: kind === 'ca' ? null : days(30),
    duration: kind === 'ca' ? days(3650) : days(365),
    files: [],
    services: [],
    consent: null,
    material: null,
    ...rest,
  };
};

export const difference = (code: Difference['code'], rest: Partial<Difference> = {}): Difference => ({
  code,
  origin: 'config',
  path: [],
  forces: null,
  ...rest,
});

const ids = { uid: 0, gid: 0 };

export const newFile = (path: string, role: FileRole, rest: Partial<FileChange> = {}): FileChange => ({
  path,
  role,
  set: 0,
  action: 'create',
  before: { exists: false },
  after: { exists: true, mode: role === 'privateKey' || role === 'combined' ? 0o600 : 0o644, ...ids },
  newFolders: [],
  ...rest,
});

/** The file is there with the right mode and owner, and gets other content. */
export const updatedFile = (path: string, role: FileRole, rest: Partial<FileChange> = {}): FileChange => {
  const { after } = newFile(path, role);
  return newFile(path, role, { action: 'update', before: { ...after }, ...rest });
};

/** `/etc/etcd/NAME.key` and `.crt`, both new. */
export const newPair = (stem: string): readonly FileChange[] => [
  newFile(`${stem}.key`, 'privateKey'),
  newFile(`${stem}.crt`, 'certificate'),
];

export const stems = {
  'ca/etcd': '/etc/etcd/ca',
  'cert/etcd-server': '/etc/etcd/etcd-server',
  'cert/apiserver-etcd-client': '/etc/kubernetes/pki/apiserver-etcd-client',
  'cert/etcd-client': '/etc/etcd/etcd-client',
} as const;

export const noop = {
  ca: change('ca/etcd'),
  server: change('cert/etcd-server'),
  apiserver: change('cert/apiserver-etcd-client'),
  client: change('cert/etcd-client'),
} as const;

export const plan = (changes: readonly Change[], rest: Partial<Plan> = {}): Plan => ({
  id: `sha256:${hash('965a7caeedb1')}`,
  evaluatedAt: now,
  changes,
  leftOut: 0,
  diagnostics: [],
  preconditions: [],
  reloads: [],
  looked: { files: 8, folders: 2, present: 8 },
  ...rest,
});

const resource = (address: keyof typeof stems): DesiredResource => {
  const stem = stems[address];
  const place = placeAt(lines[address] ?? 99);
  const common = {
    name: address.slice(address.indexOf('/') + 1),
    place,
    places: new Map(),
    subject: { commonName: 'etcd' },
    names: noNames,
    fileSets: [
      {
        files: [
          { role: 'certificate', path: `${stem}.crt`, place },
          { role: 'privateKey', path: `${stem}.key`, place },
        ],
      },
    ],
    accept: [],
  } as const;
  return address === 'ca/etcd'
    ? { ...common, kind: 'ca', address, trustedBy: [] }
    : { ...common, kind: 'cert', address, issuer: 'ca/etcd', usages: ['server auth', 'client auth'], services: [] };
};

export const desired: DesiredState = {
  resources: (Object.keys(stems) as readonly (keyof typeof stems)[]).map(resource),
  services: [],
  sources: [{ file: 'pki.yaml', sha256: hash('4439ce0c31b7') }],
  from: ['pki.yaml'],
  host: 'controller-0',
};

export const options: PlanOptions = {
  targets: [],
  excludes: [],
  renew: [],
  rekey: [],
  confirm: [],
  prune: false,
  acceptClock: false,
  root: '',
};

/** What a context needs of the observed state: users 0 and 65534, and the files that a test gives. */
export const observed = (files: readonly ObservedFile[] = []): Pick<ObservedState, 'files' | 'userNames' | 'groupNames'> => ({
  files: new Map(files.map((file) => [file.path, file])),
  userNames: new Map([
    [0, 'root'],
    [65534, 'nobody'],
  ]),
  groupNames: new Map([
    [0, 'root'],
    [65534, 'nogroup'],
  ]),
});

export const context = (rest: Partial<DesiredContext> = {}): DesiredContext => ({
  desired,
  observed: observed(),
  style: plainStyle,
  options,
  show: {},
  ...rest,
});

export const status = (rest: Partial<FileStatus> = {}): FileStatus => ({
  mode: 0o644,
  uid: 0,
  gid: 0,
  links: 1,
  size: 1000,
  inode: 1n,
  device: 1n,
  changedAt: at('2026-11-23T09:12:44Z'),
  ...rest,
});

/** A certificate as it was read, all of it in order. */
export const certificateFacts = (rest: Partial<CertificateFacts> = {}): CertificateFacts => ({
  sha256: hash('2829b7cb74cc'),
  der: new Uint8Array(),
  version: 3,
  serial: '1f07aa5e91b3c0d2',
  subject: { commonName: 'etcd-server' },
  issuer: { commonName: 'etcd' },
  subjectDer: '30',
  issuerDer: '31',
  notBefore: at('2026-07-02T08:11:00Z'),
  notAfter: at('2027-07-02T08:11:00Z'),
  names: { ...noNames, ipAddresses: ['127.0.0.1', '192.168.206.1'], otherNames: [] },
  usages: ['server auth', 'client auth'],
  otherUsages: [],
  basicConstraints: { ca: false },
  publicKey: { algorithm: 'RSA', size: 4096, spkiSha256: hash('fb3644015dff') },
  signatureAlgorithm: 'sha256WithRSAEncryption',
  subjectKeyIdentifier: 'aa',
  authorityKeyIdentifier: 'bb',
  problems: [],
  ...rest,
});
