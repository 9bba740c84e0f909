/** Looks at everything the desired state names, once, and writes down what is there. Nothing is decided here, and nothing secret is kept. */
import { createHash } from 'node:crypto';
import type { DesiredFile, DesiredResource, DesiredState, FileRole } from '../domain/desired-state.ts';
import type { Address } from '../domain/names.ts';
import type { ObservedFile, ObservedState } from '../domain/observed-state.ts';
import type { Accounts } from '../ports/accounts.ts';
import type { FileReader } from '../ports/file-reader.ts';
import { classifyContent, type Purpose } from './classify-content.ts';
import { type FactsCache, memoryFactsCache } from './facts-cache.ts';
import { observeFolders } from './observe-folders.ts';
import { ownersIn } from './owners-in.ts';
import { copySignaturesOf, issuersOf, providedSignerOf, signatureOf, withIssuerProblems } from './signed-by.ts';

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
  const within = root.replace(/\/+$/, '') || undefined;
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
    folders: observeFolders(written, owners.users, { reader, accounts, root: within ?? '/', process }),
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
      bytes.fill(0); // a private key may be among them, wherever it should be
      if (classification.ok) return { state: 'read', path, sha256, status, content: classification.content };
      return { state: 'unreadable', path, problem: classification.problem, cause: classification.cause, status, sha256 };
    }
  }
}
