/** Durations and dates. */
import { type Duration, endOfTime, type Instant, later, parseDuration, parseInstant, seconds } from '../domain/time.ts';
import { orVariable } from './basic-types.ts';
import { quoted } from './problem.ts';
import { type At, type ScalarType, scalarType } from './scalar-type.ts';

const durationSchema = { type: 'string', pattern: orVariable('(?:[0-9]+[ywdhms])+') };

/** A length of time with its unit: `365d`, `8760h`, `1y` (365 days), `90m`, `1h30m`. */
export const duration = ({ zero }: { readonly zero: boolean }): ScalarType<Duration> =>
  scalarType(durationSchema, ({ text }, at) => {
    const value = parseDuration(text);
    if (value === undefined)
      return at.wrong({
        code: 'invalid-duration',
        message: `${quoted(text)} is not a duration`,
        hint: durationHint(text),
        label: 'not a duration',
      });
    if (value === 0 && !zero)
      return at.wrong({ code: 'invalid-duration', message: `${at.spot.path} cannot be zero`, hint: 'write a duration such as 365d' });
    return value;
  });

function durationHint(text: string): string {
  if (/^\d+$/.test(text)) return `a duration needs a unit, for example ${text}d; the units are y, w, d, h, m and s`;
  if (text.startsWith('-')) return 'a duration is never negative';
  if (/^(?:\d+[ywdhms])+$/.test(text)) return 'it is longer than 9999 years';
  return 'write whole numbers with the units y, w, d, h, m and s, for example 365d or 1h30m';
}

/** The lifetime of what is issued. RFC 5280 §4.1.2.5.2: dates end with the year 9999. */
export const lifetime = scalarType(durationSchema, (scalar, at) => {
  const value = duration({ zero: false }).parse(scalar, at);
  if (value === undefined || later(at.context.now, value) <= endOfTime) return value;
  return at.wrong({
    code: 'duration-too-long',
    message: `${at.spot.path} of ${scalar.text} would end after the year 9999`,
    hint: 'a certificate cannot say so (RFC 5280 §4.1.2.5); write a shorter one',
  });
});

/** A day, which is meant to its end, or an instant: `2027-03-31`, `2027-03-31T12:00:00Z`. */
export const date = scalarType(
  { type: 'string', pattern: orVariable('[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt][0-9:.]+(?:[Zz]|[+-][0-9]{2}:[0-9]{2}))?') },
  ({ text }, at: At): Instant | undefined => {
    const instant = /^\d{4}-\d{2}-\d{2}$/.test(text) ? lastSecondOf(text) : parseInstant(text);
    return (
      instant ??
      at.wrong({
        code: 'invalid-date',
        message: `${quoted(text)} is not a date`,
        hint: 'write a day or an instant, for example 2027-03-31 or 2027-03-31T12:00:00Z',
        label: 'not a date',
      })
    );
  },
);

function lastSecondOf(day: string): Instant | undefined {
  const midnight = parseInstant(`${day}T00:00:00Z`);
  return midnight === undefined ? undefined : later(midnight, seconds(86_399));
}
