/** What `hold` and `release` have in common: they write one small file under the lock, and say in one document what became of it. */

import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Scope } from '../reconcile/environment.ts';
import { underLock } from '../reconcile/state-lock.ts';
import { diagnosticText } from '../report/diagnostic-text.ts';
import { type HoldsChanged, holdsJson } from '../report/hold-json.ts';
import { jsonText } from '../report/json-text.ts';
import { waitingText } from '../report/lock-text.ts';
import type { Style } from '../report/style.ts';
import { diagnosticsJson } from '../report/validate-json.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { lockTimeoutOf, lockWishOf } from './lock-wish.ts';
import type { Run } from './run.ts';
import { tool } from './tool.ts';
import { interruptible } from './writing.ts';

/** `root@controller-0`, `alice as root@controller-0` through sudo. As far as known: nobody is identified by it. */
export function whoRuns({ outside, environment, hostName }: Run): string {
  const { uid } = outside.process;
  const user = outside.accounts.userName(uid) ?? `${uid}`;
  const behind = environment['SUDO_USER'];
  return `${behind && behind !== user ? `${behind} as ` : ''}${user}@${hostName}`;
}

/**
 * Runs the body with the lock, then prints what it changed.
 * @param text of what was changed; what went wrong is said on stderr.
 */
export function holding(
  run: Run,
  scope: Scope,
  body: () => HoldsChanged,
  text: (changed: HoldsChanged, style: Style) => string,
): Promise<ExitCode> {
  const { terminal, options, outside, command } = run;
  lockTimeoutOf(run);
  return interruptible(run, async (interruption) => {
    const wish = lockWishOf(run, command, interruption.signal, (holder) => {
      if (options.json ? options.verbose : !options.quiet) terminal.err(`${waitingText(holder, outside.clock.now())}\n`);
    });
    const done = await underLock(outside, scope, wish, body);
    switch (done.result) {
      case 'done':
        return said(run, done.value, text);
      case 'interrupted':
        return refused(run, [interrupted], interruption.exit());
      case 'locked':
      case 'state-folder':
        return refused(run, [done.diagnostic], done.result === 'locked' ? exitCodes.locked : exitCodes.error);
    }
  });
}

const interrupted: Diagnostic = {
  code: 'interrupted',
  severity: 'error',
  message: 'interrupted while it waited for the lock; nothing was changed',
  hint: 'run the same command again',
};

function said(run: Run, changed: HoldsChanged, text: (changed: HoldsChanged, style: Style) => string): ExitCode {
  const { terminal, options } = run;
  const { diagnostics } = changed;
  if (diagnostics.some(({ severity }) => severity === 'error')) return refused(run, diagnostics, exitCodes.error);
  if (options.json) terminal.out(jsonText(holdsJson(changed, tool)));
  else {
    terminal.out(text(changed, terminal.outStyle));
    sayDiagnostics(run, diagnostics);
  }
  return exitCodes.ok;
}

/** Nothing was changed. */
function refused(run: Run, diagnostics: readonly Diagnostic[], exit: ExitCode): ExitCode {
  if (run.options.json) run.terminal.out(jsonText(diagnosticsJson(diagnostics, { tool, files: [], resources: null })));
  else sayDiagnostics(run, diagnostics);
  return exit;
}

function sayDiagnostics({ terminal }: Run, diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length > 0) terminal.err(diagnosticText(diagnostics, { style: terminal.errStyle, texts: new Map() }));
}
