/** What `watch` tells of a host, as it happens. */
import type { Diagnostic } from './diagnostic.ts';
import type { Address } from './names.ts';
import type { Change } from './plan.ts';
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
  | ({ readonly event: 'heartbeat' } & Heartbeat);

export interface Heartbeat {
  readonly resources: number;
  readonly inSync: number;
  readonly counts: Readonly<Record<FactKind, number>>;
  readonly nextCheck: Instant;
  readonly nextDue: { readonly address: Address; readonly at: NonNullable<Change['renewFrom']> } | null;
}
