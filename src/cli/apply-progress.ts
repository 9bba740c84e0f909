/** What apply says while it works: a line per resource, a live line on a terminal, NDJSON for programs. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { ApplyEvent } from '../domain/outcome.ts';
import type { Plan } from '../domain/plan.ts';
import type { PlanPass } from '../reconcile/plan-pass.ts';
import { applyEventLine } from '../report/apply-text.ts';
import { diagnosticText } from '../report/diagnostic-text.ts';
import { eventStream } from '../report/event-stream.ts';
import { planJson } from '../report/plan-json.ts';
import type { Run } from './run.ts';
import { tool } from './tool.ts';

export interface Progress {
  readonly planned: (plan: Plan) => void;
  readonly event: (event: ApplyEvent) => void;
  readonly diagnostics: (diagnostics: readonly Diagnostic[]) => void;
  readonly finished: (exit: number) => void;
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
  const stream = eventStream({ tool, now: () => outside.clock.now() });
  const write = (events: readonly object[]) => terminal.out(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return {
    planned(plan) {
      write([stream.hello(desired), ...warnings.map(stream.diagnostic), stream.plan(planJson(plan, { desired, observed, options, tool }))]);
    },
    event: (event) => write(stream.apply(event)),
    diagnostics: (diagnostics) => write(diagnostics.map(stream.diagnostic)),
    finished: (exit) => write([stream.summary(exit)]),
  };
}
