/** `hold --json`, `release --json`: what was put on hold, and what was released. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Hold } from '../domain/hold.ts';
import type { Address } from '../domain/names.ts';
import { formatInstant } from '../domain/time.ts';
import { diagnosticJson } from './diagnostic-json.ts';
import type { Tool } from './plan-json.ts';

export const holdsFormatVersion = '1.0';

export const holdJson = ({ address, since, until, reason, by }: Hold) => ({
  address,
  since: formatInstant(since),
  until: formatInstant(until),
  reason,
  by,
});

export interface HoldsChanged {
  readonly held: readonly Hold[];
  /** Holds in force whose place the new ones took. */
  readonly replaced: readonly Hold[];
  readonly released: readonly Hold[];
  /** What was to be released, and was not on hold. */
  readonly notHeld: readonly Address[];
  readonly diagnostics: readonly Diagnostic[];
}

export const holdsJson = ({ held, replaced, released, notHeld, diagnostics }: HoldsChanged, tool: Tool) => ({
  format: 'certstate.holds' as const,
  format_version: holdsFormatVersion,
  tool,
  held: held.map(holdJson),
  replaced: replaced.map(holdJson),
  released: released.map(holdJson),
  not_held: notHeld,
  diagnostics: diagnostics.map(diagnosticJson),
});
