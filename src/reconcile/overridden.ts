/** What was done in spite of something that protects other things: said loudly, since somebody has let it come to this. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Change, Protection, Standing } from '../domain/plan.ts';
import { formatDay, formatInstant, type Instant } from '../domain/time.ts';
import { overrides } from '../plan/overrides.ts';

// biome-ignore format: table
const protectionWords: Readonly<Record<Protection, string>> = {
  'desired-state-broken': 'the desired state is broken',
  'hold':                 'it is on hold',
  'window':               'no maintenance window is open',
  'gate':                 'the gate said not now',
};

/** `it is on hold until 2026-11-24T04:00:00Z (compaction runs)`. */
export const standingWords = ({ protection, detail, until }: Standing): string =>
  [protectionWords[protection], until === null ? '' : ` until ${formatInstant(until)}`, detail === '' ? '' : ` (${detail})`].join('');

/**
 * One warning for every protection that a renewal was made in spite of, because its certificate was about to end.
 * @param standingFor which protections stand for a change.
 */
export function overridden(
  { resources }: Outcome,
  standingFor: (change: Change) => readonly Standing[],
  now: Instant,
): readonly Diagnostic[] {
  return resources.flatMap((resource): readonly Diagnostic[] => {
    if (resource.result !== 'done') return [];
    const { before, address } = resource.change;
    return overrides(resource.change, standingFor(resource.change), now).map((standing) => ({
      code: 'protection-overridden',
      severity: 'warning',
      address,
      message: `${address} was renewed although ${standingWords(standing)}: the old certificate ${before?.notAfter == null ? 'has no end that can be read' : `ends ${formatDay(before.notAfter)}`}`,
      hint: 'do not let it come to this: what holds a renewal back has to end before the certificate does',
    }));
  });
}
