/** Folds the decision about each resource into a plan, in issuance order: issuers before what they sign. */
import { posix } from 'node:path';
import type { DesiredResource, DesiredState } from '../domain/desired-state.ts';
import type { Address } from '../domain/names.ts';
import type { ObservedState } from '../domain/observed-state.ts';
import type { Change, Finding, Plan, PlanOptions } from '../domain/plan.ts';
import type { Records } from '../domain/records.ts';
import { formatDay, type Instant } from '../domain/time.ts';
import { desiredHash } from './desired-hash.ts';
import { forgottenChanges } from './forgotten.ts';
import { indexState } from './index-of-state.ts';
import { issuanceOrder } from './issuance-order.ts';
import type { IssuerOutcome } from './issuer-outcome.ts';
import { planId } from './plan-id.ts';
import { outcomeOf, type PlanRequest, planResource } from './plan-resource.ts';
import { preconditionsOf } from './preconditions.ts';
import { renewalState } from './renewal.ts';
import { type ResourceView, viewResource } from './resource-view.ts';
import { selectTargets } from './targets.ts';

export interface PlanInput {
  readonly desired: DesiredState;
  readonly observed: ObservedState;
  readonly records: Records;
  readonly options: PlanOptions;
  readonly now: Instant;
}

/** The same input gives the same plan. Never throws for anything that the YAML or the disk can hold. */
export function makePlan({ desired, observed, records, options, now }: PlanInput): Plan {
  const ordered = issuanceOrder(desired.resources);
  const views = new Map<Address, ResourceView>(ordered.map((resource) => [resource.address, viewResource(resource, observed)]));
  const index = indexState(views.values());
  const services = new Map(desired.services.map((service) => [service.name, service]));
  const selected = selectTargets(ordered, options);
  const outcomes = new Map<Address, IssuerOutcome>();
  const planned: Change[] = [];
  const endsFirst = new Map<Address, string[]>();
  for (const resource of ordered) {
    const view = views.get(resource.address) as ResourceView;
    const issuer = resource.issuer && outcomes.get(resource.issuer);
    const request: PlanRequest = { view, observed, issuer, index, services, records, options, now };
    const change = selected.has(resource.address) ? planResource(request) : leftAlone(request);
    const outcome = outcomeOf(request, change);
    if (outcome) outcomes.set(resource.address, outcome);
    if (selected.has(resource.address)) planned.push(change);
    noteIssuerEnd(endsFirst, request);
  }
  const changes = planned.map((change) => withChildren(withIssuerEnd(change, endsFirst), planned));
  const partial = options.targets.length + options.excludes.length > 0;
  const all = partial ? changes : [...changes, ...forgottenChanges(desired, records)];
  const preconditions = preconditionsOf(all, views, observed);
  const hashes = ordered.filter(({ address }) => selected.has(address)).map(desiredHash);
  return {
    id: planId(all, hashes, preconditions),
    evaluatedAt: now,
    changes: all,
    leftOut: ordered.length - planned.length,
    diagnostics: [],
    preconditions,
    looked: lookedAt(views.values()),
  };
}

/** A resource outside the targets is what it is on disk, for its children too. */
const leftAlone = (request: PlanRequest): Change =>
  planResource({ ...request, view: { ...request.view, desired: { ...request.view.desired, manage: 'observe' } as DesiredResource } });

/** A leaf that is due but would gain nothing: its authority has the finding, nothing is done to the leaf. */
function noteIssuerEnd(endsFirst: Map<Address, string[]>, { view, issuer, now }: PlanRequest): void {
  const { desired, reference } = view;
  if (desired.kind !== 'cert' || !issuer || reference.certificate.state === 'absent') return;
  if (!renewalState(desired, reference.certificate.facts, issuer, now).issuerEndsFirst) return;
  endsFirst.set(issuer.address, [...(endsFirst.get(issuer.address) ?? []), desired.address]);
}

function withIssuerEnd(change: Change, endsFirst: ReadonlyMap<Address, readonly string[]>): Change {
  const children = endsFirst.get(change.address);
  if (!children) return change;
  const end = change.before?.notAfter == null ? '' : ` (it ends ${formatDay(change.before.notAfter)})`;
  const finding: Finding = { code: 'issuer-ends-first', detail: `${children.join(', ')}${end}`, place: change.place ?? undefined };
  return { ...change, findings: [...change.findings, finding] };
}

/** How many certificates are issued anew because of this change. */
function withChildren(change: Change, all: readonly Change[]): Change {
  if (!change.replaces.trustAnchor) return change;
  const children = all
    .filter(({ differences }) => differences.some(({ becauseOf }) => becauseOf === change.address))
    .map(({ address }) => address);
  return children.length === 0
    ? change
    : { ...change, effects: [...change.effects, { code: 'children-reissued', detail: children.join(', ') }] };
}

function lookedAt(views: Iterable<ResourceView>): Plan['looked'] {
  const files = [...views].flatMap((view) => view.files);
  const present = files.filter(({ observed }) => observed.state !== 'absent').length;
  return { files: files.length, folders: new Set(files.map(({ desired }) => posix.dirname(desired.path))).size, present };
}
