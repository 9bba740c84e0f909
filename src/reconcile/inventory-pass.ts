/** An inventory of this host. */
import type { Inventory } from '../domain/inventory.ts';
import { diskSight } from '../observe/sight.ts';
import { takeInventory } from '../observe/take-inventory.ts';
import { interruptionWarnings } from './complete-interrupted.ts';
import type { Scope, WritingEnvironment } from './environment.ts';
import { pendingServiceWarnings } from './open-services.ts';
import type { PlanPass } from './plan-pass.ts';

/** Looks once more, and writes everything down that a plan for this host needs. Public facts only. */
export function inventoryPass(environment: WritingEnvironment, scope: Scope, pass: PlanPass): Promise<Inventory> {
  const { desired, records, observed, cache } = pass;
  const { reader, accounts, process, clock } = environment;
  const now = clock.now();
  return takeInventory({
    desired,
    sight: diskSight(reader, cache),
    cache,
    accounts,
    host: { name: scope.host, root: scope.root, stateFolder: scope.stateFolder, ...process },
    records: records.records,
    services: observed,
    warnings: [
      ...records.diagnostics,
      ...interruptionWarnings(environment, scope, now),
      ...pendingServiceWarnings(environment, scope, pass, 'reads'),
    ],
    now,
  });
}
