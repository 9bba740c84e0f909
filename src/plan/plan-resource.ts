/**
 * The only place where anything is decided: from one resource as desired and as observed, what to do about it.
 * No clock, no disk, no randomness, no waiting: the same arguments give the same change, today and in a bug report.
 */
import type { ObservedState } from '../domain/observed-state.ts';
import type { Change, Difference, PlanOptions } from '../domain/plan.ts';
import type { Records } from '../domain/records.ts';
import type { Instant } from '../domain/time.ts';
import { type BlockContext, findBlock } from './blocks.ts';
import type { CheckContext } from './check-context.ts';
import { desiredHash } from './desired-hash.ts';
import { effectsOf } from './effects.ts';
import { fileChanges } from './file-changes.ts';
import { asFinding, findDifferences, type RemediedDifference } from './find-differences.ts';
import { findingsOf } from './findings.ts';
import type { StateIndex } from './index-of-state.ts';
import { type IssuerOutcome, issuerOutcome } from './issuer-outcome.ts';
import { endOfIssued, materialFor } from './material.ts';
import { providedPair } from './provided-checks.ts';
import { issues, type Remedy, strongest } from './remedies.ts';
import { issuedRenewal, renewalState } from './renewal.ts';
import type { ResourceView } from './resource-view.ts';
import { reloadsOf, type ServiceTable } from './service-reloads.ts';
import { summaryAfter, summaryOf } from './summaries.ts';
import { replacesTrustAnchor } from './trust-anchor.ts';

export interface PlanRequest {
  readonly view: ResourceView;
  readonly observed: ObservedState;
  readonly issuer: IssuerOutcome | undefined;
  readonly index: StateIndex;
  readonly services: ServiceTable;
  readonly records: Records;
  readonly options: PlanOptions;
  readonly now: Instant;
}

/** What the plan does about one resource. Its issuer has been planned before it. */
export function planResource(request: PlanRequest): Change {
  const { view, observed, issuer, records, options } = request;
  const { desired } = view;
  const context: CheckContext = request;
  const entry = records.manifest.get(desired.address);
  const found = [...problemDifferences(request), ...findDifferences(context, entry, desiredHash(desired))];
  const all = ignored(request) ? [] : withoutHeldBack(found, issuer);
  const differences = all.filter(({ remedy }) => remedy !== 'none');
  const action = strongest(differences.map(({ remedy }) => remedy));
  const codes = new Set<string>(all.map(({ code }) => code));
  const newKey = makesNewKey(view, action, codes);
  const trustAnchor = replacesTrustAnchor(context, action, newKey, differences);
  const files = desired.manage === 'observe' ? [] : fileChanges(context, action, differences);
  const confirmed = options.confirm.includes(desired.address);
  const provided = desired.kind === 'ca' ? providedPair(desired, observed) : ({ state: 'gone' } as const);
  const facts: BlockContext = { ...context, action, codes, records, entry, provided, newKey, trustAnchor, files, confirmed };
  const blocked = findBlock(facts);
  const observedOnly = desired.manage === 'observe';
  const taken: Remedy = observedOnly ? 'none' : action;
  const certificate = view.reference.certificate.state === 'present' ? view.reference.certificate.facts : undefined;
  const endsAbout = issues(taken) ? endOfIssued(facts) : null;
  const material = taken === 'none' ? null : materialFor(facts);
  const after = taken === 'none' ? null : summaryAfter(facts, material);
  const change: Change = {
    address: desired.address,
    kind: desired.kind,
    name: desired.name,
    action: taken === 'none' ? 'noop' : taken,
    key: !view.keepsKey ? 'none' : newKey && taken !== 'none' ? 'new' : 'kept',
    blocked,
    replaces: {
      key: newKey && taken !== 'none' && view.reference.key.state === 'present',
      certificate: issues(taken) && certificate !== undefined,
      trustAnchor: trustAnchor && taken !== 'none',
    },
    differences: differences.map(withoutRemedy),
    findings: [...all.filter(({ remedy }) => remedy === 'none').map(asFinding), ...findingsOf(context, files)],
    effects: [],
    place: desired.place,
    issuer: desired.issuer ?? null,
    dependsOn: desired.issuer ? [desired.issuer] : [],
    before: certificate ? summaryOf(certificate) : null,
    after,
    endsAbout,
    ...renewalOf(request, endsAbout),
    files,
    services: [],
    consent:
      desired.kind === 'ca' && (taken === 'create' || (trustAnchor && taken !== 'none')) ? desired.address : (blocked?.confirm ?? null),
    material,
  };
  const services = reloadsOf(change, desired, request.services);
  return { ...change, services, effects: effectsOf(facts, { ...change, services }) };
}

