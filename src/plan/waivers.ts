/** `accept`: findings that are known and tolerated for a time. A waiver is for one code of one resource, and hides nothing else. */
import type { Code } from '../domain/codes.ts';
import type { AcceptedFinding } from '../domain/desired-state.ts';
import type { Finding } from '../domain/plan.ts';
import type { Instant } from '../domain/time.ts';

/** `until` is the last second that is tolerated: of a day, 23:59:59 UTC. */
const isInForce = ({ until }: AcceptedFinding, now: Instant): boolean => now <= until;

/** The entry that tolerates this code now; the one that ends last, if there are several. */
export const waiverFor = (code: Code, accept: readonly AcceptedFinding[], now: Instant): AcceptedFinding | undefined =>
  accept
    .filter((entry) => entry.code === code && isInForce(entry, now))
    .reduce<AcceptedFinding | undefined>((last, entry) => (last && last.until >= entry.until ? last : entry), undefined);

/** What tolerates a finding that is not there: it would hide the next one, which nobody has looked at. What is over has a warning of its own. */
export const unusedWaivers = (
  accept: readonly AcceptedFinding[],
  found: readonly { readonly code: Code }[],
  now: Instant,
): readonly Finding[] =>
  accept
    .filter((entry) => isInForce(entry, now) && found.every(({ code }) => code !== entry.code))
    .map(({ code, place }) => ({ code: 'accept-unused', detail: code, place }));
