/** Maintenance windows below the table of `status`: which are open, and when the others open. */
import type { DesiredState } from '../domain/desired-state.ts';
import { formatInstant, type Instant } from '../domain/time.ts';
import type { DesiredWindow } from '../domain/windows.ts';
import type { Line } from './style.ts';

/** A blank line, and one for each window that a resource names. */
export function windowLines({ resources }: Pick<DesiredState, 'resources'>, now: Instant): readonly Line[] {
  const windows = windowsIn({ resources });
  if (windows.length === 0) return [];
  return [[], ...windows.map((window): Line => [`Maintenance window ${window.name}: ${stateWords(window, now)}`])];
}

/** Each that a resource names, once. */
export const windowsIn = ({ resources }: Pick<DesiredState, 'resources'>): readonly DesiredWindow[] => [
  ...new Map(resources.flatMap((resource) => (resource.windows ?? []).map((window) => [window.name, window] as const))).values(),
];

function stateWords({ at }: DesiredWindow, now: Instant): string {
  const { openUntil, opensNext } = at(now);
  if (openUntil !== null) return `open until ${formatInstant(openUntil)}`;
  return opensNext === null ? 'will not open again' : `opens ${formatInstant(opensNext)}`;
}
