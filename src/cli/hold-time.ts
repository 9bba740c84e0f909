/** `--for`: how long something is held. */
import { longestHold } from '../domain/hold.ts';
import { type Duration, formatDuration, parseDuration } from '../domain/time.ts';
import { UsageError } from './usage-error.ts';

export function holdTimeFrom(text: string): Duration {
  const time = parseDuration(text);
  if (time === undefined || time === 0)
    throw new UsageError(`--for ${text} is not a length of time`, 'for example --for 4h; the units are w, d, h, m and s');
  if (time > longestHold)
    throw new UsageError(
      `--for ${text} is longer than a hold may be: ${formatDuration(longestHold)}`,
      'every hold has an end that somebody will still remember; what is never to be changed is "manage: observe" in its YAML',
    );
  return time;
}
