/** Reading an inventory back, as strictly as anything that comes from somewhere else: of a known version, whole, and each certificate the one it says it is. */
import { createHash } from 'node:crypto';
import { readProblemCodes } from '../domain/codes/read-problems.ts';
import { codes, type DifferenceCode, isCode, type ReadProblem } from '../domain/codes.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Inventory, InventoryFile, InventoryFolder } from '../domain/inventory.ts';
import type { KeyEncoding } from '../domain/keys.ts';
import type { Fault, FilePart, FileParts, LookedFile } from '../domain/looked-file.ts';
import { type Address, parseAddress } from '../domain/names.ts';
import type { FileStatus } from '../domain/observed-state.ts';
import { asFound, changedSince, type Records } from '../domain/records.ts';
import { probeFailures, type Served } from '../domain/served.ts';
import { instantOf, parseInstant } from '../domain/time.ts';
import { inventoryFormat } from './inventory.ts';
import {
  checked,
  count,
  flag,
  type JsonReader,
  type JsonResult,
  list,
  mapOf,
  matching,
  object,
  oneOf,
  optional,
  orNull,
  readJson,
  text,
  textAs,
} from './json-reader.ts';

const statusFormat = 'certstate.status';

/** Takes what `certstate status --json` prints, or the `inventory` in it alone. Never throws for what is in a file. */
export function readInventory(bytes: Uint8Array): JsonResult<Inventory> {
  const document = parse(bytes);
  if (document === undefined) return refused('$', 'is not JSON');
  const { format, inventory } = typeof document === 'object' && document !== null ? (document as Record<string, unknown>) : {};
  if (format === inventoryFormat) return read(document, '$');
  if (format !== statusFormat) return refused('$.format', `is neither ${statusFormat} nor ${inventoryFormat}`);
  return inventory === undefined
    ? refused('$.inventory', 'is not there: this certstate on the host is older than inventories')
    : read(inventory, '$.inventory');
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

const refused = (at: string, message: string): JsonResult<Inventory> => ({ ok: false, faults: [{ at, message }] });

/** The version first: of a document of another one nothing else can be said. */
function read(document: unknown, at: string): JsonResult<Inventory> {
  const version = readJson(object({ format_version: matching(/^1\.\d+$/, 'a version known here (1.x)') }), document, at);
  if (!version.ok) return version;
  const whole = readJson(inventoryDocument, document, at);
  if (!whole.ok) return whole;
  const faults = duplicates(whole.value, at);
  return faults.length > 0 ? { ok: false, faults } : withCertificates(whole.value, at);
}

const path = matching(/^\/[^\0]*$/, 'an absolute path');
const instant = textAs(parseInstant, 'an RFC 3339 time');
const sha256 = matching(/^[0-9a-f]{64}$/, '64 hex digits');
const mode = textAs((value) => (/^[0-7]{4}$/.test(value) ? Number.parseInt(value, 8) : undefined), 'a mode such as 0600');
const address = textAs((value) => (parseAddress(value) ? (value as Address) : undefined), 'an address such as cert/server');
const encodings: readonly KeyEncoding[] = ['PKCS8', 'PKCS1', 'SEC1'];
const certificateDer = textAs((value) => (/^[A-Za-z0-9+/]+={0,2}$/.test(value) ? Buffer.from(value, 'base64') : undefined), 'base64');
const idByName = mapOf(orNull(count));
const nameById = mapOf(text);

/** A problem of a later version is one that is not known here: then all that is known is that the file cannot be used. */
const problem = textAs((value): ReadProblem => (Object.hasOwn(readProblemCodes, value) ? (value as ReadProblem) : 'unreadable'), 'text');
const fault: JsonReader<Fault> = object({ problem, cause: text });
const status = object({ mode, uid: count, gid: count, links: count, size: optional(count), changed_at: instant });

const part = checked(
  object({
    certificate: optional(sha256),
    other: optional(text),
    key: optional(
      checked(
        object({
          name: text,
          fault: optional(fault),
          algorithm: optional(text),
          size: optional(count),
          spki_sha256: optional(sha256),
          encoding: optional(oneOf(encodings)),
        }),
        ({ algorithm, size, spki_sha256: spki, encoding }) => {
          const known = [algorithm, size, spki, encoding].filter((value) => value !== undefined).length;
          return known === 0 || known === 4 ? undefined : 'does not say all of algorithm, size, spki_sha256 and encoding';
        },
      ),
    ),
  }),
  ({ certificate, other, key }) =>
    [certificate, other, key].filter((value) => value !== undefined).length === 1 ? undefined : 'is not one of certificate, key, other',
);

const lookFields = {
  state: oneOf(['absent', 'refused', 'read'] as const),
  missing_from: optional(path),
  problem: optional(problem),
  cause: optional(text),
  status: optional(status),
  sha256: optional(sha256),
  parts: optional(list(part)),
  fault: optional(fault),
};
type Look = ReadOf<typeof look>;
const isWhole = ({ state, problem: what, cause, status: has, parts, fault: wrong }: Look): string | undefined => {
  if (state === 'refused') return what === undefined || cause === undefined ? 'does not say why it was not read' : undefined;
  if (state !== 'read') return undefined;
  if (!has) return 'has no status';
  return (parts === undefined) === (wrong === undefined) ? 'needs either parts or a fault' : undefined;
};
const look = object(lookFields);
const file = object({ path, ...lookFields, followed: optional(checked(look, isWhole)) });

const folder = checked(
  object({
    path,
    state: oneOf(['present', 'absent', 'not-a-directory', 'symlink', 'unreadable'] as const),
    mode: optional(mode),
    uid: optional(count),
    gid: optional(count),
    cause: optional(text),
    real_path: optional(orNull(path)),
    mount: optional(flag),
    names: optional(list(text)),
  }),
  ({ state, mode: bits, uid, gid }) =>
    state === 'present' && (bits === undefined || uid === undefined || gid === undefined) ? 'has no mode, uid or gid' : undefined,
);

const manifestEntry = object({
  address,
  source: list(text),
  paths: list(path),
  spki_sha256: orNull(sha256),
  written: mapOf(oneOf([asFound, changedSince])),
  desired: text,
  protect: flag,
  issued_for: orNull(list(text)),
  applied_at: instant,
});

const served = checked(
  object({
    address,
    endpoint: text,
    at: instant,
    state: oneOf(['served', 'failed'] as const),
    failure: optional(text),
    cause: optional(text),
    sha256: optional(sha256),
    subject: optional(text),
    serial: optional(text),
    not_after: optional(orNull(instant)),
  }),
  ({ state, sha256: hash, cause }) =>
    (state === 'served' ? hash : cause) === undefined ? 'says neither what was served nor why that was not seen' : undefined,
);
const services = object({
  served: list(served),
  pending: list(
    object({
      service: text,
      when: oneOf(['reload', 'trust_change'] as const),
      source: optional(list(text)),
      told_in_vain: optional(object({ certificates: list(sha256), argv: list(text) })),
    }),
  ),
  users: mapOf(orNull(object({ uid: count, gids: list(count), closed_folders: list(path) }))),
});

const inventoryDocument = object({
  format: oneOf([inventoryFormat]),
  taken_at: instant,
  host: object({ name: text, root: path, state_folder: path, uid: count, gid: count }),
  from: list(text),
  files: list(checked(file, isWhole)),
  folders: list(folder),
  users: idByName,
  groups: idByName,
  user_names: nameById,
  group_names: nameById,
  services: optional(services),
  records: object({ high_water: orNull(instant), manifest: list(manifestEntry) }),
  warnings: list(
    object({
      code: text,
      severity: oneOf(['error', 'warning', 'notice'] as const),
      message: text,
      hint: text,
      address: optional(text),
      notes: list(text),
    }),
  ),
  certificates: mapOf(certificateDer),
});

type ReadOf<Reader> = Reader extends JsonReader<infer Value> ? Value : never;
type Document = ReadOf<typeof inventoryDocument>;

/** Two answers about one path are none. */
function duplicates({ files, folders }: Document, at: string): readonly { readonly at: string; readonly message: string }[] {
  return Object.entries({ files, folders }).flatMap(([name, items]) => {
    const seen = new Set<string>();
    return items.flatMap(({ path: one }, index) => {
      const again = seen.has(one);
      seen.add(one);
      return again ? [{ at: `${at}.${name}[${index}].path`, message: `is named twice: ${one}` }] : [];
    });
  });
}

/** A certificate that is not the one it is named by would make a plan for another file. */
function withCertificates(document: Document, at: string): JsonResult<Inventory> {
  const faults: { at: string; message: string }[] = [];
  for (const [hash, der] of document.certificates)
    if (createHash('sha256').update(der).digest('hex') !== hash)
      faults.push({ at: `${at}.certificates[${JSON.stringify(hash)}]`, message: 'is not the certificate with this hash' });
  for (const [index, { parts = [], followed }] of document.files.entries())
    for (const { certificate } of [...parts, ...(followed?.parts ?? [])])
      if (certificate !== undefined && !document.certificates.has(certificate))
        faults.push({
          at: `${at}.files[${index}].parts`,
          message: `names the certificate ${certificate.slice(0, 12)}, which is not in certificates`,
        });
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: inventoryOf(document) };
}

