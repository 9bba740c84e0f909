/** The conditions that stand, with the time at which each began: what keeps an alarm from clearing itself, or from beginning anew at every run. */
import { isCode } from '../domain/codes.ts';
import { type Condition, type ConditionCertificate, conditionKey, isConditionType } from '../domain/condition.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import { isObject, isTexts, jsonOf } from '../domain/json.ts';
import type { Severity } from '../domain/severity.ts';
import { formatInstant, parseInstant } from '../domain/time.ts';
import type { FileReader } from '../ports/file-reader.ts';

export const conditionsFile = 'conditions.json';

const format = 'certstate.conditions';
/** A condition takes about half a kilobyte; this is room for a hundred thousand. */
const maxBytes = 64 * 1024 * 1024;

export interface ConditionsReading {
  readonly conditions: readonly Condition[];
  /** The bytes on disk, to tell whether there is something to write; null where there is no file. */
  readonly bytes: Uint8Array | null;
  /** Whether what is there could be understood; if not, it is kept beside what is written next. */
  readonly isKnown: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** None where there is no file, or none that can be read: what is wrong is seen again, as if it began now. */
export function readConditions(reader: FileReader, stateFolder: string): ConditionsReading {
  const path = `${stateFolder}/${conditionsFile}`;
  const reading = reader.read(path, { maxBytes });
  if (reading.state === 'absent') return { conditions: [], bytes: null, isKnown: true, diagnostics: [] };
  if (reading.state === 'refused') return { conditions: [], bytes: null, isKnown: false, diagnostics: [unreadable(path, reading.cause)] };
  const conditions = decodeConditions(reading.bytes);
  return conditions
    ? { conditions, bytes: reading.bytes, isKnown: true, diagnostics: [] }
    : {
        conditions: [],
        bytes: reading.bytes,
        isKnown: false,
        diagnostics: [unreadable(path, 'it is not in a format that this version knows')],
      };
}

/** Fixed key order: the same conditions are the same bytes. */
export function encodeConditions(conditions: readonly Condition[]): Uint8Array {
  const document = { format, format_version: '1.0', conditions: conditions.map(entryOf) };
  return new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`);
}

const entryOf = ({ type, address, since, changedAt, severity, codes, reason, repair, source, certificate }: Condition) => ({
  type,
  address,
  since: formatInstant(since),
  changed_at: formatInstant(changedAt),
  severity,
  codes,
  reason,
  repair,
  source,
  certificate: certificate && {
    sha256: certificate.sha256,
    not_before: formatInstant(certificate.notBefore),
    not_after: formatInstant(certificate.notAfter),
  },
});

/**
 * Undefined for anything that is not such a file of a version we know: never a guess. Types of condition that a later minor version has added are left out.
 */
export function decodeConditions(bytes: Uint8Array): readonly Condition[] | undefined {
  const document = jsonOf(bytes);
  if (!isObject(document) || document['format'] !== format || !/^1\.\d+$/.test(String(document['format_version']))) return undefined;
  const entries = document['conditions'];
  if (!Array.isArray(entries)) return undefined;
  const known = entries
    .filter((entry) => !isObject(entry) || typeof entry['type'] !== 'string' || isConditionType(entry['type']))
    .map(decodeEntry);
  if (!known.every((condition) => condition !== undefined)) return undefined;
  return [...new Map(known.map((condition) => [conditionKey(condition), condition])).values()];
}

function decodeEntry(entry: unknown): Condition | undefined {
  if (!isObject(entry)) return undefined;
  const { type, address, since: began, changed_at: changed, severity, codes, reason, repair, source, certificate } = entry;
  const [since, changedAt, onDisk] = [instantIn(began), instantIn(changed), decodeCertificate(certificate)];
  if (typeof type !== 'string' || !isConditionType(type) || (address !== null && typeof address !== 'string')) return undefined;
  if (since === undefined || changedAt === undefined || onDisk === undefined || !isSeverity(severity)) return undefined;
  if (!isTexts(codes) || !isTexts(source) || typeof reason !== 'string' || typeof repair !== 'string') return undefined;
  return { type, address, since, changedAt, severity, codes: codes.filter(isCode), reason, repair, source, certificate: onDisk };
}

function decodeCertificate(certificate: unknown): ConditionCertificate | null | undefined {
  if (certificate === null) return null;
  if (!isObject(certificate)) return undefined;
  const { sha256, not_before: begins, not_after: ends } = certificate;
  const [notBefore, notAfter] = [instantIn(begins), instantIn(ends)];
  return typeof sha256 === 'string' && notBefore !== undefined && notAfter !== undefined ? { sha256, notBefore, notAfter } : undefined;
}

const instantIn = (value: unknown) => (typeof value === 'string' ? parseInstant(value) : undefined);
const isSeverity = (value: unknown): value is Severity => value === 'error' || value === 'warning' || value === 'notice';

const unreadable = (path: string, cause: string): Diagnostic => ({
  code: 'records-unreadable',
  severity: 'warning',
  message: `the conditions that stand, in ${path}, cannot be used`,
  hint: 'move the file aside: what is still wrong is seen again by the next run, as if it began then',
  notes: [`cause: ${cause}`, 'certstate goes on as if none stood'],
});
