/** The shape of an inventory as JSON, field by field, as it is read back. */
import { readProblemCodes } from '../domain/codes/read-problems.ts';
import type { ReadProblem } from '../domain/codes.ts';
import type { KeyEncoding } from '../domain/keys.ts';
import type { Fault } from '../domain/looked-file.ts';
import { type Address, parseAddress } from '../domain/names.ts';
import { asFound, changedSince } from '../domain/records.ts';
import { parseInstant } from '../domain/time.ts';
import { inventoryFormat } from './inventory.ts';
import {
  checked,
  count,
  flag,
  type JsonReader,
  list,
  mapOf,
  matching,
  object,
  oneOf,
  optional,
  orNull,
  text,
  textAs,
} from './json-reader.ts';

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
export type LookDocument = ReadOf<typeof look>;
const isWhole = ({ state, problem: what, cause, status: has, parts, fault: wrong }: LookDocument): string | undefined => {
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
      told_in_vain: optional(object({ certificates: list(sha256), argv: list(text), static_pod: optional(text) })),
    }),
  ),
  users: mapOf(orNull(object({ uid: count, gids: list(count), closed_folders: list(path) }))),
});

/** All of it but what is said beyond types: that no path is named twice, and that certificates are those they are named by. */
export const inventoryDocument = object({
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
  records: object({
    high_water: orNull(instant),
    manifest: list(manifestEntry),
    holds: optional(list(object({ address, since: instant, until: instant, reason: text, by: text }))),
    holds_unreadable: optional(text),
  }),
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
export type InventoryDocument = ReadOf<typeof inventoryDocument>;
export type PartDocument = ReadOf<typeof part>;
export type ServedDocument = ReadOf<typeof served>;
