/** What became of a plan, resource by resource, and the events on the way. */
import type { Diagnostic } from './diagnostic.ts';
import type { Address } from './names.ts';
import type { Action, Change } from './plan.ts';
import type { Instant } from './time.ts';

export interface Published {
  readonly serial: string;
  readonly notAfter: Instant;
  readonly sha256: string;
  readonly spkiSha256: string;
}

export type ResourceOutcome =
  | {
      readonly result: 'done';
      readonly address: Address;
      readonly action: Action;
      readonly change: Change;
      readonly published: Published | null;
      readonly paths: readonly string[];
      readonly written: Readonly<Record<string, string>>;
      readonly milliseconds: number;
    }
  | { readonly result: 'failed'; readonly address: Address; readonly action: Action; readonly diagnostic: Diagnostic }
  /** Not tried: an issuer failed, or the run was interrupted. */
  | { readonly result: 'held-back'; readonly address: Address; readonly action: Action; readonly because: Address | 'interrupted' }
  | { readonly result: 'blocked'; readonly address: Address; readonly action: Action; readonly change: Change };

export interface Outcome {
  readonly resources: readonly ResourceOutcome[];
  readonly interrupted: boolean;
}

export type ApplyEvent =
  | { readonly type: 'start'; readonly address: Address; readonly action: Action }
  | { readonly type: 'progress'; readonly address: Address; readonly action: Action; readonly doing: string; readonly milliseconds: number }
  | { readonly type: 'end'; readonly outcome: ResourceOutcome };
