/** Which services a change concerns: their own pair changed, or what they trust. And which are to be told although nothing changes. */
import type { DesiredResource, DesiredService } from '../domain/desired-state.ts';
import type { ObservedState } from '../domain/observed-state.ts';
import { type Change, type FileChange, isPending, type PlannedReload, type PlanOptions, type ServiceReload } from '../domain/plan.ts';
import { commandOf } from '../domain/service-commands.ts';
import { isInVain, type PendingService, type ToldInVain } from '../domain/service-outcome.ts';
import { tellingOf } from '../domain/telling.ts';
import { comesAfter, givenUpIn, type MarkStanding, onDiskFor, standingMarks } from './mark-standing.ts';

export type ServiceTable = ReadonlyMap<string, DesiredService>;

/** Services of a leaf whose files get other content; services that trust an authority whose certificates change. A mode alone concerns none. */
export function reloadsOf(change: Change, desired: DesiredResource, services: ServiceTable): readonly ServiceReload[] {
  const concerns = ({ action, role }: FileChange) =>
    (action === 'create' || action === 'update') && !(desired.kind === 'ca' && role === 'privateKey');
  if (!change.files.some(concerns)) return [];
  const names = desired.kind === 'ca' ? desired.trustedBy : desired.services;
  return names.flatMap((name) => reloadOf(services.get(name), desired.kind === 'ca' ? 'trust-change' : 'reload'));
}

function reloadOf(service: DesiredService | undefined, when: ServiceReload['when']): readonly ServiceReload[] {
  const command = service && commandOf(service, when === 'reload' ? 'reload' : 'onTrustChange');
  return command ? [{ service: service.name, ...tellingOf(command), when }] : [];
}

export interface ReloadContext {
  readonly resources: readonly DesiredResource[];
  readonly services: ServiceTable;
  readonly changes: readonly Change[];
  readonly observed: Pick<ObservedState, 'pendingServices' | 'served'>;
  readonly options: Pick<PlanOptions, 'root' | 'scheduled'>;
}

/**
 * Services that were not told of what is on disk, or were seen not to serve it. One that a change of this plan tells anyway is left to that. One that was told
 * of this generation in this very way, and once more, is only looked at by whoever is not asked; a person who applies the plan tells it again.
 */
export function plannedReloads(context: ReloadContext): readonly PlannedReload[] {
  const { resources, services, changes, observed, options } = context;
  if (options.root !== '') return [];
  const maybe = (reload: PlannedReload): readonly PlannedReload[] => (options.scheduled && reload.isGivenUp ? [] : [reload]);
  const told = new Set(changes.filter(isPending).flatMap((change) => change.services.map(({ service }) => service)));
  const marks = observed.pendingServices ?? [];
  const standing = standingMarks(marks, context);
  const givenUp = givenUpIn(standing);
  const staleOf = staleByService(resources, changes);
  return [...services.values()].flatMap((service): readonly PlannedReload[] => {
    if (told.has(service.name)) return [];
    const own = standing.filter(({ mark }) => mark.service === service.name);
    const open = own.filter(({ is }) => isToBeTold.has(is));
    const of = staleOf.get(service.name) ?? [];
    if (open.length > 0) {
      const when = open.some(({ mark }) => mark.when === 'trust-change') ? 'trust-change' : 'reload';
      const isGivenUp = open.every(({ is }) => is !== 'waits');
      return reloadOf(service, when).flatMap((reload) => maybe({ ...reload, because: 'pending', of, ...(isGivenUp && { isGivenUp }) }));
    }
    if (of.length > 0) {
      const certificates = onDiskFor(service.name, context);
      const isGivenUp = (reload: ServiceReload): boolean =>
        isToldInVain(marks, service.name, { certificates, ...tellingOf(reload) }) || comesAfter(service, givenUp, services);
      return reloadOf(service, 'reload').flatMap((reload) =>
        maybe({ ...reload, because: 'stale', of, ...(isGivenUp(reload) && { isGivenUp: true }) }),
      );
    }
    const unseen = own.find(({ is }) => is === 'in-vain');
    if (!unseen || !isInOrderFor(service.name, context)) return [];
    return reloadOf(service, unseen.mark.when).flatMap((reload) => maybe({ ...reload, because: 'pending', of, isGivenUp: true }));
  });
}

const isToBeTold: ReadonlySet<MarkStanding> = new Set(['waits', 'given-up', 'held-back']);

const isInOrderFor = (service: string, { resources, changes }: ReloadContext): boolean => {
  const names = new Set(resources.flatMap((one) => (one.kind === 'cert' && one.services.includes(service) ? [one.address] : [])));
  return changes.every((change) => !names.has(change.address as `cert/${string}`) || isInOrder(change));
};

const isToldInVain = (marks: readonly PendingService[], service: string, now: ToldInVain): boolean =>
  marks.some((mark) => mark.service === service && isInVain(mark.toldInVain, now));

/** The addresses of which each service was seen to serve another certificate, where what is on disk is in order: nobody is to load a broken pair. */
function staleByService(
  resources: readonly DesiredResource[],
  changes: readonly Change[],
): ReadonlyMap<string, readonly Change['address'][]> {
  const stale = new Set(changes.filter((change) => isStale(change) && isInOrder(change)).map(({ address }) => address));
  const byService = new Map<string, Change['address'][]>();
  for (const resource of resources) {
    if (resource.kind !== 'cert' || resource.manage === 'observe' || !stale.has(resource.address)) continue;
    for (const name of resource.services) byService.set(name, [...(byService.get(name) ?? []), resource.address]);
  }
  return byService;
}

const isStale = ({ findings }: Change): boolean => findings.some(({ code }) => code === 'service-stale');
const isInOrder = ({ blocked, differences }: Change): boolean => blocked === null && differences.every(({ forces }) => forces === null);
