/** Lengths of time for people. The moment they count from is always handed in. */
import { type Duration, days, formatDay, formatInstant, hours, type Instant, minutes } from '../domain/time.ts';

const year = days(365);

/** One unit that a person would choose: `8.3 y`, `221 d`, `5 h`, `12 min`, `40 s`. */
export function shortLength(length: number): string {
  if (length >= 2 * year) return `${(length / year).toFixed(1)} y`;
  if (length >= days(2)) return `${Math.floor(length / days(1))} d`;
  if (length >= hours(2)) return `${Math.floor(length / hours(1))} h`;
  if (length >= minutes(2)) return `${Math.floor(length / minutes(1))} min`;
  return `${Math.floor(length)} s`;
}

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** The same in words: `8.3 years`, `20 days`, `5 hours`. */
function spokenLength(length: number): string {
  if (length >= 2 * year) return `${(length / year).toFixed(1)} years`;
  if (length >= days(2)) return counted(Math.floor(length / days(1)), 'day');
  if (length >= hours(2)) return counted(Math.floor(length / hours(1)), 'hour');
  if (length >= minutes(2)) return counted(Math.floor(length / minutes(1)), 'minute');
  return counted(Math.floor(length), 'second');
}

/** `in 20 days`, `5 hours ago`, `now`. */
export function relativeTo(instant: Instant, now: Instant): string {
  if (instant === now) return 'now';
  return instant > now ? `in ${spokenLength(instant - now)}` : `${spokenLength(now - instant)} ago`;
}

/** What is left of a life as a column shows it: `221 d`, `-3 d` when it is over. */
export const timeLeft = (until: Instant, now: Instant): string => (until < now ? `-${shortLength(now - until)}` : shortLength(until - now));

/** `2026-12-14 09:02Z`: to the minute, for what happens soon. */
export const formatMinute = (instant: Instant): string =>
  Number.isNaN(instant) ? 'a date that does not parse' : `${formatInstant(instant).slice(0, 16).replace('T', ' ')}Z`;

/** `2026-12-14`, or words where the certificate's date does not parse. */
export const formatDate = (instant: Instant): string => (Number.isNaN(instant) ? 'a date that does not parse' : formatDay(instant));

/** `365 days`, `36 hours`, `90 minutes`: exact, for what the YAML asks. */
export function spokenDuration(duration: Duration): string {
  if (duration % days(1) === 0) return counted(duration / days(1), 'day');
  if (duration % hours(1) === 0) return counted(duration / hours(1), 'hour');
  if (duration % minutes(1) === 0) return counted(duration / minutes(1), 'minute');
  return counted(duration, 'second');
}

/** `expired 2025-08-01`, `expires 2027-01-02`: said of a certificate in passing. */
export const expiryNote = (notAfter: Instant, now: Instant): string =>
  Number.isNaN(notAfter) ? 'its date does not parse' : `${notAfter < now ? 'expired' : 'expires'} ${formatDay(notAfter)}`;
