/** What stands below a plan that was saved: until when it can be applied, and how. */
import { isChange, type Plan } from '../domain/plan.ts';
import type { Instant } from '../domain/time.ts';
import { withFlags } from './plan-context.ts';
import { shortPlanId } from './plan-summary.ts';
import { formatMinute } from './relative-time.ts';
import { shellWords } from './shell-words.ts';
import { renderLines, type Style, toned } from './style.ts';
import { padTo, widest } from './text-width.ts';

export interface SavedPlanWords {
  /** The file, as it was named. */
  readonly file: string;
  readonly validUntil: Instant | null;
  /** Whether its id says all of it: nothing in it is only the calendar's, and nothing was asked for by flags. */
  readonly byId: boolean;
  readonly flags: readonly string[];
  /** Where it was just saved; else it is shown once more. */
  readonly isNew: boolean;
}

/** Empty where there is nothing to be applied and the file is not new. */
export function savedPlanText(plan: Plan, { file, validUntil, byId, flags, isNew }: SavedPlanWords, style: Style): string {
  const pending = plan.changes.filter(isChange);
  const until = validUntil === null ? '' : ` It can be applied until ${formatMinute(validUntil)}.`;
  const saved = isNew ? `Saved to ${file}.` : '';
  if (pending.length === 0) return isNew ? `\n${renderLines([[saved]], style)}` : '';
  // What was consented to here has to be consented to again by whoever applies it: a file consents to nothing.
  const consents = pending.flatMap(({ consent }) => (consent === null ? [] : ['--confirm', consent]));
  const command = (...words: readonly string[]) => withFlags(shellWords(['certstate', ...words]), flags);
  const ways = [
    ...(isNew ? [[shellWords(['certstate', 'show', file]), 'shows it again'] as const] : []),
    [command('apply', file, ...consents), 'does exactly this, or nothing'] as const,
    ...(byId ? [[command('apply', '--expect', shortPlanId(plan), ...consents), 'the same, without the file'] as const] : []),
  ];
  const columns = widest(ways.map(([words]) => words));
  return renderLines(
    [[], [`${saved}${until}`.trim()], [], ...ways.map(([words, meaning]) => [toned('dim', `  ${padTo(words, columns)}   ${meaning}`)])],
    style,
  );
}
