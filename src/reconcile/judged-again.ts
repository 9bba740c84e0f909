/** What a pass knows, made once more for what it has changed: a condition ends by a check that passes, never by a deed. */
import type { Address } from '../domain/names.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Change } from '../domain/plan.ts';
import type { ServiceOutcome } from '../domain/service-outcome.ts';
import { signsOf } from '../plan/condition-signs.ts';
import { readConditions } from '../records/conditions.ts';
import type { Environment, Scope, WritingEnvironment } from './environment.ts';
import { type JudgedPass, lookOf } from './keep-conditions.ts';
import { type PlanPass, planState } from './plan-pass.ts';

/**
 * The look as it is now, where something that bears on a condition was done or told: a condition is cleared by the check that raised it, made once more, and
 * never because something was done about it. What had no condition, and nothing that would raise one, is not looked at again.
 */
export async function judgedAgain(environment: Looking, scope: Scope, judged: JudgedPass): Promise<JudgedPass> {
  const { pass, tried, services = [] } = judged;
  const touched = touchedBy(pass, tried?.outcome, services);
  if (touched.size === 0) return judged;
  const now = environment.clock.now();
  const kept = readConditions(environment.reader, scope.stateFolder).conditions.map(({ address }) => address);
  const raising = signsOf(lookOf(environment, scope, judged, now)).seen.map(({ address }) => address);
  const stale = services.flatMap((outcome) => ('notServed' in outcome ? outcome.notServed.map(({ address }) => address) : []));
  const bearing = new Set<string | null>([...kept, ...raising, ...stale]);
  const targets = [...touched].filter((address) => bearing.has(address));
  if (targets.length === 0) return judged;
  const options = { ...pass.options, targets, excludes: [], renew: [], rekey: [] };
  const again = await settled(environment, services, () =>
    planState(environment, scope, { ...pass, diagnostics: [] }, { options, now, cache: pass.cache }),
  );
  const wanted = new Set<string>(targets);
  const changes = new Map<Address, Change>(
    again.plan.changes.flatMap((change) => (wanted.has(change.address) ? [[change.address, change]] : [])),
  );
  const served = new Map([
    ...(pass.observed.served ?? []),
    ...[...(again.observed.served ?? [])].filter(([address]) => wanted.has(address)),
  ]);
  return {
    ...judged,
    pass: {
      ...pass,
      plan: { ...pass.plan, changes: pass.plan.changes.map((change) => changes.get(change.address) ?? change) },
      observed: { ...pass.observed, ...(pass.observed.served && { served }) },
    },
  };
}

type Looking = Environment & Pick<WritingEnvironment, 'pause'>;

/**
 * A server that was reloaded may answer once more through a process that is on its way out, as nginx does: where it was seen to serve what is on disk a
 * moment ago, and now is not, it is looked at again, for a second at most.
 */
async function settled({ pause }: Looking, services: readonly ServiceOutcome[], look: () => Promise<PlanPass>): Promise<PlanPass> {
  const seen = new Set(services.flatMap((outcome) => (outcome.result === 'served' ? outcome.endpoints : [])));
  const isContradicted = ({ plan, observed }: PlanPass): boolean =>
    plan.changes.some(
      ({ address, findings }) =>
        findings.some(({ code }) => code === 'service-stale') && seen.has(observed.served?.get(address)?.endpoint ?? ''),
    );
  let again = await look();
  for (let tries = 0; tries < 4 && isContradicted(again); tries += 1) {
    await pause(250, new AbortController().signal);
    again = await look();
  }
  return again;
}

/** What was published, and what the services that were told serve. */
function touchedBy({ desired }: PlanPass, outcome: Outcome | undefined, services: readonly ServiceOutcome[]): ReadonlySet<Address> {
  const told = new Set(services.map(({ service }) => service));
  return new Set([
    ...(outcome?.resources ?? []).flatMap(({ result, address }) => (result === 'done' ? [address] : [])),
    ...desired.resources.flatMap((resource) =>
      resource.kind === 'cert' && resource.services.some((name) => told.has(name)) ? [resource.address] : [],
    ),
  ]);
}
