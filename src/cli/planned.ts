/** The look that plan, apply, check, status and show have in common. */

import type { Diagnostic } from '../domain/diagnostic.ts';
import { nearest } from '../domain/names.ts';
import type { PlanOptions } from '../domain/plan.ts';
import { type IdleRequest, idleRequests, unknownAddresses, unmatchedPatterns } from '../plan/targets.ts';
import { interruptionWarnings } from '../reconcile/complete-interrupted.ts';
import type { Scope } from '../reconcile/environment.ts';
import { machineOf } from '../reconcile/machine.ts';
import { pendingServiceWarnings } from '../reconcile/open-services.ts';
import { type PlanPass, planPass } from '../reconcile/plan-pass.ts';
import type { ExitCode } from './exit-codes.ts';
import { inventoryOf, scopeOnHost } from './inventory-file.ts';
import { refuse, warn } from './refusals.ts';
import type { Run } from './run.ts';
import { mustHaveRoot, nowOf, planOptionsOf, scopeOf, textOf } from './scope.ts';
import { UsageError } from './usage-error.ts';

export type Planned = { readonly pass: PlanPass; readonly scope: Scope } | { readonly exit: ExitCode };

/** Reads, looks and plans; says what is wrong with the text, or with an address that no resource has, and then what to be warned of. */
export async function planned(run: Run, consequence = 'nothing was planned', completes = false): Promise<Planned> {
  const result = await lookedAt(run, consequence, completes);
  if ('pass' in result) warn(run, result.pass.diagnostics, result.pass.texts);
  return result;
}

/** The same for whoever says the warnings in an own way. */
export async function lookedAt(run: Run, consequence: string, completes = false): Promise<Planned> {
  const given = inventoryOf(run);
  if (given && 'exit' in given) return given;
  const inventory = given?.inventory;
  const scope = inventory ? scopeOnHost(run, inventory, textOf(run)) : scopeOf(run);
  // An image may begin with an apply; a verdict on what is not there is none.
  if (!inventory && run.command !== 'plan' && run.command !== 'apply') mustHaveRoot(run, scope);
  const options = { ...planOptionsOf(run, scope.root), ...(inventory ? {} : jitterFor(run, scope)) };
  const now = nowOf(run);
  const looked = await planPass(run.outside, scope, options, now, inventory);
  if (!looked.ok) return { exit: await refuse(run, looked.diagnostics, looked.texts, consequence) };
  const ofHost = inventory ? [] : hostWarnings(run, scope, looked, completes);
  const pass = { ...looked, diagnostics: [...looked.diagnostics, ...ofHost] };
  const { resources } = pass.desired;
  mustBeKnown(pass);
  mustBeHeard(idleRequests(resources, options));
  if (run.options.verbose)
    run.terminal.err(
      `host ${scope.host}, root ${scope.root || '/'}, read ${[...pass.texts.keys()].join(', ')}, state in ${scope.stateFolder}\n`,
    );
  return { pass, scope };
}

/** `check` judges by the hour at which `renew` acts on this machine, so that neither calls due what the other does not. */
const jitterFor = ({ command, outside }: Run, scope: Scope): Pick<PlanOptions, 'machine'> =>
  command === 'check' ? { machine: machineOf(outside.reader, scope) } : {};

/** What this machine has to say of itself; an inventory brings along what its host said. */
function hostWarnings(run: Run, scope: Scope, pass: PlanPass, completes: boolean): readonly Diagnostic[] {
  const tells = !completes ? 'reads' : run.options.reload === false ? 'leaves' : 'tells';
  return [
    // Whoever writes completes what was interrupted, and says so then.
    ...(completes ? [] : interruptionWarnings(run.outside, scope, pass.plan.evaluatedAt)),
    ...pendingServiceWarnings(run.outside, scope, pass, tells),
  ];
}

function mustBeHeard([idle]: readonly IdleRequest[]): void {
  if (idle === undefined) return;
  const { flag, pattern, why } = idle;
  throw why === 'left-out'
    ? new UsageError(
        `${flag} ${pattern}: it is left out of this plan`,
        `add --target ${pattern}, or leave --target and --exclude out`,
        pattern,
      )
    : new UsageError(
        `${flag} ${pattern}: it is only watched (manage: observe)`,
        'leave "manage: observe" out of its YAML, or renew it where it is made',
        pattern,
      );
}

/** Throws where a flag names a resource that there is not. */
export function mustBeKnown(pass: Pick<PlanPass, 'desired' | 'options'>): void {
  const { resources } = pass.desired;
  const { targets, excludes, renew, rekey, confirm } = pass.options;
  const unmatched = unmatchedPatterns(resources, [...targets, ...excludes, ...renew, ...rekey]);
  mustBeNone(pass, [...unmatched, ...unknownAddresses(resources, confirm)]);
}

function mustBeNone({ desired }: Pick<PlanPass, 'desired'>, [unknown]: readonly string[]): void {
  if (unknown === undefined) return;
  const meant = nearest(
    unknown,
    desired.resources.map(({ address }) => address),
  );
  throw new UsageError(
    `nothing in the desired state has the address ${unknown}`,
    meant
      ? `did you mean ${meant}?`
      : `it has ${desired.resources
          .slice(0, 8)
          .map(({ address }) => address)
          .join(', ')}`,
    unknown,
  );
}
