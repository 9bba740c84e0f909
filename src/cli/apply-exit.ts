import type { Outcome } from '../domain/outcome.ts';
import type { Plan } from '../domain/plan.ts';
import { isOpen, type ServiceOutcome } from '../domain/service-outcome.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

export interface Ending {
  readonly outcome: Outcome;
  readonly plan: Plan;
  readonly signal: 'SIGINT' | 'SIGTERM' | undefined;
  /**
   * What was done could not be remembered, or what an earlier run began could not be completed: what this run did is right, and yet a pipeline must not go on as
   * if all were well.
   */
  readonly forgotten: boolean;
  readonly services: readonly ServiceOutcome[];
  /** A service was told before, to no avail, and is told no more without being asked. */
  readonly isOneGivenUp?: boolean | undefined;
  /** `--no-reload`: what runs is not this run's business. */
  readonly looksOnly: boolean;
}

/** Failed before interrupted before services before blocked before forgotten before all right: the code names what needs a person first. */
export function applyExit({ outcome, plan, signal, forgotten, services, isOneGivenUp, looksOnly }: Ending): ExitCode {
  const has = (result: string) => outcome.resources.some((resource) => resource.result === result);
  if (has('failed')) return exitCodes.partial;
  // A service that was being told when the signal came is told by the next apply: the run did not come to its end.
  if (outcome.interrupted || (signal !== undefined && services.some(isOpen)))
    return signal === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
  if (services.some(isOpen) || (!looksOnly && (isOneGivenUp || staysStale(plan, outcome, services)))) return exitCodes.unverified;
  if (has('blocked') || plan.changes.some(({ blocked }) => blocked !== null)) return exitCodes.blocked;
  return forgotten ? exitCodes.error : exitCodes.ok;
}

/** Something was seen to serve another certificate than the one on disk, and nobody was told in this run: told in vain before, or there is nobody to tell. */
function staysStale({ changes }: Plan, { resources }: Outcome, services: readonly ServiceOutcome[]): boolean {
  if (services.length > 0) return false;
  const done = new Set(resources.flatMap((resource) => (resource.result === 'done' ? [resource.address] : [])));
  return changes.some(({ address, findings }) => !done.has(address) && findings.some(({ code }) => code === 'service-stale'));
}
