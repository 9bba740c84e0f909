/** Conditions for people: what stands below a status, and what a run has to say of them when it ends. */
import { type Condition, type ConditionNews, conditionRow } from '../domain/condition.ts';
import type { Instant } from '../domain/time.ts';
import { newsSentence, type ShownConditions, sinceText } from './condition-words.ts';
import { withFlags } from './plan-context.ts';
import { type Line, renderLines, type Style, type Tone, toned } from './style.ts';
import { padTo, widest } from './text-width.ts';

export interface StandingWords extends ShownConditions {
  /** The options that say which PKI is meant, for commands to be typed next. */
  readonly flags?: readonly string[] | undefined;
}

/** A line for each, and below it what to do; of very many the first. */
export function standingLines({ conditions, flags, isKept }: StandingWords, now: Instant): readonly Line[] {
  if (conditions.length === 0) return [];
  const shown = conditions.slice(0, mostShown);
  const severities = widest(shown.map(({ severity }) => severity));
  const owners = widest(shown.map(ownerOf));
  const indent = ' '.repeat(severities + owners + 6);
  const more = conditions.length - shown.length;
  return [
    ['Standing:'],
    ...shown.flatMap((condition): readonly Line[] => {
      const { severity, reason, repair, type } = condition;
      const since = isKept(condition) ? ` ${sinceText(condition, now)}` : '';
      return [
        [
          '  ',
          toned(severity, padTo(severity, severities)),
          `  ${padTo(ownerOf(condition), owners)}  ${conditionRow(type).title}${since}: ${reason}`,
        ],
        ...(repair === '' ? [] : [[toned('dim', `${indent}${withFlags(repair, flags)}`)]]),
      ];
    }),
    ...(more > 0 ? [[`  and ${more} more: certstate status --json lists all`]] : []),
  ];
}

const mostShown = 20;
const ownerOf = ({ address }: Condition): string => address ?? 'host';

const newsTones = { raised: 'warning', changed: 'warning', cleared: 'good' } as const satisfies Record<ConditionNews['status'], Tone>;

/** `cleared  cert/server: renewal failed is over after 3 d`, a line for each, each ended by a line feed. */
export const conditionNewsText = (news: readonly ConditionNews[], style: Style, now: Instant): string =>
  renderLines(
    news.map((one): Line => [toned(newsTones[one.status], padTo(one.status, 'changed'.length)), `  ${newsSentence(one, now)}`]),
    style,
  );
