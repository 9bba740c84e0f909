/** What apply says while it works: a line per resource, a live line on a terminal, NDJSON for programs. */
import type { ConditionNews } from '../domain/condition.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Hold } from '../domain/hold.ts';
import type { LockOwner } from '../domain/lock-owner.ts';
import type { ApplyEvent, Outcome } from '../domain/outcome.ts';
import type { Plan } from '../domain/plan.ts';
import type { Restoration, RestorePlan } from '../domain/restoration.ts';
import type { ServiceOutcome } from '../domain/service-outcome.ts';
import type { Telling } from '../domain/telling.ts';
import type { PlanPass } from '../reconcile/plan-pass.ts';
import { applyEventLine } from '../report/apply-text.ts';
import { conditionEvent } from '../report/condition-json.ts';
import { conditionNewsText } from '../report/condition-text.ts';
import { diagnosticText } from '../report/diagnostic-text.ts';
import {
  applyEventJson,
  diagnosticEvent,
  heldEvent,
  lockEvent,
  planEvent,
  recoveredEvent,
  restoredEvent,
  restorePlanEvent,
  serviceDoneEvent,
  serviceStartEvent,
  summaryEvent,
} from '../report/events-json.ts';
import { takenOverText, waitingText } from '../report/lock-text.ts';
import { type RecoveredWords, recoveredText } from '../report/recovered-text.ts';
import { serviceLine } from '../report/service-text.ts';
import { tellingText } from '../report/shell-words.ts';
import type { Recovery } from '../store-files/recover.ts';
import { type EventStream, eventStream } from './event-stream.ts';
import { liveLine } from './live-line.ts';
import type { Run } from './run.ts';
import { tool } from './tool.ts';

export interface Progress {
  /** Another certstate is at work, and we wait for it. */
  readonly waiting: (holder: LockOwner | undefined) => void;
  /** Somebody held the lock and died over it: what he left is completed next. */
  readonly tookOver: (holder: LockOwner) => void;
  /** The lock was not to be had. */
  readonly locked: (holder: LockOwner | undefined) => void;
  /** What an earlier run left behind was completed. */
  readonly recovered: (recovery: Recovery) => void;
  readonly planned: (pass: PlanPass, plan: Plan) => void;
  readonly restoring: (pass: PlanPass, plan: RestorePlan) => void;
  readonly restored: (items: readonly Restoration[]) => void;
  readonly held: (holds: readonly Hold[]) => void;
  readonly event: (event: ApplyEvent) => void;
  readonly serviceStart: (service: string, telling: Telling) => void;
  readonly serviceEnd: (outcome: ServiceOutcome) => void;
  readonly diagnostics: (diagnostics: readonly Diagnostic[]) => void;
  /** What began to stand, has changed, or is over. */
  readonly conditions: (news: readonly ConditionNews[]) => void;
  /** `outcome` is null where nothing was begun, or something was put back: then `restored` says how many. */
  readonly finished: (exit: number, outcome: Outcome | null, restored?: number) => void;
}

/** @param stream where somebody tells other events between ours. */
export function progressFor(run: Run, stream?: EventStream): Progress {
  const progress = run.options.json ? jsonProgress(run, stream ?? eventStream(run)) : textProgress(run);
  return { ...progress, recovered: saidOnce(progress.recovered) };
}

/** Before the plan and again with the lock it is tried to complete what was interrupted; what stands in the way is said the first time. */
function saidOnce(tell: Progress['recovered']): Progress['recovered'] {
  const said = new Set<string>();
  return (recovery) => {
    const news = recovery.diagnostics.filter(({ message }) => !said.has(message));
    for (const { message } of news) said.add(message);
    tell({ ...recovery, diagnostics: news });
  };
}

const happened = ({ completed, removedStages, diagnostics }: Recovery): boolean =>
  completed.length + removedStages.length + diagnostics.length > 0;

const wordsFor = ({ completed, removedStages }: Recovery): RecoveredWords => ({
  resources: [...new Set(completed.flatMap(({ resources }) => resources))],
  removedStages,
});

