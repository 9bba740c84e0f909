/** What is said of an inventory that stood for a host: whose it is, and when it was taken. */
import { formatInstant, type Instant } from '../domain/time.ts';

export interface InventoryWords {
  readonly host: string;
  readonly takenAt: Instant;
}

/** Null where the host itself was looked at. */
export const inventoryWordsJson = (inventory: InventoryWords | undefined) =>
  inventory ? { host: inventory.host, taken_at: formatInstant(inventory.takenAt) } : null;
