import type { Diagnostic } from '../domain/diagnostic.ts';
import { holdOfRestored, holdOn } from '../domain/hold.ts';
import type { Address } from '../domain/names.ts';
import { nearest } from '../domain/names.ts';
import type { RestorePlan } from '../domain/restoration.ts';
import { isOpen } from '../domain/service-outcome.ts';
import { completeInterrupted } from '../reconcile/complete-interrupted.ts';
import { type HoldWish, heldOf, holdsOfRestored, staysOn } from '../reconcile/holds.ts';
import { keptGenerations } from '../reconcile/kept-generations.ts';
import { servicesToTell } from '../reconcile/open-services.ts';
import { type PlanPass, planPass } from '../reconcile/plan-pass.ts';
import { restorePass } from '../reconcile/restore-pass.ts';
import { restorePlan } from '../reconcile/restore-plan.ts';
import { tellServicesPass } from '../reconcile/tell-services-pass.ts';
import { heldText } from '../report/hold-text.ts';
import { jsonText } from '../report/json-text.ts';
import { generationsJson } from '../report/restore-json.ts';
import { generationsText, type HoldingWords, restoredText, restoreText, shortRestoreId, waysToRestore } from '../report/restore-text.ts';
import { servicesSummary } from '../report/service-text.ts';
import { progressFor } from './apply-progress.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { holdTimeFrom } from './hold-time.ts';
import { whoRuns } from './holding.ts';
import type { Interruption } from './interruption.ts';
import { lockTimeoutOf } from './lock-wish.ts';
import type { Command, Run } from './run.ts';
import { givenFlags, scopeOf } from './scope.ts';
import { tool } from './tool.ts';
import { UsageError } from './usage-error.ts';
import { end, interruptible, lookCompleted, type Writing, withLock } from './writing.ts';

/**
 * `certstate restore [ADDRESS]`: puts back what a resource had before, or everything the last apply has changed: all of it or nothing.
 * The desired state has not changed, so that the next timer would undo it: what is put back is on hold for a day.
 */
export const restoreCommand: Command = async (run) => {
  lockTimeoutOf(run);
  const holds = holdWishOf(run);
  if (run.options.list) return listKept(run);
  const progress = progressFor(run);
  const looked = await lookCompleted({ run, progress, command: 'restore' });
  if ('exit' in looked) return looked.exit;
  const { pass, scope } = looked;
  const address = addressOf(run, pass);
  let plan = await restorePlan(run.outside, scope, pass, { address, now: run.outside.clock.now() });
  const hopeless = plan.items.length === 0 || plan.refusals.some(({ code }) => code !== 'nothing-to-restore');
  if (!run.options.json && !hopeless) run.terminal.out(restoreText(plan, run.terminal.outStyle, heldLine(pass, holds)));
  progress.restoring(pass, plan);
  if (hopeless) return end(progress, exitCodes.error, plan.refusals);
  progress.diagnostics(plan.refusals.map((refusal): Diagnostic => ({ ...refusal, severity: 'warning' })));
  plan = await askForAnchors(run, plan);
  if (plan.items.some(({ needsConsent, isConfirmed }) => needsConsent && !isConfirmed)) {
    if (!run.options.json) run.terminal.out(waysToRestore(plan, address, givenFlags(run.options).flags));
    return end(progress, exitCodes.blocked, []);
  }
  const declined = await askToRestore(run, plan);
  if (declined) return end(progress, exitCodes.declined, declined);
  const job: Writing = { run, progress, command: 'restore', scope };
  return interruptible(run, (interruption) =>
    withLock(job, interruption, () => carryOut(job, interruption, { pass, plan, address, holds })),
  );
};

/** Undefined with `--no-hold`. */
function holdWishOf({ options }: Run): HoldWish | undefined {
  const asked = options.for !== undefined;
  if (options.hold !== false) return { time: options.for === undefined ? holdOfRestored : holdTimeFrom(options.for), asked };
  if (asked) throw new UsageError('--for says how long it is held, and --no-hold that it is not', 'leave one of them out');
  return undefined;
}

/** What holds it now, and will. What somebody wants left alone is put back all the same: whoever restores knows better than a timer, and is told. */
const heldLine =
  ({ records, plan: { evaluatedAt } }: PlanPass, wish: HoldWish | undefined) =>
  (address: Address): HoldingWords => {
    const held = holdOn(records.records.holds, address, evaluatedAt);
    return { held, time: wish && !staysOn(held, wish, evaluatedAt) ? wish.time : undefined };
  };

