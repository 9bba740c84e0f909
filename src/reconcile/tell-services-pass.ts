/** After the last transaction of a pass: whoever reads what was published is told, once, and looked at. */
import type { DesiredState } from '../domain/desired-state.ts';
import type { Address } from '../domain/names.ts';
import type { PlannedReload } from '../domain/plan.ts';
import type { PendingService, ServiceOutcome } from '../domain/service-outcome.ts';
import type { Telling } from '../domain/telling.ts';
import { isProbed, observeServed } from '../observe/observe-served.ts';
import { tellServices } from '../services/tell-services.ts';
import type { Scope, WritingEnvironment } from './environment.ts';
import { nothingLooksAt, servedExpectations } from './served-expectations.ts';
import { clearTold, pendingServices, servicesRun } from './service-marks.ts';

export interface TellPassRequest {
  readonly desired: DesiredState;
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
 * A service that could not be told stays marked.
 */
export async function tellServicesPass(
  environment: WritingEnvironment,
  scope: Scope,
  request: TellPassRequest,
): Promise<readonly ServiceOutcome[]> {
  const { desired, signal } = request;
  const pending = [...pendingServices(environment, scope, desired), ...toTellOrLookAt(environment, scope, request)];
  if (pending.length === 0 || signal.aborted) return [];
  const { runner, clock, accounts, tlsProbe, pause } = environment;
  const expected = tlsProbe
    ? await servedExpectations(environment, scope, desired, new Set(pending.map(({ service }) => service)))
    : nothingLooksAt;
  const outcomes = await tellServices({
    ...request,
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

function toTellOrLookAt(
  { tlsProbe }: Pick<WritingEnvironment, 'tlsProbe'>,
  scope: Scope,
  { desired, reloads, published }: TellPassRequest,
): readonly PendingService[] {
  if (!servicesRun(scope)) return [];
  const told = reloads.map(({ service, when }): PendingService => ({ service, when }));
  const changed = new Set(published);
  const looked = desired.resources.filter((resource) => tlsProbe && isProbed(resource) && changed.has(resource.address));
  return [
    ...told,
    ...looked.flatMap((resource) => (isProbed(resource) ? resource.services.map((service) => ({ service, when: 'reload' as const })) : [])),
  ];
}
