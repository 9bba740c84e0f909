/** What a timer waits for although it may act: the opening of a maintenance window, and the word of a gate. A person who applies waits for neither. */
import type { Change, PlanOptions } from '../domain/plan.ts';
import { formatInstant, type Instant, instantOf, later } from '../domain/time.ts';
import type { DesiredWindow } from '../domain/windows.ts';
import type { ProtectionRule, Stands } from './protection.ts';

/** New content is put in place, which somebody will read. What has only a wrong mode or owner is put right at once: an exposed key waits for no window. */
export const disturbs = ({ files }: Pick<Change, 'files'>): boolean =>
  files.some(({ action }) => action === 'create' || action === 'update');

/** Whether windows and gates count for this change at all. */
export const isUnattended = (change: Change, { scheduled }: Pick<PlanOptions, 'scheduled'>): boolean =>
  scheduled === true && disturbs(change);

/** The opening that comes next, and whose it is; null where one of them is open now. `opens` is null where none ever opens again. */
export function closedUntil(
  windows: readonly DesiredWindow[],
  now: Instant,
): { readonly opens: Instant | null; readonly names: readonly string[] } | null {
  if (windows.length === 0) return null;
  const states = windows.map(({ name, at }) => ({ name, ...at(now) }));
  if (states.some(({ openUntil }) => openUntil !== null)) return null;
  const first = Math.min(...states.map(({ opensNext }) => opensNext ?? Number.POSITIVE_INFINITY));
  if (!Number.isFinite(first)) return { opens: null, names: states.map(({ name }) => name) };
  return { opens: instantOf(first), names: states.filter(({ opensNext }) => opensNext === first).map(({ name }) => name) };
}

export const outsideWindows: ProtectionRule = (change, { resource, options, now }): Stands | undefined => {
  const closed = isUnattended(change, options) ? closedUntil(resource.windows ?? [], now) : null;
  if (!closed) return undefined;
  const { opens, names } = closed;
  const opensNext = opens === null ? `${names.join(', ')} will not open` : `${names.join(', ')} opens ${formatInstant(opens)}`;
  return {
    standing: { protection: 'window', detail: names.join(', '), until: opens },
    blocked: { by: 'window', code: 'outside-window', detail: opensNext, confirm: null },
  };
};

export const gateClosed: ProtectionRule = (change, { resource, options }): Stands | undefined => {
  if (!isUnattended(change, options)) return undefined;
  const said = (resource.gates ?? []).flatMap(({ name }) => {
    const answer = options.closedGates?.get(name);
    return answer === undefined ? [] : [`${name} ${answer}`];
  });
  if (said.length === 0) return undefined;
  const detail = said.join(', ');
  return {
    standing: { protection: 'gate', detail, until: null },
    blocked: { by: 'gate', code: 'gate-closed', detail, confirm: null },
  };
};

/** Whether one of the windows has been open, and closed again, since something became due; true where there are none. */
export const hadItsChance = (windows: readonly DesiredWindow[], due: Instant, now: Instant): boolean =>
  windows.length === 0 ||
  windows.some(({ at, duration }) => {
    const { openUntil, opensNext } = at(due);
    const closes = openUntil ?? (opensNext === null ? null : later(opensNext, duration));
    return closes !== null && closes <= now;
  });
