/** What apply says while it works: a line per resource, a live line on a terminal, NDJSON for programs. */
import process from 'node:process';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { ApplyEvent, Outcome } from '../domain/outcome.ts';
import type { Plan } from '../domain/plan.ts';
import type { PlanPass } from '../reconcile/plan-pass.ts';
import { applyEventLine } from '../report/apply-text.ts';
import { diagnosticText } from '../report/diagnostic-text.ts';
import { applyEventJson, diagnosticEvent, type EventStamp, helloEvent, planEvent, summaryEvent } from '../report/events-json.ts';
import type { Run } from './run.ts';
import { tool } from './tool.ts';

export interface Progress {
  readonly planned: (plan: Plan) => void;
  readonly event: (event: ApplyEvent) => void;
  readonly diagnostics: (diagnostics: readonly Diagnostic[]) => void;
  /** `outcome` is null where nothing was begun. */
  readonly finished: (exit: number, outcome: Outcome | null) => void;
}

export function progressFor(run: Run, pass: PlanPass): Progress {
  return run.options.json ? jsonProgress(run, pass) : textProgress(run, pass);
}

function textProgress({ terminal, outside, options }: Run, { plan, texts }: PlanPass): Progress {
  const addressColumns = Math.max(0, ...plan.changes.map(({ address }) => address.length));
  let drawn = false;
  const erase = () => {
    if (drawn) terminal.err('\r\u001b[K');
    drawn = false;
  };
  return {
    planned: () => {},
    event(event) {
      const text = applyEventLine(event, {
        style: terminal.outStyle,
        terminal: terminal.outStyle.hints,
        now: outside.clock.now(),
        addressColumns,
      });
      if (text === undefined) return;
      erase();
      if (event.type === 'end') return terminal.out(`${text}\n`);
      if (options.quiet) return;
      terminal.err(terminal.live ? text : `${text}\n`);
      drawn = terminal.live;
    },
    diagnostics(diagnostics) {
      erase();
      if (diagnostics.length > 0) terminal.err(diagnosticText(diagnostics, { style: terminal.errStyle, texts }));
    },
    finished: erase,
  };
}

function jsonProgress({ terminal, outside }: Run, { desired, observed, options, diagnostics: warnings }: PlanPass): Progress {
  const { clock } = outside;
  const start = clock.elapsed();
  let seq = 0;
  const write = (event: (stamp: EventStamp) => object) => {
    seq += 1;
    terminal.out(`${JSON.stringify(event({ at: clock.now(), seq }))}\n`);
  };
  return {
    planned(plan) {
      write((stamp) => helloEvent(stamp, { tool, pid: process.pid, from: desired.from }));
      for (const warning of warnings) write((stamp) => diagnosticEvent(stamp, warning));
      write((stamp) => planEvent(stamp, plan, { desired, observed, options, tool }));
    },
    event: (event) => write((stamp) => applyEventJson(stamp, event)),
    diagnostics(diagnostics) {
      for (const diagnostic of diagnostics) write((stamp) => diagnosticEvent(stamp, diagnostic));
    },
    finished: (exitCode, outcome) =>
      write((stamp) => summaryEvent(stamp, outcome, { exitCode, milliseconds: Math.round(clock.elapsed() - start) })),
  };
}
