/** Writes down what a host looks like, so that plans for it can be made elsewhere. Public facts only: of a key its public half, of the records no hash. */
import { posix } from 'node:path';
import type { DesiredState } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Inventory, InventoryFile, InventoryHost } from '../domain/inventory.ts';
import { holdsOnlyCertificates, type LookedFile } from '../domain/looked-file.ts';
import type { ObservedState } from '../domain/observed-state.ts';
import { asFound, changedSince, type ManifestEntry, type Records } from '../domain/records.ts';
import type { Instant } from '../domain/time.ts';
import type { Accounts } from '../ports/accounts.ts';
import type { FactsCache } from './facts-cache.ts';
import { observeThrough } from './observe.ts';
import { recordedAccounts, recordedSight } from './recorded-sight.ts';
import type { Sight } from './sight.ts';
import { unmanagedFiles } from './unmanaged-files.ts';

export interface InventoryRequest {
  readonly desired: DesiredState;
  readonly sight: Sight;
  readonly cache?: FactsCache | undefined;
  readonly accounts: Accounts;
  readonly host: InventoryHost;
  readonly records: Records;
  readonly warnings: readonly Diagnostic[];
  /** What was seen of services when the disk was looked at. */
  readonly services: Pick<ObservedState, 'served' | 'pendingServices' | 'serviceUsers'>;
  readonly now: Instant;
}

/** Looks once more at everything the desired state names, at the certificates beside it, and at the names in the same folders. */
export async function takeInventory(request: InventoryRequest): Promise<Inventory> {
  const { desired, host, now, records, warnings, services, cache } = request;
  const sight = recordedSight(request.sight, host.root === '' ? undefined : host.root);
  const accounts = recordedAccounts(request.accounts);
  const process = { uid: host.uid, gid: host.gid };
  const observed = await observeThrough({ desired, sight, accounts, root: host.root, process, cache });
  const managed = new Set(observed.files.keys());
  unmanagedFiles(desired, sight, new Set());
  askMore(observed, sight, accounts);
  const seen = sight.files();
  const files = seen.filter((file) => managed.has(file.path) || isCertificateOrKey(file)).map(withoutKeyHashes);
  for (const look of files.flatMap(({ seen: one, followed }) => (followed ? [one, followed] : [one]))) askOwner(look, accounts);
  const hashes = new Map(seen.map(({ path, seen: look }) => [path, look.state === 'read' ? look.sha256 : undefined]));
  const { users, groups, userNames, groupNames } = accounts;
  return {
    host,
    takenAt: now,
    from: desired.from,
    files,
    folders: sight.folders(),
    users,
    groups,
    userNames,
    groupNames,
    records: { ...records, manifest: new Map([...records.manifest].map(([address, entry]) => [address, withoutHashes(entry, hashes)])) },
    warnings,
    served: services.served ?? new Map(),
    pendingServices: services.pendingServices ?? [],
    serviceUsers: services.serviceUsers ?? new Map(),
  };
}

/** What an edited desired state may ask: the folders themselves, their names, whether they are mount points, and the account that every host has. */
function askMore(observed: ObservedState, sight: Sight, accounts: Accounts): void {
  const files = [...observed.files.values()];
  for (const folder of new Set(files.map(({ path }) => posix.dirname(path)))) {
    if (sight.folder(folder).state !== 'present') continue;
    sight.isMountPoint(folder);
    sight.list(folder);
  }
  for (const file of files) if (file.state === 'absent' && file.missingFrom !== undefined) sight.folder(file.missingFrom);
  accounts.userId('root');
  accounts.groupId('root');
}

/** A neighbour is nobody's business unless it is a certificate, or by its name a key. */
const isCertificateOrKey = ({ seen }: InventoryFile): boolean =>
  seen.state === 'read' ? seen.holds.ok : seen.state === 'refused' && seen.problem === 'not-in-inventory';

/** Owners of what an edited desired state may name: a plan shows their names. */
function askOwner(look: LookedFile, accounts: Accounts): void {
  if (look.state === 'absent' || !look.status) return;
  accounts.userName(look.status.uid);
  accounts.groupName(look.status.gid);
}

const withoutKeyHashes = ({ path, seen, followed }: InventoryFile): InventoryFile => ({
  path,
  seen: withoutKeyHash(seen),
  ...(followed && { followed: withoutKeyHash(followed) }),
});

/** Size and hash of a file that holds a key, or may, are of its secret half too. */
function withoutKeyHash(look: LookedFile): LookedFile {
  if (look.state === 'absent' || !look.status || (look.state === 'read' && holdsOnlyCertificates(look.holds))) return look;
  const status = { ...look.status, size: 0 };
  return look.state === 'read' ? { state: look.state, status, holds: look.holds } : { ...look, status };
}

function withoutHashes(entry: ManifestEntry, hashes: ReadonlyMap<string, string | undefined>): ManifestEntry {
  const stateOf = ([path, hash]: readonly [string, string]) => [path, hash === hashes.get(path) ? asFound : changedSince] as const;
  return { ...entry, written: Object.fromEntries(Object.entries(entry.written).map(stateOf)) };
}
