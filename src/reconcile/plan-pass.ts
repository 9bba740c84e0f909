/** One look: the desired state, the records, the disk, and the plan that follows from them. Writes nothing. */
import type { DesiredState } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Inventory } from '../domain/inventory.ts';
import type { ObservedState } from '../domain/observed-state.ts';
import type { Plan, PlanOptions } from '../domain/plan.ts';
import type { Records } from '../domain/records.ts';
import type { Instant } from '../domain/time.ts';
import { type FactsCache, memoryFactsCache } from '../observe/facts-cache.ts';
import { inventoryAccounts, inventorySight } from '../observe/from-inventory.ts';
import { observeThrough } from '../observe/observe.ts';
import { diskSight, type Sight } from '../observe/sight.ts';
import { clockDoubt } from '../plan/clock-doubt.ts';
import { makePlan } from '../plan/make-plan.ts';
import { type RecordsReading, readRecords } from '../records/read-records.ts';
import type { Environment, Scope } from './environment.ts';
import { inventoryWarnings, recordsHere } from './from-inventory.ts';
import { loadDesiredState } from './load-desired-state.ts';

export interface PlanPass {
  readonly desired: DesiredState;
  readonly observed: ObservedState;
  readonly records: RecordsReading;
  readonly plan: Plan;
  readonly options: PlanOptions;
  /** What was looked at: the disk, or the inventory. */
  readonly sight: Sight;
  /** The inventory that stands for the host; absent where it was this host itself that was looked at. */
  readonly inventory?: Inventory | undefined;
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

/** @param inventory what was seen of a host elsewhere, to be looked at in the place of this one; `scope` is then that host's. */
export async function planPass(
  environment: Environment,
  scope: Scope,
  options: PlanOptions,
  now: Instant,
  inventory?: Inventory,
): Promise<PlanPassResult> {
  const { reader, process } = environment;
  const loaded = loadDesiredState({ ...scope, reader, now, process });
  const { state: desired, texts } = loaded;
  if (!desired) return { ok: false, diagnostics: loaded.diagnostics, texts };
  const cache = memoryFactsCache();
  const view = inventory ? viewOf(inventory, desired, now) : diskView(environment, scope, cache);
  const { records, sight } = view;
  const observed = { ...(await observeThrough({ ...view, desired, root: scope.root, cache })), ...view.more() };
  const replan = (changed: PlanOptions): Plan => makePlan({ desired, observed, records: records.records, options: changed, now });
  return {
    ok: true,
    desired,
    observed,
    records,
    plan: replan(options),
    options,
    sight,
    inventory,
    diagnostics: [...loaded.diagnostics, ...records.diagnostics, ...view.warnings(), ...clockWarnings(records.records, options, now)],
    texts,
    replan,
  };
}

/** A host, as a pass looks at it. What has to be said of the look is known once it is done. */
interface View extends Pick<Environment, 'accounts' | 'process'> {
  readonly sight: Sight;
  readonly records: RecordsReading;
  readonly more: () => Pick<ObservedState, 'unknownAccounts'>;
  readonly warnings: () => readonly Diagnostic[];
}

const diskView = ({ reader, accounts, process }: Environment, { stateFolder }: Scope, cache: FactsCache): View => ({
  sight: diskSight(reader, cache),
  accounts,
  process,
  records: readRecords(reader, stateFolder),
  more: () => ({}),
  warnings: () => [],
});

function viewOf(inventory: Inventory, { from }: DesiredState, now: Instant): View {
  const [sight, accounts] = [inventorySight(inventory), inventoryAccounts(inventory)];
  const { uid, gid } = inventory.host;
  return {
    sight,
    accounts,
    process: { uid, gid },
    records: { records: recordsHere(inventory, from), bytes: null, diagnostics: [] },
    more: () => ({ unknownAccounts: accounts.unknown }),
    warnings: () => inventoryWarnings(inventory, sight, now),
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
