/** Everything that is known about a change when it is asked whether it may be made. */
import type { DifferenceCode } from '../domain/codes.ts';
import type { Address } from '../domain/names.ts';
import type { Blocked, FileChange } from '../domain/plan.ts';
import type { ManifestEntry, Records } from '../domain/records.ts';
import type { CheckContext } from './check-context.ts';
import type { ProvidedPair } from './provided-checks.ts';
import type { Remedy } from './remedies.ts';

export interface BlockContext extends CheckContext {
  readonly action: Remedy;
  readonly codes: ReadonlySet<DifferenceCode>;
  readonly records: Records;
  readonly entry: ManifestEntry | undefined;
  readonly provided: ProvidedPair;
  readonly newKey: boolean;
  readonly trustAnchor: boolean;
  /** The authority whose change it follows and waits for, where nothing else is to be done. */
  readonly waitsFor: Address | undefined;
  readonly files: readonly FileChange[];
}

export type BlockRule = (context: BlockContext) => Blocked | null;

/** A block that no consent lifts. */
export const block = (by: Blocked['by'], code: Blocked['code'], detail: string, place?: Blocked['place']): Blocked => ({
  by,
  code,
  detail,
  place,
  confirm: null,
});
