import type { Outcome } from '../domain/outcome.ts';
import type { Plan } from '../domain/plan.ts';
import { isStillPending, type ServiceOutcome } from '../domain/service-outcome.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

export interface Ending {
  readonly outcome: Outcome;
  readonly plan: Plan;
  readonly signal: 'SIGINT' | 'SIGTERM' | undefined;
  /** What was done could not be remembered: the certificates are right, and yet a pipeline must not go on as if all were well. */
  readonly forgotten: boolean;
  readonly services: readonly ServiceOutcome[];
}

/** Failed before interrupted before services before blocked before forgotten before all right: the code names what needs a person first. */
export function applyExit({ outcome, plan, signal, forgotten, services }: Ending): ExitCode {
  const has = (result: string) => outcome.resources.some((resource) => resource.result === result);
  if (has('failed')) return exitCodes.partial;
  if (outcome.interrupted) return signal === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
  if (services.some(isStillPending)) return exitCodes.unverified;
  if (has('blocked') || plan.changes.some(({ blocked }) => blocked !== null)) return exitCodes.blocked;
  return forgotten ? exitCodes.error : exitCodes.ok;
}
