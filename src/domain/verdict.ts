/** The verdict of `check`, line by line: what was found, how much it weighs, and whether it is tolerated. */
import type { FailClass } from './codes/code-row.ts';
import type { Code } from './codes.ts';
import type { Condition } from './condition.ts';
import type { AcceptedFinding } from './desired-state.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Blocked, Change, Difference, Finding } from './plan.ts';
import type { Severity } from './severity.ts';

/** What a line is about: something of a resource, or of the host and the text as a whole. */
export type Found =
  | { readonly change: Change; readonly difference: Difference }
  | { readonly change: Change; readonly finding: Finding }
  | { readonly change: Change; readonly blocked: Blocked }
  /** With `standing`: a condition from before, of whose end this look knows nothing. */
  | { readonly diagnostic: Diagnostic; readonly standing?: Condition | undefined };

export interface VerdictLine {
  readonly code: Code;
  readonly severity: Severity;
  readonly failClass: FailClass;
  readonly fails: boolean;
  /** The entry of `accept` that tolerates it. */
  readonly accepted?: AcceptedFinding | undefined;
  readonly about: Found;
}
