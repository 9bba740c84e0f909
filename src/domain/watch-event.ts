/** What `watch` tells of a host, as it happens. */
import type { DifferenceCode } from './codes.ts';
import type { ConditionNews } from './condition.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Address } from './names.ts';
import type { ResourceOutcome } from './outcome.ts';
import type { Change } from './plan.ts';
import type { ServiceOutcome } from './service-outcome.ts';
import type { Duration, Instant } from './time.ts';
import type { VerdictLine } from './verdict.ts';

/**
 * drift: the disk is not as it was left. pending: the YAML asks for something that was not applied. due: the calendar does. finding: a standing fact that no
 * action mends. trouble: of no resource.
 */
export type FactKind = 'drift' | 'pending' | 'due' | 'finding' | 'trouble';

/** Something that stands until it is otherwise. */
export interface StandingFact {
  /** The same for the same field of the same resource, whatever its value. */
  readonly key: string;
  /** Another one where the same field is wrong in another way. */
  readonly value: string;
  readonly kind: FactKind;
  readonly line: VerdictLine;
}

export type WatchEvent =
  /** A fact that did not stand before, or stands otherwise; `since` is when its field was first seen to be wrong. */
  | { readonly event: 'stands'; readonly fact: StandingFact; readonly since: Instant }
  | { readonly event: 'resolved'; readonly fact: StandingFact; readonly since: Instant }
  /** The text of the desired state is another one. With errors among the diagnostics the last good one stays in force. */
  | {
      readonly event: 'config';
      readonly sha256: string;
      readonly changed: readonly string[];
      readonly diagnostics: readonly Diagnostic[];
      readonly texts: ReadonlyMap<string, string>;
    }
  /** The wall clock went otherwise than time did: it was set, or the machine slept. Positive: forwards. */
  | { readonly event: 'clock'; readonly by: number }
  /** Folders of which nothing is heard any more, each with why; empty: all are heard again. */
  | { readonly event: 'hearing'; readonly deaf: ReadonlyMap<string, string>; readonly interval: Duration }
  | ({ readonly event: 'heartbeat' } & Heartbeat)
  /** Of `--apply`: what became of one resource. */
  | { readonly event: 'applied'; readonly outcome: Extract<ResourceOutcome, { readonly result: 'done' | 'failed' }> }
  | { readonly event: 'service'; readonly outcome: ServiceOutcome }
  /** What an interrupted run had left was completed. */
  | { readonly event: 'recovered'; readonly resources: readonly string[]; readonly removedStages: readonly string[] }
  /** Of no single fact: a lock that was not to be had, records that could not be written, a protection that gave way. */
  | { readonly event: 'said'; readonly diagnostic: Diagnostic }
  | { readonly event: 'backoff'; readonly backoff: Backoff; readonly until: Instant }
  /** What stands on record, or by what was seen, from one run to the next: for programs; people hear of the facts behind it. */
  | { readonly event: 'condition'; readonly news: ConditionNews; readonly isKept: boolean };

/** Something that came back after it had been put right, or could not be done: it is left alone for a while. */
export interface Backoff {
  /** Null: services that could not be told, or a change that could not be completed. */
  readonly address: Address | null;
  readonly why: 'came-back' | 'failed' | 'too-many';
  /** Of the difference that came back. */
  readonly code: DifferenceCode | undefined;
  readonly file: string | undefined;
  /** How often it was put right or tried. */
  readonly times: number;
  readonly milliseconds: number;
}

export interface Heartbeat {
  readonly resources: number;
  readonly inSync: number;
  readonly counts: Readonly<Record<FactKind, number>>;
  readonly nextCheck: Instant;
  readonly nextDue: { readonly address: Address; readonly at: NonNullable<Change['renewFrom']> } | null;
}
