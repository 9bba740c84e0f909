/** Conditions for programs: in `status --json`, `show --json`, and as events. */
import { type Condition, type ConditionNews, conditionRow } from '../domain/condition.ts';
import { formatInstant } from '../domain/time.ts';
import { instantJson } from './change-json.ts';
import { newsSentence, type ShownConditions } from './condition-words.ts';
import type { EventStamp } from './events-json.ts';

/** @param isKept whether it is on record; else it was first seen by this very look. */
const conditionJson = ({ type, address, since, changedAt, severity, codes, reason, repair, certificate }: Condition, isKept: boolean) => ({
  type,
  address,
  severity,
  title: conditionRow(type).title,
  since: formatInstant(since),
  changed_at: formatInstant(changedAt),
  on_record: isKept,
  codes,
  reason,
  repair,
  not_after: instantJson(certificate?.notAfter),
});

export const conditionsJson = ({ conditions, isKept }: ShownConditions) =>
  conditions.map((condition) => conditionJson(condition, isKept(condition)));

const levels = { error: 'error', warning: 'warn', notice: 'info' } as const satisfies Record<Condition['severity'], string>;

/** A condition began to stand, has changed, or is over: then `condition` is as it last stood. */
export const conditionEvent = ({ at, seq }: EventStamp, news: ConditionNews, isKept: boolean) => ({
  type: 'condition' as const,
  at: formatInstant(at),
  seq,
  level: news.status === 'cleared' ? ('info' as const) : levels[news.condition.severity],
  message: newsSentence(news, at),
  status: news.status,
  because: news.status === 'cleared' ? news.because.replaceAll('-', '_') : null,
  condition: conditionJson(news.condition, isKept),
});
