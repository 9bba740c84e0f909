/** The flags of `check` as what they mean. */
import { type FailClass, failClasses } from '../domain/codes/code-row.ts';
import { nearest } from '../domain/names.ts';
import { type Duration, parseDuration } from '../domain/time.ts';
import { failsByDefault } from '../plan/verdict.ts';
import type { Options } from './run.ts';
import { UsageError } from './usage-error.ts';

export interface CheckOptions {
  readonly failOn: ReadonlySet<FailClass>;
  readonly within: Duration | undefined;
  /** How many findings of one code the text lists; null: all. */
  readonly most: number | null;
}

export const checkOptionsOf = ({ failOn, within, max }: Options): CheckOptions => ({
  failOn: failOn === undefined ? failsByDefault : classesFrom(failOn),
  within: within === undefined ? undefined : durationFrom(within),
  most: max === undefined ? 20 : mostFrom(max),
});

function classesFrom(text: string): ReadonlySet<FailClass> {
  const words = text.split(',').map((word) => word.trim());
  const unknown = words.find((word) => !(failClasses as readonly string[]).includes(word));
  if (unknown === undefined) return new Set(words as FailClass[]);
  const meant = nearest(unknown, failClasses);
  throw new UsageError(
    unknown === '' ? '--fail-on names no class' : `--fail-on ${unknown} is not a class of findings`,
    meant ? `did you mean ${meant}?` : `the classes are ${failClasses.join(', ')}`,
  );
}

function durationFrom(text: string): Duration {
  const duration = parseDuration(text);
  if (duration !== undefined) return duration;
  throw new UsageError(`--within ${text} is not a duration`, 'for example --within 45d; the units are y, w, d, h, m and s');
}

function mostFrom(text: string): number | null {
  if (text === 'none') return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`--max ${text} is not a number`, 'for example --max 5, or --max none');
}
