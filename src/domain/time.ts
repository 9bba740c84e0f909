/**
 * Time as X.509 knows it: whole seconds since 1970, in UTC (RFC 5280 §4.1.2.5).
 * No function here reads a clock; an instant is always handed in.
 */
declare const instantBrand: unique symbol;
declare const durationBrand: unique symbol;

/** Whole seconds since 1970-01-01T00:00:00Z; may be negative. */
export type Instant = number & { readonly [instantBrand]: true };
/** A length of time in whole seconds, never negative. */
export type Duration = number & { readonly [durationBrand]: true };

export const seconds = (count: number): Duration => count as Duration;
export const minutes = (count: number): Duration => (count * 60) as Duration;
export const hours = (count: number): Duration => (count * 3600) as Duration;
export const days = (count: number): Duration => (count * 86_400) as Duration;

export const instantOf = (secondsSince1970: number): Instant => Math.floor(secondsSince1970) as Instant;
export const later = (instant: Instant, duration: Duration): Instant => (instant + duration) as Instant;
export const earlier = (instant: Instant, duration: Duration): Instant => (instant - duration) as Instant;
export const between = (from: Instant, to: Instant): Duration => Math.max(0, to - from) as Duration;
export const earliest = (...instants: readonly Instant[]): Instant => Math.min(...instants) as Instant;
export const latest = (...instants: readonly Instant[]): Instant => Math.max(...instants) as Instant;

/** How long before the end of a life every hold ends: three days; for certificates that live less than thirty, a tenth of their life. */
export const lastStretch = (lifetime: Duration): Duration => seconds(Math.min(days(3), Math.floor(lifetime / 10)));

/** RFC 5280 §4.1.2.5: GeneralizedTime ends here; no certificate of ours is valid later. */
export const endOfTime = instantOf(Date.UTC(9999, 11, 31, 23, 59, 59) / 1000);

const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Reads `2026-11-23T16:30:00Z` (seconds may be left out, an offset may stand for Z); undefined if it is not that. */
export function parseInstant(text: string): Instant | undefined {
  const match = rfc3339.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second = '00', zone = 'Z'] = match;
  const milliseconds = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone.toUpperCase()}`);
  if (Number.isNaN(milliseconds)) return undefined;
  // Date.parse rolls 31 February over into March; a day that is not the one written is not a date.
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number(day) > lastDay ? undefined : instantOf(milliseconds / 1000);
}

/** `2026-11-23T16:30:00Z`. */
export const formatInstant = (instant: Instant): string => new Date(instant * 1000).toISOString().replace('.000Z', 'Z');

/** `2026-11-23`. */
export const formatDay = (instant: Instant): string => formatInstant(instant).slice(0, 10);

// biome-ignore format: table
const unitSeconds: Readonly<Record<string, number>> = { y: 365 * 86_400, w: 7 * 86_400, d: 86_400, h: 3600, m: 60, s: 1 };

/** Reads `365d`, `8760h`, `1y` (365 days), `90m`, `1h30m`; undefined without a unit, with a sign, or beyond 9,999 years. */
export function parseDuration(text: string): Duration | undefined {
  if (!/^(?:\d+[ywdhms])+$/.test(text)) return undefined;
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([ywdhms])/g)) total += Number(count) * (unitSeconds[unit as string] ?? Number.NaN);
  return Number.isSafeInteger(total) && total <= 9999 * 365 * 86_400 ? seconds(total) : undefined;
}

/** The shortest exact form with one unit, days at most: `3650d`, `36h`, `90m`. */
export function formatDuration(duration: Duration): string {
  for (const unit of ['d', 'h', 'm'] as const) {
    const size = unitSeconds[unit] as number;
    if (duration >= size && duration % size === 0) return `${duration / size}${unit}`;
  }
  return `${duration}s`;
}
