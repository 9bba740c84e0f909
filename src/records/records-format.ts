/** The records as text: one JSON file, versioned, with nothing secret in it. */
import type { DifferenceCode } from '../domain/codes.ts';
import { isObject, isTexts, jsonOf } from '../domain/json.ts';
import type { Address } from '../domain/names.ts';
import { parseAddress } from '../domain/names.ts';
import type { ManifestEntry, Records } from '../domain/records.ts';
import { formatInstant, parseInstant } from '../domain/time.ts';

const format = 'certstate.records';
const formatVersion = '1.0';

/** Fixed key order, entries by address: the same records are the same bytes. */
export function encodeRecords(records: Records): Uint8Array {
  const manifest = [...records.manifest.values()]
    .sort((left, right) => (left.address < right.address ? -1 : 1))
    .map(({ address, source, paths, spkiSha256, written, desired, protect, issuedFor, appliedAt }) => ({
      address,
      source,
      paths,
      spki_sha256: spkiSha256,
      written: Object.fromEntries(Object.entries(written).sort(([left], [right]) => (left < right ? -1 : 1))),
      desired,
      protect,
      ...(issuedFor !== undefined && { issued_for: issuedFor }),
      applied_at: formatInstant(appliedAt),
    }));
  const document = {
    format,
    format_version: formatVersion,
    high_water: records.highWater === null ? null : formatInstant(records.highWater),
    manifest,
  };
  return new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`);
}

/** Undefined for anything that is not records of a version we know: never a guess. */
export function decodeRecords(bytes: Uint8Array): Records | undefined {
  const document = jsonOf(bytes);
  if (!isObject(document) || document['format'] !== format || !/^1\.\d+$/.test(String(document['format_version']))) return undefined;
  const highWater = document['high_water'] === null ? null : parseInstant(String(document['high_water']));
  const entries = Array.isArray(document['manifest']) ? document['manifest'].map(decodeEntry) : undefined;
  if (highWater === undefined || !entries?.every((entry) => entry !== undefined)) return undefined;
  return { highWater, manifest: new Map(entries.map((entry) => [entry.address, entry])) };
}

function decodeEntry(entry: unknown): ManifestEntry | undefined {
  if (!isObject(entry)) return undefined;
  const {
    address,
    source,
    paths,
    spki_sha256: spkiSha256,
    written,
    desired,
    protect,
    issued_for: issuedFor,
    applied_at: appliedAt,
  } = entry;
  const at = parseInstant(String(appliedAt));
  const known =
    typeof address === 'string' &&
    parseAddress(address) !== undefined &&
    isTexts(source) &&
    isTexts(paths) &&
    (spkiSha256 === null || typeof spkiSha256 === 'string');
  if (
    !known ||
    !isObject(written) ||
    !isTexts(Object.values(written)) ||
    typeof desired !== 'string' ||
    typeof protect !== 'boolean' ||
    at === undefined
  )
    return undefined;
  return {
    address: address as Address,
    source,
    paths,
    spkiSha256,
    written: written as Record<string, string>,
    desired,
    protect,
    ...(isTexts(issuedFor) && { issuedFor: issuedFor as readonly DifferenceCode[] }),
    appliedAt: at,
  };
}
