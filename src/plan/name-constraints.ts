/** Name constraints as a set of labelled texts, so that they compare and print like every other set (RFC 5280 §4.2.1.10). */
import { labelledNames } from '../domain/alternative-names.ts';
import type { NameConstraints } from '../domain/desired-state.ts';
import type { ObservedNameConstraints } from '../domain/observed-state.ts';
import type { Difference } from '../domain/plan.ts';

/** `['excluded DNS:bad.example', 'permitted IP:10.0.0.0/8']`, sorted; kinds of name without a word of ours too. */
export function formatConstraints(constraints: NameConstraints | ObservedNameConstraints | undefined): readonly string[] {
  if (!constraints) return [];
  const labelled = (kind: 'permitted' | 'excluded') => {
    const names = constraints[kind];
    return [...labelledNames(names), ...('otherNames' in names ? names.otherNames : [])].map((name) => `${kind} ${name}`);
  };
  return [...labelled('permitted'), ...labelled('excluded')].sort();
}

/**
 * Whether a name that was allowed may no longer be. Per kind of name: nothing permitted means all of them, so the first permission tightens,
 * a further one loosens, and the last one that goes sets free.
 */
export function tightensConstraints({ added = [], removed = [], kept = [] }: Pick<Difference, 'added' | 'removed' | 'kept'>): boolean {
  if (added.some((name) => name.startsWith('excluded '))) return true;
  const kinds = (names: readonly string[]) =>
    new Set(names.filter((name) => name.startsWith('permitted ')).map((name) => name.split(':', 1)[0]));
  const [before, after, gone] = [kinds([...removed, ...kept]), kinds([...added, ...kept]), kinds(removed)];
  return [...after].some((kind) => !before.has(kind) || gone.has(kind));
}
