/** Whatever a resource names must be there, in any of the files that are read. */
import type { Located } from '../field.ts';
import { didYouMean, listed, quoted, type Report } from '../problem.ts';
import type { Whole } from './whole.ts';

// biome-ignore format: table
const sections = {
  services: { code: 'unknown-service', one: 'service' },
  windows:  { code: 'unknown-window',  one: 'window' },
  gates:    { code: 'unknown-gate',    one: 'gate' },
} as const;

/** Says nothing where a file could not be read: it may stand in that one. */
export function checkKnown(whole: Whole, section: keyof typeof sections, names: readonly Located<string>[], report: Report): void {
  if (!whole.complete) return;
  const there: ReadonlyMap<string, unknown> = whole[section];
  const { code, one } = sections[section];
  for (const { value, place } of names) {
    if (there.has(value)) continue;
    const known = [...there.keys()];
    report({
      code,
      place,
      message: `the ${one} ${quoted(value)} does not exist`,
      hint: known.length === 0 ? `describe it under ${section}, in any of the files that are read` : `the ${section} are ${listed(known)}`,
      label: didYouMean(value, known) ?? `no such ${one}`,
    });
  }
}
