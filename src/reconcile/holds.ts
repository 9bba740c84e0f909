/** What is on hold: read by whoever plans, set and ended under the lock. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import { type Hold, holdOn, isInForce } from '../domain/hold.ts';
import { isSame } from '../domain/is-same.ts';
import type { HoldEntry } from '../domain/ledger.ts';
import type { Address } from '../domain/names.ts';
import type { Restoration } from '../domain/restoration.ts';
import { type Duration, type Instant, later } from '../domain/time.ts';
import { encodeHoldLine } from '../formats/ledger.ts';
import type { SettledSet } from '../ports/store.ts';
import { encodeHolds, type HoldsReading, holdsFile, readHolds } from '../records/holds.ts';
import { appendToLedger } from '../store-files/ledger-file.ts';
import { replaceStateFile } from '../store-files/state-files.ts';
import { openStateFolder, type StateFolder } from '../store-files/state-folder.ts';
import { problemWith, Refusal } from '../store-files/write-problems.ts';
import type { Scope, WritingEnvironment } from './environment.ts';

export interface HeldResult {
  readonly set: readonly Hold[];
  /** The holds in force that the new ones took the place of. */
  readonly replaced: readonly Hold[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Call it under the lock. Nothing is set where the holds that there are cannot be read or written: an error says so. */
export function setHolds(environment: WritingEnvironment, scope: Scope, wanted: readonly Hold[], now: Instant): HeldResult {
  const before = readHolds(environment.reader, scope.stateFolder);
  if (before.holds.unreadable !== undefined) return { set: [], replaced: [], diagnostics: before.diagnostics };
  const addresses = new Set(wanted.map(({ address }) => address));
  const others = inForce(before, now).filter(({ address }) => !addresses.has(address));
  const problem = write(environment, scope, [...others, ...wanted]);
  if (problem) return { set: [], replaced: [], diagnostics: [problem] };
  const said = remember(environment, scope, wanted.map(noteOf));
  return { set: wanted, replaced: inForce(before, now).filter(({ address }) => addresses.has(address)), diagnostics: said };
}

export interface ReleasedResult {
  readonly released: readonly Hold[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The same for ending holds; those that have ended by themselves are dropped on the occasion. */
export function releaseHolds(
  environment: WritingEnvironment,
  scope: Scope,
  { addresses, by, now }: { readonly addresses: readonly Address[]; readonly by: string; readonly now: Instant },
): ReleasedResult {
  const before = readHolds(environment.reader, scope.stateFolder);
  if (before.holds.unreadable !== undefined) return { released: [], diagnostics: before.diagnostics };
  const named = new Set(addresses);
  const released = inForce(before, now).filter(({ address }) => named.has(address));
  if (released.length === 0) return { released, diagnostics: [] };
  const problem = write(
    environment,
    scope,
    inForce(before, now).filter(({ address }) => !named.has(address)),
  );
  if (problem) return { released: [], diagnostics: [problem] };
  const said = remember(
    environment,
    scope,
    released.map(({ address, reason }) => ({ at: now, address, action: 'release', reason, by })),
  );
  return { released, diagnostics: said };
}

/** How long what is put back is on hold; `asked`: somebody has said so, and no longer hold stands in the way of that. */
export interface HoldWish {
  readonly time: Duration;
  readonly asked: boolean;
}

/** Whether the hold that there is stays, since it lasts longer. */
export const staysOn = (hold: Hold | undefined, { time, asked }: HoldWish, now: Instant): boolean =>
  !asked && hold !== undefined && hold.until >= later(now, time);

/**
 * What is put back stays until somebody has seen to the YAML, or until the hold ends: else the next timer would undo it. The hold goes with the change, so
 * that whoever completes it sets it.
 * @param wish undefined: nothing is held.
 */
export function holdsOfRestored(
  { reader }: Pick<WritingEnvironment, 'reader'>,
  { stateFolder }: Scope,
  items: readonly Restoration[],
  { wish, by, now }: { readonly wish: HoldWish | undefined; readonly by: string; readonly now: Instant },
): ReadonlyMap<Address, Hold> {
  if (!wish) return new Map();
  const { holds } = readHolds(reader, stateFolder);
  return new Map(
    items.flatMap(({ address, generation }): readonly (readonly [Address, Hold])[] =>
      staysOn(holdOn(holds, address, now), wish, now)
        ? []
        : [[address, { address, since: now, until: later(now, wish.time), reason: `restored from generation ${generation}`, by }]],
    ),
  );
}

/** Which of these are on record, and what there is to say where nobody can read that. */
export function heldOf(
  { reader }: Pick<WritingEnvironment, 'reader'>,
  { stateFolder }: Scope,
  wanted: ReadonlyMap<Address, Hold>,
): Pick<HeldResult, 'set' | 'diagnostics'> {
  if (wanted.size === 0) return { set: [], diagnostics: [] };
  const { holds, diagnostics } = readHolds(reader, stateFolder);
  return { set: [...wanted.values()].filter((hold) => isSame(holds.byAddress.get(hold.address), hold)), diagnostics };
}

/**
 * For the store: sets the holds that go with a change, when its files are in place for good. A hold that has ended by then is none, and one that somebody has
 * set since stays. Throws where they cannot be made durable, so that the change stays on record and is completed later; where nobody can read what is on hold,
 * everything is, and nothing is added.
 */
export function settleHolds(environment: WritingEnvironment, scope: Scope, sets: readonly SettledSet[]): void {
  const now = environment.clock.now();
  const before = readHolds(environment.reader, scope.stateFolder);
  const wanted = sets.flatMap(({ hold }) => {
    const there = hold && holdOn(before.holds, hold.address, now);
    return hold && isInForce(hold, now) && !(there && (there.since > hold.since || isSame(there, hold))) ? [hold] : [];
  });
  if (wanted.length === 0 || before.holds.unreadable !== undefined) return;
  const addresses = new Set(wanted.map(({ address }) => address));
  const others = inForce(before, now).filter(({ address }) => !addresses.has(address));
  const problem = write(environment, scope, [...others, ...wanted]);
  if (problem) throw new Refusal(problem.code, problem.message, problem.hint, problem.notes);
  remember(environment, scope, wanted.map(noteOf));
}

const noteOf = ({ address, since, until, reason, by }: Hold): HoldEntry => ({ at: since, address, action: 'hold', until, reason, by });

const inForce = ({ holds }: HoldsReading, now: Instant): readonly Hold[] =>
  [...holds.byAddress.values()].filter((hold) => isInForce(hold, now));

const write = (environment: WritingEnvironment, { stateFolder }: Scope, holds: readonly Hold[]): Diagnostic | undefined =>
  replaceStateFile(environment, stateFolder, holdsFile, encodeHolds(holds));

/** A hold that could not be noted stands all the same. */
function remember({ writer, reader }: WritingEnvironment, { stateFolder }: Scope, entries: readonly HoldEntry[]): readonly Diagnostic[] {
  let state: StateFolder | undefined;
  try {
    state = openStateFolder(writer, reader, stateFolder);
    appendToLedger(writer, state, entries.map(encodeHoldLine), { mayBeTorn: false });
    return [];
  } catch (error) {
    return [{ ...problemWith(error, stateFolder, ['only the line in the history is missing']), severity: 'warning' }];
  } finally {
    state?.close();
  }
}
