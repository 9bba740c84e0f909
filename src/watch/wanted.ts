/** What is worth a pass of whoever acts without being asked, and what of it would be a repair. */
import type { DifferenceCode } from '../domain/codes.ts';
import type { Address } from '../domain/names.ts';
import { type Action, type Change, type Difference, isByCalendar } from '../domain/plan.ts';
import { takesEdits } from '../plan/scheduled.ts';

/** A resource that a timer may work on, and what of that would be a repair; or, with null, services to be told and changes to be completed. */
export interface Wanted {
  readonly address: Address | null;
  readonly differences: readonly Repairable[];
  /** The calendar asks for it: no limit counts. */
  readonly isDue: boolean;
}

export interface Repairable {
  readonly code: DifferenceCode;
  readonly file: string | undefined;
  readonly kind: RepairKind;
}

/** Mended without issuing, or by a new certificate. */
export type RepairKind = 'fix' | 'issue';

/** What of a change is a repair that limits count. */
export const repairableOf = ({ differences }: Pick<Change, 'differences'>): readonly Repairable[] =>
  differences
    .filter((difference) => isOfDisk(difference))
    .map(({ code, file, forces }) => ({ code, file, kind: forces === null ? 'fix' : 'issue' }));

const isOfDisk = (difference: Difference): boolean =>
  difference.origin === 'drift' && difference.becauseOf === undefined && !isByCalendar(difference);

/**
 * The changes that are worth a pass of whoever acts without being asked. What comes of it is decided there, from what was last applied: here a change may
 * still be held back, or ask for more.
 */
export function wantedOf(changes: readonly Change[], does: ReadonlySet<Action>): readonly Wanted[] {
  return changes.flatMap((change): readonly Wanted[] => {
    const { address, kind, action, blocked } = change;
    const isDue = kind === 'cert' && does.has('renew') && change.differences.some(isByCalendar);
    const differences = repairableOf(change);
    const isMended = does.has('fix') && differences.some(({ kind: of }) => of === 'fix');
    const isWanted = action !== 'noop' && blocked === null && (isMended || (takesEdits(does) && does.has(action)));
    return isDue || isWanted ? [{ address, differences, isDue }] : [];
  });
}
