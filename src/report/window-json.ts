/** Maintenance windows for programs, in `status --json`: what the lines below the table say, and whom they bind. */
import type { DesiredState } from '../domain/desired-state.ts';
import type { Instant } from '../domain/time.ts';
import { instantJson } from './change-json.ts';
import { windowsIn } from './window-text.ts';

/** One entry for each window that a resource names; `open_until` is null while it is closed, `opens_next` where it will not open again. */
export function windowsJson({ resources }: Pick<DesiredState, 'resources'>, now: Instant) {
  return windowsIn({ resources }).map(({ name, cron, duration, timeZone, at }) => {
    const { openUntil, opensNext } = at(now);
    return {
      name,
      cron,
      duration_seconds: duration,
      time_zone: timeZone ?? 'UTC',
      open_until: instantJson(openUntil),
      opens_next: instantJson(opensNext),
      resources: resources.filter(({ windows = [] }) => windows.some((window) => window.name === name)).map(({ address }) => address),
    };
  });
}
