/** Plans by hand, as small as a test wants them. */
import { createHash } from 'node:crypto';
import type { FileRole } from '../../src/domain/desired-state.ts';
import { holdsPrivateKey } from '../../src/domain/desired-state.ts';
import type { Material } from '../../src/domain/material.ts';
import type { Address } from '../../src/domain/names.ts';
import type { Change, FileChange, Plan, Precondition } from '../../src/domain/plan.ts';
import type { FileReader } from '../../src/ports/file-reader.ts';
import { issuance, now, rootIssuance } from './issuances.ts';

export const change = (address: Address, rest: Partial<Change> = {}): Change => ({
  address,
  kind: address.startsWith('ca/') ? 'ca' : 'cert',
  name: address.slice(address.indexOf('/') + 1),
  action: 'create',
  key: 'new',
  blocked: null,
  replaces: { key: false, certificate: false, trustAnchor: false },
  differences: [],
  findings: [],
  effects: [],
  place: null,
  issuer: null,
  dependsOn: [],
  before: null,
  after: null,
  endsAbout: null,
  renewFrom: null,
  renewBefore: null,
  duration: null,
  files: [],
  services: [],
  consent: null,
  material: null,
  ...rest,
});

const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

export const fileChange = (path: string, role: FileRole, rest: Partial<FileChange> = {}): FileChange => ({
  path,
  role,
  set: 0,
  action: 'create',
  before: { exists: false },
  after: { exists: true, mode: holdsPrivateKey(role) ? 0o600 : 0o644, ...owner },
  newFolders: [],
  ...rest,
});

/** A new ECDSA 256 key in PKCS#8, nothing else of note. */
export const material = (certificate: Material['certificate'], rest: Partial<Material> = {}): Material => ({
  key: { from: 'new', spec: { algorithm: 'ECDSA', size: 256 }, encoding: 'PKCS8' },
  certificate,
  chain: [],
  generations: [],
  ...rest,
});

/** Creates `/pki/NAME.crt` and `/pki/NAME.key` for an authority that signs itself. */
export const createRoot = (name: string, folder = '/pki', rest: Partial<Change> = {}): Change =>
  change(`ca/${name}`, {
    files: pairOf(name, folder),
    material: material({ from: 'issue', issuance: rootIssuance({ subject: { commonName: name } }) }),
    ...rest,
  });

/** Creates `/pki/NAME.crt` and `/pki/NAME.key` under an authority of `createRoot`. */
export const createLeaf = (name: string, issuer: string, folder = '/pki', rest: Partial<Change> = {}): Change =>
  change(`cert/${name}`, {
    issuer: `ca/${issuer}`,
    dependsOn: [`ca/${issuer}`],
    files: pairOf(name, folder),
    material: material({ from: 'issue', issuance: issuance({ subject: { commonName: name }, issuer: signer(issuer, folder) }) }),
    ...rest,
  });

export const signer = (name: string, folder = '/pki') =>
  ({ address: `ca/${name}`, certificate: `${folder}/${name}.crt`, privateKey: `${folder}/${name}.key` }) as const;

export const pairOf = (name: string, folder = '/pki'): readonly FileChange[] => [
  fileChange(`${folder}/${name}.crt`, 'certificate'),
  fileChange(`${folder}/${name}.key`, 'privateKey'),
];

/** A plan made from what a reader sees now; its preconditions are every path that its changes name. */
export function planOf(changes: readonly Change[], reader: FileReader): Plan {
  const paths = changes.flatMap(({ files, material: from }) => [
    ...files.map(({ path }) => path),
    ...(from?.key.from === 'file' ? [from.key.path] : []),
    ...(from?.certificate.from === 'file' ? [from.certificate.path] : []),
    ...(from?.certificate.from === 'issue' && from.certificate.issuance.issuer !== 'self'
      ? [from.certificate.issuance.issuer.certificate, from.certificate.issuance.issuer.privateKey ?? []].flat()
      : []),
    ...(from?.chain ?? []).map(({ certificate }) => certificate),
    ...(from?.generations ?? []).map(({ path }) => path),
  ]);
  const preconditions = [...new Set(paths)].map((path) => preconditionOf(path, reader));
  return {
    id: 'sha256:0',
    evaluatedAt: now,
    changes,
    leftOut: 0,
    diagnostics: [],
    preconditions,
    reloads: [],
    looked: { files: 0, folders: 0, present: 0 },
  };
}

function preconditionOf(path: string, reader: FileReader): Precondition {
  const reading = reader.read(path, { maxBytes: 1_000_000 });
  if (reading.state !== 'read') return { path, exists: reading.state === 'refused', sha256: null, mode: null, uid: null, gid: null };
  const { mode, uid, gid } = reading.status;
  return { path, exists: true, sha256: createHash('sha256').update(reading.bytes).digest('hex'), mode, uid, gid };
}
