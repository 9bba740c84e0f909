/** What an authority hears from below once its children are planned. */
import type { Address } from '../domain/names.ts';
import type { Change, Finding } from '../domain/plan.ts';
import { earliest, formatDay, type Instant } from '../domain/time.ts';
import { ageOf } from './validity.ts';

/** A leaf that is due, and would gain nothing. */
export interface EndingChild {
  readonly address: Address;
  readonly due: Instant;
  readonly end: Instant;
}

/** The finding that an authority ends before these children could be renewed to any use; as old as the oldest of them. */
export function withEndingIssuer(change: Change, children: readonly EndingChild[] | undefined, now: Instant): Change {
  if (!children) return change;
  const ages = children.map(({ due, end: last }) => ageOf(due, last, now));
  const end = change.before?.notAfter == null ? '' : ` (it ends ${formatDay(change.before.notAfter)})`;
  const finding: Finding = {
    code: 'issuer-ends-first',
    detail: `${children.map(({ address }) => address).join(', ')}${end}`,
    place: change.place ?? undefined,
    since: earliest(...ages.map(({ since }) => since)),
    ...(ages.some(({ overdue }) => overdue) && { overdue: true }),
  };
  return { ...change, findings: [...change.findings, finding] };
}

/** The effect that these certificates are issued anew because of a change. */
export function withReissuedChildren(changes: readonly Change[]): readonly Change[] {
  const children = new Map<Address, Address[]>();
  for (const { address, differences } of changes) {
    const cause = differences.find(({ becauseOf, forces }) => becauseOf !== undefined && forces !== null)?.becauseOf;
    if (cause === undefined) continue;
    const known = children.get(cause);
    if (known) known.push(address);
    else children.set(cause, [address]);
  }
  return changes.map((change) => {
    const because = children.get(change.address);
    if (!because) return change;
    return { ...change, effects: [...change.effects, { code: 'children-reissued', detail: because.join(', ') }] };
  });
}
