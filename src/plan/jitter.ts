/** How much earlier than its window a renewal happens, so that hosts with one desired state do not all renew at once. */
import { createHash } from 'node:crypto';
import type { Address } from '../domain/names.ts';
import { type Duration, seconds } from '../domain/time.ts';

/** What tells this renewal from every other: whose, of what, and which one of them. */
export interface JitterSeed {
  /** What no other machine has: its machine-id, else its host name. */
  readonly machine: string;
  readonly address: Address;
  /** Of the certificate that is to be renewed: the next one is spread anew. */
  readonly serial: string;
}

/**
 * From nothing to a tenth of the window, in whole seconds; the same for the same seed, and spread evenly over machines. Earlier, never later: the time
 * that the YAML leaves for mending what goes wrong is never used up by it. The machine-id itself is hashed away, as machine-id(5) asks.
 * @param window the renewal window, `renewBefore`.
 */
export function jitterOf({ machine, address, serial }: JitterSeed, window: Duration): Duration {
  const hash = createHash('sha256')
    .update(JSON.stringify(['certstate.jitter', machine, address, serial]))
    .digest();
  const share = hash.readUIntBE(0, 6) / 2 ** 48;
  return seconds(Math.floor(share * (Math.floor(window / 10) + 1)));
}
