/** After the last transaction of a pass: whoever reads what was published is told, once. */
import type { DesiredState } from '../domain/desired-state.ts';
import type { ServiceOutcome } from '../domain/service-outcome.ts';
import { tellServices } from '../services/tell-services.ts';
import type { Scope, WritingEnvironment } from './environment.ts';
import { clearTold, pendingServices } from './service-marks.ts';

export interface TellPassRequest {
  readonly desired: DesiredState;
  readonly onStart: (service: string, argv: readonly string[]) => void;
  readonly onEnd: (outcome: ServiceOutcome) => void;
  readonly signal: AbortSignal;
}

/** Tells every service that is marked, those that an earlier run left included. A service that could not be told stays marked. */
export async function tellServicesPass(
  environment: WritingEnvironment,
  scope: Scope,
  request: TellPassRequest,
): Promise<readonly ServiceOutcome[]> {
  const pending = pendingServices(environment, scope, request.desired);
  if (pending.length === 0 || request.signal.aborted) return [];
  const { runner, clock } = environment;
  const outcomes = await tellServices({ ...request, pending, services: request.desired.services, runner, clock });
  clearTold(environment, scope, outcomes);
  return outcomes;
}
