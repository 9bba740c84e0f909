import type { CodeRow } from './code-row.ts';

const error = { as: ['diagnostic'], severity: 'error', failOn: 'error' } as const satisfies CodeRow;

/** What can be wrong with a plan that was saved, or agreed to by its id. */
// biome-ignore format: table
export const savedPlanCodes = {
  'stale-plan':        error, // the host or the YAML is no longer what it was made from
  'plan-applied':      error, // once is enough
  'host-not-expected': error, // no id was given for this host
  'not-a-plan':        error,
  'plan-truncated':    error,
  'plan-invalid':      error,
  'plan-version':      error,
  'plan-too-large':    error,
  'plan-unreadable':   error,
  'output-refused':    error, // what stands there is not ours to write over
} as const satisfies Record<string, CodeRow>;
