/** A desired state of a few resources and all issuers above them: what has to be known to look at those alone. */
import type { DesiredResource, DesiredState } from '../domain/desired-state.ts';
import type { Address } from '../domain/names.ts';

/** Prepared once for a desired state; then each part of it costs what it holds. In the order of the whole. */
export function partsOfState(desired: DesiredState): (addresses: Iterable<Address>) => DesiredState {
  const places = new Map<Address, number>(desired.resources.map(({ address }, index) => [address, index]));
  return (addresses) => {
    const chosen = new Set<number>();
    for (const address of addresses)
      for (let at = places.get(address); at !== undefined && !chosen.has(at); ) {
        chosen.add(at);
        const issuer = desired.resources[at]?.issuer;
        at = issuer === undefined ? undefined : places.get(issuer);
      }
    const resources = [...chosen].sort((left, right) => left - right).map((index) => desired.resources[index] as DesiredResource);
    return { ...desired, resources };
  };
}
