/** How long windows stay closed, found by walking over their openings. Pure: it begins at a time that is handed in. */
import { type Duration, days, hours, type Instant, instantOf, later, latest, minutes } from '../domain/time.ts';
import type { Schedule } from './cron-schedule.ts';

export interface Openings {
  readonly schedule: Schedule;
  readonly duration: Duration;
}

/** A time in which no window is open: from the first second of it to the next opening. */
export interface Closure {
  readonly closes: Instant;
  readonly opens: Instant;
}

/** Over so long a time every day of a year and every weekday comes round; what opens more seldom is followed for as many openings. */
const [span, fewest, most] = [days(430), 24, 700];

/** Whether there is a time at which the window is closed. */
export function isEverClosed({ schedule, duration }: Openings, now: Instant): boolean {
  let opened = schedule.after(now);
  for (let steps = 0; opened !== undefined && steps < 24; steps += 1) {
    const next = schedule.after(opened);
    if (next === undefined || next > later(opened, duration)) return true;
    opened = next;
  }
  // Openings as dense as these for some time, and none for another: looked at now and then over a year.
  for (let at = now; at < later(now, days(366)); at = later(at, hours(26))) {
    const opens = schedule.after(instantOf(at - duration));
    if (opens === undefined || opens > at) return true;
  }
  return false;
}

interface Opening {
  readonly at: Instant;
  readonly end: Instant;
}

function nextOpening(windows: readonly Openings[], after: Instant): Opening | undefined {
  const next = windows.flatMap(({ schedule, duration }): readonly Opening[] => {
    const at = schedule.after(after);
    return at === undefined ? [] : [{ at, end: later(at, duration) }];
  });
  return next.length === 0 ? undefined : next.reduce((first, other) => (other.at < first.at ? other : first));
}

/** The longest time in which all of these windows are closed, if it is longer than the limit less an hour for the end of summer time. */
export function longClosure(windows: readonly Openings[], limit: Duration, now: Instant): Closure | undefined {
  // Openings that follow closely are passed over in one step: where a closure may be too long, the last of them is looked for.
  const stride = Math.max(minutes(1), Math.floor(limit / 8));
  let tooLong = limit - hours(1);
  let longest: Closure | undefined;
  let opening = nextOpening(windows, now);
  let covered = opening?.end ?? now;
  for (let seen = 0; opening && seen < most && (seen < fewest || opening.at < later(now, span)); seen += 1) {
    covered = latest(covered, opening.end);
    const next = nextOpening(windows, instantOf(Math.max(opening.end, opening.at + stride) - 1));
    if (!next) return longest;
    if (next.at - covered > tooLong) {
      covered = latest(covered, coveredBefore(windows, next.at));
      if (next.at - covered > tooLong) {
        longest = { closes: covered, opens: next.at };
        tooLong = next.at - covered;
      }
    }
    opening = next;
  }
  return longest;
}

/** Until when the last openings before this one, which may have been passed over, keep it open. */
const coveredBefore = (windows: readonly Openings[], opens: Instant): Instant =>
  latest(
    ...windows.flatMap(({ schedule, duration }) => {
      const last = schedule.before(opens);
      return last === undefined ? [] : [later(last, duration)];
    }),
  );
