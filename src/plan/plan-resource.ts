/**
 * The only place where anything is decided: from one resource as desired and as observed, what to do about it.
 * No clock, no disk, no randomness, no waiting: the same arguments give the same change, today and in a bug report.
 */
import { compact } from '../domain/compact.ts';
import type { Change, Difference } from '../domain/plan.ts';
import type { Records } from '../domain/records.ts';
import type { BlockContext } from './block-context.ts';
import { findBlock } from './blocks.ts';
import { type CheckContext, certificateOf } from './check-context.ts';
import { consentFor } from './consents.ts';
import { effectsOf } from './effects.ts';
import { fileChanges } from './file-changes.ts';
import { asFinding, findDifferences, type RemediedDifference } from './find-differences.ts';
import { findingsOf } from './findings.ts';
import { heldBack, holdFinding, yieldingEffects } from './held-back.ts';
import { chainBelow, type IssuerOutcome } from './issuer-outcome.ts';
import { endOfIssued, materialFor } from './material.ts';
import { problemDifferences } from './problem-checks.ts';
import { providedPair } from './provided-checks.ts';
import { issues, type Remedy, strongest } from './remedies.ts';
import { renewalContext, renewalOf } from './renewal.ts';
import type { ResourceView } from './resource-view.ts';
import { scheduledOnly } from './scheduled.ts';
import { servedFindings, unreadableFindings } from './service-findings.ts';
import { reloadsOf, type ServiceTable } from './service-reloads.ts';
import { summaryAfter, summaryOf } from './summaries.ts';
import { replacesTrustAnchor } from './trust-anchor.ts';

export interface PlanRequest extends CheckContext {
  readonly services: ServiceTable;
  readonly records: Records;
}

/** What the plan does about one resource. Its issuer has been planned before it. */
export function planResource(request: PlanRequest): Change {
  const context: PlanRequest = { ...request, view: withoutEmptyChain(request) };
  const all = differencesOf(context);
  const differences = all.filter(isActedOn);
  const facts = factsOf(context, differences);
  const made = changeOf(facts, differences, [
    ...all.filter((difference) => !isActedOn(difference)).map(asFinding),
    ...findingsOf(context),
    ...servedFindings(context),
    ...unreadableFindings(context, context.services),
    ...holdFinding(context.view.desired.address, context),
  ]);
  const { reference, desired } = context.view;
  const { certificate } = reference;
  const issuedBelow = () => (certificate.state === 'present' ? context.index.issuedUnder(certificate.facts.subject) : []);
  const change = heldBack(made, { ...context, resource: desired, issuedBelow });
  const services = reloadsOf(change, desired, context.services);
  const effects = [...effectsOf(facts, { ...change, services }), ...yieldingEffects(change)];
  return { ...change, services: compact(services), effects: compact(effects) };
}

/** What is only reported becomes a finding; but a foreign authority is said where it holds everything back. */
const isActedOn = ({ remedy, code }: RemediedDifference): boolean => remedy !== 'none' || code === 'foreign-authority';

function factsOf(context: PlanRequest, differences: readonly RemediedDifference[]): BlockContext {
  const { view, observed, records } = context;
  const { desired } = view;
  const action = strongest(differences.map(({ remedy }) => remedy));
  const codes = new Set(differences.map(({ code }) => code));
  const provided = providedPair(desired, observed);
  const newKey = makesNewKey(view, action, codes, provided);
  return {
    ...context,
    action,
    codes,
    entry: records.manifest.get(desired.address),
    provided,
    newKey,
    waitsFor: action === 'fix' && differences.every(({ becauseOf }) => becauseOf !== undefined) ? differences[0]?.becauseOf : undefined,
    trustAnchor: replacesTrustAnchor(context, action, newKey, differences),
    files: fileChanges(context, action, differences, newKey),
  };
}

