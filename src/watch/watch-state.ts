/**
 * What watching means, without a clock, a disk or a timer of its own: every function here takes a state and what happened, and gives the next state and what
 * is to be done. An event of the file system only makes somebody look; what is told is told by what was seen.
 *
 *   heard something ──► settling ── quiet for 200 ms, or 1 s gone ──► look at what was touched
 *   the interval is over, a folder is another one, the text changed, the clock was set, asked to ──► look at everything
 */
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Address } from '../domain/names.ts';
import { between, type Duration, formatDuration, formatInstant, type Instant, later, seconds } from '../domain/time.ts';
import type { Heartbeat, StandingFact, WatchEvent } from '../domain/watch-event.ts';
import { clockTolerance } from '../plan/defaults.ts';
import { noRepairs, type RepairRequest, type Repairs } from './repairs.ts';
import { addressOfLine, countsOf, isOfEverything } from './standing-facts.ts';
import type { Wanted } from './wanted.ts';

/** One reading of the clocks; `elapsed` in milliseconds of a clock that nobody sets, `sinceBoot` in seconds of one that goes on while the machine sleeps. */
export interface Moment {
  readonly now: Instant;
  readonly elapsed: number;
  readonly sinceBoot: number;
}

/** What was heard since the last tick. */
export interface Heard {
  readonly touched: ReadonlySet<Address>;
  /** Something of which it cannot be said which resources it touches: a folder, the text, a wish. */
  readonly everything: boolean;
  readonly deaf: ReadonlyMap<string, string>;
  /** Of the clock that nobody sets, when something was last heard. */
  readonly last: number | undefined;
  /** A person wants to know: what could not be done is tried again at once. */
  readonly asked?: boolean;
}

/** Files are often written in several steps; but nobody may keep us from looking by never being done. */
const quietMilliseconds = 200;
const patienceMilliseconds = 1000;
/** A wall clock that is corrected in small steps is not set. */
const steadySeconds = 5;
/** Without anything to do: often enough to see that the clock was set. */
const idleMilliseconds = 1000;

export interface WatchState {
  readonly interval: Duration;
  readonly standing: ReadonlyMap<string, Standing>;
  /** What was heard of and not looked at yet. */
  readonly waiting:
    | { readonly touched: ReadonlySet<Address>; readonly everything: boolean; readonly from: number; readonly last: number }
    | undefined;
  readonly ticked: Moment;
  /** When everything was last looked at; undefined before the first time. */
  readonly lookedAt: Moment | undefined;
  /** When the next renewal falls due, as it was when everything was last looked at. */
  readonly nextDue: Instant | undefined;
  readonly deaf: ReadonlyMap<string, string>;
  readonly text: string | undefined;
  /** The clock was set forwards, by so many seconds, to this time: nothing is issued by it until somebody accepts it, or it is set back. */
  readonly ahead: { readonly by: number; readonly to: Instant } | undefined;
  readonly repairs: Repairs;
  /** Due, and held back when it was last asked for: asked for again when everything is looked at, and not at each event. */
  readonly heldBack: ReadonlySet<Address>;
  /** What was in order by then when it was last to be put right. */
  readonly overtaken: ReadonlySet<Address>;
}

interface Standing {
  readonly fact: StandingFact;
  readonly since: Instant;
}

export type Effect =
  | { readonly do: 'tell'; readonly event: WatchEvent }
  | { readonly do: 'look'; readonly at: 'everything' | ReadonlySet<Address> }
  | { readonly do: 'repair'; readonly request: RepairRequest };

export type Step = readonly [WatchState, readonly Effect[]];

export const beginWatch = (interval: Duration, ticked: Moment): WatchState => ({
  interval,
  standing: new Map(),
  waiting: undefined,
  ticked,
  lookedAt: undefined,
  nextDue: undefined,
  deaf: new Map(),
  text: undefined,
  ahead: undefined,
  repairs: noRepairs,
  heldBack: new Set(),
  overtaken: new Set(),
});

