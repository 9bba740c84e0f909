/** The exit code of `renew`: that of what it did; where all of that is well, that of a desired state that is broken. */
import type { RenewResult } from '../reconcile/renew-pass.ts';
import { applyExit } from './apply-exit.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

export function renewExit(
  { look, outcome, services, diagnostics }: Extract<RenewResult, { readonly result: 'done' }>,
  { signal, looksOnly }: { readonly signal: 'SIGINT' | 'SIGTERM' | undefined; readonly looksOnly: boolean },
): ExitCode {
  const forgotten = diagnostics.some(({ severity }) => severity === 'error');
  const exit = applyExit({ outcome, plan: look.plan, signal, forgotten, services, looksOnly });
  return look.broken && (exit === exitCodes.ok || exit === exitCodes.error) ? exitCodes.config : exit;
}
