/** Which services a change concerns: their own pair changed, or what they trust. */
import type { DesiredResource, DesiredService } from '../domain/desired-state.ts';
import type { Change, ServiceReload } from '../domain/plan.ts';

export type ServiceTable = ReadonlyMap<string, DesiredService>;

/** Services of a leaf whose files get other content; services that trust an authority whose certificate changes. A mode alone concerns none. */
export function reloadsOf(change: Change, desired: DesiredResource, services: ServiceTable): readonly ServiceReload[] {
  if (!change.files.some(({ action }) => action === 'create' || action === 'update')) return [];
  const names = desired.kind === 'ca' ? desired.trustedBy : desired.services;
  const when = desired.kind === 'ca' ? 'trust-change' : 'reload';
  return names.flatMap((name) => {
    const service = services.get(name);
    const argv = when === 'reload' ? service?.reload : service?.onTrustChange;
    return argv ? [{ service: name, argv, when }] : [];
  });
}
