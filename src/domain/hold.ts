/** "Hands off for now": which resource somebody wants left alone, until when, and why. */
import type { Address } from './names.ts';
import { type Duration, days, type Instant } from './time.ts';

export interface Hold {
  readonly address: Address;
  readonly since: Instant;
  /** There is always one: a hold that nobody remembers ends by itself. */
  readonly until: Instant;
  readonly reason: string;
  /** Who asked for it, as far as known: `user@host`. */
  readonly by: string;
}

export interface Holds {
  readonly byAddress: ReadonlyMap<Address, Hold>;
  /** Why what is kept of holds cannot be read: then nobody knows what is held, and everything counts as held. */
  readonly unreadable?: string | undefined;
}

export const noHolds: Holds = { byAddress: new Map() };

/** Longer than this nothing is held: what should never change is `manage: observe` in the YAML, where it is reviewed. */
export const longestHold: Duration = days(30);

export const isInForce = ({ until }: Pick<Hold, 'until'>, now: Instant): boolean => now < until;

/** The hold of one resource, where it has one that has not ended. */
export function holdOn(holds: Holds | undefined, address: Address, now: Instant): Hold | undefined {
  const hold = holds?.byAddress.get(address);
  return hold && isInForce(hold, now) ? hold : undefined;
}

/** All that have not ended, by address. */
export const holdsInForce = (holds: Holds | undefined, now: Instant): readonly Hold[] =>
  [...(holds?.byAddress.values() ?? [])]
    .filter((hold) => isInForce(hold, now))
    .sort((left, right) => (left.address < right.address ? -1 : 1));

/** What was put back is held so long unless somebody says otherwise: until then somebody sees to the YAML, or wants it to be undone. */
export const holdOfRestored: Duration = days(1);
