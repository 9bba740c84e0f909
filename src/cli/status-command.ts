import { holdsInForce } from '../domain/hold.ts';
import { inventoryJson } from '../formats/inventory.ts';
import { unmanagedNeighbours } from '../observe/neighbours.ts';
import { inventoryPass } from '../reconcile/inventory-pass.ts';
import { standingConditions } from '../reconcile/keep-conditions.ts';
import { expiryNote } from '../report/relative-time.ts';
import { statusJson } from '../report/status-json.ts';
import { statusPlain, statusText } from '../report/status-text.ts';
import { exitCodes } from './exit-codes.ts';
import { foundInPass } from './found-in-pass.ts';
import { planned } from './planned.ts';
import { warn } from './refusals.ts';
import { report } from './reports.ts';
import type { Command } from './run.ts';
import { givenFlags } from './scope.ts';
import { tool } from './tool.ts';

/** `certstate status`: every managed key and certificate with its dates; a list, not a verdict. */
export const statusCommand: Command = async (run) => {
  const result = await planned(run, 'nothing was looked at');
  if ('exit' in result) return result.exit;
  const { pass, scope } = result;
  const { plan, desired, observed } = pass;
  const inventory = run.reports.some(({ format }) => format === 'json') ? await inventoryPass(run.outside, scope, pass) : undefined;
  const unmanaged = unmanagedNeighbours(desired, pass.sight).map(({ path, certificate }) => ({
    path,
    note: expiryNote(certificate.notAfter, plan.evaluatedAt),
  }));
  const standing = standingConditions(run.outside, scope, { pass }, plan.evaluatedAt);
  warn(run, standing.diagnostics, pass.texts);
  const holds = holdsInForce(pass.records.records.holds, plan.evaluatedAt);
  const context = { desired, observed, options: pass.options, unmanaged, holds, standing: { ...standing, ...givenFlags(run.options) } };
  return report(run, {
    exit: exitCodes.ok,
    evaluatedAt: plan.evaluatedAt,
    from: desired.from,
    text: (style) => (run.options.plain ? statusPlain(plan, { ...context, style }) : statusText(plan, { ...context, style })),
    json: () => statusJson(plan, { ...context, tool, inventory: inventory ? inventoryJson(inventory) : {} }),
    found: () => foundInPass(run, pass, undefined, standing),
    plan,
  });
};
