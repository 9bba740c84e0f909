/** The plan for programs: `plan --json`. Text is for people and may change; this is the contract, versioned by `format_version`. */
import type { Address } from '../domain/names.ts';
import { actions, isApplyable, isChange, type Plan, type PlanOptions } from '../domain/plan.ts';
import { formatInstant, type Instant } from '../domain/time.ts';
import { changeJson, instantJson, serviceJson } from './change-json.ts';
import { diagnosticJson } from './diagnostic-json.ts';
import { type InventoryWords, inventoryWordsJson } from './inventory-words.ts';
import { type DesiredContext, formatMode, type PlanContext } from './plan-context.ts';

export interface Tool {
  readonly name: 'certstate';
  readonly version: string;
  readonly node: string;
}

export interface PlanJsonContext extends Pick<DesiredContext, 'desired' | 'observed' | 'options'> {
  readonly tool: Tool;
  /** The inventory that stood for the host. */
  readonly inventory?: InventoryWords | undefined;
  /** By the wall clock; where absent, that by which the plan was judged. */
  readonly createdAt?: Instant | undefined;
  /** The hash over the meaning of a desired resource: what a saved plan is compared by. */
  readonly meaningOf?: ((address: Address) => string | undefined) | undefined;
}

/** Readers take any 1.x and ignore what they do not know. */
export const planFormatVersion = '1.0';

/** The document of one plan, keys in fixed order; `JSON.stringify` it. Nothing secret is in a plan, so nothing secret is in here. */
export function planJson(plan: Plan, context: PlanJsonContext) {
  const { desired, options } = context;
  const changes = plan.changes.map((change) => changeJson(change, plan.evaluatedAt, context));
  return {
    format: 'certstate.plan' as const,
    format_version: planFormatVersion,
    tool: context.tool,
    id: plan.id,
    created_at: formatInstant(context.createdAt ?? plan.evaluatedAt),
    evaluated_at: formatInstant(plan.evaluatedAt),
    valid_until: instantJson(plan.validUntil),
    host: hostJson(context),
    inventory: inventoryWordsJson(context.inventory),
    config: {
      from: desired.from,
      sources: desired.sources.map(({ file, sha256 }) => ({ path: file, sha256 })),
      authorities: desired.resources.filter(({ kind }) => kind === 'ca').length,
      certificates: desired.resources.filter(({ kind }) => kind === 'cert').length,
    },
    looked: plan.looked,
    options: optionsJson(options),
    complete: plan.leftOut === 0 && !plan.changes.some(({ blocked }) => blocked?.by === 'unreadable'),
    applyable: isApplyable(plan),
    errored: plan.diagnostics.some(({ severity }) => severity === 'error'),
    summary: {
      total: plan.changes.length,
      changed: plan.changes.filter(isChange).length,
      blocked: plan.changes.filter(({ blocked }) => blocked !== null).length,
      left_out: plan.leftOut,
      by_action: Object.fromEntries(actions.map((action) => [action, plan.changes.filter((change) => change.action === action).length])),
    },
    changes,
    reloads: plan.reloads.map((reload) => ({ ...serviceJson(reload), because: reload.because, of: reload.of })),
    findings: changes.flatMap(({ address, findings }) => findings.map((finding) => ({ address, ...finding }))),
    drift: changes.flatMap(({ address, action, reasons }) => {
      const drifted = reasons.filter(({ origin }) => origin === 'drift');
      return drifted.length === 0 ? [] : [{ address, action, reasons: drifted }];
    }),
    diagnostics: plan.diagnostics.map(diagnosticJson),
    preconditions: plan.preconditions
      .toSorted((left, right) => Number(left.path > right.path) - Number(left.path < right.path))
      .map(({ path, exists, sha256, key, serial, mode, uid, gid }) => ({
        path,
        exists,
        // A file with a key is pinned by its public half: the hash of a private key is nobody's business.
        kind: !exists ? null : key ? ('key' as const) : ('certificate' as const),
        sha256: key ? null : sha256,
        spki_sha256: key?.spkiSha256 ?? null,
        certificates_sha256: key?.certificates ?? null,
        serial: serial ?? null,
        mode: mode === null ? null : formatMode(mode),
        uid,
        gid,
      })),
  };
}

export type PlanJson = ReturnType<typeof planJson>;

/** The machine that was looked at, and the folder that stands for its `/`. */
export const hostJson = ({ desired, options }: Pick<PlanContext, 'desired' | 'options'>) => ({
  name: desired.host,
  root: options.root === '' ? '/' : options.root,
});

const optionsJson = (options: PlanOptions) => ({
  targets: options.targets,
  excludes: options.excludes,
  renew: options.renew,
  rekey: options.rekey,
  confirm: options.confirm,
  prune: options.prune,
  accept_clock: options.acceptClock,
});
