/** One look: the desired state, the records, the disk, and the plan that follows from them. Writes nothing. */
import type { DesiredState } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { ObservedState } from '../domain/observed-state.ts';
import type { Plan, PlanOptions } from '../domain/plan.ts';
import type { Records } from '../domain/records.ts';
import type { Instant } from '../domain/time.ts';
import { observe } from '../observe/observe.ts';
import { clockDoubt } from '../plan/clock-doubt.ts';
import { makePlan } from '../plan/make-plan.ts';
import { type RecordsReading, readRecords } from '../records/read-records.ts';
import type { Environment, Scope } from './environment.ts';
import { loadDesiredState } from './load-desired-state.ts';

export interface PlanPass {
  readonly desired: DesiredState;
  readonly observed: ObservedState;
  readonly records: RecordsReading;
  readonly plan: Plan;
  readonly options: PlanOptions;
  /** Warnings about the text and the records. */
  readonly diagnostics: readonly Diagnostic[];
  /** What was read, by file name: for frames. */
  readonly texts: ReadonlyMap<string, string>;
  /** The same look, decided again under other options (a consent that was given meanwhile). */
  readonly replan: (options: PlanOptions) => Plan;
}

export type PlanPassResult =
  | ({ readonly ok: true } & PlanPass)
  /** The text of the desired state is wrong: nothing was looked at. */
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[]; readonly texts: ReadonlyMap<string, string> };

export async function planPass(environment: Environment, scope: Scope, options: PlanOptions, now: Instant): Promise<PlanPassResult> {
  const { reader, accounts, process } = environment;
  const loaded = loadDesiredState({ ...scope, reader, now, process });
  const { state: desired, texts } = loaded;
  if (!desired) return { ok: false, diagnostics: loaded.diagnostics, texts };
  const records = readRecords(reader, scope.stateFolder);
  const observed = await observe({ desired, reader, accounts, root: scope.root, process });
  const replan = (changed: PlanOptions): Plan => makePlan({ desired, observed, records: records.records, options: changed, now });
  return {
    ok: true,
    desired,
    observed,
    records,
    plan: replan(options),
    options,
    diagnostics: [...loaded.diagnostics, ...records.diagnostics, ...clockWarnings(records.records, options, now)],
    texts,
    replan,
  };
}

/** Said whether or not something is to be issued: to a wrong clock nothing may be due. */
function clockWarnings(records: Records, options: PlanOptions, now: Instant): readonly Diagnostic[] {
  const doubt = clockDoubt(records, options, now);
  if (!doubt) return [];
  const remedy = doubt.code === 'clock-behind' ? 'set the clock; if it is right, certstate apply --accept-clock' : 'set the clock';
  return [
    {
      code: doubt.code,
      severity: 'warning',
      message: `the clock of this host cannot be right: ${doubt.detail}`,
      hint: remedy,
      notes: ['nothing is issued by it'],
    },
  ];
}
