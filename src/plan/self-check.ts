/** What was issued is held against the same rows that asked for it, before it is published: converge, or stop. */
import type { DifferenceCode } from '../domain/codes.ts';
import type { DesiredResource } from '../domain/desired-state.ts';
import type { KeyFacts } from '../domain/keys.ts';
import type { CertificateFacts, ObservedState } from '../domain/observed-state.ts';
import type { Difference, PlanOptions } from '../domain/plan.ts';
import type { Instant } from '../domain/time.ts';
import { type CheckContext, isIssuedHere } from './check-context.ts';
import { findDifferences } from './find-differences.ts';
import { emptyIndex } from './index-of-state.ts';
import { type ResourceView, viewResource } from './resource-view.ts';
import type { SetView } from './set-view.ts';

/** The rows that judge content alone; whose signature it carries and where it lies are proven elsewhere. */
const judged: ReadonlySet<DifferenceCode> = new Set([
  'subject',
  'dns-names',
  'ip-addresses',
  'uris',
  'email-addresses',
  'other-names',
  'usages',
  'basic-constraints',
  'path-length',
  'name-constraints',
  'key-mismatch',
  'key-algorithm',
  'key-size',
  'expired',
  'not-yet-valid',
  'foreign-authority',
]);

/** Asked for by a person, so they never go away by being done. */
const options: PlanOptions = { targets: [], excludes: [], renew: [], rekey: [], confirm: [], prune: false, acceptClock: false, root: '' };

/** Differences between the desired resource and what is about to be published; a provided authority is judged by its own list. */
export function remainingDifferences(
  desired: DesiredResource,
  observed: ObservedState,
  result: { readonly certificate: CertificateFacts; readonly key: KeyFacts | null },
  now: Instant,
): readonly Difference[] {
  if (!isIssuedHere(desired)) return [];
  const { certificate, key } = result;
  const reference: SetView = {
    set: 0,
    certificate: { state: 'present', facts: certificate, path: '' },
    key: key ? { state: 'present', facts: key, path: '' } : { state: 'absent' },
    inCertificateFile: [],
  };
  const view: ResourceView = { ...viewResource(desired, observed, now), files: [], problems: [], reference };
  const context: CheckContext = {
    view,
    observed,
    issuer: undefined,
    index: emptyIndex,
    options,
    now,
  };
  return findDifferences(context, undefined).filter(
    // What is only reported, like the end of an authority whose modes are put right, is no reason to stop; another authority in its place is.
    ({ code, remedy }) => judged.has(code) && (remedy !== 'none' || code === 'foreign-authority'),
  );
}
