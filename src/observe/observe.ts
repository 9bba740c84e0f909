/** Looks at everything the desired state names, once, and writes down what is there. Nothing is decided here, and nothing secret is kept. */
import { type DesiredFile, type DesiredResource, type DesiredState, type FileRole, fileRoles } from '../domain/desired-state.ts';
import type { Address } from '../domain/names.ts';
import type { ObservedFile, ObservedState } from '../domain/observed-state.ts';
import type { Accounts } from '../ports/accounts.ts';
import type { FileReader } from '../ports/file-reader.ts';
import { classifyParts, type Purpose } from './classify-content.ts';
import { type FactsCache, memoryFactsCache } from './facts-cache.ts';
import type { FileMemory, Recall } from './file-memory.ts';
import { observeFolders } from './observe-folders.ts';
import { ownersIn } from './owners-in.ts';
import { diskSight, type LookOptions, type Sight } from './sight.ts';
import { copySignaturesOf, issuersOf, providedSignerOf, signatureOf, withIssuerProblems } from './signed-by.ts';

interface WhatToObserve {
  readonly desired: DesiredState;
  readonly accounts: Accounts;
  /** Empty or `/`, or the folder that stands for `/`: it is in front of the desired paths already. */
  readonly root: string;
  readonly process: { readonly uid: number; readonly gid: number };
  /** Look at these resources and their issuers only; left out, at all. */
  readonly only?: ReadonlySet<Address> | undefined;
  readonly cache?: FactsCache | undefined;
  /** Of whoever looks more than once: left out, every file is opened. */
  readonly memory?: FileMemory | undefined;
}

export interface ObserveRequest extends WhatToObserve {
  readonly reader: FileReader;
}

export interface ObserveThrough extends WhatToObserve {
  readonly sight: Sight;
}

/** Resources looked at between two turns of the event loop, so that Ctrl-C is heard: some 20 ms. */
const resourcesPerTurn = 64;
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Observes the disk. Rejects for bugs only: whatever the disk does is in the result. */
export const observe = ({ reader, cache = memoryFactsCache(), ...what }: ObserveRequest): Promise<ObservedState> =>
  observeThrough({ ...what, cache, sight: diskSight(reader, cache) });

/** The same for anything that answers as a disk does. */
export async function observeThrough({
  desired,
  sight,
  accounts,
  root,
  process,
  only,
  cache = memoryFactsCache(),
  memory,
}: ObserveThrough): Promise<ObservedState> {
  const issuerOf = issuersOf(desired);
  const resources = withIssuers(desired, only, issuerOf);
  const within = root.replace(/\/+$/, '') || undefined;
  const files = new Map<string, ObservedFile>();
  const mounted = new Set<string>();
  const written: DesiredFile[] = [];

  const recall: Recall = memory?.begin() ?? ((_path, _purpose, _options, look) => look());
  const lookAt = (path: string, purpose: Purpose, followLinks: boolean) => {
    const options = { followLinks, within };
    if (!files.has(path))
      files.set(
        path,
        recall(path, purpose, options, () => observeFile(path, purpose, options, sight, cache)),
      );
  };
  for (const [index, resource] of resources.entries()) {
    if (index % resourcesPerTurn === resourcesPerTurn - 1) await nextTurn();
    for (const set of resource.fileSets) {
      if (set.mount !== undefined && !mounted.has(set.mount)) {
        if (!sight.isMountPoint(set.mount)) continue;
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
  const copiesSignedBy = new Map<string, string | null>();
  const providedSignedBy = new Map<Address, string | null>();
  for (const [index, resource] of resources.entries()) {
    if (index % resourcesPerTurn === resourcesPerTurn - 1) await nextTurn();
    const signature = signatureOf(resource, issuerOf(resource), files, cache);
    for (const [sha256, signer] of copySignaturesOf(resource, issuerOf(resource), files, cache)) copiesSignedBy.set(sha256, signer);
    const providedSigner = providedSignerOf(resource, issuerOf(resource), files, cache);
    if (providedSigner !== undefined) providedSignedBy.set(resource.address, providedSigner);
    if (!signature) continue;
    signedBy.set(resource.address, signature.signer?.publicKey.spkiSha256 ?? null);
    files.set(signature.path, withIssuerProblems(files.get(signature.path) as ObservedFile, signature));
  }

  const owners = ownersIn(resources, files, accounts, process);
  return {
    files,
    folders: observeFolders(written, owners.users, { sight, accounts, root: within ?? '/', process }),
    signedBy,
    copiesSignedBy,
    providedSignedBy,
    ...owners,
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

/** One for all files of a kind: whoever remembers files keeps it with each. */
const purposesFor = (use: Purpose['use']) => new Map(fileRoles.map((role): readonly [FileRole, Purpose] => [role, { role, use }]));
const purposes = { ca: purposesFor('authority'), cert: purposesFor('end-entity') };
const purposeOf = (role: FileRole, { kind }: DesiredResource): Purpose => purposes[kind].get(role) as Purpose;

/** Looks at one path as what it should be. */
export function observeFile(path: string, purpose: Purpose, options: LookOptions, sight: Sight, cache: FactsCache): ObservedFile {
  const seen = sight.file(path, options);
  switch (seen.state) {
    case 'absent':
      return { ...seen, path };
    case 'refused': {
      const { problem, cause, status } = seen;
      return { state: 'unreadable', path, problem, cause, ...(status && { status }) };
    }
    case 'read': {
      const { status, sha256 } = seen;
      const classification = classifyParts(seen.holds, purpose, cache);
      if (classification.ok) return { state: 'read', path, sha256, status, content: classification.content };
      return { state: 'unreadable', path, problem: classification.problem, cause: classification.cause, status, sha256 };
    }
  }
}