/** Time has passed, and this was heard meanwhile. */
export function tick(state: WatchState, moment: Moment, heard: Heard): Step {
  const step = steppedBy(state.ticked, moment);
  const waiting = addHeard(state, moment, heard, step !== 0);
  const told: readonly Effect[] = step === 0 ? [] : [{ do: 'tell', event: { event: 'clock', by: step } }];
  const deaf = heard.deaf.size === 0 ? state.deaf : new Map([...state.deaf, ...heard.deaf]);
  const next = {
    ...state,
    waiting,
    ticked: moment,
    deaf,
    ahead: aheadAfter(state, moment, step),
    repairs: heard.asked ? inNoPause(state.repairs) : state.repairs,
  };
  const deafness = tellDeafness(state, next);
  if (isTimeToLookAtAll(next, moment) || (waiting?.everything && hasSettled(waiting, moment)))
    return [{ ...next, waiting: undefined, lookedAt: moment }, [...told, ...deafness, { do: 'look', at: 'everything' }]];
  if (waiting && hasSettled(waiting, moment))
    return [{ ...next, waiting: undefined }, [...told, ...deafness, { do: 'look', at: waiting.touched }]];
  return [next, [...told, ...deafness]];
}

/** What could not be done may be done by now. What comes back stays away: nobody has said that it will not. */
const inNoPause = (repairs: Repairs): Repairs => ({ ...repairs, failed: noRepairs.failed });

/** How long nothing can become due: in milliseconds, at least one. */
export function pauseAfter({ waiting, lookedAt, interval }: WatchState, { elapsed }: Moment): number {
  const untilAll = lookedAt === undefined ? 0 : lookedAt.elapsed + interval * 1000 - elapsed;
  const untilQuiet = waiting ? Math.min(waiting.last + quietMilliseconds, waiting.from + patienceMilliseconds) - elapsed : idleMilliseconds;
  return Math.max(1, Math.min(idleMilliseconds, untilAll, untilQuiet));
}

export interface Looked {
  readonly at: 'everything' | ReadonlySet<Address>;
  readonly facts: readonly StandingFact[];
  /** The text that was in force, or is broken; only where everything was looked at. */
  readonly text?: { readonly sha256: string; readonly changed: readonly string[] } & Pick<
    Extract<WatchEvent, { event: 'config' }>,
    'diagnostics' | 'texts'
  >;
  /** What was said of the host and of the watching itself; only where everything was looked at. */
  readonly troubles?: readonly Diagnostic[];
  readonly resources: number;
  readonly nextDue: Heartbeat['nextDue'];
  /** The latest time at which something was issued here, or that somebody accepted; only where everything was looked at. */
  readonly highWater?: Instant | null;
  /** What whoever acts without being asked may work on. */
  readonly wanted?: readonly Wanted[];
  /** Folders that could not be listened to while everything was looked at. */
  readonly deaf?: ReadonlyMap<string, string>;
}

/** This was seen. What nobody looked at stands as it did, and so does what a look at everything alone can tell. */
export function looked(state: WatchState, { now }: Moment, seen: Looked): Step {
  const { at } = seen;
  const everything = at === 'everything';
  const isKept = (fact: StandingFact): boolean =>
    at !== 'everything' && (isOfEverything(fact) || !at.has(addressOfLine(fact.line) as Address));
  const kept = [...state.standing.values()].map(({ fact }) => fact).filter(isKept);
  const facts = [...seen.facts.filter((fact) => everything || !isOfEverything(fact)), ...kept];
  const standing = new Map(facts.map((fact) => [fact.key, { fact, since: state.standing.get(fact.key)?.since ?? now }]));
  const news = [...standing.values()].filter(({ fact }) => state.standing.get(fact.key)?.fact.value !== fact.value);
  const gone = [...state.standing].filter(([key]) => !standing.has(key)).map(([, known]) => known);
  const next = {
    ...state,
    standing,
    nextDue: everything ? seen.nextDue?.at : state.nextDue,
    deaf: everything ? (seen.deaf ?? new Map<string, string>()) : state.deaf,
    text: seen.text?.sha256 ?? state.text,
    ahead: state.ahead && isAccepted(seen, state.ahead.to) ? undefined : state.ahead,
    // Whoever edits the text has perhaps mended what could not be done.
    repairs: seen.text === undefined || seen.text.sha256 === state.text ? state.repairs : inNoPause(state.repairs),
  };
  return [
    next,
    [
      ...tellText(state, seen),
      ...gone.map(({ fact, since }): Effect => ({ do: 'tell', event: { event: 'resolved', fact, since } })),
      ...news.map(({ fact, since }): Effect => ({ do: 'tell', event: { event: 'stands', fact, since } })),
      ...tellDeafness(state, next),
      ...(everything ? [tellHeartbeat(next, now, seen)] : []),
    ],
  ];
}

