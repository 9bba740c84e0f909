/** What commands that write have in common: they complete what was interrupted, and hold the lock while something is written. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import { completeInterrupted, wasInterrupted } from '../reconcile/complete-interrupted.ts';
import type { Scope } from '../reconcile/environment.ts';
import { underLock } from '../reconcile/state-lock.ts';
import type { Progress } from './apply-progress.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { type Interruption, listenForSignals } from './interruption.ts';
import { lockWishOf } from './lock-wish.ts';
import { type Planned, planned } from './planned.ts';
import type { Run } from './run.ts';

export interface Writing {
  readonly run: Run;
  readonly progress: Progress;
  /** What the holder of the lock is called: `apply`. */
  readonly command: string;
  readonly scope: Scope;
}

/** The end of a run that has begun nothing. */
export function end(progress: Progress, exit: ExitCode, diagnostics: readonly Diagnostic[]): ExitCode {
  progress.diagnostics(diagnostics);
  progress.finished(exit, null);
  return exit;
}

export async function interruptible(run: Run, body: (interruption: Interruption) => Promise<ExitCode>): Promise<ExitCode> {
  const interruption = listenForSignals(run.options.json ? () => {} : run.terminal.err);
  try {
    return await body(interruption);
  } finally {
    interruption.stop();
  }
}

/** The body's exit code, or that of a lock that was not to be had. */
export async function withLock(
  { run, progress, command, scope }: Writing,
  interruption: Interruption,
  body: () => Promise<ExitCode>,
): Promise<ExitCode> {
  const wish = lockWishOf(run, command, interruption.signal, progress.waiting);
  const done = await underLock(run.outside, scope, wish, (takenOverFrom) => {
    if (takenOverFrom) progress.tookOver(takenOverFrom);
    return body();
  });
  switch (done.result) {
    case 'done':
      return done.value;
    case 'interrupted':
      return end(progress, interruption.exit(), []);
    case 'locked':
    case 'state-folder':
      progress.locked(done.holder);
      return end(progress, done.result === 'locked' ? exitCodes.locked : exitCodes.error, [done.diagnostic]);
  }
}

/** Looks; where a change was interrupted, completes it and looks again. */
export async function lookCompleted({ run, progress, command }: Omit<Writing, 'scope'>): Promise<Planned> {
  const first = await planned(run, 'nothing was changed', true);
  if ('exit' in first || !wasInterrupted(run.outside, first.scope, first.pass)) return first;
  const { pass, scope } = first;
  const exit = await interruptible(run, (interruption) =>
    withLock({ run, progress, command, scope }, interruption, async () => {
      progress.recovered(completeInterrupted(run.outside, scope, pass));
      return exitCodes.ok;
    }),
  );
  return exit === exitCodes.ok ? planned(run, 'nothing was changed', true) : { exit };
}