function addressOf({ arguments: [word] }: Run, { desired }: PlanPass): Address | undefined {
  if (word === undefined) return undefined;
  const addresses = desired.resources.map(({ address }) => address);
  const found = addresses.find((address) => address === word);
  if (found) return found;
  const meant = nearest(word, addresses);
  throw new UsageError(
    `nothing in the desired state has the address ${word}`,
    meant ? `did you mean ${meant}?` : 'certstate restore --list shows what is kept',
  );
}

/** On a terminal: asks for the address of each authority that has not been named with `--confirm`. */
async function askForAnchors({ terminal, options }: Run, plan: RestorePlan): Promise<RestorePlan> {
  if (!terminal.canAsk || options.yes) return plan;
  const items = [];
  for (const item of plan.items) {
    const asks = item.needsConsent && !item.isConfirmed;
    const question = `This puts another trust anchor in the place of ${item.address}.\nType ${item.address} to continue, anything else to stop: `;
    items.push(asks ? { ...item, isConfirmed: (await terminal.ask(question)).trim() === item.address } : item);
  }
  return { ...plan, items };
}

/** Undefined where it was agreed to; else what there is to say about that. */
async function askToRestore({ terminal, options }: Run, plan: RestorePlan): Promise<readonly Diagnostic[] | undefined> {
  if (options.yes) return undefined;
  const id = shortRestoreId(plan);
  if (terminal.canAsk) {
    const answer = await terminal.ask(`Restore ${id} on this host? Only "yes" continues: `);
    if (answer.trim() === 'yes') return undefined;
    terminal.err('Nothing was changed.\n');
    return [];
  }
  const message = 'nothing was changed: there is no terminal to ask on';
  return [{ code: 'declined', severity: 'error', message, hint: `add --yes to restore ${id} without being asked` }];
}

/** What was shown, and agreed to. */
interface Agreed {
  readonly pass: PlanPass;
  readonly plan: RestorePlan;
  readonly address: Address | undefined;
  readonly holds: HoldWish | undefined;
}

/** With the lock: what was agreed to is put back, or nothing. */
async function carryOut({ run, progress, scope }: Writing, interruption: Interruption, agreed: Agreed): Promise<ExitCode> {
  const { outside, options, terminal } = run;
  progress.recovered(completeInterrupted(outside, scope, agreed.pass));
  const pass = await planPass(outside, scope, agreed.pass.options, outside.clock.now());
  if (!pass.ok) return end(progress, exitCodes.config, pass.diagnostics);
  const plan = await restorePlan(outside, scope, pass, { address: agreed.address, now: outside.clock.now() });
  if (plan.id !== agreed.plan.id) return end(progress, exitCodes.stale, [changedMeanwhile]);
  if (interruption.signal.aborted) return end(progress, interruption.exit(), []);
  const wanted = holdsOfRestored(outside, scope, plan.items, { wish: agreed.holds, by: whoRuns(run), now: outside.clock.now() });
  const { restored, diagnostics } = restorePass(outside, scope, pass, plan, wanted);
  progress.restored(restored);
  if (!options.json && restored.length > 0) terminal.out(restoredText(restored, terminal.outStyle));
  const held = heldOf(outside, scope, wanted);
  progress.held(held.set);
  if (!options.json && held.set.length > 0)
    terminal.out(heldText({ held: held.set, replaced: [] }, outside.clock.now(), givenFlags(options).flags, terminal.outStyle));
  const services =
    options.reload !== false && servicesToTell(outside, scope, pass, 'person').length > 0
      ? await tellServicesPass(outside, scope, {
          seen: pass,
          who: 'person',
          reloads: [],
          published: restored.map(({ address: of }) => of),
          onStart: progress.serviceStart,
          onEnd: progress.serviceEnd,
          signal: interruption.signal,
        })
      : [];
  const told = servicesSummary(services);
  if (!options.json && told !== undefined) terminal.out(`${told}\n`);
  progress.diagnostics([...diagnostics, ...held.diagnostics]);
  const failed = [...diagnostics, ...held.diagnostics].some(({ severity }) => severity === 'error');
  const exit = failed ? exitCodes.error : services.some(isOpen) ? exitCodes.unverified : exitCodes.ok;
  progress.finished(exit, null, restored.length);
  return exit;
}

const changedMeanwhile: Diagnostic = {
  code: 'changed-since-plan',
  severity: 'error',
  message: 'this host has changed while it was being looked at; nothing was put back',
  hint: 'run certstate restore again and look at what it shows',
};

/** Reads the state directory and nothing else. */
function listKept(run: Run): ExitCode {
  const kept = keptGenerations(run.outside.reader, scopeOf(run), run.arguments[0]);
  const { terminal, options } = run;
  if (options.json) terminal.out(jsonText(generationsJson(kept, tool)));
  else terminal.out(generationsText(kept, terminal.outStyle, run.arguments[0]));
  return exitCodes.ok;
}