function inventoryOf(document: Document): Inventory {
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
function servicesOf(found: Document['services']): Pick<Inventory, 'served' | 'pendingServices' | 'serviceUsers'> {
  const { served: seen = [], pending = [], users = new Map<string, null>() } = found ?? {};
  return {
    served: new Map(seen.map((one) => [one.address, servedOf(one)])),
    pendingServices: pending.map(({ service, when, source, told_in_vain: toldInVain }) => ({
      service,
      when: when === 'reload' ? 'reload' : 'trust-change',
      ...(source && { source }),
      ...(toldInVain && { toldInVain }),
    })),
    serviceUsers: new Map(
      [...users].map(([name, user]) => [name, user ? { uid: user.uid, gids: user.gids, closedFolders: user.closed_folders } : undefined]),
    ),
  };
}

function servedOf({ endpoint, at, state, failure, cause = '', ...certificate }: ReadOf<typeof served>): Served {
  if (state === 'failed')
    return { state, endpoint, at, cause, failure: probeFailures.find((known) => known === failure) ?? 'handshake-failed' };
  const { sha256: hash = '', subject = '', serial = '', not_after: notAfter } = certificate;
  return { state, endpoint, at, certificate: { sha256: hash, subject, serial, notAfter: notAfter ?? instantOf(Number.NaN) } };
}

const idsOf = (ids: ReadonlyMap<string, number | null>) => new Map([...ids].map(([name, id]) => [name, id ?? undefined]));
const namesOf = (names: ReadonlyMap<string, string>) => new Map([...names].map(([id, name]) => [Number(id), name]));

function lookOf(seen: Look, certificates: Document['certificates']): LookedFile {
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
      const of = statusOf(seen.status as NonNullable<Look['status']>);
      return { state: 'read', status: of, ...(seen.sha256 !== undefined && { sha256: seen.sha256 }), holds: held };
    }
  }
}

function partOf({ certificate, key, other = '' }: ReadOf<typeof part>, certificates: Document['certificates']): FilePart {
  if (certificate !== undefined) return { kind: 'certificate', der: certificates.get(certificate) as Uint8Array };
  if (!key) return { kind: 'other', name: other };
  const { name, fault: wrong, algorithm, size = 0, spki_sha256: spkiSha256 = '', encoding = 'PKCS8' } = key;
  if (wrong) return { kind: 'key', name, key: { ok: false, ...wrong } };
  return { kind: 'key', name, key: algorithm === undefined ? null : { ok: true, facts: { algorithm, size, spkiSha256, encoding } } };
}

/** Which inode it was says nothing anywhere else. */
const statusOf = ({ mode: bits, uid, gid, links, size = 0, changed_at: changedAt }: NonNullable<Look['status']>): FileStatus => ({
  mode: bits,
  uid,
  gid,
  links,
  size,
  inode: 0n,
  device: 0n,
  changedAt,
});

const recordsOf = ({ high_water: highWater, manifest }: Document['records']): Records => ({
  highWater,
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
