/**
 * What `watch --apply` may put right now, and what it leaves alone for a while: a program that undoes a repair would else be fought for ever. Counted are
 * repairs of the same difference that came back; never renewals that are due, never what follows from an issuer, never what an edited YAML asks for.
 * Pure: moments come in, in milliseconds of a clock that nobody sets.
 */
import type { Address } from '../domain/names.ts';
import type { Action } from '../domain/plan.ts';
import { type Duration, days, hours, minutes } from '../domain/time.ts';
import type { Backoff } from '../domain/watch-event.ts';
import type { Repairable, RepairKind, Wanted } from './wanted.ts';

export interface Limit {
  readonly times: number;
  readonly within: Duration;
  /** The first pause, doubled with each further one. */
  readonly pause: Duration;
  readonly longestPause: Duration;
}

/**
 * How often the same difference is put right before it is left alone. A certificate that another program issued, and issues again, is overwritten once a day:
 * two tools that both renew would else do it all day long.
 */
// biome-ignore format: table
export const repairLimits = {
  fix:   { times: 3, within: minutes(10), pause: minutes(10), longestPause: hours(1) },
  issue: { times: 1, within: days(1),     pause: days(1),     longestPause: days(1) },
} as const satisfies Record<RepairKind, Limit>;

/** Repairs of what came back, of all resources together, in an hour. */
export const repeatedRepairsPerHour = 30;
/** What could not be done is tried again after a minute, then after two, then after four, at the latest after an hour. */
const retry = { pause: minutes(1), longestPause: hours(1) } as const;

interface Past {
  /** When it was put right, or tried in vain; the newest last. */
  readonly at: readonly number[];
  readonly pausedUntil: number;
  readonly pauses: number;
}

/** What was done to a difference or a resource lately, by `keyOf` or by address. */
export interface Repairs {
  readonly done: ReadonlyMap<string, Past & { readonly address: Address | null }>;
  readonly failed: ReadonlyMap<Address | null, Past>;
  /** When something that had come back was put right again, of all resources. */
  readonly repeated: readonly number[];
}

export const noRepairs: Repairs = { done: new Map(), failed: new Map(), repeated: [] };

const milliseconds = (duration: Duration): number => duration * 1000;
const keyOf = (address: Address | null, { code, file }: Repairable): string => JSON.stringify([address, code, file]);

export interface Choice {
  readonly repairs: Repairs;
  readonly now: readonly (Address | null)[];
  /** Told once, when the pause begins. */
  readonly paused: readonly Backoff[];
}

/** Which of the wanted resources may be worked on now. */
export function chooseRepairs(repairs: Repairs, wanted: readonly Wanted[], elapsed: number): Choice {
  let next = forgetting(repairs, elapsed);
  const now: (Address | null)[] = [];
  const paused: Backoff[] = [];
  let chosen = 0;
  for (const one of wanted) {
    const turn = turnOf(next, one, { elapsed, repeated: next.repeated.length + chosen });
    next = turn.repairs;
    if (turn.may) {
      now.push(one.address);
      // What is chosen counts at once: a hundred resources that come back together are a hundred repairs.
      chosen += one.differences.filter((difference) => next.done.has(keyOf(one.address, difference))).length;
    }
    if (turn.paused) paused.push(turn.paused);
  }
  return { repairs: next, now, paused };
}

interface Turn {
  readonly repairs: Repairs;
  readonly may: boolean;
  readonly paused?: Backoff;
}

