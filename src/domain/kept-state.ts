/** A desired state that was in force, as it was read: the texts say more to a later version of this program than anything made of them would. */
import type { Instant } from './time.ts';

export interface KeptState {
  readonly keptAt: Instant;
  /** Over what its resources and services mean, so that a comment is no news. */
  readonly meaning: string;
  /** The `-f` arguments, and what else decided about what the texts say. */
  readonly from: readonly string[];
  readonly host: string;
  readonly set: Readonly<Record<string, string>>;
  readonly files: readonly { readonly file: string; readonly text: string }[];
}
