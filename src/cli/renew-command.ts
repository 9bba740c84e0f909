/** `certstate renew`: what a timer runs. Asks nothing, and does nothing that a person would have to be asked about. */

import type { Scope } from '../reconcile/environment.ts';
import { type RenewLook, waitingNotices } from '../reconcile/look-to-renew.ts';
import { machineOf } from '../reconcile/machine.ts';
import { givenUpNotices } from '../reconcile/open-services.ts';
import { type RenewReport, type RenewResult, renewPass } from '../reconcile/renew-pass.ts';
import { startOf } from '../reconcile/steady-clock.ts';
import { applySummary } from '../report/apply-summary.ts';
import { notDoneText, nothingDueText, waitingText } from '../report/renew-text.ts';
import { servicesSummary } from '../report/service-text.ts';
import { type Progress, progressFor } from './apply-progress.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Interruption } from './interruption.ts';
import { lockWishOf } from './lock-wish.ts';
import { parallelismOf } from './parallelism.ts';
import { mustBeKnown } from './planned.ts';
import { refuse, warn } from './refusals.ts';
import { renewExit } from './renew-exit.ts';
import type { Command, Run } from './run.ts';
import { givenFlags, mustHaveRoot, planOptionsOf, scopeOf } from './scope.ts';
import { end, interruptible } from './writing.ts';

export const renewCommand: Command = (run) => {
  const scope = scopeOf(run);
  mustHaveRoot(run, scope);
  const parallelism = parallelismOf(run);
  const progress = progressFor(run);
  const options = { ...planOptionsOf(run, scope.root), machine: machineOf(run.outside.reader, scope) };
  return interruptible(run, async (interruption) => {
    const { signal } = interruption;
    const result = await renewPass(run.outside, scope, {
      options,
      begun: startOf(run.outside.clock),
      lock: lockWishOf(run, 'renew', signal, progress.waiting),
      signal,
      parallelism,
      tells: run.options.reload !== false,
      report: reportTo(run, progress),
    });
    return ending(run, progress, scope, result, interruption);
  });
};

const reportTo = (run: Run, progress: Progress): RenewReport => ({
  looked(look) {
    mustBeKnown(look.pass);
    sayWhatStands(run, progress, look);
  },
  tookOver: progress.tookOver,
  recovered: progress.recovered,
  event: progress.event,
  serviceStart: progress.serviceStart,
  serviceEnd: progress.serviceEnd,
});

/** Before anything is done: what the text is worked from, what to be warned of, and in a stream the plan and what waits. */
function sayWhatStands(run: Run, progress: Progress, look: RenewLook): void {
  const { pass, plan, broken } = look;
  if (broken) {
    if (run.options.json) progress.diagnostics(broken.diagnostics);
    else warn(run, broken.diagnostics, broken.texts);
  }
  warn(run, pass.diagnostics, pass.texts);
  progress.planned(pass, plan);
  const waiting = waitingNotices(look);
  if (run.options.json) progress.diagnostics(waiting);
  else if (!run.options.quiet && waiting.length > 0) run.terminal.err(waitingText(waiting, run.terminal.errStyle));
}

function ending(run: Run, progress: Progress, scope: Scope, result: RenewResult, interruption: Interruption): Promise<ExitCode> | ExitCode {
  switch (result.result) {
    case 'broken':
      return refuse(run, result.diagnostics, result.texts, 'nothing was renewed');
    case 'interrupted':
      return end(progress, interruption.exit(), []);
    case 'locked':
    case 'state-folder':
      progress.locked(result.holder);
      return end(progress, result.result === 'locked' ? exitCodes.locked : exitCodes.error, [result.diagnostic]);
    case 'done':
      return finished(run, progress, scope, result, interruption);
  }
}

type Done = Extract<RenewResult, { readonly result: 'done' }>;

function finished(run: Run, progress: Progress, scope: Scope, result: Done, interruption: Interruption): ExitCode {
  const { outcome, diagnostics } = result;
  const looksOnly = run.options.reload === false;
  const givenUp = looksOnly ? [] : givenUpNotices(run.outside, scope, result.look.pass);
  const exit = renewExit(result, { signal: interruption.signalName(), looksOnly, isOneGivenUp: givenUp.length > 0 });
  const failures = outcome.resources.flatMap((resource) => (resource.result === 'failed' ? [resource.diagnostic] : []));
  progress.diagnostics([...diagnostics, ...failures, ...givenUp]);
  if (!run.options.json) run.terminal.out(closingText(run, result));
  progress.conditions(result.news);
  progress.finished(exit, outcome);
  return exit;
}

/** With --quiet a timer that has nothing to do says nothing. */
function closingText({ terminal, options }: Run, { look, outcome, services }: Done): string {
  const { plan } = look;
  const summary = () => applySummary(outcome, plan, { style: terminal.outStyle, command: 'renew', ...givenFlags(options) });
  const waits = notDoneText(plan, terminal.outStyle);
  const done =
    outcome.resources.length > 0 ? `${waits}${summary()}` : waits !== '' ? waits : options.quiet ? '' : nothingDueText(look.pass.plan);
  const told = servicesSummary(services);
  return `${done}${told === undefined ? '' : `${told}\n`}`;
}
