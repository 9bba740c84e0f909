/** An inventory as JSON: versioned, every certificate once, nothing secret in it. Its reader is `read-inventory.ts`. */
import { createHash } from 'node:crypto';
import type { Inventory, InventoryFile } from '../domain/inventory.ts';
import type { FilePart, LookedFile } from '../domain/looked-file.ts';
import type { FileStatus } from '../domain/observed-state.ts';
import type { Records } from '../domain/records.ts';
import { tellingJson } from '../domain/telling.ts';
import { formatInstant } from '../domain/time.ts';

export const inventoryFormat = 'certstate.inventory';
export const inventoryFormatVersion = '1.1';

const modeOf = (mode: number): string => mode.toString(8).padStart(4, '0');

/** The document, keys in fixed order; `JSON.stringify` it. */
export function inventoryJson(inventory: Inventory) {
  const certificates = new Map<string, string>();
  const shared = (der: Uint8Array): string => {
    const hash = createHash('sha256').update(der).digest('hex');
    if (!certificates.has(hash)) certificates.set(hash, Buffer.from(der).toString('base64'));
    return hash;
  };
  const files = inventory.files.map((file) => fileJson(file, shared));
  const { host } = inventory;
  return {
    format: inventoryFormat,
    format_version: inventoryFormatVersion,
    taken_at: formatInstant(inventory.takenAt),
    host: { name: host.name, root: host.root === '' ? '/' : host.root, state_folder: host.stateFolder, uid: host.uid, gid: host.gid },
    from: inventory.from,
    files,
    folders: inventory.folders.map(({ mode, realPath, ...folder }) => ({
      ...folder,
      ...(mode !== undefined && { mode: modeOf(mode) }),
      ...(realPath !== undefined && { real_path: realPath }),
    })),
    users: Object.fromEntries([...inventory.users].map(([name, id]) => [name, id ?? null])),
    groups: Object.fromEntries([...inventory.groups].map(([name, id]) => [name, id ?? null])),
    user_names: Object.fromEntries(inventory.userNames),
    group_names: Object.fromEntries(inventory.groupNames),
    services: servicesJson(inventory),
    records: recordsJson(inventory.records),
    warnings: inventory.warnings.map(({ code, severity, message, hint, address, notes }) => ({
      code,
      severity,
      message,
      hint,
      ...(address !== undefined && { address }),
      notes: notes ?? [],
    })),
    certificates: Object.fromEntries([...certificates].sort(([left], [right]) => (left < right ? -1 : 1))),
  };
}

type Shared = (der: Uint8Array) => string;

const fileJson = ({ path, seen, followed }: InventoryFile, shared: Shared) => ({
  path,
  ...lookJson(seen, shared),
  ...(followed && { followed: lookJson(followed, shared) }),
});

function lookJson(look: LookedFile, shared: Shared) {
  switch (look.state) {
    case 'absent':
      return { state: look.state, ...(look.missingFrom !== undefined && { missing_from: look.missingFrom }) };
    case 'refused':
      return { state: look.state, problem: look.problem, cause: look.cause, ...(look.status && { status: statusJson(look.status) }) };
    case 'read':
      return {
        state: look.state,
        status: statusJson(look.status),
        ...(look.sha256 !== undefined && { sha256: look.sha256 }),
        ...(look.holds.ok
          ? { parts: look.holds.parts.map((part) => partJson(part, shared)) }
          : { fault: { problem: look.holds.problem, cause: look.holds.cause } }),
      };
  }
}

const statusJson = ({ mode, uid, gid, links, size, changedAt }: FileStatus) => ({
  mode: modeOf(mode),
  uid,
  gid,
  links,
  ...(size > 0 && { size }),
  changed_at: formatInstant(changedAt),
});

function partJson(part: FilePart, shared: Shared) {
  switch (part.kind) {
    case 'certificate':
      return { certificate: shared(part.der) };
    case 'other':
      return { other: part.name };
    case 'key': {
      const { name, key } = part;
      if (key === null) return { key: { name } };
      if (!key.ok) return { key: { name, fault: { problem: key.problem, cause: key.cause } } };
      const { algorithm, size, spkiSha256, encoding } = key.facts;
      return { key: { name, algorithm, size, spki_sha256: spkiSha256, encoding } };
    }
  }
}

/** What was seen is by its hash; the certificate itself is nobody's file. */
function servicesJson({ served, pendingServices, serviceUsers }: Inventory) {
  return {
    served: [...served].map(([address, seen]) => {
      const about = { address, endpoint: seen.endpoint, at: formatInstant(seen.at) };
      if (seen.state === 'failed') return { ...about, state: seen.state, failure: seen.failure, cause: seen.cause };
      const { sha256, subject, serial, notAfter } = seen.certificate;
      return { ...about, state: seen.state, sha256, subject, serial, not_after: Number.isNaN(notAfter) ? null : formatInstant(notAfter) };
    }),
    pending: pendingServices.map(({ service, when, source, toldInVain }) => ({
      service,
      when: when === 'reload' ? 'reload' : 'trust_change',
      ...(source && { source }),
      ...(toldInVain && { told_in_vain: { certificates: toldInVain.certificates, ...tellingJson(toldInVain) } }),
    })),
    users: Object.fromEntries(
      [...serviceUsers].map(([name, user]) => [name, user ? { uid: user.uid, gids: user.gids, closed_folders: user.closedFolders } : null]),
    ),
  };
}

function recordsJson({ highWater, manifest, holds }: Records) {
  return {
    high_water: highWater === null ? null : formatInstant(highWater),
    manifest: [...manifest.values()].map((entry) => ({
      address: entry.address,
      source: entry.source,
      paths: entry.paths,
      spki_sha256: entry.spkiSha256,
      written: entry.written,
      desired: entry.desired,
      protect: entry.protect,
      issued_for: entry.issuedFor ?? null,
      applied_at: formatInstant(entry.appliedAt),
    })),
    holds: [...(holds?.byAddress.values() ?? [])].map(({ address, since, until, reason, by }) => ({
      address,
      since: formatInstant(since),
      until: formatInstant(until),
      reason,
      by,
    })),
    ...(holds?.unreadable !== undefined && { holds_unreadable: holds.unreadable }),
  };
}
