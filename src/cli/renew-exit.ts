/** The exit code of `renew`: that of what it did; where all of that is well, that of a desired state that is broken. */
import type { Code } from '../domain/codes.ts';
import type { Change } from '../domain/plan.ts';
import type { RenewResult } from '../reconcile/renew-pass.ts';
import { applyExit, type Ending } from './apply-exit.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/**
 * What somebody has decided to wait for. A timer that would fail because of it would be red each night for as long as a hold lasts, or all week until a window
 * opens, and nobody would look any more on the night on which it matters. None of them can be forgotten: a hold and a window have an end, near that of the
 * certificate none of them counts, and `check` fails before, when the renewal is overdue.
 */
const waitsOnPurpose: ReadonlySet<Code> = new Set(['on-hold', 'outside-window', 'gate-closed'] satisfies Code[]);

export function renewExit(
  { look, outcome, services, unfinished, diagnostics }: Extract<RenewResult, { readonly result: 'done' }>,
  { signal, looksOnly, isOneGivenUp }: Pick<Ending, 'signal' | 'looksOnly' | 'isOneGivenUp'>,
): ExitCode {
  const forgotten = unfinished.length > 0 || diagnostics.some(({ severity }) => severity === 'error');
  // A gate that gave no answer is broken, and says nothing about now.
  const isBroken = look.pass.diagnostics.some(({ code }) => code === 'gate-failed');
  const counts = (blocked: Change['blocked']): boolean =>
    blocked === null || !waitsOnPurpose.has(blocked.code) || (blocked.code === 'gate-closed' && isBroken);
  const exit = applyExit({
    outcome: {
      ...outcome,
      resources: outcome.resources.filter((resource) => resource.result !== 'blocked' || counts(resource.change.blocked)),
    },
    plan: { ...look.plan, changes: look.plan.changes.filter(({ blocked }) => counts(blocked)) },
    signal,
    forgotten,
    services,
    isOneGivenUp,
    looksOnly,
  });
  return look.broken && (exit === exitCodes.ok || exit === exitCodes.error) ? exitCodes.config : exit;
}
