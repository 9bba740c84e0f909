/** One look: the desired state, the records, the disk, and the plan that follows from them. Writes nothing. */
import type { DesiredState } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Inventory } from '../domain/inventory.ts';
import { isSame } from '../domain/is-same.ts';
import type { ObservedState } from '../domain/observed-state.ts';
import type { Plan, PlanOptions } from '../domain/plan.ts';
import type { Records } from '../domain/records.ts';
import { type Instant, later, minutes } from '../domain/time.ts';
import { type FactsCache, memoryFactsCache } from '../observe/facts-cache.ts';
import type { FileMemory } from '../observe/file-memory.ts';
import { inventoryAccounts, inventorySight } from '../observe/from-inventory.ts';
import { observeThrough } from '../observe/observe.ts';
import { observeServed } from '../observe/observe-served.ts';
import { isSameObserved } from '../observe/same-observed.ts';
import { serviceUsers } from '../observe/service-users.ts';
import { diskSight, type Sight } from '../observe/sight.ts';
import { clockDoubt } from '../plan/clock-doubt.ts';
import { makePlan, makePlanWithBasis, type PlanBasis } from '../plan/make-plan.ts';
import { selectTargets } from '../plan/targets.ts';
import { readHolds } from '../records/holds.ts';
import { type RecordsReading, readRecords } from '../records/read-records.ts';
import type { Environment, Scope } from './environment.ts';
import { inventoryWarnings, recordsHere } from './from-inventory.ts';
import { factsCacheFor } from './keep-facts.ts';
import { loadDesiredState } from './load-desired-state.ts';
import { serviceMarks, servicesRun } from './service-marks.ts';

export interface PlanPass {
  readonly desired: DesiredState;
  readonly observed: ObservedState;
  readonly records: RecordsSeen;
  readonly plan: Plan;
  readonly options: PlanOptions;
  /** What was looked at: the disk, or the inventory. */
  readonly sight: Sight;
  /** What was worked out on the way. */
  readonly cache: FactsCache;
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
  const { state: desired, texts, diagnostics } = loadDesiredState({ ...scope, reader, now, process });
  if (!desired) return { ok: false, diagnostics, texts };
  return { ok: true, ...(await planState(environment, scope, { desired, texts, diagnostics }, { options, now, inventory })) };
}

/** A desired state that is in order, with what was said of its texts. */
export type StateRead = Pick<PlanPass, 'desired' | 'texts' | 'diagnostics'>;

interface StateRequest {
  readonly options: PlanOptions;
  readonly now: Instant;
  readonly inventory?: Inventory | undefined;
  /** Of whoever looks more than once; else one of its own. */
  readonly cache?: FactsCache | undefined;
}

/** The same for a desired state that came from elsewhere than from the text of now. */
export async function planState(environment: Environment, scope: Scope, read: StateRead, request: StateRequest): Promise<PlanPass> {
  const seen = await lookAt(environment, scope, read, request);
  return { ...seen, plan: seen.replan(request.options) };
}

/** One look of many: files that are known are not opened again, and what was decided stands while nothing speaks for deciding otherwise. */
export interface ContinuedPass extends PlanPass {
  /** From which a few resources can be decided again. Whoever does that does not continue this pass. */
  readonly basis: PlanBasis;
}

export interface ContinuedRequest extends StateRequest {
  readonly memory: FileMemory;
  /** The last look, if it may be continued. */
  readonly before: ContinuedPass | undefined;
}

/** The calendar may ask for something else in the meantime only where `validUntil` says so; what merely grows older is told so much later at most. */
const decidedFor = minutes(10);

/** A plan that stands keeps the time at which it was made. */
export async function planContinued(
  environment: Environment,
  scope: Scope,
  read: StateRead,
  request: ContinuedRequest,
): Promise<ContinuedPass> {
  const { options, now, before } = request;
  const seen = await lookAt(environment, scope, read, request);
  if (before && stands(before, seen, now)) {
    const { plan, basis } = before;
    return { ...seen, observed: { ...before.observed, served: seen.observed.served }, plan, basis };
  }
  const { desired, observed, records } = seen;
  return { ...seen, ...makePlanWithBasis({ desired, observed, records: records.records, options, now }) };
}

