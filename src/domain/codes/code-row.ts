export type CodeUse = 'difference' | 'finding' | 'block' | 'effect' | 'diagnostic' | 'condition';
/** What `check --fail-on` may name, worst first. */
export const failClasses = ['expired', 'overdue', 'due', 'drift', 'insecure', 'orphan', 'warning'] as const;
/** An `error` is no verdict: it cannot be left out. */
export type FailClass = (typeof failClasses)[number] | 'error';

/** What the table of codes knows about each code. */
export interface CodeRow {
  readonly as: readonly CodeUse[];
  readonly severity: 'error' | 'warning' | 'notice';
  readonly failOn: FailClass;
}
