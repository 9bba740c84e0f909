/** From what was read of windows and gates to what resources that name them carry with them: in a desired state that was kept, too, they are what they were then. */
import { type Duration, type Instant, instantOf, later } from '../domain/time.ts';
import type { DesiredGate, DesiredWindow, Policies, WindowState } from '../domain/windows.ts';
import { type Schedule, scheduleOf } from './cron-schedule.ts';
import type { FileReading } from './read-file.ts';

type Read<Kind extends 'windows' | 'gates'> = ReadonlyMap<string, FileReading[Kind][number]>;

export const policiesOf = (windows: Read<'windows'>, gates: Read<'gates'>): Policies => ({
  windows: new Map([...windows.values()].flatMap((found) => windowOf(found) ?? []).map((window) => [window.name, window])),
  gates: new Map([...gates.values()].flatMap((found) => gateOf(found) ?? []).map((gate) => [gate.name, gate])),
});

/** Undefined where something without which there is none is missing or wrong, which has been reported. */
function windowOf({ name, place, reading: { values } }: FileReading['windows'][number]): DesiredWindow | undefined {
  const [cron, duration, timeZone] = [values.cron?.value, values.duration?.value, values.timeZone?.value];
  if (cron === undefined || duration === undefined) return undefined;
  let schedule: Schedule | undefined;
  return {
    name,
    place,
    cron,
    duration,
    timeZone,
    at(now) {
      schedule ??= scheduleOf(cron, timeZone);
      return stateAt(schedule, duration, now);
    },
  };
}

function gateOf({ name, place, reading: { values } }: FileReading['gates'][number]): DesiredGate | undefined {
  const command = values.command?.value;
  return command && { name, place, command, user: values.user?.value, timeout: values.timeout?.value };
}

/** Open from the second of an opening on, for the duration; of openings that overlap the last one counts. */
export function stateAt({ after, before }: Schedule, duration: Duration, now: Instant): WindowState {
  const opened = before(instantOf(now + 1));
  const closes = opened === undefined ? undefined : later(opened, duration);
  return { openUntil: closes !== undefined && closes > now ? closes : null, opensNext: after(now) ?? null };
}
