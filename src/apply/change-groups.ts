import type { Address } from '../domain/names.ts';
import { type Change, isPending } from '../domain/plan.ts';

/**
 * Changes that go together or not at all: an authority that gets another key or name, and what is issued anew because of it. Between the one and the others
 * nothing that verifies with the authority would accept its children. Each group in the order of the plan, issuers first; a change alone is a group of one.
 */
export function changeGroups(changes: readonly Change[]): readonly (readonly Change[])[] {
  const pending = new Set(changes.filter(isPending).map(({ address }) => address));
  const leaders = new Map<Address, Address>();
  const groups = new Map<Address, Change[]>();
  for (const change of changes) {
    const cause = pending.has(change.address)
      ? change.differences.find(({ becauseOf }) => becauseOf && pending.has(becauseOf))?.becauseOf
      : undefined;
    // The cause comes first in the plan, and so has its leader already.
    const leader = (cause !== undefined ? leaders.get(cause) : undefined) ?? change.address;
    leaders.set(change.address, leader);
    const group = groups.get(leader);
    if (group) group.push(change);
    else groups.set(leader, [change]);
  }
  return [...groups.values()];
}
