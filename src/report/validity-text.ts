/** How long what is issued will be valid; before apply that is an estimate, and said to be one. */
import type { Change, Plan } from '../domain/plan.ts';
import { formatDay, later } from '../domain/time.ts';
import { formatDate, spokenDuration } from './relative-time.ts';

/** `2025-12-14 .. 2026-12-14  ->  365 days from apply (to about 2027-11-23)`. */
export function validityText(change: Change, plan: Plan): string {
  const { before, after, duration, endsAbout } = change;
  const had =
    before && before.notBefore !== null && before.notAfter !== null
      ? `${formatDate(before.notBefore)} .. ${formatDate(before.notAfter)}  ->  `
      : '';
  if (after && after.notBefore !== null && after.notAfter !== null)
    return `${had}${formatDate(after.notBefore)} .. ${formatDate(after.notAfter)}`;
  if (duration === null || endsAbout === null) return `${had}from apply`;
  const clipped = endsAbout < later(plan.evaluatedAt, duration) ? ', where its issuer ends' : '';
  const renews = had === '' && change.renewFrom !== null ? `, renews from about ${formatDay(change.renewFrom)}` : '';
  return `${had}${spokenDuration(duration)} from apply (to about ${formatDay(endsAbout)}${clipped})${renews}`;
}
