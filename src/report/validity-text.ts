/** How long what is issued will be valid; before apply that is an estimate, and said to be one. */
import type { Change, Plan } from '../domain/plan.ts';
import { earliest, formatDay, type Instant, later } from '../domain/time.ts';
import { formatDate, spokenDuration } from './relative-time.ts';

/** When the certificate of a change will end: known, or estimated from the moment of planning and cut where its issuer ends. */
export function expectedEnd(change: Change, plan: Plan): { readonly end: Instant; readonly clipped: boolean } | undefined {
  const known = change.after?.notAfter;
  if (known !== null && known !== undefined) return { end: known, clipped: false };
  if (change.duration === null) return undefined;
  const wanted = later(plan.evaluatedAt, change.duration);
  const issuer = plan.changes.find(({ address }) => address === change.issuer);
  const limit = issuer && expectedEnd(issuer, plan)?.end;
  return limit === undefined || limit >= wanted ? { end: wanted, clipped: false } : { end: earliest(wanted, limit), clipped: true };
}

/** `2025-12-14 .. 2026-12-14  ->  365 days from apply (to about 2027-11-23)`. */
export function validityText(change: Change, plan: Plan): string {
  const { before, after } = change;
  const had = before && before.notBefore !== null && before.notAfter !== null ? `${formatDate(before.notBefore)} .. ${formatDate(before.notAfter)}  ->  ` : '';
  if (after && after.notBefore !== null && after.notAfter !== null) return `${had}${formatDate(after.notBefore)} .. ${formatDate(after.notAfter)}`;
  const expected = expectedEnd(change, plan);
  if (!expected || change.duration === null) return `${had}from apply`;
  const until = `to about ${formatDay(expected.end)}${expected.clipped ? ', where its issuer ends' : ''}`;
  const renews = had === '' && change.renewFrom !== null ? `, renews from about ${formatDay(change.renewFrom)}` : '';
  return `${had}${spokenDuration(change.duration)} from apply (${until})${renews}`;
}