/** Applies the change to what children see of it. */
export function outcomeOf(request: PlanRequest, change: Change): IssuerOutcome | undefined {
  const { view, issuer, now } = request;
  return view.desired.kind === 'ca' ? issuerOutcome(view.desired, view, change, issuer, now) : undefined;
}

/** Absence of something optional is in order, and of a copy whose mount point is not mounted too. */
function ignored({ view }: PlanRequest): boolean {
  const nothing = view.reference.certificate.state === 'absent' && view.reference.key.state === 'absent' && view.problems.length === 0;
  return nothing && (view.desired.optional === true || view.files.length === 0);
}

/** Something stands where a file should be: a fix where the pair is good elsewhere, a new key where it is not. */
function problemDifferences({ view }: PlanRequest): readonly RemediedDifference[] {
  const good = view.reference.certificate.state === 'present' && (!view.keepsKey || view.reference.key.state === 'present');
  return view.problems.map(({ desired, observed }) => ({
    code: observed.problem as RemediedDifference['code'],
    origin: 'drift',
    path: ['files', desired.role],
    place: desired.place,
    observed: observed.cause,
    file: desired.path,
    forces: good ? null : 'key',
    remedy: good ? 'fix' : 'rekey',
  }));
}

/** While the issuer's own replacement is held back, a child that needs more than that is served by the issuer as it is. */
function withoutHeldBack(differences: readonly RemediedDifference[], issuer: IssuerOutcome | undefined): readonly RemediedDifference[] {
  if (!issuer?.replacementHeldBack) return differences;
  const others = differences.filter(({ code, remedy }) => code !== 'issuer-rekeyed' && issues(remedy));
  return others.length > 0 ? differences.filter(({ code }) => code !== 'issuer-rekeyed') : differences;
}

/** The separate answer about the key: new if a difference demands it, or if we issue anyway and the policy of a leaf is `Always`. */
function makesNewKey({ desired, reference, keepsKey }: ResourceView, action: Remedy, codes: ReadonlySet<string>): boolean {
  if (!keepsKey || !issues(action)) return false;
  if (action === 'create' || action === 'rekey' || reference.key.state === 'absent') return true;
  // A key without its certificate is kept: something may already rely on it.
  if (desired.kind === 'ca' || codes.has('certificate-missing')) return false;
  return desired.privateKey?.rotationPolicy !== 'Never';
}

function renewalOf({ view, issuer, now }: PlanRequest, endsAbout: Instant | null): Pick<Change, 'renewFrom' | 'renewBefore' | 'duration'> {
  const { desired, reference } = view;
  const duration = desired.duration ?? null;
  if (desired.kind === 'ca') return { renewFrom: null, renewBefore: null, duration };
  if (reference.certificate.state === 'absent' && endsAbout === null)
    return { renewFrom: null, renewBefore: desired.renewBefore ?? null, duration };
  const dated = endsAbout === null ? (reference.certificate.state === 'present' ? reference.certificate.facts : null) : null;
  const state = dated ? renewalState(desired, dated, issuer, now) : issuedRenewal(desired, endsAbout as Instant, now);
  return { renewFrom: Number.isNaN(state.from) ? null : state.from, renewBefore: state.window, duration };
}

const withoutRemedy = ({ remedy: _, ...difference }: RemediedDifference): Difference => difference;
