/** `status --json`: every resource with its state and public facts. */
import { formatInstant } from '../domain/time.ts';
import type { Plan } from '../domain/plan.ts';
import { changeJson } from './change-json.ts';
import type { PlanContext } from './plan-context.ts';
import type { Tool } from './plan-json.ts';
import { stateOf } from './resource-state.ts';

export const statusFormatVersion = '1.0';

/** The document; `JSON.stringify` it. */
export function statusJson(plan: Plan, context: Pick<PlanContext, 'desired' | 'observed'> & { readonly tool: Tool }) {
  return {
    format: 'certstate.status' as const,
    format_version: statusFormatVersion,
    tool: context.tool,
    host: context.desired.host,
    evaluated_at: formatInstant(plan.evaluatedAt),
    resources: plan.changes.map((change) => {
      const { address, kind, name, issuer, before, findings } = changeJson(change, plan.evaluatedAt, context);
      return { address, kind, name, state: stateOf(change), issuer, certificate: before, renew_from: change.renewFrom === null ? null : formatInstant(change.renewFrom), findings };
    }),
  };
}
