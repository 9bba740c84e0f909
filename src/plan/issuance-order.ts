/** Issuers before what they sign; within that, the order of the YAML. */
import type { DesiredResource } from '../domain/desired-state.ts';
import type { Address } from '../domain/names.ts';

/** Every resource once. An issuer that the YAML does not have, or a cycle, was refused by the parser. */
export function issuanceOrder(resources: readonly DesiredResource[]): readonly DesiredResource[] {
  const byAddress = new Map<Address, DesiredResource>(resources.map((resource) => [resource.address, resource]));
  const ordered = new Set<DesiredResource>();
  const visit = (resource: DesiredResource): void => {
    if (ordered.has(resource)) return;
    const issuer = resource.issuer && byAddress.get(resource.issuer);
    if (issuer) visit(issuer);
    ordered.add(resource);
  };
  for (const resource of resources) visit(resource);
  return [...ordered];
}
