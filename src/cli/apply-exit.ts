import type { Outcome } from '../domain/outcome.ts';
import type { Plan } from '../domain/plan.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** Failed before blocked before interrupted before all right: the code names what needs a person first. */
export function applyExit(outcome: Outcome, plan: Plan, signal: 'SIGINT' | 'SIGTERM' | undefined): ExitCode {
  const has = (result: string) => outcome.resources.some((resource) => resource.result === result);
  if (has('failed')) return exitCodes.partial;
  if (outcome.interrupted) return signal === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
  return has('blocked') || plan.changes.some(({ blocked }) => blocked !== null) ? exitCodes.blocked : exitCodes.ok;
}
