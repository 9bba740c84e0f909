/** What every report format is made of: problems of all commands in one shape, wherever they were found. */
import type { FailClass } from '../domain/codes/code-row.ts';
import type { Code } from '../domain/codes.ts';
import type { Place } from '../domain/diagnostic.ts';
import type { Plan } from '../domain/plan.ts';
import type { Instant } from '../domain/time.ts';
import type { Tool } from './plan-json.ts';

export interface ReportedProblem {
  readonly code: Code;
  readonly failClass: FailClass;
  readonly level: 'error' | 'warning' | 'notice';
  /** Whether it is one of those that decide the exit code. */
  readonly fails: boolean;
  /** One sentence that names the thing. */
  readonly message: string;
  readonly hint?: string | undefined;
  /** The resource it concerns: `cert/etcd-server`. */
  readonly address?: string | undefined;
  /** The line of YAML that it is pinned to: reviewers look at the repository, not at the host. */
  readonly place?: Place | undefined;
  /** The file on the host in which it was seen. */
  readonly file?: string | undefined;
  /** Known and tolerated, by `accept` in the YAML: shown, and never failing. */
  readonly accepted?: { readonly reason: string; readonly until: string } | undefined;
}

export interface Reported {
  readonly command: 'plan' | 'check' | 'validate' | 'status';
  readonly tool: Tool;
  readonly evaluatedAt: Instant;
  readonly exitCode: number;
  readonly problems: readonly ReportedProblem[];
  /** Everything that was judged, in order or not. */
  readonly resources: readonly { readonly address: string; readonly place?: Place | undefined }[];
  /** Only of `plan`. */
  readonly plan?: Plan | undefined;
}
