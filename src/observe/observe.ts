/** Looks at everything the desired state names, once, and writes down what is there. Nothing is decided here, and nothing secret is kept. */
import { createHash } from 'node:crypto';
import { type DesiredFile, type DesiredResource, type DesiredState, type FileRole, holdsPrivateKey } from '../domain/desired-state.ts';
import type { Address } from '../domain/names.ts';
import type { ObservedFile, ObservedFolder, ObservedState } from '../domain/observed-state.ts';
import type { Accounts } from '../ports/accounts.ts';
import type { FileReader } from '../ports/file-reader.ts';
import { classifyContent, type Purpose } from './classify-content.ts';
import { type FactsCache, memoryFactsCache } from './facts-cache.ts';
import { folderJudge } from './judge-folder.ts';
import { issuersOf, signatureOf, withIssuerProblems } from './signed-by.ts';

export interface ObserveRequest {
  readonly desired: DesiredState;
  readonly reader: FileReader;
  readonly accounts: Accounts;
  /** Empty or `/`, or the folder that stands for `/`: it is in front of the desired paths already. */
  readonly root: string;
  readonly process: { readonly uid: number; readonly gid: number };
  /** Look at these resources and their issuers only; left out, at all. */
  readonly only?: ReadonlySet<Address> | undefined;
  readonly cache?: FactsCache | undefined;
}

/** No certificate, key or chain of ours is near this size; a larger file is not read (CVE-2024-12401 in another program). */
export const largestFile = 1024 * 1024;

/** Resources looked at between two turns of the event loop, so that Ctrl-C is heard: some 20 ms. */
const resourcesPerTurn = 64;
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Observes the disk. Rejects for bugs only: whatever the disk does is in the result. */
export async function observe({
  desired,
  reader,
  accounts,
  root,
  process,
  only,
  cache = memoryFactsCache(),
}: ObserveRequest): Promise<ObservedState> {
  const issuerOf = issuersOf(desired);
  const resources = withIssuers(desired, only, issuerOf);
  const within = root === '' || root === '/' ? undefined : root;
  const files = new Map<string, ObservedFile>();
  const mounted = new Set<string>();
  const written: DesiredFile[] = [];

  const lookAt = (path: string, purpose: Purpose, followLinks: boolean) => {
    if (!files.has(path)) files.set(path, observeFile(path, purpose, { followLinks, within }, reader, cache));
  };
  for (const [index, resource] of resources.entries()) {
    if (index % resourcesPerTurn === resourcesPerTurn - 1) await nextTurn();
    for (const set of resource.fileSets) {
      if (set.mount !== undefined && !mounted.has(set.mount)) {
        if (!reader.isMountPoint(set.mount)) continue;
        mounted.add(set.mount);
      }
      for (const file of set.files) {
        lookAt(file.path, purposeOf(file.role, resource), resource.manage === 'observe');
        if (resource.manage !== 'observe') written.push(file);
      }
    }
    if (resource.kind === 'ca' && resource.provided) {
      lookAt(resource.provided.certificate, purposeOf('certificate', resource), false);
      if (resource.provided.privateKey !== undefined) lookAt(resource.provided.privateKey, purposeOf('privateKey', resource), false);
    }
  }

  const signedBy = new Map<Address, string | null>();
  for (const [index, resource] of resources.entries()) {
    if (index % resourcesPerTurn === resourcesPerTurn - 1) await nextTurn();
    const signature = signatureOf(resource, issuerOf(resource), files, cache);
    if (!signature) continue;
    signedBy.set(resource.address, signature.signer?.publicKey.spkiSha256 ?? null);
    files.set(signature.path, withIssuerProblems(files.get(signature.path) as ObservedFile, signature));
  }

  const users = idsOf(
    written.map(({ owner }) => owner),
    accounts.userId,
  );
  const groups = idsOf(
    written.map(({ group }) => group),
    accounts.groupId,
  );
  return {
    files,
    folders: observeFolders(written, users, { reader, accounts, root: within ?? '/', process }),
    signedBy,
    users,
    groups,
    userNames: namesOf([process.uid, ...present(users), ...statuses(files).map(({ uid }) => uid)], accounts.userName),
    groupNames: namesOf([process.gid, ...present(groups), ...statuses(files).map(({ gid }) => gid)], accounts.groupName),
    mounted,
    process,
  };
}

