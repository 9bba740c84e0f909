/** When unattended work may be done, and who may say "not now": maintenance windows and gates. A person who applies is bound by neither. */
import type { Place } from './diagnostic.ts';
import type { Duration, Instant } from './time.ts';

/** What the calendar says of a window at one instant. */
export interface WindowState {
  /** The first second at which it is closed again; null while it is closed. */
  readonly openUntil: Instant | null;
  /** The next second at which it opens, later than now; null where that is beyond what the calendar of the library knows. */
  readonly opensNext: Instant | null;
}

/** Times at which unattended work may be done: it opens when the expression says so, and stays open for so long. */
export interface DesiredWindow {
  readonly name: string;
  readonly place: Place;
  /** Five fields: minute, hour, day of the month, month, day of the week; or a nickname such as `@weekly`. */
  readonly cron: string;
  /** Time that passes, not that a clock on the wall shows: four hours are four hours in the night of a change to summer time too. */
  readonly duration: Duration;
  /** An IANA name. Absent: UTC. */
  readonly timeZone?: string | undefined;
  /** A function of nothing but the three above and its argument. */
  readonly at: (now: Instant) => WindowState;
}

/** A program that is asked before unattended work on what names it: exit code 0 means go, 75 not now, everything else not now and a complaint. */
export interface DesiredGate {
  readonly name: string;
  readonly place: Place;
  readonly command: readonly string[];
  /** Who it is run as; absent: as we run. */
  readonly user?: string | undefined;
  /** Absent: two minutes. */
  readonly timeout?: Duration | undefined;
}

/** What resources may name, by name. */
export interface Policies {
  readonly windows: ReadonlyMap<string, DesiredWindow>;
  readonly gates: ReadonlyMap<string, DesiredGate>;
}
