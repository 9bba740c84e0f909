/** Whether what is on disk was seen to be served. */
import type { DesiredResource } from '../domain/desired-state.ts';
import type { Address } from '../domain/names.ts';
import type { Change } from '../domain/plan.ts';
import type { Served } from '../domain/served.ts';

/** Somebody connected to its probe, and saw the very certificate that was on disk. */
export function isSeenServed(
  served: ReadonlyMap<Address, Served> | undefined,
  resource: DesiredResource | undefined,
  change: Pick<Change, 'before'> | undefined,
): boolean {
  if (resource?.kind !== 'cert') return false;
  const seen = served?.get(resource.address);
  return seen?.state === 'served' && resource.probe?.tls === seen.endpoint && seen.certificate.sha256 === change?.before?.sha256;
}
