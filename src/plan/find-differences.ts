/** Runs every row of the table over one resource. */
import type { CheckedCode, DifferenceCode } from '../domain/codes.ts';
import type { FieldPlaces } from '../domain/desired-state.ts';
import type { Place } from '../domain/diagnostic.ts';
import type { Difference, Finding, Origin } from '../domain/plan.ts';
import type { ManifestEntry } from '../domain/records.ts';
import { type CheckContext, isIssuedHere } from './check-context.ts';
import { desiredHash } from './desired-hash.ts';
import { type DriftCheck, driftChecks } from './drift-checks.ts';
import { issues, type Remedy } from './remedies.ts';

export interface RemediedDifference extends Difference {
  readonly remedy: Remedy;
}

const rows = Object.entries(driftChecks) as unknown as readonly (readonly [CheckedCode, DriftCheck])[];

/** The rows that also hold for an authority which is not issued here: it is installed as it was given, and otherwise only reported. */
const installing: ReadonlySet<DifferenceCode> = new Set([
  'missing',
  'certificate-missing',
  'key-mismatch',
  'provided-differs',
  'requested-renew',
  'requested-rekey',
]);

// biome-ignore format: table
const origins: Partial<Record<CheckedCode, Origin>> = {
  'expired': 'time', 'not-yet-valid': 'time', 'renewal-due': 'time',
  'issuer-rekeyed': 'issuer',
  'requested-renew': 'request', 'requested-rekey': 'request',
  'missing': 'drift', 'certificate-missing': 'drift', 'private-key-missing': 'drift', 'key-mismatch': 'drift',
};

/** Of files that are not there. */
const gone: ReadonlySet<CheckedCode> = new Set(['missing', 'certificate-missing', 'private-key-missing']);

/**
 * Every difference of a resource, in table order, each with what it costs to put right.
 * @param entry what the records say of it: the same desired hash as then means that the disk changed, not the YAML.
 */
export function findDifferences(context: CheckContext, entry: ManifestEntry | undefined): readonly RemediedDifference[] {
  const { desired } = context.view;
  // Hashing a resource costs more than all its checks: only where there are records and something differs.
  let isUnedited: boolean | undefined;
  const originOf = (code: CheckedCode, file: string | undefined): Origin => {
    const fixed = origins[code];
    if (fixed) return gone.has(code) && wasNeverThere(code, file) ? 'config' : fixed;
    isUnedited ??= entry !== undefined && entry.desired === desiredHash(desired);
    return isUnedited ? 'drift' : 'config';
  };
  /** A file that the YAML names only since the last apply: nobody has taken it away. */
  const wasNeverThere = (code: CheckedCode, file: string | undefined): boolean =>
    entry === undefined
      ? code !== 'private-key-missing'
      : !context.view.files.some(({ desired: { path } }) => (file === undefined || file === path) && entry.paths.includes(path));
  return rows.flatMap(([code, check]) => {
    const remedy = check[desired.kind];
    if (remedy === null) return [];
    const applied = issues(remedy) && !isIssuedHere(desired) && !installing.has(code) ? 'none' : remedy;
    return check.find(context).map((found) => {
      const path = found.path ?? check.path;
      return {
        code,
        origin: found.becauseOf ? 'issuer' : originOf(code, found.file),
        path,
        ...found,
        place: found.place ?? placeOf(desired.places, path, desired.place),
        forces: forcedBy(applied),
        remedy: applied,
      };
    });
  });
}

const forcedBy = (remedy: Remedy): Difference['forces'] =>
  remedy === 'rekey' || remedy === 'create' ? 'key' : remedy === 'renew' || remedy === 'reissue' ? 'certificate' : null;

/** The nearest field that the YAML names: `privateKey.size`, else `privateKey`, else the resource itself. */
function placeOf(places: FieldPlaces, path: readonly string[], fallback: Place): Place {
  for (let length = path.length; length > 0; length -= 1) {
    const place = places.get(path.slice(0, length).join('.'));
    if (place) return place;
  }
  return fallback;
}

/** What is reported and left alone. */
export const asFinding = ({ code, observed, desired, file, place, removed, added, since, overdue }: Difference): Finding => ({
  code,
  detail: observed ?? desired ?? [...(removed ?? []).map((value) => `-${value}`), ...(added ?? []).map((value) => `+${value}`)].join(' '),
  file,
  place,
  ...(since !== undefined && { since }),
  ...(overdue && { overdue }),
});
