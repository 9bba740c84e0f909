/** One line of the ledger: what was issued, installed or mended, when, why, and by which plan. Public facts only. */
import type { DifferenceCode } from './codes.ts';
import type { Address } from './names.ts';
import type { Action } from './plan.ts';
import type { Instant } from './time.ts';

/** `restore` puts back what was there before. */
export type LedgerAction = Action | 'restore';

export interface LedgerEntry {
  readonly at: Instant;
  readonly address: Address;
  readonly action: LedgerAction;
  /** The differences that caused it, in the order of the plan. */
  readonly because: readonly DifferenceCode[];
  readonly plan: string;
  /** Of the certificate that stands there now. */
  readonly serial: string;
  /** Its subject and its names, as a plan shows them: RFC 4514, `DNS:localhost`. */
  readonly subject?: string | undefined;
  readonly names?: readonly string[] | undefined;
  readonly notBefore?: Instant | undefined;
  readonly notAfter: Instant;
  readonly sha256: string;
  readonly spkiSha256: string;
  readonly paths: readonly string[];
}

/** As it was written down: with the transaction that put it in place. */
export interface WrittenLedgerEntry extends LedgerEntry {
  readonly transaction: string;
}

/** That something was put on hold, or released: no file was touched. */
export interface HoldEntry {
  readonly at: Instant;
  readonly address: Address;
  readonly action: 'hold' | 'release';
  /** For `hold`. */
  readonly until?: Instant | undefined;
  /** Why it was held. */
  readonly reason: string;
  /** Who did it, as far as known: `user@host`. */
  readonly by: string;
}

/** A line of the ledger. */
export type LedgerLine = WrittenLedgerEntry | HoldEntry;
export const isHoldEntry = (line: LedgerLine): line is HoldEntry => line.action === 'hold' || line.action === 'release';
export const isEntry = (line: LedgerLine): line is WrittenLedgerEntry => !isHoldEntry(line);
