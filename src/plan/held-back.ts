/**
 * What keeps a change from being made although nothing is wrong with it: a table of protections, each with an end. They are asked last of all, of a change
 * that could otherwise be made; the first that stands is the one that is told. Near the end of a certificate's life none of them counts for its renewal.
 */
import { type Hold, holdOn } from '../domain/hold.ts';
import type { Address } from '../domain/names.ts';
import type { Change, Effect, Finding } from '../domain/plan.ts';
import { formatInstant, type Instant, later } from '../domain/time.ts';
import { clockTolerance } from './defaults.ts';
import { overrides } from './overrides.ts';
import type { Circumstances, ProtectionRule, Stands } from './protection.ts';
import { gateClosed, outsideWindows } from './windows.ts';

/** In the order in which they are told. */
const rules: readonly ProtectionRule[] = [unknownHold, onHold, childOnHold, outsideWindows, gateClosed];

/** Which protections stand for a change, whether or not they count. */
export const standsFor = (change: Change, circumstances: Circumstances): readonly Stands[] =>
  rules.flatMap((rule) => rule(change, circumstances) ?? []);

/** The change as it is once protections have been asked: held back by the first that stands and counts, or made in spite of all of them. */
export function heldBack(change: Change, circumstances: Circumstances): Change {
  if (!canBeMade(change)) return change;
  const stand = standsFor(change, circumstances);
  const consent = change.consent ?? stand.find(({ blocked }) => blocked.confirm !== null)?.blocked.confirm ?? null;
  const unlifted = stand.filter(({ blocked: { confirm } }) => confirm === null || !circumstances.options.confirm.includes(confirm));
  const standing = unlifted.map((one) => one.standing);
  const inSpiteOf = overrides(change, standing, circumstances.now);
  const [first] = unlifted;
  if (!first) return { ...change, consent };
  return inSpiteOf.length > 0 ? { ...change, consent, inSpiteOf } : { ...change, consent, blocked: first.blocked };
}

/** What a renewal that is made in spite of something has to say of it. */
export const yieldingEffects = ({ inSpiteOf = [] }: Change): readonly Effect[] =>
  inSpiteOf.map(({ protection, until, detail }) => ({
    code: 'protection-yields',
    detail: [protection, until === null ? '' : ` until ${formatInstant(until)}`, detail === '' ? '' : ` (${detail})`].join(''),
  }));

/** That a resource is on hold, whether or not something is to be done about it. */
export function holdFinding(address: Address, { records, now }: Pick<Circumstances, 'records' | 'now'>): readonly Finding[] {
  const hold = holdOn(records.holds, address, now);
  return hold ? [{ code: 'on-hold', detail: holdDetail(hold, now), since: hold.since, until: hold.until }] : [];
}

/** A hold by a clock that was ahead ends when it says: later than was meant, unless somebody releases it. */
const holdDetail = ({ since, until, reason, by }: Hold, now: Instant): string =>
  `until ${formatInstant(until)}: ${reason} (by ${by}${since > later(now, clockTolerance) ? `, by a clock that says ${formatInstant(since)}` : ''})`;

/** What nothing but a consent is missing for counts too: whoever is asked for it must know that somebody wants the resource left alone. */
const canBeMade = ({ action, blocked }: Change): boolean =>
  action !== 'noop' && action !== 'forget' && (blocked === null || blocked.confirm !== null);

/** A person who names the address has been told of the hold. */
function onHold({ address }: Change, { records, now }: Circumstances): Stands | undefined {
  const hold = holdOn(records.holds, address, now);
  if (!hold) return undefined;
  const { until, reason } = hold;
  return {
    standing: { protection: 'hold', detail: reason, until },
    blocked: { by: 'hold', code: 'on-hold', detail: `until ${formatInstant(until)}: ${reason}`, confirm: address },
  };
}

/** With another key an authority leaves behind what may not be issued again: it would be trusted by nobody until its hold ends. */
function childOnHold({ address, replaces }: Change, { records, now, issuedBelow, options }: Circumstances): Stands | undefined {
  if (!replaces.key) return undefined;
  const isHeld = (child: Address) =>
    child !== address && !options.confirm.includes(child) && holdOn(records.holds, child, now) !== undefined;
  const child = issuedBelow().find(isHeld);
  const hold = child && holdOn(records.holds, child, now);
  if (!hold) return undefined;
  const { until, reason } = hold;
  return {
    standing: { protection: 'hold', detail: reason, until },
    blocked: {
      by: 'hold',
      code: 'on-hold',
      detail: `${child}, which it has issued, until ${formatInstant(until)}: ${reason}`,
      confirm: child,
    },
  };
}

/** What is held cannot be read: records that say nothing make a plan more careful, never less. */
function unknownHold({ address }: Change, { records }: Circumstances): Stands | undefined {
  const cause = records.holds?.unreadable;
  if (cause === undefined) return undefined;
  return {
    standing: { protection: 'hold', detail: cause, until: null },
    blocked: { by: 'hold', code: 'holds-unreadable', detail: cause, confirm: address },
  };
}