function textProgress({ terminal, outside, options }: Run): Progress {
  let addressColumns = 0;
  let texts: PlanPass['texts'] = new Map();
  let drawn = false;
  const erase = () => {
    if (drawn) terminal.err('\r\u001b[K');
    drawn = false;
  };
  const draw = (text: string) => {
    erase();
    terminal.err(terminal.live ? text : `${text}\n`);
    drawn = terminal.live;
  };
  const diagnostics = (list: readonly Diagnostic[]) => {
    erase();
    if (list.length > 0) terminal.err(diagnosticText(list, { style: terminal.errStyle, texts }));
  };
  const worded = (event: ApplyEvent) =>
    applyEventLine(event, { style: terminal.outStyle, terminal: terminal.outStyle.hints, now: outside.clock.now(), addressColumns });
  const live = liveLine((event) => draw(worded(event) ?? ''), outside.clock);
  return {
    waiting(holder) {
      if (!options.quiet) draw(waitingText(holder, outside.clock.now()));
    },
    tookOver(holder) {
      erase();
      if (!options.quiet) terminal.err(`${takenOverText(holder, outside.clock.now())}\n`);
    },
    locked: erase,
    recovered(recovery) {
      if (!happened(recovery)) return;
      erase();
      terminal.out(recoveredText(wordsFor(recovery), terminal.outStyle));
      diagnostics(recovery.diagnostics);
    },
    planned(pass, plan) {
      erase();
      ({ texts } = pass);
      addressColumns = Math.max(0, ...plan.changes.map(({ address }) => address.length));
    },
    restoring(pass) {
      ({ texts } = pass);
    },
    restored: erase,
    held: erase,
    event(event) {
      if (terminal.live) live.heard(event);
      const text = worded(event);
      if (text === undefined) return;
      erase();
      if (event.type === 'end') return terminal.out(`${text}\n`);
      if (!options.quiet) draw(text);
    },
    serviceStart(service, telling) {
      if (terminal.live) draw(`  service/${service} ... ${tellingText(telling)}`);
    },
    serviceEnd(outcome) {
      erase();
      terminal.out(
        `${serviceLine(outcome, { style: terminal.outStyle, terminal: terminal.outStyle.hints, now: outside.clock.now(), addressColumns })}\n`,
      );
    },
    diagnostics,
    conditions(news) {
      erase();
      if (!options.quiet && news.length > 0) terminal.out(conditionNewsText(news, terminal.outStyle, outside.clock.now()));
    },
    finished() {
      live.stop();
      erase();
    },
  };
}

function jsonProgress({ outside: { clock } }: Run, write: EventStream): Progress {
  const start = clock.elapsed();
  const diagnostics = (list: readonly Diagnostic[]) => {
    for (const diagnostic of list) write((stamp) => diagnosticEvent(stamp, diagnostic));
  };
  return {
    waiting: (holder) => write((stamp) => lockEvent(stamp, 'waiting', holder)),
    tookOver: (holder) => write((stamp) => lockEvent(stamp, 'taken_over', holder)),
    locked: (holder) => write((stamp) => lockEvent(stamp, 'refused', holder)),
    recovered(recovery) {
      if (!happened(recovery)) return;
      write((stamp) => recoveredEvent(stamp, wordsFor(recovery)));
      diagnostics(recovery.diagnostics);
    },
    planned({ desired, observed, options, diagnostics: warnings }, plan) {
      diagnostics(warnings);
      write((stamp) => planEvent(stamp, plan, { desired, observed, options, tool }));
    },
    restoring({ diagnostics: warnings }, plan) {
      diagnostics(warnings);
      write((stamp) => restorePlanEvent(stamp, plan));
    },
    restored(items) {
      for (const item of items) write((stamp) => restoredEvent(stamp, item));
    },
    held(holds) {
      for (const hold of holds) write((stamp) => heldEvent(stamp, hold));
    },
    event: (event) => write((stamp) => applyEventJson(stamp, event)),
    serviceStart: (service, telling) => write((stamp) => serviceStartEvent(stamp, service, telling)),
    serviceEnd: (outcome) => write((stamp) => serviceDoneEvent(stamp, outcome)),
    diagnostics,
    conditions(news) {
      for (const one of news) write((stamp) => conditionEvent(stamp, one, true));
    },
    finished: (exitCode, outcome, restored) =>
      write((stamp) => summaryEvent(stamp, outcome, { exitCode, milliseconds: Math.round(clock.elapsed() - start), restored })),
  };
}
