import type { CodeRow } from './code-row.ts';

const error = { as: ['diagnostic'], severity: 'error', failOn: 'error' } as const satisfies CodeRow;

/** What can go wrong while a command runs, apart from the text of the desired state. */
// biome-ignore format: table
export const runtimeCodes = {
  'usage':                error,
  'declined':             error,
  'write-failed':         error,
  'disk-full':            error,
  'file-system-read-only': error,
  'file-mounted':         error, // a mount point of its own: no other file can get its name
  'file-immutable':       error, // chattr +i, +a
  'another-instance':     error, // another state directory works in the same folder
  'stage-left-behind':    { ...error, severity: 'warning', failOn: 'warning' },
  'commit-conflict':      { ...error, as: ['diagnostic', 'condition'] }, // a committed change met something that is neither old nor new
  'change-unfinished':    error, // committed, to be completed
  'journal-unusable':     { ...error, severity: 'warning', failOn: 'warning' },
  'issue-failed':         error,
  'self-check-failed':    error,
  'changed-since-plan':   error,
  'records-unreadable':   { ...error, severity: 'warning', failOn: 'warning' },
  'state-folder':         error,
  'clock-jumped':         error, // while we were at work
  'locked':               error,
  'interrupted-change':   { ...error, severity: 'warning', failOn: 'drift' },
  'service-pending':      { ...error, severity: 'warning', failOn: 'drift' }, // what runs is not what is on disk
  // what a timer has to say
  'desired-state-broken':  { ...error, as: ['diagnostic', 'condition'] }, // the last good one is in force
  'waits-for-apply':       { ...error, severity: 'notice', failOn: 'drift' },
  'protection-overridden': { ...error, severity: 'warning', failOn: 'warning' },
  // beside the managed files, and of no resource
  'unmanaged':             { ...error, severity: 'notice', failOn: 'orphan' },
  'unmanaged-expired':     { ...error, severity: 'warning', failOn: 'warning' },
  'unmanaged-key-exposed': { ...error, severity: 'warning', failOn: 'warning' },
  'nothing-to-restore':   error,
  'generation-unusable':  error,
  'gate-failed':          error, // it gave no answer, which is taken as not now
  'gate-not-asked':       { ...error, severity: 'notice', failOn: 'warning' }, // under another root
  'report-unwritable':    error, // --report FORMAT=FILE
  'interrupted':          error,
  'inventory-unusable':   error,
  'inventory-old':        { ...error, severity: 'warning', failOn: 'warning' }, // over a day
  'inventory-from-future': { ...error, severity: 'warning', failOn: 'warning' },
  'assumed-absent':       { ...error, severity: 'warning', failOn: 'warning' }, // in a folder of which an inventory says nothing
  'internal-error':       error,
} as const satisfies Record<string, CodeRow>;