/** The chosen resources and everything above them, in the order of the YAML. */
function withIssuers(
  desired: DesiredState,
  only: ReadonlySet<Address> | undefined,
  issuerOf: (resource: DesiredResource) => DesiredResource | undefined,
): readonly DesiredResource[] {
  if (!only) return desired.resources;
  const chosen = new Set<DesiredResource>();
  for (const resource of desired.resources) {
    if (!only.has(resource.address)) continue;
    for (let at: DesiredResource | undefined = resource; at && !chosen.has(at); at = issuerOf(at)) chosen.add(at);
  }
  return desired.resources.filter((resource) => chosen.has(resource));
}

const purposeOf = (role: FileRole, { kind }: DesiredResource): Purpose => ({ role, use: kind === 'ca' ? 'authority' : 'end-entity' });

/** Reads one path as what it should be. */
export function observeFile(
  path: string,
  purpose: Purpose,
  options: { readonly followLinks?: boolean; readonly within?: string | undefined },
  reader: FileReader,
  cache: FactsCache,
): ObservedFile {
  const reading = reader.read(path, { ...options, maxBytes: largestFile });
  switch (reading.state) {
    case 'absent':
      return { ...reading, path };
    case 'refused': {
      const { problem, cause, status } = reading;
      return { state: 'unreadable', path, problem, cause, ...(status && { status }) };
    }
    case 'read': {
      const { bytes, status } = reading;
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const classification = classifyContent(bytes, sha256, purpose, cache);
      if (holdsPrivateKey(purpose.role)) bytes.fill(0);
      if (classification.ok) return { state: 'read', path, sha256, status, content: classification.content };
      return { state: 'unreadable', path, problem: classification.problem, cause: classification.cause, status, sha256 };
    }
  }
}

/** Every folder that is written into, judged for the owners that all its files are declared to have. */
function observeFolders(
  written: readonly DesiredFile[],
  users: ReadonlyMap<string, number | undefined>,
  ground: Parameters<typeof folderJudge>[0],
): ReadonlyMap<string, ObservedFolder> {
  const ownersOf = new Map<string, Set<number>>();
  for (const { path, owner } of written) {
    const folder = path.slice(0, path.lastIndexOf('/')) || '/';
    const owners = ownersOf.get(folder) ?? new Set();
    ownersOf.set(folder, owners);
    const id = owner === undefined ? undefined : users.get(owner);
    if (id !== undefined) owners.add(id);
  }
  const judge = folderJudge(ground);
  return new Map([...ownersOf].map(([folder, owners]) => [folder, judge.judge(folder, owners)]));
}

function idsOf(
  names: readonly (string | undefined)[],
  idOf: (name: string) => number | undefined,
): ReadonlyMap<string, number | undefined> {
  const known = [...new Set(names)].filter((name) => name !== undefined);
  return new Map(known.map((name) => [name, idOf(name)]));
}

function namesOf(ids: readonly number[], nameOf: (id: number) => string | undefined): ReadonlyMap<number, string> {
  const pairs = [...new Set(ids)].map((id) => [id, nameOf(id)] as const);
  return new Map(pairs.filter((pair): pair is [number, string] => pair[1] !== undefined));
}

const present = (ids: ReadonlyMap<string, number | undefined>): readonly number[] => [...ids.values()].filter((id) => id !== undefined);
const statuses = (files: ReadonlyMap<string, ObservedFile>) =>
  [...files.values()].flatMap((file) => (file.state !== 'absent' && file.status ? [file.status] : []));
