/** Which services a change concerns: their own pair changed, or what they trust. And which are to be told although nothing changes. */
import type { DesiredResource, DesiredService } from '../domain/desired-state.ts';
import type { ObservedState } from '../domain/observed-state.ts';
import { type Change, type FileChange, isPending, type PlannedReload, type PlanOptions, type ServiceReload } from '../domain/plan.ts';
import { commandOf } from '../domain/service-commands.ts';
import { isInVain, type PendingService, type ToldInVain } from '../domain/service-outcome.ts';
import { tellingOf } from '../domain/telling.ts';

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
  readonly observed: Pick<ObservedState, 'pendingServices'>;
  readonly options: Pick<PlanOptions, 'root'>;
}

/**
 * Services that were not told of what is on disk, or were seen not to serve it. One that a change of this plan tells anyway is left to that; one that was told
 * of these very certificates in this very way and once more is only looked at from then on.
 */
export function plannedReloads({ resources, services, changes, observed, options }: ReloadContext): readonly PlannedReload[] {
  if (options.root !== '') return [];
  const told = new Set(changes.filter(isPending).flatMap((change) => change.services.map(({ service }) => service)));
  const marks = observed.pendingServices ?? [];
  const staleOf = staleByService(resources, changes);
  return [...services.values()].flatMap((service): readonly PlannedReload[] => {
    if (told.has(service.name)) return [];
    const own = marks.filter(({ service: name }) => name === service.name);
    const waiting = own.filter(({ toldInVain }) => toldInVain === undefined);
    const when = waiting.some((mark) => mark.when === 'trust-change') ? 'trust-change' : 'reload';
    const of = staleOf.get(service.name) ?? [];
    if (waiting.length > 0) return reloadOf(service, when).map((reload) => ({ ...reload, because: 'pending' as const, of }));
    if (of.length === 0) return [];
    return reloadOf(service, 'reload')
      .filter((reload) => !isToldInVain(own, { certificates: onDiskFor(service.name, resources, changes), ...tellingOf(reload) }))
      .map((reload) => ({ ...reload, because: 'stale' as const, of }));
  });
}

const isToldInVain = (marks: readonly PendingService[], now: ToldInVain): boolean =>
  marks.some(({ toldInVain }) => isInVain(toldInVain, now));

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

/** The generation that a service should serve: the hashes of its certificates with a probe, sorted. */
function onDiskFor(service: string, resources: readonly DesiredResource[], changes: readonly Change[]): readonly string[] {
  const probed = new Set(
    resources.flatMap((resource) =>
      resource.kind === 'cert' && resource.probe && resource.services.includes(service) ? [resource.address] : [],
    ),
  );
  return changes
    .flatMap(({ address, before }) => (probed.has(address as `cert/${string}`) && before?.sha256 ? [before.sha256] : []))
    .sort();
}