/** Seconds by which the wall clock went otherwise than time did, since the last tick; 0 where it went with it. */
function steppedBy(before: Moment, after: Moment): number {
  const by = Math.round(after.now - before.now - (after.elapsed - before.elapsed) / 1000);
  return Math.abs(by) < steadySeconds ? 0 : by;
}

/**
 * A machine that slept wakes up later, and its clock is right; one whose clock was set forwards while it was awake may be years ahead, and all that is issued
 * then is dated so. Only whoever saw the jump can tell.
 */
function aheadAfter({ ahead, ticked }: WatchState, moment: Moment, step: number): WatchState['ahead'] {
  if (step === 0) return ahead;
  const slept = Math.max(0, moment.sinceBoot - ticked.sinceBoot - (moment.elapsed - ticked.elapsed) / 1000);
  const by = (ahead?.by ?? 0) + step - Math.round(slept);
  return by > clockTolerance ? { by, to: moment.now } : undefined;
}

/** Whether, since the jump, somebody who did not see it has issued by this clock, or a person has accepted it. */
const isAccepted = ({ highWater }: Looked, to: Instant): boolean => highWater != null && later(highWater, clockTolerance) >= to;

/** What stands of the watching itself, besides what is seen of the host. */
export const ownTroubles = ({ ahead }: WatchState): readonly Diagnostic[] =>
  ahead === undefined
    ? []
    : [
        {
          code: 'clock-jumped',
          severity: 'error',
          message: `the clock was set forwards by ${formatDuration(seconds(ahead.by))}, to ${formatInstant(ahead.to)}, while the machine was awake: nothing is issued by it`,
          hint: 'see that the clock is right; then certstate apply --accept-clock, or start certstate watch again',
        },
      ];

function addHeard({ waiting }: WatchState, { elapsed }: Moment, heard: Heard, stepped: boolean): WatchState['waiting'] {
  const everything = heard.everything || stepped;
  if (heard.touched.size === 0 && !everything) return waiting;
  const last = heard.last ?? elapsed;
  return {
    touched: waiting === undefined ? heard.touched : new Set([...waiting.touched, ...heard.touched]),
    everything: everything || waiting?.everything === true,
    from: waiting?.from ?? last,
    last,
  };
}

const hasSettled = ({ from, last }: NonNullable<WatchState['waiting']>, { elapsed }: Moment): boolean =>
  elapsed >= last + quietMilliseconds || elapsed >= from + patienceMilliseconds;

/** A renewal is on time whatever the interval; looked for once when it falls due, and not again and again where it is held back. */
const isTimeToLookAtAll = ({ lookedAt, nextDue, interval }: WatchState, { now, elapsed }: Moment): boolean =>
  lookedAt === undefined ||
  elapsed >= lookedAt.elapsed + interval * 1000 ||
  (nextDue !== undefined && lookedAt.now <= nextDue && now > nextDue);

const tellText = ({ text }: WatchState, seen: Looked): readonly Effect[] =>
  seen.text === undefined || seen.text.sha256 === text || (text === undefined && seen.text.diagnostics.length === 0)
    ? []
    : [{ do: 'tell', event: { event: 'config', ...seen.text } }];

/** Once when the first falls silent, and once when all are heard again. */
const tellDeafness = (before: WatchState, { deaf, interval }: WatchState): readonly Effect[] =>
  before.deaf.size > 0 === deaf.size > 0 ? [] : [{ do: 'tell', event: { event: 'hearing', deaf, interval } }];

function tellHeartbeat({ standing, interval, lookedAt }: WatchState, now: Instant, { resources, nextDue }: Looked): Effect {
  const facts = [...standing.values()].map(({ fact }) => fact);
  return {
    do: 'tell',
    event: {
      event: 'heartbeat',
      resources,
      ...countsOf(facts, resources),
      nextCheck: later(now, seconds(Math.max(0, interval - between(lookedAt?.now ?? now, now)))),
      nextDue,
    },
  };
}
