/** What a look has to say of conditions: what was seen, what was tried, and which checks of the host were made. */
import { type ConditionType, conditionRow, type HostCheck } from '../domain/condition.ts';
import type { DesiredState } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Address } from '../domain/names.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Change } from '../domain/plan.ts';
import type { Served } from '../domain/served.ts';
import type { Instant } from '../domain/time.ts';
import type { Found } from '../domain/verdict.ts';

export interface ConditionWords {
  /** One phrase without a full stop, beside the address, that does not change by itself with time. */
  readonly reason: string;
  readonly hint: string;
}

export interface ConditionLook {
  readonly desired: Pick<DesiredState, 'resources' | 'services' | 'from'>;
  /** Of the resources that were looked at; of no other anything is known. */
  readonly changes: readonly Change[];
  readonly served?: ReadonlyMap<Address, Served> | undefined;
  /** What was said of the host, of the text and of services. */
  readonly diagnostics: readonly Diagnostic[];
  /** What was carried out, and of which changes; absent where nothing was tried. */
  readonly tried?: { readonly changes: readonly Change[]; readonly outcome: Outcome } | undefined;
  /** Checks that were made and passed, unless something that was seen says otherwise. */
  readonly passed: ReadonlySet<HostCheck>;
  readonly now: Instant;
  readonly say: (about: Found) => ConditionWords;
}

/** Whether something was said that has the clock in doubt: then nothing that rests on dates is raised or cleared. */
export const isClockInDoubt = ({ diagnostics }: Pick<ConditionLook, 'diagnostics'>): boolean =>
  diagnostics.some(({ code }) => raises('time-suspect', code));

const raises = (type: ConditionType, code: string): boolean => conditionRow(type).raisedBy.some((raising) => raising.code === code);
