/** `show ADDRESS --json`: one change of a plan, as a document of its own. */
import type { Change } from '../domain/plan.ts';
import type { Instant } from '../domain/time.ts';
import { changeJson, instantJson } from './change-json.ts';
import type { PlanContext } from './plan-context.ts';
import type { Tool } from './plan-json.ts';

export const showJson = (change: Change, evaluatedAt: Instant, context: Pick<PlanContext, 'observed'> & { readonly tool: Tool }) => ({
  format: 'certstate.change' as const,
  format_version: '1.0',
  tool: context.tool,
  evaluated_at: instantJson(evaluatedAt),
  ...changeJson(change, evaluatedAt, context),
});
