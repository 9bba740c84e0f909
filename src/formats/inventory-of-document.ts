/** From the document of an inventory to what it says: the names of JSON become ours, and each certificate stands where it is named. */
import { codes, type DifferenceCode, isCode } from '../domain/codes.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Inventory, InventoryFile, InventoryFolder } from '../domain/inventory.ts';
import type { FilePart, FileParts, LookedFile } from '../domain/looked-file.ts';
import type { FileStatus } from '../domain/observed-state.ts';
import type { Records } from '../domain/records.ts';
import { probeFailures, type Served } from '../domain/served.ts';
import { tellingOf } from '../domain/telling.ts';
import { instantOf } from '../domain/time.ts';
import type { InventoryDocument, LookDocument, PartDocument, ServedDocument } from './inventory-document.ts';

/** Of a document that was found whole. */
export function inventoryOf(document: InventoryDocument): Inventory {
  const { host, certificates } = document;
  return {
    host: { name: host.name, root: host.root === '/' ? '' : host.root, stateFolder: host.state_folder, uid: host.uid, gid: host.gid },
    takenAt: document.taken_at,
    from: document.from,
    files: document.files.map(
      ({ path: where, followed, ...seen }): InventoryFile => ({
        path: where,
        seen: lookOf(seen, certificates),
        ...(followed && { followed: lookOf(followed, certificates) }),
      }),
    ),
    folders: document.folders.map(({ real_path: realPath, ...rest }): InventoryFolder => ({ ...rest, realPath })),
    users: idsOf(document.users),
    groups: idsOf(document.groups),
    userNames: namesOf(document.user_names),
    groupNames: namesOf(document.group_names),
    ...servicesOf(document.services),
    records: recordsOf(document.records),
    warnings: document.warnings.flatMap(({ code, ...rest }): readonly Diagnostic[] => (isCode(code) ? [{ code, ...rest }] : [])),
  };
}

/** An inventory of a version that did not look at services says nothing of them. */
function servicesOf(found: InventoryDocument['services']): Pick<Inventory, 'served' | 'pendingServices' | 'serviceUsers'> {
  const { served: seen = [], pending = [], users = new Map<string, null>() } = found ?? {};
  return {
    served: new Map(seen.map((one) => [one.address, servedOf(one)])),
    pendingServices: pending.map(({ service, when, source, told_in_vain: toldInVain }) => ({
      service,
      when: when === 'reload' ? 'reload' : 'trust-change',
      ...(source && { source }),
      ...(toldInVain && {
        toldInVain: { certificates: toldInVain.certificates, ...tellingOf({ argv: toldInVain.argv, staticPod: toldInVain.static_pod }) },
      }),
    })),
    serviceUsers: new Map(
      [...users].map(([name, user]) => [name, user ? { uid: user.uid, gids: user.gids, closedFolders: user.closed_folders } : undefined]),
    ),
  };
}

function servedOf({ endpoint, at, state, failure, cause = '', ...certificate }: ServedDocument): Served {
  if (state === 'failed')
    return { state, endpoint, at, cause, failure: probeFailures.find((known) => known === failure) ?? 'handshake-failed' };
  const { sha256: hash = '', subject = '', serial = '', not_after: notAfter } = certificate;
  return { state, endpoint, at, certificate: { sha256: hash, subject, serial, notAfter: notAfter ?? instantOf(Number.NaN) } };
}

const idsOf = (ids: ReadonlyMap<string, number | null>) => new Map([...ids].map(([name, id]) => [name, id ?? undefined]));
const namesOf = (names: ReadonlyMap<string, string>) => new Map([...names].map(([id, name]) => [Number(id), name]));

function lookOf(seen: LookDocument, certificates: InventoryDocument['certificates']): LookedFile {
  switch (seen.state) {
    case 'absent':
      return { state: 'absent', ...(seen.missing_from !== undefined && { missingFrom: seen.missing_from }) };
    case 'refused':
      return {
        state: 'refused',
        problem: seen.problem ?? 'unreadable',
        cause: seen.cause ?? '',
        ...(seen.status && { status: statusOf(seen.status) }),
      };
    case 'read': {
      const held: FileParts = seen.fault
        ? { ok: false, ...seen.fault }
        : { ok: true, parts: (seen.parts ?? []).map((one) => partOf(one, certificates)) };
      const of = statusOf(seen.status as NonNullable<LookDocument['status']>);
      return { state: 'read', status: of, ...(seen.sha256 !== undefined && { sha256: seen.sha256 }), holds: held };
    }
  }
}

function partOf({ certificate, key, other = '' }: PartDocument, certificates: InventoryDocument['certificates']): FilePart {
  if (certificate !== undefined) return { kind: 'certificate', der: certificates.get(certificate) as Uint8Array };
  if (!key) return { kind: 'other', name: other };
  const { name, fault: wrong, algorithm, size = 0, spki_sha256: spkiSha256 = '', encoding = 'PKCS8' } = key;
  if (wrong) return { kind: 'key', name, key: { ok: false, ...wrong } };
  return { kind: 'key', name, key: algorithm === undefined ? null : { ok: true, facts: { algorithm, size, spkiSha256, encoding } } };
}

/** Which inode it was says nothing anywhere else. */
const statusOf = ({ mode: bits, uid, gid, links, size = 0, changed_at: changedAt }: NonNullable<LookDocument['status']>): FileStatus => ({
  mode: bits,
  uid,
  gid,
  links,
  size,
  inode: 0n,
  device: 0n,
  changedAt,
});

const recordsOf = ({
  high_water: highWater,
  manifest,
  holds = [],
  holds_unreadable: unreadable,
}: InventoryDocument['records']): Records => ({
  highWater,
  holds: { byAddress: new Map(holds.map((hold) => [hold.address, hold])), ...(unreadable !== undefined && { unreadable }) },
  manifest: new Map(
    manifest.map((entry) => [
      entry.address,
      {
        address: entry.address,
        source: entry.source,
        paths: entry.paths,
        spkiSha256: entry.spki_sha256,
        written: Object.fromEntries(entry.written),
        desired: entry.desired,
        protect: entry.protect,
        ...(entry.issued_for && {
          issuedFor: entry.issued_for.filter(
            (code): code is DifferenceCode => isCode(code) && codes[code].as.some((use) => use === 'difference'),
          ),
        }),
        appliedAt: entry.applied_at,
      },
    ]),
  ),
});
