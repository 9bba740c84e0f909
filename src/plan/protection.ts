/** What a protection is: a reason to leave a change alone although nothing is wrong with it. */
import type { DesiredResource } from '../domain/desired-state.ts';
import type { Address } from '../domain/names.ts';
import type { Blocked, Change, PlanOptions, Standing } from '../domain/plan.ts';
import type { Records } from '../domain/records.ts';
import type { Instant } from '../domain/time.ts';

/** What the protections are judged by, besides the change. */
export interface Circumstances {
  readonly records: Pick<Records, 'holds'>;
  readonly options: PlanOptions;
  readonly now: Instant;
  /** What the change is about. */
  readonly resource: Pick<DesiredResource, 'windows' | 'gates'>;
  /** What on disk was issued under its name. */
  readonly issuedBelow: () => readonly Address[];
}

/** A protection that stands for a change, and how it blocks that change where it counts. */
export interface Stands {
  readonly standing: Standing;
  readonly blocked: Blocked;
}

/** Asked of one change that could be made, if need be with consent; undefined where the protection does not stand for it. */
export type ProtectionRule = (change: Change, circumstances: Circumstances) => Stands | undefined;
