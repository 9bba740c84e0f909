/**
 * What of a plan a timer may carry out: renewals that are due, and what was put out of order on the disk and can be mended without issuing. Never what comes
 * from an edited YAML, never anything about a trust anchor: those wait for a person who applies them.
 */
import type { DifferenceCode } from '../domain/codes.ts';
import type { ResourceKind } from '../domain/names.ts';
import { type Action, isByCalendar, type Plan, type Waiting } from '../domain/plan.ts';
import type { RemediedDifference } from './find-differences.ts';
import { strongest } from './remedies.ts';

/** What whoever acts without being asked does, unless somebody wanted more, or less, of it. */
export const timerDoes: ReadonlySet<Action> = new Set(['fix', 'renew']);

/** Whether also that is done which an edited YAML asks for. */
export const takesEdits = (does: ReadonlySet<Action>): boolean => [...does].some((action) => !timerDoes.has(action));

/** A half of the pair is not there, or is not the half of this pair: what is left of it is not worked on. */
const torn: ReadonlySet<DifferenceCode> = new Set(['missing', 'certificate-missing', 'private-key-missing', 'key-mismatch']);

/**
 * The differences as a timer sees them: what it may not act on is only reported.
 *
 * A certificate that is due is renewed in full: whatever else is wrong with it on the disk is right afterwards, by the strongest remedy as ever. Where the
 * YAML asks for other content than the certificate has, nothing is issued from that YAML: the pass plans the resource as it was last applied.
 *
 * @param does with more than fixing and renewing in it, these actions are done whatever asks for them.
 */
export function scheduledOnly(
  differences: readonly RemediedDifference[],
  kind: ResourceKind,
  does: ReadonlySet<Action> = timerDoes,
): readonly RemediedDifference[] {
  const wanted = strongest(differences.map(({ remedy }) => remedy));
  if (takesEdits(does) && wanted !== 'none' && does.has(wanted)) return differences;
  const isDue = kind === 'cert' && differences.some(isByCalendar);
  const isEdited = differences.some(({ origin, forces }) => origin === 'config' && forces !== null);
  const isTorn = differences.some(({ code }) => torn.has(code));
  const mayAct = ({ origin, remedy }: RemediedDifference): boolean => {
    if (origin === 'config') return false;
    if (isDue && !isEdited && does.has('renew')) return true;
    return does.has('fix') && remedy === 'fix' && origin === 'drift' && !isTorn;
  };
  return differences.map((difference) => (mayAct(difference) ? difference : { ...difference, remedy: 'none', forces: null }));
}

/**
 * What `certstate apply` would do beyond what a timer does.
 * @param full the plan of the YAML as it stands; `scheduled` what a timer carries out.
 */
export function waitingForApply(full: Plan, scheduled: Plan): readonly Waiting[] {
  const byTimer = new Map(scheduled.changes.map(({ address, differences }) => [address, new Set(differences.map(({ code }) => code))]));
  return full.changes.flatMap(({ address, place, action, differences }): readonly Waiting[] => {
    const done = byTimer.get(address);
    const codes = [...new Set(differences.map(({ code }) => code))].filter((code) => !done?.has(code));
    return action === 'noop' || codes.length === 0 ? [] : [{ address, place, codes }];
  });
}