function changeOf(facts: BlockContext, differences: readonly RemediedDifference[], findings: Change['findings']): Change {
  const { view, action, newKey, trustAnchor, issuer } = facts;
  const { desired, reference, keepsKey } = view;
  const certificate = certificateOf(facts);
  const endsAbout = issues(action) ? endOfIssued(facts) : null;
  const material = materialFor(facts);
  return {
    address: desired.address,
    kind: desired.kind,
    name: desired.name,
    action: action === 'none' ? 'noop' : action,
    key: !keepsKey ? 'none' : newKey ? 'new' : 'kept',
    blocked: findBlock(facts),
    replaces: {
      key: newKey && reference.key.state === 'present',
      certificate: issues(action) && certificate !== undefined,
      trustAnchor,
    },
    differences: compact(differences.map(withoutRemedy)),
    findings: compact(findings),
    effects: [],
    place: desired.place,
    issuer: desired.issuer ?? null,
    dependsOn: issuer ? [issuer.address, ...issuer.above.filter(({ reissued }) => reissued).map(({ address }) => address)] : [],
    before: certificate ? summaryOf(certificate) : null,
    after: action === 'none' ? null : summaryAfter(facts, material),
    endsAbout,
    ...renewalOf(desired, certificate, endsAbout, renewalContext(facts)),
    files: compact(facts.files),
    services: [],
    consent: consentFor(facts)?.confirm ?? null,
    material,
  };
}

/** A leaf right under a root has no intermediates: its chain file is neither written nor judged. */
function withoutEmptyChain({ view, issuer }: CheckContext): ResourceView {
  if (!view.files.some(({ desired }) => desired.role === 'chain') || chainBelow(issuer).length > 0) return view;
  const isNoChain = ({ desired }: ResourceView['files'][number]) => desired.role !== 'chain';
  return { ...view, files: view.files.filter(isNoChain), problems: view.problems.filter(isNoChain) };
}

/** What is only observed is reported in full, and never acted on. */
function differencesOf(context: PlanRequest): readonly RemediedDifference[] {
  const { view, issuer, records } = context;
  if (isRightlyAbsent(view)) return [];
  const all = [...problemDifferences(view), ...findDifferences(context, records.manifest.get(view.desired.address))];
  if (view.desired.manage === 'observe') return all.map(onlyReported);
  const open = withoutHeldBack(all, issuer);
  return context.options.scheduled ? scheduledOnly(open, view.desired.kind, context.options.does) : open;
}

const onlyReported = (difference: RemediedDifference): RemediedDifference => ({ ...difference, remedy: 'none', forces: null });

/** Absence of something optional is in order, and of what would be on a mount point that is not mounted too. */
function isRightlyAbsent({ desired, reference, problems, files }: ResourceView): boolean {
  const isAbsent = reference.certificate.state === 'absent' && reference.key.state === 'absent' && problems.length === 0;
  return isAbsent && (desired.optional === true || files.length === 0);
}

/** While the change of an issuer is held back, what needs something else is served by the issuer as it is. Chains that would follow are in order until then. */
function withoutHeldBack(differences: readonly RemediedDifference[], issuer: IssuerOutcome | undefined): readonly RemediedDifference[] {
  const waits = ({ code, becauseOf }: RemediedDifference) =>
    code === 'issuer-rekeyed' ? issuer?.replacementHeldBack === true : becauseOf !== undefined;
  if (!differences.some((difference) => !waits(difference) && difference.remedy !== 'none')) return differences;
  return differences.flatMap((difference) =>
    !waits(difference) ? [difference] : difference.code === 'issuer-rekeyed' ? [onlyReported(difference)] : [],
  );
}

/** The separate answer about the key: new if a difference demands it, or if we issue anyway and the policy of a leaf is `Always`. */
function makesNewKey(
  { desired, reference, keepsKey }: ResourceView,
  action: Remedy,
  codes: BlockContext['codes'],
  provided: BlockContext['provided'],
): boolean {
  if (!keepsKey || !issues(action)) return false;
  const existing = reference.key.state === 'present' ? reference.key.facts.spkiSha256 : undefined;
  if (provided.state === 'read') return provided.certificate.publicKey.spkiSha256 !== existing;
  if (action === 'create' || action === 'rekey') return true;
  // A key without its certificate is kept: something may already rely on it.
  if (desired.kind === 'ca' || codes.has('certificate-missing')) return false;
  return existing === undefined || desired.privateKey?.rotationPolicy !== 'Never';
}

const withoutRemedy = ({ remedy: _, ...difference }: RemediedDifference): Difference => difference;
