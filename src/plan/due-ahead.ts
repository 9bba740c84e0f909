/** What becomes due within a time that somebody asks about (`check --within 45d`). */
import type { FailClass } from '../domain/codes/code-row.ts';
import type { Change, Finding } from '../domain/plan.ts';
import { failClassOf } from '../domain/severity.ts';
import { formatDay, type Instant } from '../domain/time.ts';

const aged: ReadonlySet<FailClass> = new Set(['due', 'overdue', 'expired']);
const agedOf = ({ differences, findings }: Change) => [...differences, ...findings].filter((standing) => aged.has(failClassOf(standing)));

/**
 * One finding for a resource that is in good time now, and is not by then; what is due already has a finding of its own.
 * @param then the same resource, decided as of that later time.
 */
export function dueAhead(change: Change, then: Change | undefined, now: Instant): Finding | undefined {
  if (!then || agedOf(change).length > 0) return undefined;
  const [first] = agedOf(then);
  if (!first) return undefined;
  // The window of what is on disk; a certificate that is about to be replaced for another reason has none any more.
  const opens = change.endsAbout === null ? change.renewFrom : null;
  const due = opens ?? first.since;
  const end = change.before?.notAfter;
  const day = due !== undefined && due > now ? formatDay(due) : '';
  return {
    code: 'due-within',
    detail: `${day}${end == null || Number.isNaN(end) ? '' : ` (it ends ${formatDay(end)})`}`.trim(),
    ...(due !== undefined && { since: due }),
  };
}
