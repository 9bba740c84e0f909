/** The loop around `watch-state.ts`: it holds what was heard, asks the clocks, looks, and tells. Nothing is decided here. */
import type { Address } from '../domain/names.ts';
import type { Duration } from '../domain/time.ts';
import type { WatchEvent } from '../domain/watch-event.ts';
import type { Clock, Pause } from '../ports/clock.ts';
import type { FileEvents, OpenFileEvents } from '../ports/file-events.ts';
import type { JudgedPass } from '../reconcile/keep-conditions.ts';
import { type Broken, createLooker, type Looker, type LookerRequest } from './looker.ts';
import { repaired, wantRepairs } from './repair-steps.ts';
import type { Repaired, RepairRequest } from './repairs.ts';
import {
  beginWatch,
  type Effect,
  type Heard,
  looked,
  type Moment,
  ownTroubles,
  pauseAfter,
  type Step,
  tick,
  type WatchState,
} from './watch-state.ts';

export interface WatchRequest extends Omit<LookerRequest, 'listen'> {
  readonly interval: Duration;
  /** Undefined: nothing is listened to, everything is looked at in each interval. */
  readonly events: OpenFileEvents | undefined;
  /** Once everything has been looked at for the first time. */
  readonly ready: (looker: Looker) => Promise<void> | void;
  readonly tell: (event: WatchEvent) => void;
  /** One pass of whoever acts without being asked, where `does` says that something may be done. */
  readonly repair?: (request: RepairRequest) => Promise<Repaired>;
  /** Everything was looked at, and nothing was done since: what stands is known. */
  readonly judge?: (judged: JudgedPass) => Promise<void>;
  /** Seconds since the machine was started, those in which it slept among them. */
  readonly sinceBoot: () => number;
  /** At every turn: somebody may want to hear that we are alive. */
  readonly alive: (looker: Looker) => void;
  readonly once: boolean;
  readonly signal: AbortSignal;
}

export interface Watch {
  /** Look at everything as soon as possible, the text included. */
  readonly lookAgain: () => void;
  /** Resolves when it was stopped, or where there is nothing to begin with. */
  readonly end: Promise<{ readonly broken?: Broken }>;
}

export function startWatch(request: WatchRequest): Watch {
  const { clock, pause } = request.environment;
  const inbox = createInbox(clock);
  const events = request.events?.((event) => {
    if (event.event === 'deaf') return inbox.deaf(event.folder, event.cause);
    const concern = looker.concern(event.path);
    if (concern !== 'nothing') inbox.touched(concern);
  });
  const looker = createLooker({
    ...request,
    async listen(folders) {
      inbox.forgetDeaf();
      await events?.listen(folders);
    },
  });
  return { lookAgain: inbox.ask, end: run(request, { clock, pause, inbox, looker, events }) };
}

interface Parts {
  readonly clock: Clock;
  readonly pause: Pause;
  readonly inbox: Inbox;
  readonly looker: Looker;
  readonly events: FileEvents | undefined;
}

async function run(request: WatchRequest, { clock, pause, inbox, looker, events }: Parts): Promise<{ readonly broken?: Broken }> {
  const { signal, interval, once, tell, repair, does } = request;
  const moment = (): Moment => ({ now: clock.now(), elapsed: clock.elapsed(), sinceBoot: request.sinceBoot() });
  let state: WatchState = beginWatch(interval, moment());
  let isReady = false;
  const perform = async (effects: readonly Effect[]): Promise<Broken | undefined> => {
    for (const effect of effects) {
      if (effect.do === 'tell') {
        tell(effect.event);
        continue;
      }
      if (effect.do === 'repair') {
        if (!repair || signal.aborted) continue;
        const done = await repair(effect.request);
        // By the clock of now: a pause begins when a pass is over, and keys and services may take minutes.
        await advance(repaired(state, moment(), done));
        continue;
      }
      const { now } = moment();
      const seen = effect.at === 'everything' ? await looker.everything(now, ownTroubles(state)) : await looker.some(effect.at, now);
      if ('broken' in seen) return seen.broken;
      if (signal.aborted) return undefined;
      if (!isReady) await request.ready(looker);
      isReady = true;
      await advance(looked(state, moment(), { ...seen, deaf: inbox.deafNow() }));
      if (does && seen.wanted) await advance(wantRepairs(state, moment(), seen, does));
      const pass = looker.last();
      // What was seen before something was repaired is looked at again first.
      if (effect.at === 'everything' && pass && !state.waiting?.everything)
        await request.judge?.({ pass, diagnostics: seen.troubles ?? [] });
    }
    return undefined;
  };
  const advance = ([next, effects]: Step): Promise<Broken | undefined> => {
    state = next;
    return perform(effects);
  };
  try {
    while (!signal.aborted) {
      const broken = await advance(tick(state, moment(), inbox.take()));
      if (broken) return { broken };
      if (once || signal.aborted) break;
      request.alive(looker);
      // While something settles, more of it wakes nobody.
      await (state.waiting ? pause(pauseAfter(state, moment()), signal) : inbox.pause(pauseAfter(state, moment()), pause, signal));
    }
    return {};
  } finally {
    events?.close();
  }
}

interface Inbox {
  readonly touched: (concern: 'everything' | ReadonlySet<Address>) => void;
  /** Somebody wants everything to be looked at. */
  readonly ask: () => void;
  readonly deaf: (folder: string, cause: string) => void;
  readonly forgetDeaf: () => void;
  readonly deafNow: () => ReadonlyMap<string, string>;
  readonly take: () => Heard;
  /** Until the time is over, or something is heard. */
  readonly pause: (milliseconds: number, pause: Pause, signal: AbortSignal) => Promise<void>;
}

function createInbox({ elapsed }: Clock): Inbox {
  let touched = new Set<Address>();
  let everything = false;
  let asked = false;
  let last: number | undefined;
  let deaf = new Map<string, string>();
  let wake = () => {};
  const note = () => {
    last = elapsed();
    wake();
  };
  return {
    touched(concern) {
      if (concern === 'everything') everything = true;
      else for (const address of concern) touched.add(address);
      note();
    },
    ask() {
      asked = true;
      everything = true;
      note();
    },
    deaf(folder, cause) {
      deaf.set(folder, cause);
      note();
    },
    forgetDeaf() {
      deaf = new Map();
    },
    deafNow: () => new Map(deaf),
    take() {
      const heard = { touched, everything, asked, deaf: new Map(deaf), last };
      touched = new Set();
      everything = false;
      asked = false;
      last = undefined;
      return heard;
    },
    async pause(milliseconds, pause, signal) {
      if (touched.size > 0 || everything) return;
      const waking = new AbortController();
      wake = () => waking.abort();
      signal.addEventListener('abort', wake, { once: true });
      await pause(milliseconds, waking.signal);
      signal.removeEventListener('abort', wake);
      wake = () => {};
    },
  };
}
