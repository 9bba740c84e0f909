/** Cron expressions: what they mean is croner's to say, and this is the only file that knows it. */
import { Cron } from 'croner';
import { type Instant, instantOf } from '../domain/time.ts';

export interface Schedule {
  /** The first instant after this one at which the expression holds; undefined where there is none. */
  readonly after: (instant: Instant) => Instant | undefined;
  /** The last instant before this one. */
  readonly before: (instant: Instant) => Instant | undefined;
}

const dateOf = (instant: Instant): Date => new Date(instant * 1000);
const secondsOf = (date: Date | null | undefined): Instant | undefined => (date ? instantOf(date.getTime() / 1000) : undefined);

const nicknames: ReadonlySet<string> = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);

/**
 * What is wrong with an expression, in words; undefined where nothing is. Five fields, or a nickname: seconds and years are not for windows, and a single date,
 * which the library takes too, is not an expression.
 */
export function cronFault(expression: string): string | undefined {
  const fields = expression.trim().split(/\s+/);
  const [first = ''] = fields;
  if (fields.length === 1 && first.startsWith('@')) return nicknames.has(first) ? undefined : `${first} is not known`;
  if (fields.length !== 5) return `${fields.length} ${fields.length === 1 ? 'field' : 'fields'}, and not five`;
  try {
    cronOf(expression, { utcOffset: 0 });
    return undefined;
  } catch (error) {
    return faultOf(error instanceof Error ? error.message : String(error));
  }
}

// biome-ignore format: table
const fieldWords: Readonly<Record<string, string>> = { minute: 'minute', hour: 'hour', day: 'day of the month', month: 'month', dayOfWeek: 'day of the week' };

/** What the library says, without the name of its class. Of a value that is out of range it tells an index of its own, which for a day or a month is one less. */
function faultOf(message: string): string {
  const field = /^CronPattern: Invalid value for (\w+)/.exec(message)?.[1];
  if (field !== undefined) return `the ${fieldWords[field] ?? field} is out of range`;
  const text = message.replace(/^Cron\w*: /, '').replace(/\.$/, '');
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

/**
 * The instants of an expression that has no fault. Without a time zone those of a clock that is never changed (UTC), which are found in a tenth of the time.
 * In a time zone, a time that the change to summer time leaves out is moved to the end of the hour that is left out, and of one that comes twice the first
 * counts; where minute or hour are lists, ranges or steps both count (vixie-cron's rules).
 */
export function scheduleOf(expression: string, timeZone?: string): Schedule {
  const cron = cronOf(expression, timeZone === undefined ? { utcOffset: 0 } : { timezone: timeZone });
  return {
    after: (instant) => secondsOf(cron.nextRun(dateOf(instant))),
    before: (instant) => secondsOf(cron.previousRuns(1, dateOf(instant))[0]),
  };
}

/** Given no function to call, it starts no timer. */
const cronOf = (expression: string, zone: { readonly utcOffset: number } | { readonly timezone: string }): Cron =>
  new Cron(expression, { ...zone, mode: '5-part', paused: true });