/** @param repeated how often something that had come back was put right within the last hour. */
function turnOf(
  repairs: Repairs,
  { address, differences, isDue }: Wanted,
  { elapsed, repeated }: { readonly elapsed: number; readonly repeated: number },
): Turn {
  if ((repairs.failed.get(address)?.pausedUntil ?? 0) > elapsed) return { repairs, may: false };
  if (isDue) return { repairs, may: true };
  for (const difference of differences) {
    const key = keyOf(address, difference);
    const past = repairs.done.get(key);
    if (!past) continue;
    if (past.pausedUntil > elapsed) return { repairs, may: false };
    const limit = repairLimits[difference.kind];
    const lately = past.at.filter((at) => at > elapsed - milliseconds(limit.within));
    const isTooOften = lately.length >= limit.times || (past.pauses > 0 && lately.length > 0);
    const isTooMany = repeated >= repeatedRepairsPerHour;
    if (!isTooOften && !isTooMany) continue;
    const length = isTooOften ? pauseAfter(limit, past.pauses) : milliseconds(minutes(10));
    return {
      may: false,
      repairs: {
        ...repairs,
        done: new Map(repairs.done).set(key, { ...past, pausedUntil: elapsed + length, pauses: past.pauses + (isTooOften ? 1 : 0) }),
      },
      paused: {
        address,
        why: isTooOften ? 'came-back' : 'too-many',
        code: difference.code,
        file: difference.file,
        times: isTooOften ? lately.length : repeated,
        milliseconds: length,
      },
    };
  }
  return { repairs, may: true };
}

const pauseAfter = ({ pause, longestPause }: Pick<Limit, 'pause' | 'longestPause'>, pauses: number): number =>
  milliseconds(Math.min(pause * 2 ** Math.min(pauses, 20), longestPause) as Duration);

export interface Attempt {
  readonly address: Address | null;
  readonly differences: readonly Repairable[];
  readonly isDone: boolean;
}

/** What one pass is asked to do. */
export interface RepairRequest {
  /** Empty: only what is unfinished, services that wait among it. */
  readonly addresses: readonly Address[];
  /** Although they may be issuers of those. */
  readonly leaveAlone: readonly Address[];
  readonly does: ReadonlySet<Action>;
}

export interface Repaired {
  readonly attempts: readonly Attempt[];
  /** Asked for, and neither done nor tried: a gate, a window or an issuer holds it back. */
  readonly inVain?: readonly Address[];
  /** Of these, what the pass itself saw to be in order: somebody else has done it since it was looked at. */
  readonly overtaken?: readonly Address[];
  /** Whether anything on disk is otherwise now, or may be. */
  readonly wrote: boolean;
}

/** Those that are left alone at this moment, whatever else is done. */
export function leftAlone({ done, failed }: Repairs, elapsed: number): readonly Address[] {
  const all = [...done.values(), ...[...failed].map(([address, past]) => ({ ...past, address }))];
  const paused = all.flatMap(({ address, pausedUntil }) => (address !== null && pausedUntil > elapsed ? [address] : []));
  return [...new Set(paused)];
}

/** Remembers what was done, and pauses what could not be. */
export function afterRepairs(
  repairs: Repairs,
  attempts: readonly Attempt[],
  elapsed: number,
): { readonly repairs: Repairs; readonly paused: readonly Backoff[] } {
  const [done, failed, repeated] = [new Map(repairs.done), new Map(repairs.failed), [...repairs.repeated]];
  const paused: Backoff[] = [];
  for (const { address, differences, isDone } of attempts) {
    const before = failed.get(address);
    if (isDone) {
      failed.delete(address);
      for (const difference of differences) {
        const key = keyOf(address, difference);
        const past = done.get(key);
        if (past) repeated.push(elapsed);
        done.set(key, { address, at: [...(past?.at ?? []), elapsed], pausedUntil: 0, pauses: past?.pauses ?? 0 });
      }
    } else {
      const pauses = before?.pauses ?? 0;
      const length = pauseAfter(retry, pauses);
      failed.set(address, { at: [...(before?.at ?? []), elapsed], pausedUntil: elapsed + length, pauses: pauses + 1 });
      paused.push({ address, why: 'failed', code: undefined, file: undefined, times: pauses + 1, milliseconds: length });
    }
  }
  return { repairs: { done, failed, repeated }, paused };
}

/** What stayed in order for a day begins anew. */
function forgetting({ done, failed, repeated }: Repairs, elapsed: number): Repairs {
  const isRecent = ({ at, pausedUntil }: Past): boolean => Math.max(at.at(-1) ?? 0, pausedUntil) > elapsed - milliseconds(days(1));
  return {
    done: new Map([...done].filter(([, past]) => isRecent(past))),
    failed: new Map([...failed].filter(([, past]) => isRecent(past))),
    repeated: repeated.filter((at) => at > elapsed - milliseconds(hours(1))),
  };
}
