/** What is said of conditions that stand, that have begun to, and that are over. */
import { type Condition, type ConditionNews, conditionRow } from '../domain/condition.ts';
import { formatDay, type Instant } from '../domain/time.ts';
import { shortLength } from './relative-time.ts';

/** What stands, for whoever shows it. */
export interface ShownConditions {
  readonly conditions: readonly Condition[];
  /** Whether it is on record: of others nobody knows since when they stand. */
  readonly isKept: (condition: Condition) => boolean;
}

/** `renewal failed: cannot write /tls/server.crt: read-only file system (EROFS)`. */
export const conditionPhrase = ({ type, reason }: Condition): string => `${conditionRow(type).title}: ${reason}`;

/** The same, naming what it is of. */
export const conditionSentence = (condition: Condition): string =>
  condition.address === null ? conditionPhrase(condition) : `${condition.address}: ${conditionPhrase(condition)}`;

/** `since 2026-11-20 (3 d)`. */
export const sinceText = ({ since }: Pick<Condition, 'since'>, now: Instant): string =>
  `since ${formatDay(since)} (${shortLength(Math.max(0, now - since))})`;

/** `cert/server: renewal failed is over after 3 d`. */
export function newsSentence(news: ConditionNews, now: Instant): string {
  const { condition } = news;
  if (news.status !== 'cleared') return conditionSentence(condition);
  const { type, address, since } = condition;
  const what = `${address === null ? '' : `${address}: `}${conditionRow(type).title}`;
  return `${what} ${clearedWords[news.because]} after ${shortLength(Math.max(0, now - since))}`;
}

const clearedWords: Readonly<Record<Extract<ConditionNews, { status: 'cleared' }>['because'], string>> = {
  passed: 'is over',
  accepted: 'is accepted by the desired state',
  'not-managed': 'is no longer looked at by the desired state',
};
