import type { CodeRow } from './code-row.ts';

/** Conditions whose name is no code of a difference, finding or diagnostic already. */
// biome-ignore format: table
export const conditionCodes = {
  'renewal-failed': { as: ['condition'], severity: 'warning', failOn: 'overdue' }, // it was due and tried, and the old certificate is still there
  'drifted':        { as: ['condition'], severity: 'warning', failOn: 'drift' },
  'ca-expiring':    { as: ['condition'], severity: 'warning', failOn: 'due' },
  'time-suspect':   { as: ['condition'], severity: 'error',   failOn: 'drift' },
  'watch-degraded': { as: ['condition', 'diagnostic'], severity: 'warning', failOn: 'warning' }, // changes are found by the interval alone
} as const satisfies Record<string, CodeRow>;
