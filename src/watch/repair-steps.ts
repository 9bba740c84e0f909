/** The steps of `watch --apply`: what is wanted becomes a pass, and what came of the pass is remembered. Pure, as `watch-state.ts` is. */
import type { Address } from '../domain/names.ts';
import type { Action } from '../domain/plan.ts';
import { later, seconds } from '../domain/time.ts';
import type { Backoff } from '../domain/watch-event.ts';
import { afterRepairs, chooseRepairs, leftAlone, type Repaired } from './repairs.ts';
import type { Wanted } from './wanted.ts';
import type { Effect, Looked, Moment, Step, WatchState } from './watch-state.ts';

const nothing: ReadonlySet<Action> = new Set();
/** By a clock that cannot be right nothing is issued; what is mended without a date is mended. */
const withoutDates: ReadonlySet<Action> = new Set(['fix']);

/** A pass over what is wanted and not left alone for now. */
export function wantRepairs(
  state: WatchState,
  moment: Moment,
  { wanted = [], at }: Pick<Looked, 'wanted' | 'at'>,
  does: ReadonlySet<Action>,
): Step {
  const isDoubted = state.ahead !== undefined;
  // A gate is a program of somebody's: not run once more for each touch of a file.
  const isHeldBack = ({ address, isDue, differences }: Wanted): boolean =>
    at !== 'everything' && isDue && differences.length === 0 && address !== null && state.heldBack.has(address);
  const mayStart = ({ isDue, differences }: Wanted): boolean => !isDoubted || (!isDue && differences.every(({ kind }) => kind === 'fix'));
  const open = wanted.filter((one) => mayStart(one) && !isHeldBack(one));
  const { repairs, now, paused } = chooseRepairs(state.repairs, open, moment.elapsed);
  const addresses = now.filter((address) => address !== null);
  const may = addresses.length === 0 ? nothing : isDoubted ? withoutDates : does;
  // A certificate that is due is renewed in full, also where something else of it is not fought over for now.
  const leaveAlone = leftAlone(repairs, moment.elapsed).filter((address) => !now.includes(address));
  const effects: readonly Effect[] = now.length === 0 ? [] : [{ do: 'repair', request: { addresses, leaveAlone, does: may } }];
  const heldBack = at === 'everything' ? new Set<Address>() : state.heldBack;
  return [{ ...state, repairs, heldBack }, [...tellBackoffs(paused, moment), ...effects]];
}

/**
 * Our own writes are heard like everybody's; where nothing is listened to, this look is how they are seen. What somebody else did meanwhile is looked at before
 * anything is judged, but not twice in a row: a look that goes on to see otherwise than a pass does must not make us look for ever.
 */
export function repaired(state: WatchState, moment: Moment, { attempts, inVain = [], overtaken = [], wrote }: Repaired): Step {
  const { repairs, paused } = afterRepairs(state.repairs, attempts, moment.elapsed);
  const { elapsed } = moment;
  const isOvertaken = overtaken.some((address) => !state.overtaken.has(address));
  const waiting =
    wrote || isOvertaken
      ? { touched: state.waiting?.touched ?? new Set<Address>(), everything: true, from: state.waiting?.from ?? elapsed, last: elapsed }
      : state.waiting;
  return [
    { ...state, repairs, waiting, overtaken: new Set(overtaken), heldBack: new Set([...state.heldBack, ...inVain]) },
    tellBackoffs(paused, moment),
  ];
}

const tellBackoffs = (paused: readonly Backoff[], { now }: Moment): readonly Effect[] =>
  paused.map((backoff) => ({
    do: 'tell',
    event: { event: 'backoff', backoff, until: later(now, seconds(Math.round(backoff.milliseconds / 1000))) },
  }));
