import { holdsInForce } from '../domain/hold.ts';
import { type Address, matchesPattern, parseAddress } from '../domain/names.ts';
import { releaseHolds } from '../reconcile/holds.ts';
import { recordsOf } from '../reconcile/plan-pass.ts';
import { releasedText } from '../report/hold-text.ts';
import { holding, whoRuns } from './holding.ts';
import type { Command, Run } from './run.ts';
import { scopeOf } from './scope.ts';
import { UsageError } from './usage-error.ts';

/** `certstate release ADDRESS...`: ends holds. Reads no desired state: a hold can be ended while its text is broken, or no longer names the resource. */
export const releaseCommand: Command = (run) => {
  const { outside } = run;
  const scope = scopeOf(run);
  for (const word of run.arguments) mustBeAddress(word);
  return holding(
    run,
    scope,
    () => {
      const now = outside.clock.now();
      const held = holdsInForce(recordsOf(outside.reader, scope).records.holds, now).map(({ address }) => address);
      const addresses = addressesOf(run, held);
      const { released, diagnostics } = releaseHolds(outside, scope, { addresses, by: whoRuns(run), now });
      const notHeld = diagnostics.length > 0 ? [] : addresses.filter((address) => !released.some((hold) => hold.address === address));
      return { held: [], replaced: [], released, notHeld, diagnostics };
    },
    (changed, style) => releasedText(changed, outside.clock.now(), style),
  );
};

function mustBeAddress(word: string): void {
  if (parseAddress(word) === undefined && !word.includes('*'))
    throw new UsageError(`${word} is not an address`, 'addresses are ca/NAME and cert/NAME; certstate status shows what is on hold');
}

/** A pattern stands for what is held and fits it; an address for itself, held or not. */
const addressesOf = (run: Run, held: readonly Address[]): readonly Address[] => [
  ...new Set(
    run.arguments.flatMap((word) => (word.includes('*') ? held.filter((address) => matchesPattern(address, word)) : [word as Address])),
  ),
];
