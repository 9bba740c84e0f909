/** `show ADDRESS --json`: one change of a plan, as a document of its own. */
import type { Change } from '../domain/plan.ts';
import type { Instant } from '../domain/time.ts';
import { changeJson, instantJson } from './change-json.ts';
import { conditionsJson } from './condition-json.ts';
import type { ShownConditions } from './condition-words.ts';
import type { PlanContext } from './plan-context.ts';
import type { Tool } from './plan-json.ts';

export const showJson = (
  change: Change,
  evaluatedAt: Instant,
  context: Pick<PlanContext, 'observed'> & { readonly tool: Tool; readonly stands: ShownConditions },
) => ({
  format: 'certstate.change' as const,
  format_version: '1.0',
  tool: context.tool,
  evaluated_at: instantJson(evaluatedAt),
  ...changeJson(change, evaluatedAt, context),
  conditions: conditionsJson(context.stands),
});
