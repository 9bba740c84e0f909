/** How much earlier than its window a renewal happens, so that hosts with one desired state do not all renew at once. */
import { createHash } from 'node:crypto';
import type { HostTurn } from '../domain/desired-state.ts';
import type { Address } from '../domain/names.ts';
import { type Duration, seconds } from '../domain/time.ts';

/** What tells this renewal from every other: whose, of what, and which one of them. */
export interface JitterSeed {
  /** What no other machine has: its machine-id, else its host name. */
  readonly machine: string;
  readonly address: Address;
  /** Of the certificate that is to be renewed: the next one is spread anew. */
  readonly serial: string;
  /** Where the desired state names its hosts. */
  readonly turn?: HostTurn | undefined;
}

/**
 * From nothing to a tenth of the window, in whole seconds; the same for the same seed, and spread evenly over machines. Earlier, never later: the time
 * that the YAML leaves for mending what goes wrong is never used up by it. The machine-id itself is hashed away, as machine-id(5) asks.
 *
 * Hosts that are named take turns: the tenth is cut into as many parts, and each host uses the first half of its own. So certificates that two of them issued
 * at the same moment are renewed at least half a part apart, and ever further apart from then on: the order stays, and each renewal adds as much.
 * @param window the renewal window, `renewBefore`.
 */
export function jitterOf({ machine, address, serial, turn }: JitterSeed, window: Duration): Duration {
  const hash = createHash('sha256')
    .update(JSON.stringify(['certstate.jitter', machine, address, serial]))
    .digest();
  const share = hash.readUIntBE(0, 6) / 2 ** 48;
  const most = Math.floor(window / 10);
  return seconds(turn ? Math.floor((most * (turn.index + share / 2)) / turn.of) : Math.floor(share * (most + 1)));
}
