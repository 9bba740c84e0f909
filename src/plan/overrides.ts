/** Every hold has an end: near the end of a certificate's life, what protects only other things no longer keeps it from being renewed. */
import { type Change, isByCalendar, type Standing } from '../domain/plan.ts';
import { between, type Instant, lastStretch } from '../domain/time.ts';

/** Whether the certificate on disk is in the last stretch of its life, or past it. One whose dates do not parse is. */
export function runsOut({ before }: Pick<Change, 'before'>, now: Instant): boolean {
  if (before === null) return false;
  const { notBefore, notAfter } = before;
  return notBefore === null || notAfter === null || between(now, notAfter) < lastStretch(between(notBefore, notAfter));
}

/** New dates for the same content, signed by the issuer that signed it before: nobody who trusts it has to hear of it. */
export const isPlainRenewal = ({ kind, action, blocked, differences, replaces }: Change): boolean =>
  kind === 'cert' &&
  action === 'renew' &&
  blocked === null &&
  !replaces.trustAnchor &&
  differences.every((difference) => isByCalendar(difference) || difference.forces === null);

/** Which of these protections do not count for this change: all of them for a plain renewal of a certificate that runs out, else none. Say so, loudly. */
export const overrides = (change: Change, standing: readonly Standing[], now: Instant): readonly Standing[] =>
  isPlainRenewal(change) && runsOut(change, now) ? standing : [];
