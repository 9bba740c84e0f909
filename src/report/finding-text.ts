import type { Plan } from '../domain/plan.ts';
import type { PlanContext } from './plan-context.ts';
import type { Line } from './style.ts';
export function findingLines(_plan: Plan, _context: PlanContext): readonly Line[] {
  return [];
}
