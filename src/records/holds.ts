/** What somebody wants left alone for now. A file of its own: it is written while nothing else is, and read by whoever plans. */

import type { Diagnostic } from '../domain/diagnostic.ts';
import { type Hold, type Holds, longestHold, noHolds } from '../domain/hold.ts';
import { isObject, jsonOf } from '../domain/json.ts';
import { type Address, parseAddress } from '../domain/names.ts';
import { between, formatInstant, parseInstant } from '../domain/time.ts';
import type { FileReader } from '../ports/file-reader.ts';

export const holdsFile = 'holds.json';

const format = 'certstate.holds';
const maxBytes = 16 * 1024 * 1024;

export interface HoldsReading {
  readonly holds: Holds;
  /** The bytes on disk, to tell whether they are still the same; null where there is no file, or none that can be read. */
  readonly bytes: Uint8Array | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** No holds where there is no file. Where there is one that says nothing, everything counts as held: a plan from unknown records is only more careful. */
export function readHolds(reader: FileReader, stateFolder: string): HoldsReading {
  const path = `${stateFolder}/${holdsFile}`;
  const reading = reader.read(path, { maxBytes });
  if (reading.state === 'absent') return { holds: noHolds, bytes: null, diagnostics: [] };
  if (reading.state === 'refused') return unknown(path, null, reading.cause);
  const holds = decodeHolds(reading.bytes);
  return holds
    ? { holds: { byAddress: new Map(holds.map((hold) => [hold.address, hold])) }, bytes: reading.bytes, diagnostics: [] }
    : unknown(path, reading.bytes, 'it is not in a format that this version knows');
}

/** Sorted, each address once: the same holds are the same bytes. */
export function encodeHolds(holds: readonly Hold[]): Uint8Array {
  const sorted = [...new Map(holds.map((hold) => [hold.address, hold])).values()].sort((left, right) =>
    left.address < right.address ? -1 : 1,
  );
  const document = {
    format,
    format_version: '1.0',
    holds: sorted.map(({ address, since, until, reason, by }) => ({
      address,
      since: formatInstant(since),
      until: formatInstant(until),
      reason,
      by,
    })),
  };
  return new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`);
}

/** Undefined for anything that is not such a file of a version we know: never a guess. */
export function decodeHolds(bytes: Uint8Array): readonly Hold[] | undefined {
  const document = jsonOf(bytes);
  if (!isObject(document) || document['format'] !== format || !/^1\.\d+$/.test(String(document['format_version']))) return undefined;
  const holds = Array.isArray(document['holds']) ? document['holds'].map(decodeHold) : undefined;
  return holds?.every((hold) => hold !== undefined) ? holds : undefined;
}

/** One that lasts longer than any may was not written by this program. */
function decodeHold(value: unknown): Hold | undefined {
  if (!isObject(value)) return undefined;
  const { address, reason, by } = value;
  const [since, until] = [parseInstant(String(value['since'])), parseInstant(String(value['until']))];
  if (typeof address !== 'string' || parseAddress(address) === undefined || typeof reason !== 'string' || typeof by !== 'string')
    return undefined;
  if (since === undefined || until === undefined || between(since, until) > longestHold) return undefined;
  return { address: address as Address, since, until, reason, by };
}

const unknown = (path: string, bytes: Uint8Array | null, cause: string): HoldsReading => ({
  holds: { ...noHolds, unreadable: `${path}: ${cause}` },
  bytes,
  diagnostics: [
    {
      code: 'holds-unreadable',
      severity: 'error',
      message: `nobody knows what is on hold: ${path} cannot be used`,
      hint: `see why, or move it aside (mv ${path} ${path}.unreadable) and set anew the holds that are still wanted`,
      notes: [`cause: ${cause}`, 'until then everything counts as on hold: apply --confirm ADDRESS makes one change in spite of it'],
    },
  ],
});
