/** How it stands with services that have still to be told. */
import type { DesiredResource, DesiredService } from '../domain/desired-state.ts';
import type { ObservedState } from '../domain/observed-state.ts';
import type { Change } from '../domain/plan.ts';
import { commandOf } from '../domain/service-commands.ts';
import { isInVain, mostTimes, type PendingService, type ToldInVain } from '../domain/service-outcome.ts';
import { sameTelling, tellingOf } from '../domain/telling.ts';
import { isSeenServed } from './seen-served.ts';

/**
 * - waits: the next pass tells it
 * - given-up: told as often as it is told without being asked; only a person has it told again
 * - held-back: comes after one that is given up
 * - served: given up, and yet seen to serve what is on disk: somebody else has told it
 * - in-vain: told of what is on disk, and looked at since, and not seen to serve it: only a person has it told again
 * - unseen: as it was told of that, and not looked at this time
 */
export type MarkStanding = 'waits' | 'given-up' | 'held-back' | 'served' | 'in-vain' | 'unseen';

export interface MarkContext {
  readonly resources: readonly DesiredResource[];
  readonly services: ReadonlyMap<string, DesiredService>;
  readonly changes: readonly Pick<Change, 'address' | 'before'>[];
  readonly observed: Pick<ObservedState, 'served'>;
}

export interface StandingMark {
  readonly mark: PendingService;
  readonly is: MarkStanding;
}

/** @param marks those that were told in vain of something else than there is now are left out. */
export function standingMarks(marks: readonly PendingService[], context: MarkContext): readonly StandingMark[] {
  const alone = marks.flatMap((mark): readonly StandingMark[] => {
    const is = mark.toldInVain ? inVain(mark.service, mark.toldInVain, context) : standingAlone(mark, context);
    return is === undefined ? [] : [{ mark, is }];
  });
  const givenUp = givenUpIn(alone);
  return alone.map(({ mark, is }) => ({
    mark,
    is: is === 'waits' && comesAfter(context.services.get(mark.service), givenUp, context.services) ? 'held-back' : is,
  }));
}

export const givenUpIn = (standing: readonly StandingMark[]): ReadonlySet<string> =>
  new Set(standing.flatMap(({ mark, is }) => (is === 'given-up' ? [mark.service] : [])));

/** Directly or by way of others; a cycle was refused by the parser. */
export const comesAfter = (
  service: DesiredService | undefined,
  names: ReadonlySet<string>,
  services: ReadonlyMap<string, DesiredService>,
): boolean => names.size > 0 && (service?.after ?? []).some((name) => names.has(name) || comesAfter(services.get(name), names, services));

/** What was told by another command than the YAML has now counts for nothing. */
function standingAlone({ service: name, when, tried }: PendingService, context: MarkContext): MarkStanding {
  const service = context.services.get(name);
  if (!service || !tried || tried.times < mostTimes) return 'waits';
  const commands = [commandOf(service, 'reload'), commandOf(service, 'onTrustChange')];
  if (!commands.some((command) => command && sameTelling(command, tried))) return 'waits';
  return when === 'reload' && isServed(name, context) ? 'served' : 'given-up';
}

/** Undefined where it was told of other certificates, or in another way, than it would be now; or serves them. */
function inVain(name: string, told: ToldInVain, context: MarkContext): MarkStanding | undefined {
  const service = context.services.get(name);
  const command =
    service && [commandOf(service, 'reload'), commandOf(service, 'onTrustChange')].find((one) => one && sameTelling(one, told));
  if (!command) return undefined;
  const { changes, observed } = context;
  const looked = new Set(changes.map(({ address }) => address));
  const probed = probedBy(name, context);
  if (probed.some(({ address }) => !looked.has(address))) return 'unseen';
  if (probed.some(({ address }) => !observed.served?.has(address))) return undefined;
  if (!isInVain(told, { certificates: onDiskFor(name, context), ...tellingOf(command) })) return undefined;
  return isServed(name, context) ? undefined : 'in-vain';
}

/** By all of its probes. What it serves says nothing of what it trusts. */
function isServed(service: string, context: MarkContext): boolean {
  const probed = probedBy(service, context);
  const found = new Map(context.changes.map((change) => [change.address, change]));
  return probed.length > 0 && probed.every((resource) => isSeenServed(context.observed.served, resource, found.get(resource.address)));
}

/** The generation that a service should serve: the hashes of its certificates with a probe, sorted. */
export function onDiskFor(service: string, context: Pick<MarkContext, 'resources' | 'changes'>): readonly string[] {
  const probed = new Set<string>(probedBy(service, context).map(({ address }) => address));
  return context.changes.flatMap(({ address, before }) => (probed.has(address) && before?.sha256 ? [before.sha256] : [])).sort();
}

const probedBy = (service: string, { resources }: Pick<MarkContext, 'resources'>): readonly DesiredResource[] =>
  resources.filter((resource) => resource.kind === 'cert' && resource.probe && resource.services.includes(service));
