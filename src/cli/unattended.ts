/** What `watch --apply` does when something is to be done: a pass of `renew` over what is wanted, told as it goes. */
import type { ConditionNews } from '../domain/condition.ts';
import { type Action, actions as knownActions, type PlanOptions } from '../domain/plan.ts';
import { isOpen } from '../domain/service-outcome.ts';
import type { WatchEvent } from '../domain/watch-event.ts';
import { timerDoes } from '../plan/scheduled.ts';
import type { Scope } from '../reconcile/environment.ts';
import { type RenewResult, renewPass } from '../reconcile/renew-pass.ts';
import { startOf } from '../reconcile/steady-clock.ts';
import { type Repaired, type RepairRequest, repairableOf } from '../watch/repairs.ts';
import { lockWishOf } from './lock-wish.ts';
import { parallelismOf } from './parallelism.ts';
import type { Run } from './run.ts';
import { UsageError } from './usage-error.ts';

/** What may be done without anybody being asked, weakest first: whatever is done to an authority's key needs a person all the same. */
export const unattended = ['fix', 'renew', 'reissue', 'rekey', 'create'] as const satisfies readonly Action[];

/** `--apply`, or `--apply=renew,fix,reissue`; undefined without it. */
export function doesOf(wanted: string | true | undefined): ReadonlySet<Action> | undefined {
  if (wanted === undefined) return undefined;
  if (wanted === true) return timerDoes;
  const words = wanted.split(',').map((word) => word.trim());
  const [unknown] = words.filter((word) => !unattended.some((action) => action === word));
  if (unknown === undefined) return new Set(unattended.filter((action) => words.includes(action)));
  throw new UsageError(
    knownActions.some((action) => action === unknown)
      ? `--apply does not ${unknown}: that is for a person`
      : `--apply ${unknown} is not an action`,
    `of ${unattended.join(', ')}, for example --apply=renew,fix,reissue`,
  );
}

export interface RepairContext {
  readonly run: Run;
  readonly scope: Scope;
  readonly options: PlanOptions;
  readonly signal: AbortSignal;
  readonly tell: (event: WatchEvent) => void;
  /** Somebody may want to hear that we are alive, however long a pass takes. */
  readonly alive: () => void;
  /** Conditions that a pass has kept. */
  readonly kept: (news: readonly ConditionNews[]) => void;
}

export function repairing({
  run,
  scope,
  options,
  signal,
  tell,
  alive,
  kept,
}: RepairContext): (request: RepairRequest) => Promise<Repaired> {
  const parallelism = parallelismOf(run);
  return async ({ addresses, leaveAlone, does }) => {
    const result = await renewPass(run.outside, scope, {
      options: {
        ...options,
        targets: addresses.length === 0 ? options.targets : addresses,
        excludes: [...options.excludes, ...leaveAlone],
        does,
      },
      begun: startOf(run.outside.clock),
      lock: lockWishOf(run, 'watch', signal, () => {}),
      signal,
      parallelism,
      tells: run.options.reload !== false,
      report: {
        looked: alive,
        tookOver: () => {},
        recovered({ completed, removedStages, diagnostics }) {
          if (completed.length + removedStages.length > 0)
            tell({ event: 'recovered', resources: [...new Set(completed.flatMap(({ resources }) => resources))], removedStages });
          for (const diagnostic of diagnostics) tell({ event: 'said', diagnostic });
        },
        event(event) {
          alive();
          if (event.type === 'end' && (event.outcome.result === 'done' || event.outcome.result === 'failed'))
            tell({ event: 'applied', outcome: event.outcome });
        },
        serviceStart: alive,
        serviceEnd: (outcome) => tell({ event: 'service', outcome }),
      },
    });
    for (const diagnostic of saidBy(result)) tell({ event: 'said', diagnostic });
    if (result.result === 'done') kept(result.news);
    return repairedBy(result, addresses.length === 0);
  };
}

/** What is wrong with the text stands as a fact of its own. */
const saidBy = (result: RenewResult) => (result.result === 'done' ? result.diagnostics : 'diagnostic' in result ? [result.diagnostic] : []);

/** @param onlyUnfinished whether nothing else was asked for. */
function repairedBy(result: RenewResult, onlyUnfinished: boolean): Repaired {
  if (result.result !== 'done') return { attempts: [], wrote: false };
  const { outcome, services } = result;
  const attempts = outcome.resources.flatMap((resource) => {
    if (resource.result === 'done') return [{ address: resource.address, differences: repairableOf(resource.change), isDone: true }];
    return resource.result === 'failed' ? [{ address: resource.address, differences: [], isDone: false }] : [];
  });
  const open = services.some(isOpen);
  const unfinished = open || onlyUnfinished ? [{ address: null, differences: [], isDone: !open }] : [];
  return {
    attempts: [...attempts, ...unfinished],
    wrote: outcome.resources.some(({ result: of }) => of === 'done') || services.length > 0,
  };
}
