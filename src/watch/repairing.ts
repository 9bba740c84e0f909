/** A pass of `renew` over what is wanted, told as it goes, and what came of it. */
import type { ConditionNews } from '../domain/condition.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Address } from '../domain/names.ts';
import type { Change, PlanOptions } from '../domain/plan.ts';
import type { WatchEvent } from '../domain/watch-event.ts';
import type { Scope, WritingEnvironment } from '../reconcile/environment.ts';
import { servicesToTell } from '../reconcile/open-services.ts';
import type { PlanPass } from '../reconcile/plan-pass.ts';
import { type RenewResult, renewPass } from '../reconcile/renew-pass.ts';
import type { LockWish } from '../reconcile/state-lock.ts';
import { startOf } from '../reconcile/steady-clock.ts';
import { blockSentence } from '../report/block-sentences.ts';
import type { Repaired, RepairRequest } from './repairs.ts';
import { repairableOf } from './wanted.ts';

export interface RepairContext {
  readonly environment: WritingEnvironment;
  readonly scope: Scope;
  readonly options: PlanOptions;
  readonly lock: LockWish;
  readonly parallelism: number;
  /** Whether services are told. */
  readonly tells: boolean;
  readonly tell: (event: WatchEvent) => void;
  /** Conditions that a pass has kept. */
  readonly kept: (news: readonly ConditionNews[]) => void;
}

export function repairing({ environment, scope, options, lock, parallelism, tells, tell, kept }: RepairContext) {
  const say = sayingOnce((diagnostic) => tell({ event: 'said', diagnostic }));
  return async ({ addresses, leaveAlone, does }: RepairRequest): Promise<Repaired> => {
    const found: Diagnostic[] = [];
    const targets = addresses.length === 0 ? options.targets : addresses;
    const result = await renewPass(environment, scope, {
      options: { ...options, targets, excludes: [...options.excludes, ...leaveAlone], does },
      begun: startOf(environment.clock),
      lock,
      signal: lock.signal,
      parallelism,
      tells,
      report: {
        looked: () => {},
        tookOver: () => {},
        recovered({ completed, removedStages, diagnostics }) {
          if (completed.length + removedStages.length > 0)
            tell({ event: 'recovered', resources: [...new Set(completed.flatMap(({ resources }) => resources))], removedStages });
          found.push(...diagnostics);
        },
        event(event) {
          if (event.type === 'end' && (event.outcome.result === 'done' || event.outcome.result === 'failed'))
            tell({ event: 'applied', outcome: event.outcome });
        },
        serviceStart: () => {},
        serviceEnd: (outcome) => tell({ event: 'service', outcome }),
      },
    });
    say([...found, ...saidBy(result)]);
    if (result.result === 'done') kept(result.news);
    return repairedBy(result, addresses, (seen) => servicesToTell(environment, scope, seen, 'schedule').length > 0);
  };
}

/** A lock that somebody holds for an hour, or records that cannot be read, are told when a pass first meets them, not at every pass since. */
function sayingOnce(tell: (diagnostic: Diagnostic) => void) {
  let before: ReadonlySet<string> = new Set();
  return (diagnostics: readonly Diagnostic[]): void => {
    const now = new Map(
      diagnostics.map((diagnostic) => [JSON.stringify([diagnostic.code, diagnostic.address, diagnostic.message]), diagnostic]),
    );
    for (const [key, diagnostic] of now) if (!before.has(key)) tell(diagnostic);
    before = new Set(now.keys());
  };
}

/** What is wrong with the text, the clock or the records stands as a fact of its own; what a pass alone knows is what held it back, and what its gates said. */
function saidBy(result: RenewResult): readonly Diagnostic[] {
  if (result.result !== 'done') return 'diagnostic' in result ? [result.diagnostic] : [];
  const { look, diagnostics } = result;
  const ofGates = look.pass.diagnostics.filter(({ code }) => code === 'gate-failed' || code === 'gate-not-asked');
  return [...diagnostics, ...ofGates, ...look.plan.changes.flatMap(blockedNotice)];
}

function blockedNotice(change: Change): readonly Diagnostic[] {
  const { action, address, blocked, place } = change;
  if (blocked === null || action === 'noop') return [];
  return [
    {
      code: blocked.code,
      severity: 'notice',
      address,
      message: `${action} is blocked: ${blockSentence(blocked, change)}`,
      hint: `certstate plan --target ${address} shows the ways out`,
      place: blocked.place ?? place ?? undefined,
    },
  ];
}

/**
 * @param addresses empty where only what is unfinished was asked for.
 * @param isTold whether a service is told again: one that was told, and once more, is no failure that is tried again.
 */
function repairedBy(result: RenewResult, addresses: readonly Address[], isTold: (seen: PlanPass) => boolean): Repaired {
  if (result.result !== 'done') return { attempts: [], wrote: false };
  const onlyUnfinished = addresses.length === 0;
  const { outcome, services } = result;
  const attempts = outcome.resources.flatMap((resource) => {
    if (resource.result === 'done') return [{ address: resource.address, differences: repairableOf(resource.change), isDone: true }];
    return resource.result === 'failed' ? [{ address: resource.address, differences: [], isDone: false }] : [];
  });
  const open = isTold(result.look.pass);
  const unfinished = open || onlyUnfinished ? [{ address: null, differences: [], isDone: !open }] : [];
  const inVain = addresses.filter((address) => !attempts.some((attempt) => attempt.address === address));
  const inOrder = new Set(
    result.look.today.plan.changes.flatMap(({ action, blocked, address }) => (action === 'noop' && blocked === null ? [address] : [])),
  );
  return {
    attempts: [...attempts, ...unfinished],
    inVain,
    overtaken: inVain.filter((address) => inOrder.has(address)),
    wrote: outcome.resources.some(({ result: of }) => of === 'done') || services.length > 0,
  };
}
