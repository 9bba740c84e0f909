/** What every check is handed, and the small pieces differences are made of. */
import type { DesiredResource } from '../domain/desired-state.ts';
import type { CertificateFacts, ObservedState } from '../domain/observed-state.ts';
import type { Difference, PlanOptions } from '../domain/plan.ts';
import type { Instant } from '../domain/time.ts';
import type { StateIndex } from './index-of-state.ts';
import type { IssuerOutcome } from './issuer-outcome.ts';
import type { ResourceView } from './resource-view.ts';
import { signerOfSet } from './set-view.ts';

export interface CheckContext {
  readonly view: ResourceView;
  readonly observed: ObservedState;
  /** Undefined for a root. */
  readonly issuer: IssuerOutcome | undefined;
  readonly index: StateIndex;
  readonly options: PlanOptions;
  readonly now: Instant;
}

/** A difference as a check finds it; the table adds code and what it forces, and where it comes from unless the check knows that better. */
export type Found = Omit<Difference, 'code' | 'origin' | 'forces' | 'path'> & {
  readonly path?: readonly string[];
  readonly origin?: Difference['origin'];
};

/** The certificate that counts, where one was read. */
export const certificateOf = ({ view }: Pick<CheckContext, 'view'>): CertificateFacts | undefined =>
  view.reference.certificate.state === 'present' ? view.reference.certificate.facts : undefined;

/** The key of the issuer's that signed the certificate that counts; null: none of them did, undefined: it is not known. */
export const signerOf = ({ view, observed }: Pick<CheckContext, 'view' | 'observed'>): string | null | undefined =>
  signerOfSet(view.desired.address, view.reference, observed);

/** Two texts that should be the same: nothing, or one difference. */
export const unequal = (observed: string, desired: string): readonly Found[] => (observed === desired ? [] : [{ observed, desired }]);

/** Two sets that should be the same: nothing, or what is added and removed. */
export function unequalSets(observed: readonly string[], desired: readonly string[]): readonly Found[] {
  const [have, want] = [new Set(observed), new Set(desired)];
  const added = [...want].filter((value) => !have.has(value));
  const removed = [...have].filter((value) => !want.has(value));
  return added.length + removed.length === 0 ? [] : [{ added, removed, kept: [...have].filter((value) => want.has(value)) }];
}

/** Whether the key and certificate of a resource are ours to issue: an external or provided authority is used as it was given. */
export const isIssuedHere = (desired: DesiredResource): boolean => desired.kind === 'cert' || !(desired.external || desired.provided);

/** An authority that is used as it was given may be left without a subject in the YAML: then whatever it is called is right. */
export const statesSubject = (desired: DesiredResource): boolean => isIssuedHere(desired) || Object.keys(desired.subject).length > 0;
