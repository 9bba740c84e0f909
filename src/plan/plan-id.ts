/**
 * The identity of a plan: a hash over its meaning. Not over times, sentences, positions, file names of the YAML, host name or version,
 * and not over what only the calendar asks for: a plan that was reviewed yesterday is still the same plan today.
 */
import type { Change, Difference, Precondition } from '../domain/plan.ts';
import { canonical, sha256Of } from './desired-hash.ts';

const byCalendar: ReadonlySet<string> = new Set(['renewal-due', 'expired', 'not-yet-valid']);

/** `sha256:` and 64 hex digits; the first 12 of them are its short form. */
export function planId(changes: readonly Change[], desiredHashes: readonly string[], preconditions: readonly Precondition[]): string {
  const counted = changes.filter((change) => change.action !== 'noop' && !change.differences.every(({ code }) => byCalendar.has(code)));
  const theirs = new Set(counted.flatMap(({ files }) => files.map(({ path }) => path)));
  const meaning = {
    desired: [...desiredHashes].sort(),
    changes: counted.map(({ address, action, key, differences, files, services }) => ({
      address,
      action,
      key,
      differences: differences.filter(({ code }) => !byCalendar.has(code)).map(meaningOf),
      files: files.map(({ path, action: fileAction, after }) => ({ path, action: fileAction, after })),
      services: services.map(({ argv, when }) => ({ argv, when })),
    })),
    preconditions: preconditions.filter(({ path }) => theirs.has(path)),
  };
  return `sha256:${sha256Of(canonical(meaning))}`;
}

const meaningOf = ({ code, path, observed, desired, added, removed, file }: Difference) => ({
  code,
  path,
  observed,
  desired,
  added,
  removed,
  file,
});
