import type { Instant } from '../domain/time.ts';

/** What is said of the inventory that stood for a host. */
export interface InventoryWords {
  readonly host: string;
  readonly takenAt: Instant;
}
