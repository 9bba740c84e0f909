/** Name constraints as a set of labelled texts, so that they compare and print like every other set (RFC 5280 §4.2.1.10). */
import { labelledNames } from '../domain/alternative-names.ts';
import type { NameConstraints } from '../domain/desired-state.ts';

/** `['excluded DNS:bad.example', 'permitted IP:10.0.0.0/8']`, sorted. */
export function formatConstraints(constraints: NameConstraints | undefined): readonly string[] {
  if (!constraints) return [];
  const labelled = (kind: 'permitted' | 'excluded') => labelledNames(constraints[kind]).map((name) => `${kind} ${name}`);
  return [...labelled('permitted'), ...labelled('excluded')].sort();
}
