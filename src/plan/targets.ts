/** What `--target` and `--exclude` leave in the plan: a target brings its issuers along. */
import type { DesiredResource } from '../domain/desired-state.ts';
import { type Address, matchesPattern } from '../domain/names.ts';
import type { PlanOptions } from '../domain/plan.ts';

/** The addresses to be planned. */
export function selectTargets(
  resources: readonly DesiredResource[],
  { targets, excludes }: Pick<PlanOptions, 'targets' | 'excludes'>,
): ReadonlySet<Address> {
  if (targets.length + excludes.length === 0) return new Set(resources.map(({ address }) => address));
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

/** A request that this plan cannot honour: all it fits is left out of the plan, or is only watched (`manage: observe`). */
export interface IdleRequest {
  readonly flag: '--renew' | '--rekey';
  readonly pattern: string;
  readonly why: 'left-out' | 'observed';
}

/** The requests of which nothing would come, so that nobody takes an empty plan for a granted wish. Patterns that fit nothing at all are not among them. */
export function idleRequests(
  resources: readonly DesiredResource[],
  options: Pick<PlanOptions, 'targets' | 'excludes' | 'renew' | 'rekey'>,
): readonly IdleRequest[] {
  const selected = selectTargets(resources, options);
  return (['renew', 'rekey'] as const).flatMap((request) =>
    options[request].flatMap((pattern): readonly IdleRequest[] => {
      const meant = resources.filter(({ address }) => matchesPattern(address, pattern));
      const planned = meant.filter(({ address }) => selected.has(address));
      if (meant.length === 0 || planned.some(({ manage }) => manage !== 'observe')) return [];
      return [{ flag: `--${request}`, pattern, why: planned.length === 0 ? 'left-out' : 'observed' }];
    }),
  );
}

/** A consent names one resource and is no pattern: what is not exactly an address is a mistake. */
export const unknownAddresses = (resources: readonly DesiredResource[], addresses: readonly string[]): readonly string[] =>
  addresses.filter((wanted) => !resources.some(({ address }) => address === wanted));

/** Patterns that fit no resource, so that a typing mistake is not an empty plan. */
export const unmatchedPatterns = (resources: readonly DesiredResource[], patterns: readonly string[]): readonly string[] =>
  patterns.filter((pattern) => !resources.some(({ address }) => matchesPattern(address, pattern)));
