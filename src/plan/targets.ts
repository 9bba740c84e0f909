/** What `--target` and `--exclude` leave in the plan: a target brings its issuers along. */
import type { DesiredResource } from '../domain/desired-state.ts';
import { type Address, matchesPattern } from '../domain/names.ts';
import type { PlanOptions } from '../domain/plan.ts';

/** The addresses to be planned. */
export function selectTargets(
  resources: readonly DesiredResource[],
  { targets, excludes }: Pick<PlanOptions, 'targets' | 'excludes'>,
): ReadonlySet<Address> {
  const byAddress = new Map<Address, DesiredResource>(resources.map((resource) => [resource.address, resource]));
  const selected = new Set<Address>();
  const add = (address: Address | undefined): void => {
    if (address === undefined || selected.has(address)) return;
    selected.add(address);
    add(byAddress.get(address)?.issuer);
  };
  for (const { address } of resources)
    if (targets.length === 0 || targets.some((pattern) => matchesPattern(address, pattern))) add(address);
  return new Set([...selected].filter((address) => !excludes.some((pattern) => matchesPattern(address, pattern))));
}

/** A consent names one resource and is no pattern: what is not exactly an address is a mistake. */
export const unknownAddresses = (resources: readonly DesiredResource[], addresses: readonly string[]): readonly string[] =>
  addresses.filter((wanted) => !resources.some(({ address }) => address === wanted));

/** Patterns that fit no resource, so that a typing mistake is not an empty plan. */
export const unmatchedPatterns = (resources: readonly DesiredResource[], patterns: readonly string[]): readonly string[] =>
  patterns.filter((pattern) => !resources.some(({ address }) => matchesPattern(address, pattern)));
