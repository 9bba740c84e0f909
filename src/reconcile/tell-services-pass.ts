/** After the last transaction of a pass: whoever reads what was published is told, once, and looked at. */
import type { Address } from '../domain/names.ts';
import type { PlannedReload } from '../domain/plan.ts';
import { commandOf } from '../domain/service-commands.ts';
import { mostTimes, type PendingService, type ServiceOutcome } from '../domain/service-outcome.ts';
import { sameTelling, type Telling, tellingOf } from '../domain/telling.ts';
import { isProbed, observeServed } from '../observe/observe-served.ts';
import { tellServices } from '../services/tell-services.ts';
import type { Scope, WritingEnvironment } from './environment.ts';
import { dropServed, type Seen, servicesToTell, type TellsAs } from './open-services.ts';
import { nothingLooksAt, servedExpectations } from './served-expectations.ts';
import { clearTold, noteTelling, serviceMarks, servicesRun } from './service-marks.ts';

export interface TellPassRequest {
  /** The look that the pass was made from. */
  readonly seen: Seen;
  /** A person begins a new count; whoever is not asked goes on with the one on record. */
  readonly who: TellsAs;
  /** What the plan tells although nothing changes. */
  readonly reloads: readonly PlannedReload[];
  /** What was published in this run: a service that reads its files by itself is looked at because of it. */
  readonly published: readonly Address[];
  readonly onStart: (service: string, telling: Telling) => void;
  readonly onEnd: (outcome: ServiceOutcome) => void;
  readonly signal: AbortSignal;
}

/**
 * Tells every service that is marked, those that an earlier run left included, and those that the plan found stale; looks at those that need not be told.
 * A service that could not be told stays marked, and how often it was told is counted before it is.
 */
export async function tellServicesPass(
  environment: WritingEnvironment,
  scope: Scope,
  request: TellPassRequest,
): Promise<readonly ServiceOutcome[]> {
  const { seen, who, signal } = request;
  const { desired } = seen;
  dropServed(environment, scope, seen);
  const pending = [...servicesToTell(environment, scope, seen, who), ...toTellOrLookAt(environment, scope, request)];
  if (pending.length === 0 || signal.aborted) return [];
  const { runner, clock, accounts, tlsProbe, pause } = environment;
  const expected = tlsProbe
    ? await servedExpectations(environment, scope, desired, new Set(pending.map(({ service }) => service)))
    : nothingLooksAt;
  const count = tellingCount(environment, scope, request, pending);
  const outcomes = await tellServices({
    ...request,
    ...count,
    pending,
    services: desired.services,
    runner,
    clock,
    userOf(name) {
      const user = accounts.member(name);
      return user && { uid: user.uid, gid: user.gids[0] };
    },
    expectedOf: (service) => expected.get(service) ?? [],
    pause,
    host: scope.host,
    look: async (addresses) => {
      const wanted = new Set(addresses);
      const resources = desired.resources.filter(({ address }) => wanted.has(address));
      return tlsProbe ? observeServed({ resources, probe: tlsProbe, now: () => clock.now(), signal }) : new Map();
    },
  });
  clearTold(environment, scope, outcomes, desired);
  return outcomes;
}

/** How often each service may still be told; each time is on record before it begins. */
function tellingCount(
  environment: WritingEnvironment,
  scope: Scope,
  { seen, who, onStart }: TellPassRequest,
  pending: readonly PendingService[],
) {
  const tried = new Map(who === 'person' ? [] : serviceMarks(environment, scope).map((mark) => [mark.service, mark.tried]));
  const timesNow = (service: string, telling: Telling): number => {
    const before = tried.get(service);
    return before && sameTelling(before, telling) ? before.times : 0;
  };
  return {
    timesLeft: (service: string, telling: Telling) => Math.max(1, mostTimes - timesNow(service, telling)),
    onStart(service: string, telling: Telling) {
      const next = { times: timesNow(service, telling) + 1, ...tellingOf(telling) };
      const when = pending.some((mark) => mark.service === service && mark.when === 'trust-change') ? 'trust-change' : 'reload';
      noteTelling(environment, scope, { service, when, source: seen.desired.from, tried: next });
      tried.set(service, next);
      onStart(service, telling);
    },
  };
}

function toTellOrLookAt(
  { tlsProbe }: Pick<WritingEnvironment, 'tlsProbe'>,
  scope: Scope,
  { seen: { desired }, reloads, published }: TellPassRequest,
): readonly PendingService[] {
  if (!servicesRun(scope)) return [];
  const told = reloads.map(({ service, when }): PendingService => ({ service, when }));
  const changed = new Set(published);
  // One that is told was marked with the change, if that concerns it: a mode that is mended does not.
  const silent = new Set(desired.services.filter((service) => commandOf(service, 'reload') === undefined).map(({ name }) => name));
  const looked = desired.resources.flatMap((resource) =>
    tlsProbe && isProbed(resource) && changed.has(resource.address) ? resource.services.filter((name) => silent.has(name)) : [],
  );
  return [...told, ...looked.map((service) => ({ service, when: 'reload' as const }))];
}
