/** Folds the decision about each resource into a plan, in issuance order: issuers before what they sign. */
import { posix } from 'node:path';
import type { DesiredResource, DesiredState } from '../domain/desired-state.ts';
import type { Address } from '../domain/names.ts';
import type { ObservedState } from '../domain/observed-state.ts';
import type { Change, Plan, PlanOptions } from '../domain/plan.ts';
import type { Records } from '../domain/records.ts';
import type { Instant } from '../domain/time.ts';
import { forgottenChanges } from './forgotten.ts';
import { indexState, type LiveIndex } from './index-of-state.ts';
import { issuanceOrder } from './issuance-order.ts';
import { type IssuerOutcome, issuerOutcome } from './issuer-outcome.ts';
import { planId } from './plan-id.ts';
import { type PlanRequest, planResource } from './plan-resource.ts';
import { calendarOf, validUntil } from './plan-validity.ts';
import { preconditionsOf } from './preconditions.ts';
import { renewalContext, renewalState } from './renewal.ts';
import { type ResourceView, viewResource } from './resource-view.ts';
import { plannedReloads } from './service-reloads.ts';
import { selectTargets } from './targets.ts';
import { type EndingChild, withEndingIssuer, withReissuedChildren } from './upward-notes.ts';

export interface PlanInput {
  readonly desired: DesiredState;
  readonly observed: ObservedState;
  readonly records: Records;
  readonly options: PlanOptions;
  readonly now: Instant;
}

/** The same input gives the same plan. Never throws for anything that the YAML or the disk can hold. */
export const makePlan = (input: PlanInput): Plan => makePlanWithBasis(input).plan;

/** What a plan was decided on: a few of its resources can be decided again from there, at the cost of a few. */
export interface PlanBasis {
  readonly views: Map<Address, ResourceView>;
  readonly index: LiveIndex;
}

/** The same, and what it was decided on. */
export function makePlanWithBasis(input: PlanInput): { readonly plan: Plan; readonly basis: PlanBasis } {
  const { desired, observed, records, options, now } = input;
  const ordered = issuanceOrder(desired.resources);
  const views = new Map(ordered.map((resource) => [resource.address, viewResource(resource, observed, now)]));
  const basis = { views, index: indexState(views.values()) };
  const { planned, endsFirst, calendar, common, selected } = decide(ordered, basis, input);
  const isPartial = options.targets.length + options.excludes.length > 0;
  const changes = [
    ...withReissuedChildren(planned).map((change) => withEndingIssuer(change, endsFirst.get(change.address), now)),
    ...(isPartial || options.scheduled ? [] : forgottenChanges(desired, records)),
  ];
  const reloads = plannedReloads({ ...common, resources: desired.resources, changes });
  const plan = {
    id: planId(
      desired,
      ordered.filter(({ address }) => selected.has(address)),
      { changes, reloads },
      (these) => preconditionsOf(these, views, observed),
    ),
    evaluatedAt: now,
    validUntil: validUntil(calendar, now),
    changes,
    reloads,
    leftOut: ordered.length - planned.length,
    diagnostics: [],
    preconditions: preconditionsOf(changes, views, observed),
    looked: lookedAt(views.values()),
  };
  return { plan, basis };
}

/**
 * A few resources decided again, as a plan of all would have them.
 * @param input its desired state may be of these resources and all issuers above them alone.
 * @param some with each authority among them everything below it.
 * @param basis of the last plan of all, as this function left it: what was looked at again is replaced in it.
 */
export function planSome(input: PlanInput, some: ReadonlySet<Address>, { views, index }: PlanBasis): readonly Change[] {
  const { desired, observed, now } = input;
  const issuers = new Map(desired.resources.map(({ address, issuer }) => [address, issuer]));
  const needed = new Set<Address>();
  for (const address of some) for (let at: Address | undefined = address; at && !needed.has(at); at = issuers.get(at)) needed.add(at);
  const resources = desired.resources.filter(({ address }) => needed.has(address));
  for (const resource of resources) {
    const [before, after] = [views.get(resource.address), viewResource(resource, observed, now)];
    if (!before) throw new Error(`${resource.address} was not in the plan of all`);
    views.set(resource.address, after);
    index.replace(before, after);
  }
  const { planned, endsFirst } = decide(issuanceOrder(resources), { views, index }, input);
  return withReissuedChildren(planned)
    .filter(({ address }) => some.has(address))
    .map((change) => withEndingIssuer(change, endsFirst.get(change.address), now));
}

/** @param ordered what is decided, issuers first; the basis may be of more. */
function decide(ordered: readonly DesiredResource[], { views, index }: PlanBasis, { desired, observed, records, options, now }: PlanInput) {
  const common = {
    observed,
    index,
    services: new Map(desired.services.map((service) => [service.name, service])),
    records,
    options,
    now,
  };
  const selected = selectTargets(ordered, options);
  const outcomes = new Map<Address, IssuerOutcome>();
  const planned: Change[] = [];
  const endsFirst = new Map<Address, EndingChild[]>();
  const calendar: number[] = [];
  for (const resource of ordered) {
    const view = views.get(resource.address) as ResourceView;
    const request: PlanRequest = { ...common, view, issuer: resource.issuer && outcomes.get(resource.issuer) };
    const change = planResource(selected.has(resource.address) ? request : leftAlone(request));
    if (resource.kind === 'ca') outcomes.set(resource.address, issuerOutcome(resource, view, change, request.issuer, now));
    if (selected.has(resource.address)) planned.push(change);
    noteEndingIssuer(endsFirst, request);
    calendar.push(...calendarOf(request));
  }
  return { planned, endsFirst, calendar, common, selected };
}

/** A resource outside the targets is what it is on disk, for its children too. */
const leftAlone = (request: PlanRequest): PlanRequest => ({
  ...request,
  view: { ...request.view, desired: { ...request.view.desired, manage: 'observe' } as DesiredResource },
});

/** A leaf that is due but would gain nothing: its authority has the finding, nothing is done to the leaf. */
function noteEndingIssuer(endsFirst: Map<Address, EndingChild[]>, request: PlanRequest): void {
  const { desired, reference } = request.view;
  const { issuer } = request;
  if (desired.kind !== 'cert' || !issuer || reference.certificate.state === 'absent') return;
  const { facts } = reference.certificate;
  const { issuerEndsFirst, from } = renewalState(desired, facts, renewalContext(request));
  if (!issuerEndsFirst) return;
  const child = { address: desired.address, due: from, end: facts.notAfter };
  const known = endsFirst.get(issuer.address);
  if (known) known.push(child);
  else endsFirst.set(issuer.address, [child]);
}

function lookedAt(views: Iterable<ResourceView>): Plan['looked'] {
  const files = [...views].flatMap((view) => view.files);
  const present = files.filter(({ observed }) => observed.state !== 'absent').length;
  return { files: files.length, folders: new Set(files.map(({ desired }) => posix.dirname(desired.path))).size, present };
}
