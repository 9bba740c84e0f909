/** `status --json`: what is on disk, resource by resource. Public facts only, so that it may travel as an inventory. */
import type { Hold } from '../domain/hold.ts';
import type { ObservedState } from '../domain/observed-state.ts';
import type { Plan } from '../domain/plan.ts';
import type { Served } from '../domain/served.ts';
import { formatInstant } from '../domain/time.ts';
import { changeJson, instantJson } from './change-json.ts';
import { conditionsJson } from './condition-json.ts';
import type { ShownConditions } from './condition-words.ts';
import { holdJson } from './hold-json.ts';
import type { DesiredContext } from './plan-context.ts';
import { hostJson, type Tool } from './plan-json.ts';
import { resourceStates, stateOf } from './resource-state.ts';
import { masterFiles, renewsFrom } from './status-text.ts';
import { windowsJson } from './window-json.ts';

/** What was seen at the probe; null where nobody looked. */
const servedJson = (served: Served | undefined) =>
  served === undefined
    ? null
    : {
        endpoint: served.endpoint,
        fingerprint_sha256: served.state === 'served' ? served.certificate.sha256 : null,
        not_after: served.state === 'served' ? instantJson(served.certificate.notAfter) : null,
        cause: served.state === 'failed' ? served.cause : null,
      };

export const statusFormatVersion = '1.3';

/** @param context with the inventory: what a plan for this host needs, as `formats/inventory.ts` writes it. */
export function statusJson<Inventory extends object>(
  plan: Plan,
  context: Pick<DesiredContext, 'desired' | 'observed' | 'options'> & {
    readonly observed: Pick<ObservedState, 'served'>;
    readonly tool: Tool;
    /** What is on hold, also of what the desired state no longer names. */
    readonly holds?: readonly Hold[] | undefined;
    readonly inventory: Inventory;
    readonly standing: ShownConditions;
  },
) {
  const master = masterFiles(context.desired);
  const resources = plan.changes.map((change) => {
    const { address, kind, name, where, issuer, before, findings } = changeJson(change, plan.evaluatedAt, context);
    return {
      address,
      kind,
      name,
      state: stateOf(change),
      where,
      issuer,
      certificate: before,
      renews_from: instantJson(renewsFrom(change)),
      served: servedJson(context.observed.served?.get(change.address)),
      files: master.get(address) ?? [],
      codes: [...new Set([...change.differences.map(({ code }) => code), ...findings.map(({ code }) => code)])],
      blocked: change.blocked?.code ?? null,
      pending: change.action,
    };
  });
  return {
    format: 'certstate.status' as const,
    format_version: statusFormatVersion,
    tool: context.tool,
    evaluated_at: formatInstant(plan.evaluatedAt),
    host: hostJson(context),
    summary: {
      total: resources.length,
      by_state: Object.fromEntries(resourceStates.map((state) => [state, resources.filter((resource) => resource.state === state).length])),
    },
    resources,
    holds: (context.holds ?? []).map(holdJson),
    windows: windowsJson(context.desired, plan.evaluatedAt),
    conditions: conditionsJson(context.standing),
    inventory: context.inventory,
  };
}
