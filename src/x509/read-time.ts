/** Dates of certificates (RFC 5280 §4.1.2.5): UTCTime to 2049, GeneralizedTime from 2050, with seconds, in Z. */
import { type Instant, instantOf } from '../domain/time.ts';
import { contentOf, type Der, DerError, tags } from './der.ts';
import { latin1 } from './read-names.ts';

export interface TimeReading {
  /** NaN where the date does not parse. */
  readonly instant: Instant;
  readonly fault?: string;
}

const noDate = Number.NaN as Instant;

/** Reads a Time. Text that is no date is a fault; another type of value is no Time at all and throws DerError. */
export function readTime(value: Der | undefined, what: string): TimeReading {
  if (value?.tag !== tags.utcTime && value?.tag !== tags.generalizedTime) throw new DerError(`${what} is no time`);
  const text = latin1(contentOf(value));
  const match = (value.tag === tags.utcTime ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/).exec(
    text,
  );
  if (!match) return { instant: noDate, fault: `${what} is not a date in Z with seconds` };
  const [written, month, day, hour, minute, second] = match.slice(1).map(Number) as [number, number, number, number, number, number];
  const year = value.tag === tags.utcTime ? written + (written < 50 ? 2000 : 1900) : written;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  // Date rolls 31 February over into March; a date that is not the one written is none.
  if (
    date.getUTCFullYear() !== year ||
    date.getUTCMonth() !== month - 1 ||
    date.getUTCDate() !== day ||
    hour > 23 ||
    minute > 59 ||
    second > 59
  )
    return { instant: noDate, fault: `${what} is a date that does not exist` };
  const instant = instantOf(date.getTime() / 1000);
  return value.tag === tags.generalizedTime && year < 2050 && year >= 1950
    ? { instant, fault: `${what} is a GeneralizedTime before 2050` }
    : { instant };
}
