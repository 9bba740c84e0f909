/** A plan as its document: what `--json` prints, `-o` saves, and a saved plan is compared with. */
import type { Plan } from '../domain/plan.ts';
import { desiredHash } from '../plan/desired-hash.ts';
import type { PlanPass } from '../reconcile/plan-pass.ts';
import { type PlanJson, planJson } from '../report/plan-json.ts';
import type { Run } from './run.ts';
import { tool } from './tool.ts';

/** @param options those that the plan was made under, where they are not the pass's own. */
export function planDocument(run: Run, pass: PlanPass, plan: Plan = pass.plan, options = pass.options): PlanJson {
  const { desired, observed, diagnostics } = pass;
  const resources = new Map(desired.resources.map((resource) => [resource.address, resource]));
  return planJson(
    { ...plan, diagnostics: [...plan.diagnostics, ...diagnostics] },
    {
      desired,
      observed,
      options,
      tool,
      inventory: pass.inventory && { host: pass.inventory.host.name, takenAt: pass.inventory.takenAt },
      createdAt: run.options.now === undefined ? plan.evaluatedAt : run.outside.clock.now(),
      meaningOf(address) {
        const resource = resources.get(address);
        return resource && desiredHash(resource);
      },
    },
  );
}
