import type { CodeRow } from './code-row.ts';

const error = { as: ['diagnostic'], severity: 'error', failOn: 'error' } as const satisfies CodeRow;

/** What can go wrong while a command runs, apart from the text of the desired state. */
// biome-ignore format: table
export const runtimeCodes = {
  'usage':                error,
  'unknown-address':      error,
  'declined':             error,
  'confirmation-missing': error,
  'write-failed':         error,
  'read-failed':          error,
  'issue-failed':         error,
  'self-check-failed':    error,
  'changed-since-plan':   error,
  'records-unreadable':   { ...error, severity: 'warning', failOn: 'warning' },
  'state-folder':         error,
  'interrupted':          error,
  'internal-error':       error,
} as const satisfies Record<string, CodeRow>;
