/** What an authority hears from below once its children are planned. */
import type { Address } from '../domain/names.ts';
import type { Change } from '../domain/plan.ts';
import { formatDay } from '../domain/time.ts';

/** The finding that an authority ends before these children could be renewed to any use. */
export function withEndingIssuer(change: Change, children: readonly Address[] | undefined): Change {
  if (!children) return change;
  const end = change.before?.notAfter == null ? '' : ` (it ends ${formatDay(change.before.notAfter)})`;
  const finding = { code: 'issuer-ends-first', detail: `${children.join(', ')}${end}`, place: change.place ?? undefined } as const;
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
