/**
 * The identity of a plan: a hash over its meaning. Not over times, sentences, positions, file names of the YAML, host name or version,
 * and not over what only the calendar asks for: a plan that was reviewed yesterday is still the same plan today.
 * What a service was seen to serve is no part of it, but that a service is to be told because of it is.
 */
import type { DesiredResource, DesiredState } from '../domain/desired-state.ts';
import { type Change, type Difference, isAgreedTo, isByCalendar, isChange, type Plan, type Precondition } from '../domain/plan.ts';
import { tellingOf } from '../domain/telling.ts';
import { canonical, sha256Of } from './desired-hash.ts';

/** The id of every plan that asks for nothing but what the calendar does: there is nothing to agree to. */
export const nothingToAgreeTo = `sha256:${sha256Of(canonical({ changes: [] }))}`;

/**
 * `sha256:` and 64 hex digits; the first 12 of them are its short form. Where nothing but the calendar asks for changes there is nothing to agree to,
 * and all such plans are the same.
 * @param preconditionsOf the files that some changes rest on.
 */
export function planId(
  { services }: Pick<DesiredState, 'services'>,
  resources: readonly DesiredResource[],
  { changes, reloads }: Pick<Plan, 'changes' | 'reloads'>,
  preconditionsOf: (changes: readonly Change[]) => readonly Precondition[],
): string {
  const counted = changes.filter(isAgreedTo);
  if (counted.length + reloads.length === 0) return nothingToAgreeTo;
  const meaning = {
    resources: resources.map(canonical).sort(),
    services: services.map(canonical).sort(),
    changes: counted.map((change) => canonical(meaningOf(change))).sort(),
    preconditions: preconditionsOf(counted).map(withoutKeyHash),
    ...(reloads.length > 0 && {
      reloads: reloads.map(({ service, when, ...telling }) => canonical({ service, ...tellingOf(telling), when })).sort(),
    }),
  };
  return `sha256:${sha256Of(canonical(meaning))}`;
}

/** What the id of a plan speaks for, and the changes beyond it that only the calendar asks for. */
export function splitByAgreement(plan: Plan): { readonly agreed: Plan; readonly left: readonly Change[] } {
  const left = plan.changes.filter((change) => isChange(change) && !isAgreedTo(change));
  if (left.length === 0) return { agreed: plan, left };
  return { agreed: { ...plan, changes: plan.changes.filter((change) => !isChange(change) || isAgreedTo(change)) }, left };
}

const meaningOf = ({ address, action, key, differences, files, services }: Change) => ({
  address,
  action,
  key,
  differences: differences.filter((difference) => !isByCalendar(difference)).map(attributesOf),
  files: files.map(({ path, action: fileAction, after }) => ({ path, action: fileAction, after })),
  argv: services.map(({ when, ...telling }) => canonical({ ...tellingOf(telling), when })).sort(),
});

/** A file with a key counts by its public facts: so that whoever sees no more of it, in an inventory, comes to the same identity. */
const withoutKeyHash = (file: Precondition): Precondition => (file.key ? { ...file, sha256: null } : file);

const attributesOf = ({ code, path, observed, desired, added, removed, file }: Difference) => ({
  code,
  path,
  observed,
  desired,
  added,
  removed,
  file,
});