function stands({ plan, ...before }: ContinuedPass, { desired, options, records, observed }: Look, now: Instant): boolean {
  const inTime = now >= plan.evaluatedAt && now <= later(plan.evaluatedAt, decidedFor) && (!plan.validUntil || now <= plan.validUntil);
  return (
    inTime &&
    before.desired === desired &&
    before.options === options &&
    isSame(before.records.records, records.records) &&
    isSameObserved(before.observed, observed)
  );
}

type Look = Omit<PlanPass, 'plan'>;

async function lookAt(
  environment: Environment,
  scope: Scope,
  { desired, texts, diagnostics }: StateRead,
  { options, now, inventory, cache: given, memory, before }: StateRequest & Partial<ContinuedRequest>,
): Promise<Look> {
  const selected = selectTargets(desired.resources, options);
  const resources = desired.resources.filter(({ address }) => selected.has(address));
  const cache = given ?? (inventory ? memoryFactsCache() : await factsCacheFor(environment, scope));
  const view = inventory
    ? viewOf(inventory, desired, now)
    : diskView(environment, scope, cache, { ...desired, resources }, before?.records);
  const { records, sight } = view;
  // Services are looked at while the disk is.
  const more = view.more();
  const onDisk = await observeThrough({ ...view, desired, root: scope.root, cache, memory });
  const observed = { ...onDisk, ...(await more), ...view.assumed() };
  return {
    desired,
    observed,
    records,
    options,
    sight,
    cache,
    inventory,
    diagnostics: [...diagnostics, ...records.diagnostics, ...view.warnings(), ...clockWarnings(records.records, options, now)],
    texts,
    replan: (changed) => makePlan({ desired, observed, records: records.records, options: changed, now }),
  };
}

/** A host, as a pass looks at it. What has to be said of the look is known once it is done. */
interface View extends Pick<Environment, 'accounts' | 'process'> {
  readonly sight: Sight;
  readonly records: RecordsSeen;
  /** What is known of services. */
  readonly more: () => Promise<Pick<ObservedState, 'served' | 'pendingServices' | 'serviceUsers'>>;
  readonly assumed: () => Pick<ObservedState, 'unknownAccounts'>;
  readonly warnings: () => readonly Diagnostic[];
}

/** @param desired of its resources those that are asked about: nobody connects for the others. */
function diskView(environment: Environment, scope: Scope, cache: FactsCache, desired: DesiredState, before?: RecordsSeen): View {
  const { reader, accounts, process, clock, tlsProbe } = environment;
  const sight = diskSight(reader, cache);
  const { resources, services } = desired;
  return {
    sight,
    accounts,
    process,
    records: recordsOf(reader, scope, before),
    // Under another root nothing runs that could serve what is there.
    more: async () =>
      servicesRun(scope)
        ? {
            served: tlsProbe && (await observeServed({ resources, probe: tlsProbe, now: () => clock.now() })),
            pendingServices: serviceMarks(environment, scope),
            serviceUsers: serviceUsers(resources, services, sight, accounts),
          }
        : {},
    assumed: () => ({}),
    warnings: () => [],
  };
}

export interface RecordsSeen extends RecordsReading {
  /** As they were read, before anything was added to them. */
  readonly alone?: RecordsReading;
}

/**
 * What is remembered, and with it what is on hold.
 * @param before what was read earlier: what is the same is not decoded again.
 */
export function recordsOf(reader: Environment['reader'], { stateFolder }: Pick<Scope, 'stateFolder'>, before?: RecordsSeen): RecordsSeen {
  const alone = readRecords(reader, stateFolder, before?.alone);
  const { holds, diagnostics } = readHolds(reader, stateFolder);
  // A state directory that cannot be read at all is said once.
  const isClosed = alone.bytes === null && alone.diagnostics.length > 0;
  return { ...alone, records: { ...alone.records, holds }, diagnostics: [...alone.diagnostics, ...(isClosed ? [] : diagnostics)], alone };
}

function viewOf(inventory: Inventory, { from }: DesiredState, now: Instant): View {
  const [sight, accounts] = [inventorySight(inventory), inventoryAccounts(inventory)];
  const { uid, gid } = inventory.host;
  return {
    sight,
    accounts,
    process: { uid, gid },
    records: { records: recordsHere(inventory, from), bytes: null, diagnostics: [] },
    more: () => {
      const { served, pendingServices, serviceUsers: users } = inventory;
      return Promise.resolve({ served, pendingServices, serviceUsers: users });
    },
    assumed: () => ({ unknownAccounts: accounts.unknown }),
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
