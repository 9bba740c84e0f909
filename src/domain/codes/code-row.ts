export type CodeUse = 'difference' | 'finding' | 'block' | 'effect' | 'diagnostic';
/** What `check --fail-on` goes by. */
export type FailClass = 'expired' | 'overdue' | 'due' | 'drift' | 'insecure' | 'orphan' | 'warning' | 'error';

/** What the table of codes knows about each code. */
export interface CodeRow {
  readonly as: readonly CodeUse[];
  readonly severity: 'error' | 'warning' | 'notice';
  readonly failOn: FailClass;
}
