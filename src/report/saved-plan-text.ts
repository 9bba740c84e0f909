/** What stands below a plan that was saved: for whom, until when it can be applied, and how. */
import { isChange, type Plan } from '../domain/plan.ts';
import type { Instant } from '../domain/time.ts';
import { withFlags } from './plan-context.ts';
import { shortPlanId } from './plan-summary.ts';
import { formatMinute } from './relative-time.ts';
import { shellWords } from './shell-words.ts';
import { renderLines, type Style, toned } from './style.ts';
import { padTo, widest, wrap } from './text-width.ts';

export interface SavedPlanWords {
  /** The file, as it was named. */
  readonly file: string;
  /** The host; absent where the file was just written on it. */
  readonly madeFor?: string | undefined;
  readonly createdAt?: Instant | undefined;
  readonly validUntil: Instant | null;
  /** Whether its id says all of it: nothing in it is only the calendar's, and nothing was asked for by flags. */
  readonly byId: boolean;
  /** `-f`, `--root` and what else says where to apply it. */
  readonly flags: readonly string[];
  /** How to go on is not said. */
  readonly quiet?: boolean | undefined;
}

export function savedPlanText(plan: Plan, words: SavedPlanWords, style: Style): string {
  const { file, madeFor, createdAt, validUntil, byId, flags, quiet } = words;
  const pending = plan.changes.filter(isChange);
  const isNew = madeFor === undefined;
  const saved = isNew
    ? `Saved to ${file}.`
    : `Saved ${createdAt === undefined ? '' : `${formatMinute(createdAt)} `}for the host ${madeFor}.`;
  const until = validUntil === null || pending.length === 0 ? '' : ` It can be applied until ${formatMinute(validUntil)}.`;
  const head = wrap(`${saved}${until}`, Math.max(60, Math.min(100, style.width))).map((text) => [text]);
  if (pending.length === 0 || quiet) return renderLines([[], ...head], style);
  // What was consented to here has to be consented to again by whoever applies it: a file consents to nothing.
  const consents = pending.flatMap(({ consent }) => (consent === null ? [] : ['--confirm', consent]));
  const apply = (...rest: readonly string[]) => withFlags(shellWords(['certstate', 'apply', ...rest, ...consents]), flags);
  const ways = [
    ...(isNew ? [[shellWords(['certstate', 'show', file]), 'shows it again'] as const] : []),
    [apply(file), 'does exactly this, or nothing'] as const,
    ...(byId ? [[apply('--expect', shortPlanId(plan)), 'the same, without the file'] as const] : []),
  ];
  const columns = widest(ways.map(([command]) => command));
  return renderLines(
    [[], ...head, [], ...ways.map(([command, meaning]) => [toned('dim', `  ${padTo(command, columns)}   ${meaning}`)])],
    style,
  );
}
