/** What `watch` says: aligned lines and a live one on a terminal, `key=value` for a pipeline and the journal, NDJSON for programs. */
import { type Duration, hours, type Instant } from '../domain/time.ts';
import type { Heartbeat, StandingFact, WatchEvent } from '../domain/watch-event.ts';
import type { Clock } from '../ports/clock.ts';
import { summaryEvent } from '../report/events-json.ts';
import { watchEventJson } from '../report/watch-json.ts';
import { watchEventText, watchingText, watchStatusText } from '../report/watch-text.ts';
import type { Looker } from '../watch/looker.ts';
import { countsOf } from '../watch/standing-facts.ts';
import type { EventStream } from './event-stream.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Run } from './run.ts';

export interface WatchOutput {
  readonly begun: (looker: Looker) => void;
  readonly tell: (event: WatchEvent) => void;
  /** Somebody asked how things stand. */
  readonly status: () => void;
  readonly ended: (exit: ExitCode) => void;
}

/** A heartbeat that says nothing new is for programs; people want to see once in a while that somebody is there. */
const seldom: Duration = hours(1);

export function watchOutputFor(run: Run, stream: EventStream, ways: Parameters<typeof watchingText>[1]): WatchOutput {
  return run.options.json ? jsonOutput(run, stream) : textOutput(run, ways);
}

interface Pulse {
  readonly heard: (event: WatchEvent) => void;
  /** How things stand: the last heartbeat, counted anew by what was told since. */
  readonly now: () => (Heartbeat & { readonly event: 'heartbeat' }) | undefined;
  /** When everything was last looked at. */
  readonly lookedAt: () => Instant;
}

function createPulse(clock: Pick<Clock, 'now'>): Pulse {
  const facts = new Map<string, StandingFact>();
  let last: (Heartbeat & { readonly event: 'heartbeat' }) | undefined;
  let lookedAt = clock.now();
  return {
    heard(event) {
      if (event.event === 'stands') facts.set(event.fact.key, event.fact);
      if (event.event === 'resolved') facts.delete(event.fact.key);
      if (event.event !== 'heartbeat') return;
      last = event;
      lookedAt = clock.now();
    },
    now: () => last && { ...last, ...countsOf([...facts.values()], last.resources) },
    lookedAt: () => lookedAt,
  };
}

function jsonOutput({ outside: { clock } }: Run, stream: EventStream): WatchOutput {
  const start = clock.elapsed();
  const pulse = createPulse(clock);
  const tell = (event: WatchEvent) => stream((stamp) => watchEventJson(stamp, event));
  return {
    begun: () => {},
    tell(event) {
      pulse.heard(event);
      tell(event);
    },
    status() {
      const last = pulse.now();
      if (last) tell(last);
    },
    ended: (exitCode) =>
      stream((stamp) => ({
        ...summaryEvent(stamp, null, { exitCode, milliseconds: clock.elapsed() - start }),
        message: exitCode === 0 ? 'stopped' : 'ended with an error',
      })),
  };
}

function textOutput(run: Run, ways: Parameters<typeof watchingText>[1]): WatchOutput {
  const { terminal, outside, options } = run;
  const isTerminal = terminal.outStyle.hints;
  const manner = isTerminal ? 'terminal' : terminal.outStyle.journal ? 'journal' : 'pipe';
  let addressColumns = 0;
  let drawn = false;
  let said: { readonly text: string; readonly at: number } | undefined;
  const pulse = createPulse(outside.clock);
  const erase = () => {
    if (drawn) terminal.err('\r\u001b[K');
    drawn = false;
  };
  const draw = () => {
    const last = pulse.now();
    if (!terminal.live || !last) return;
    erase();
    terminal.err(watchStatusText(last, pulse.lookedAt()).slice(0, terminal.errStyle.width - 1));
    drawn = true;
  };
  const say = (event: WatchEvent) => {
    erase();
    terminal.out(watchEventText(event, { style: terminal.outStyle, now: outside.clock.now(), manner, addressColumns }));
  };
  return {
    begun(looker) {
      const pass = looker.last();
      if (!pass) return;
      addressColumns = Math.max(13, ...pass.plan.changes.map(({ address }) => address.length));
      if (!options.quiet && !options.once) terminal.err(watchingText({ from: pass.desired.from, ...looker.extent() }, ways));
    },
    tell(event) {
      // Of what stands people are told the facts; conditions are for programs.
      if (event.event === 'condition') return;
      pulse.heard(event);
      if (event.event !== 'heartbeat') {
        say(event);
        return draw();
      }
      const text = JSON.stringify([event.inSync, event.counts, event.nextDue]);
      const now = outside.clock.elapsed();
      const isNews = said === undefined || said.text !== text || now - said.at >= seldom * 1000;
      // A terminal has the live line for it.
      if (isNews && !terminal.live && !options.quiet) {
        say(event);
        said = { text, at: now };
      }
      draw();
    },
    status() {
      const last = pulse.now();
      if (last) say(last);
      draw();
    },
    ended: erase,
  };
}
