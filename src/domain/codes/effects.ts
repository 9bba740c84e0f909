import type { CodeRow } from './code-row.ts';

const effect = { as: ['effect'], severity: 'warning', failOn: 'warning' } as const satisfies CodeRow;
const note = { ...effect, severity: 'notice' } as const satisfies CodeRow;

/** What a change means beyond the files. */
// biome-ignore format: table
export const effectCodes = {
  'new-trust-anchor':     effect,
  'trust-anchor-renewed': note,
  'children-reissued':    effect,
  'name-removed':         effect,
  'usage-removed':        effect,
  'subject-changed':      effect,
  'validity-clipped':     effect,
  'key-was-exposed':      { ...effect, severity: 'error' },
  'services-not-run':     note,
  'hard-link-detached':   note,
  'protection-yields':    effect, // renewed in spite of what protects other things, since it runs out
} as const satisfies Record<string, CodeRow>;
