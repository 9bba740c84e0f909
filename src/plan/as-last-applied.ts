/**
 * The desired state as a timer works from it, resource by resource: the YAML as it stands where the disk is as it says, else what was last applied. So an edit
 * that nobody has applied never travels with a renewal, and never lets a certificate expire either.
 */
import { type DesiredCertificate, type DesiredResource, type DesiredState, filesOf } from '../domain/desired-state.ts';
import type { Address } from '../domain/names.ts';
import type { ObservedState } from '../domain/observed-state.ts';
import { type Action, type Change, isByCalendar, type Plan } from '../domain/plan.ts';
import type { ManifestEntry, Records } from '../domain/records.ts';
import type { Instant } from '../domain/time.ts';
import { desiredHash } from './desired-hash.ts';
import { viewResource } from './resource-view.ts';
import { takesEdits } from './scheduled.ts';

export interface AppliedInput {
  readonly desired: DesiredState;
  /** What an apply would do. */
  readonly plan: Plan;
  readonly observed: ObservedState;
  readonly records: Records;
  /** What is kept of the desired states that were in force before, newest first; asked for only where something differs. */
  readonly kept: () => readonly DesiredState[];
  /** As in `PlanOptions`: with more than a timer does in it, an edited YAML counts for these actions. */
  readonly does?: ReadonlySet<Action> | undefined;
  readonly now: Instant;
}

/** The very same object where the YAML asks for nothing that was not applied. */
export function asLastApplied(input: AppliedInput): DesiredState {
  const { desired, plan, records, kept } = input;
  const changes = new Map(plan.changes.map((change) => [change.address, change]));
  const resources = desired.resources.map((resource) => versionOf(resource, changes.get(resource.address), input));
  const dropped = droppedSince(desired, records).flatMap((entry) => appliedVersion(entry, kept()) ?? []);
  const revived = beside(dropped, desired.resources);
  const mixed = [...possible(resources, desired.resources, revived), ...revived];
  if (isUnchanged(mixed, desired.resources) || hasCycle(mixed)) return desired;
  const formerly = kept()
    .toReversed()
    .flatMap(({ services }) => services);
  const services = new Map([...formerly, ...desired.services].map((service) => [service.name, service]));
  return { ...desired, resources: mixed, services: [...services.values()] };
}

const isUnchanged = (left: readonly DesiredResource[], right: readonly DesiredResource[]): boolean =>
  left.length === right.length && left.every((resource, index) => resource === right[index]);

function versionOf(resource: DesiredResource, change: Change | undefined, input: AppliedInput): DesiredResource {
  // An edit that the disk is in order for (a window, a lifetime, a service) is policy, and counts from now on.
  if (!change || resource.manage === 'observe' || change.differences.every(isByCalendar)) return resource;
  if (input.does && takesEdits(input.does) && input.does.has(change.action) && change.blocked === null) return resource;
  const entry = input.records.manifest.get(resource.address);
  if (entry?.desired === desiredHash(resource)) return resource;
  const applied = entry && appliedVersion(entry, input.kept());
  // When it may be done, and who is asked, is as the YAML has it now: nothing on disk has to follow.
  return (applied && withPolicy(applied, resource)) ?? asOnDisk(resource, input) ?? resource;
}

const withPolicy = (applied: DesiredResource, { windows, gates }: DesiredResource): DesiredResource => ({ ...applied, windows, gates });

const appliedVersion = ({ address, desired: hash }: ManifestEntry, kept: readonly DesiredState[]): DesiredResource | undefined =>
  kept.flatMap(({ resources }) => resources).find((resource) => resource.address === address && desiredHash(resource) === hash);

/**
 * Where nobody remembers what was applied, the certificate itself says it, if its issuer has signed it and there is nothing in it for which the YAML has no
 * word.
 */
function asOnDisk(resource: DesiredResource, { observed, now }: AppliedInput): DesiredCertificate | undefined {
  if (resource.kind !== 'cert' || !observed.signedBy.get(resource.address)) return undefined;
  const { certificate, key } = viewResource(resource, observed, now).reference;
  if (certificate.state === 'absent' || key.state === 'absent') return undefined;
  const { subject, names, usages, otherUsages } = certificate.facts;
  const { otherNames, ...ours } = names;
  if (otherNames.length + otherUsages.length > 0) return undefined;
  const policy = resource.privateKey?.rotationPolicy;
  return { ...resource, subject, names: ours, usages, privateKey: policy && { rotationPolicy: policy } };
}

/** What the YAML no longer names is still as it was applied, until an apply forgets it. */
function droppedSince({ resources, from }: DesiredState, { manifest }: Records): readonly ManifestEntry[] {
  const named = new Set<Address>(resources.map(({ address }) => address));
  const source = from.toSorted().join('\n');
  return [...manifest.values()].filter((entry) => !named.has(entry.address) && entry.source.toSorted().join('\n') === source);
}

const pathsOf = (resource: DesiredResource): readonly string[] => filesOf(resource).map(({ path }) => path);

/** A path that the YAML has given to another resource meanwhile is that one's, and who is gone signs nothing: then the version of the YAML stands, and waits. */
function possible(
  resources: readonly DesiredResource[],
  current: readonly DesiredResource[],
  revived: readonly DesiredResource[],
): readonly DesiredResource[] {
  const owners = new Map<string, Address>(current.flatMap((resource) => pathsOf(resource).map((path) => [path, resource.address])));
  const there = new Set<Address>([...current, ...revived].map(({ address }) => address));
  const isPossible = (resource: DesiredResource): boolean =>
    (resource.issuer === undefined || there.has(resource.issuer)) &&
    pathsOf(resource).every((path) => (owners.get(path) ?? resource.address) === resource.address);
  return resources.map((resource, index) => (isPossible(resource) ? resource : (current[index] as DesiredResource)));
}

/** What was dropped, as far as the YAML has not given its places to others; with its issuer, or not at all. */
function beside(dropped: readonly DesiredResource[], current: readonly DesiredResource[]): readonly DesiredResource[] {
  const taken = new Set(current.flatMap(pathsOf));
  const free = dropped.filter((resource) => pathsOf(resource).every((path) => !taken.has(path)));
  const there = new Set<Address>([...current, ...free].map(({ address }) => address));
  return free.filter(({ issuer }) => issuer === undefined || there.has(issuer));
}

/** Each version on its own was free of cycles; a mixture of two need not be. */
function hasCycle(resources: readonly DesiredResource[]): boolean {
  const issuers = new Map(resources.map(({ address, issuer }) => [address as Address, issuer]));
  return resources.some(({ address, issuer }) => {
    let at = issuer;
    for (let steps = 0; at !== undefined && at !== address && steps <= resources.length; steps += 1) at = issuers.get(at);
    return at !== undefined;
  });
}
