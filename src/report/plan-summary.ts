/** The counts of a plan: how much of what, and what is next. */
import { type Action, actions, type Change, isChange, type Plan } from '../domain/plan.ts';
import { formatDay, type Instant } from '../domain/time.ts';
import { isWaiting } from './block-sentences.ts';
import { isFollowing } from './change-nature.ts';
import { relativeTo } from './relative-time.ts';

/** What `--expect` takes and people quote: the first twelve digits. */
export const shortPlanId = ({ id }: Plan): string => id.replace(/^sha256:/, '').slice(0, 12);

function countOf(action: Action, changes: readonly Change[]): string | undefined {
  const these = changes.filter((change) => change.action === action);
  if (these.length === 0) return undefined;
  const waiting = these.filter(isWaiting).length;
  const blocked = these.filter((change) => change.blocked !== null).length - waiting;
  const held = [
    ...(blocked > 0 ? [blocked === these.length ? 'blocked' : `${blocked} blocked`] : []),
    ...(waiting > 0 && blocked > 0 ? [`${waiting} waiting`] : []),
  ];
  const because = these.every(isFollowing)
    ? ' because of it'
    : blocked === 0 && waiting > 0
      ? ` (${waiting === these.length ? 'waiting' : `${waiting} waiting`})`
      : '';
  return `${these.length} to ${action}${held.length > 0 ? ` (${held.join(', ')})` : ''}${because}`;
}

/** `1 to rekey (blocked), 3 to reissue because of it`: what causes comes before what it causes. */
export function countText(plan: Plan): string {
  const changes = plan.changes.filter(isChange);
  const order = [...actions].sort(
    (left, right) =>
      Number(changes.some((change) => change.action === left && isFollowing(change))) -
      Number(changes.some((change) => change.action === right && isFollowing(change))),
  );
  const unjudged = plan.changes.filter((change) => !isChange(change) && change.blocked !== null).length;
  return [
    ...order.flatMap((action) => countOf(action, changes) ?? []),
    ...(plan.reloads.length > 0 ? [`${plan.reloads.length} to reload`] : []),
    ...(unjudged > 0 ? [`${unjudged} blocked`] : []),
  ].join(', ');
}

export interface NextDue {
  readonly change: Change;
  readonly at: Instant;
}

/** The certificate in order that will be due first. */
export function nextDue(plan: Plan): NextDue | undefined {
  let next: NextDue | undefined;
  for (const change of plan.changes) {
    if (isChange(change) || change.renewFrom === null || change.renewFrom < plan.evaluatedAt) continue;
    if (!next || change.renewFrom < next.at) next = { change, at: change.renewFrom };
  }
  return next;
}

/** `cert/etcd-server, renews from 2027-06-02 (in 191 days)`. */
export const nextDueText = ({ change, at }: NextDue, now: Instant): string =>
  `${change.address}, renews from ${formatDay(at)} (${relativeTo(at, now)})`;
