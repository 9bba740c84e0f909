/** Which services a change concerns: their own pair changed, or what they trust. */
import type { DesiredResource, DesiredService } from '../domain/desired-state.ts';
import type { Change, FileChange, ServiceReload } from '../domain/plan.ts';

export type ServiceTable = ReadonlyMap<string, DesiredService>;

/** Services of a leaf whose files get other content; services that trust an authority whose certificates change. A mode alone concerns none. */
export function reloadsOf(change: Change, desired: DesiredResource, services: ServiceTable): readonly ServiceReload[] {
  const concerns = ({ action, role }: FileChange) =>
    (action === 'create' || action === 'update') && !(desired.kind === 'ca' && role === 'privateKey');
  if (!change.files.some(concerns)) return [];
  const names = desired.kind === 'ca' ? desired.trustedBy : desired.services;
  const when = desired.kind === 'ca' ? 'trust-change' : 'reload';
  return names.flatMap((name) => {
    const service = services.get(name);
    const argv = when === 'reload' ? service?.reload : service?.onTrustChange;
    return argv ? [{ service: name, argv, when }] : [];
  });
}
