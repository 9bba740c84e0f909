/** All files together, as the checks across resources want them. */
import type { DesiredResource } from '../../domain/desired-state.ts';
import type { ResourceReading } from '../fields.ts';
import type { FileReading, Found } from '../read-file.ts';
import type { ResourceSection } from '../row.ts';

export interface FoundResource extends Found<ResourceReading> {
  readonly section: ResourceSection;
  readonly address: string;
  /** Undefined where something without which there is no resource is missing. */
  readonly desired: DesiredResource | undefined;
}

export interface Whole {
  readonly files: readonly FileReading[];
  readonly resources: readonly FoundResource[];
  /** By name; of two with one name the first. */
  readonly authorities: ReadonlyMap<string, FoundResource>;
  readonly services: ReadonlyMap<string, FileReading['services'][number]>;
  readonly windows: ReadonlyMap<string, FileReading['windows'][number]>;
  readonly gates: ReadonlyMap<string, FileReading['gates'][number]>;
  /** Whether every file could be read: otherwise what is not found may stand in one that could not. */
  readonly complete: boolean;
}

/** The authority that a resource names as its issuer, if it is there. */
export const issuerOf = (whole: Whole, { reading }: FoundResource): FoundResource | undefined =>
  whole.authorities.get(reading.values.issuer?.value ?? '');

/** No chain is longer than pathLength can say (RFC 5280 §4.2.1.9, and 255 by our bound). */
const longestChain = 256;

/** The issuers of a resource, nearest first. Ends where a cycle closes. */
export function issuersOf(whole: Whole, resource: FoundResource): readonly FoundResource[] {
  const path = new Set<FoundResource>();
  for (
    let issuer = issuerOf(whole, resource);
    issuer && !path.has(issuer) && issuer !== resource && path.size < longestChain;
    issuer = issuerOf(whole, issuer)
  )
    path.add(issuer);
  return [...path];
}
