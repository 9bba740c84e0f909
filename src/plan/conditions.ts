/** Conditions from one look to the next: set once, updated on change, cleared only when the same check passes. */
import { type Condition, type ConditionNews, conditionKey, conditionSeverity } from '../domain/condition.ts';
import { earliest, endOfTime } from '../domain/time.ts';
import { checksOf } from './condition-checks.ts';
import type { ConditionLook } from './condition-look.ts';
import { type SeenCondition, signsOf } from './condition-signs.ts';

export interface ConditionFold {
  /** All that stand, those of other desired states over the same state directory included; by what they are of. */
  readonly after: readonly Condition[];
  /** Those that concern this desired state. */
  readonly standing: readonly Condition[];
  /** Of these, the ones of which this look has nothing to say: they stand because nobody has seen them end. */
  readonly unchecked: readonly Condition[];
  readonly news: readonly ConditionNews[];
}

/** @param before what stood; the same conditions, the same objects, where nothing about them is another. */
export function foldConditions(before: readonly Condition[], look: ConditionLook): ConditionFold {
  const now = earliest(look.now, endOfTime);
  const signs = signsOf(look);
  const { concerns, check } = checksOf(look, signs);
  const seen = new Map(signs.seen.map((condition) => [conditionKey(condition), condition]));
  const news: ConditionNews[] = [];
  const unchecked: Condition[] = [];
  const stays = before.flatMap((condition): readonly Condition[] => {
    const again = seen.get(conditionKey(condition));
    seen.delete(conditionKey(condition));
    const because = again ? 'not-made' : check(condition);
    if (because !== 'not-made') {
      news.push({ status: 'cleared', condition, because });
      return [];
    }
    const next = updated(condition, again ?? grown(condition, look), look);
    if (next !== condition) news.push({ status: 'changed', condition: next });
    if (!again && concerns(condition)) unchecked.push(next);
    return [next];
  });
  const raised = [...seen.values()].map((condition): Condition => ({ ...condition, since: now, changedAt: now }));
  news.push(...raised.map((condition) => ({ status: 'raised' as const, condition })));
  const after = [...stays, ...raised].sort(byWhat);
  return { after, standing: after.filter(concerns), unchecked, news };
}

/** Life goes on shortening while nobody looks. */
const grown = (condition: Condition, { now }: Pick<ConditionLook, 'now'>): SeenCondition => ({
  ...condition,
  severity: conditionSeverity(condition.type, condition.severity, condition.certificate, now),
});

function updated(
  condition: Condition,
  { severity, codes, reason, repair, certificate }: SeenCondition,
  { now }: Pick<ConditionLook, 'now'>,
): Condition {
  const said = { severity, codes, reason, repair, certificate };
  const { severity: s, codes: c, reason: r, repair: p, certificate: x } = condition;
  return JSON.stringify(said) === JSON.stringify({ severity: s, codes: c, reason: r, repair: p, certificate: x })
    ? condition
    : { ...condition, ...said, changedAt: now };
}

/** The host first, then by address and type. */
function byWhat(left: Condition, right: Condition): number {
  const [one, other] = [orderOf(left), orderOf(right)];
  return one < other ? -1 : one > other ? 1 : 0;
}

const orderOf = ({ type, address, source }: Condition): string => [address ?? '', type, ...source].join('\n');
