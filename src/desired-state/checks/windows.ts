/** Windows and gates that are named must be there; and a window must open, close, and open often enough for those who wait for it. */
import { type Duration, formatDay, formatDuration, formatInstant, type Instant, lastStretch, seconds } from '../../domain/time.ts';
import { isEverClosed, longClosure, type Openings } from '../closures.ts';
import { scheduleOf } from '../cron-schedule.ts';
import { checkKnown } from './known-names.ts';
import { renewalOf } from './lifetimes.ts';
import type { FoundResource, Whole } from './whole.ts';

export function checkWindows(whole: Whole, now: Instant): void {
  const openings = new Map([...whole.windows].flatMap(([name, window]) => openingsOf(window, now, name)));
  const judged = new Map<string, Judgement>();
  for (const resource of whole.resources) {
    const { windows, gates } = resource.reading.values;
    checkKnown(whole, 'windows', windows?.value ?? [], resource.report);
    checkKnown(whole, 'gates', gates?.value ?? [], resource.report);
    if (windows && resource.section === 'certificates') checkOftenEnough(whole, resource, openings, judged, now);
  }
}

type Judgement = ReturnType<typeof longClosure>;

/** Judged by a clock that is never changed, which is an hour beside the right one at most. Nothing where the window never opens or never closes: that is said. */
function openingsOf(
  { place, reading: { values }, report }: Whole['windows'] extends ReadonlyMap<string, infer Window> ? Window : never,
  now: Instant,
  name: string,
): readonly (readonly [string, Openings])[] {
  const { cron, duration } = values;
  if (!cron || !duration) return [];
  const openings: Openings = { schedule: scheduleOf(cron.value), duration: duration.value };
  if (openings.schedule.after(now) === undefined) {
    report({
      code: 'window-never-opens',
      place: cron.place,
      message: `the window ${name} never opens: there is no such day`,
      hint: 'correct day of the month and month',
      label: 'never',
    });
    return [];
  }
  if (isEverClosed(openings, now)) return [[name, openings]];
  report({
    code: 'window-never-closes',
    place: duration.place,
    message: `the window ${name} is always open: it opens again before ${formatDuration(duration.value)} are over`,
    hint: 'write a shorter duration, or leave the window out',
    label: 'longer than the time between two openings',
    related: [{ message: 'it opens so often', place: cron.place ?? place }],
  });
  return [];
}

/** Between the day a certificate is due and the last stretch of its life, in which no window counts any more, one of its windows has to open, whatever the day. */
function checkOftenEnough(
  whole: Whole,
  resource: FoundResource,
  openings: ReadonlyMap<string, Openings>,
  judged: Map<string, Judgement>,
  now: Instant,
): void {
  const names = resource.reading.values.windows?.value.map(({ value }) => value) ?? [];
  const its = names.flatMap((name) => openings.get(name) ?? []);
  // One of them is wrong in itself, or none is asked for.
  if (its.length === 0 || its.length < names.length) return;
  const { life, renewBefore } = renewalOf(whole, resource);
  const limit = seconds(Math.max(0, renewBefore - lastStretch(life)));
  const key = `${[...names].sort().join(' ')} ${limit}`;
  if (!judged.has(key)) judged.set(key, longClosure(its, limit, now));
  const closure = judged.get(key);
  if (!closure) return;
  const { renewBefore: written, windows } = resource.reading.values;
  const closedFor = wholeDays(seconds(closure.opens - closure.closes));
  const needed = wholeDays(seconds(closure.opens - closure.closes + lastStretch(life) + 3600));
  resource.report({
    code: 'window-too-seldom',
    place: windows?.place,
    message: `${resource.address} is renewed in its last ${formatDuration(renewBefore)}, and ${names.join(', ')} may stay closed for ${formatDuration(closedFor)} of them`,
    hint: `let it open more often, or begin earlier: renewBefore: ${formatDuration(needed)}`,
    label: `closed from ${formatDay(closure.closes)} to ${formatDay(closure.opens)}`,
    ...(written ? { related: [{ message: 'it is renewed this long before its end', place: written.place }] } : {}),
    notes: [
      `the last ${formatDuration(lastStretch(life))} do not count: in them it is renewed at any time`,
      `closed from ${formatInstant(closure.closes)} to ${formatInstant(closure.opens)}, for example`,
    ],
  });
}

/** Rounded up to days where it is days, else to hours, so that it can be read and written. */
function wholeDays(duration: Duration): Duration {
  const unit = duration >= 2 * 86_400 ? 86_400 : 3600;
  return seconds(Math.ceil(duration / unit) * unit);
}
