/** What every report format is made of: problems of all commands in one shape, wherever they were found. */
import type { FailClass } from '../domain/codes/code-row.ts';
import type { Code } from '../domain/codes.ts';
import type { Place } from '../domain/diagnostic.ts';
import type { Plan } from '../domain/plan.ts';
import type { Instant } from '../domain/time.ts';
import type { ShownConditions } from './condition-words.ts';
import type { PlanContext } from './plan-context.ts';
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

export const reportingCommands = ['plan', 'check', 'validate', 'status'] as const;
export type ReportingCommand = (typeof reportingCommands)[number];

export interface Reported {
  readonly command: ReportingCommand;
  readonly tool: Tool;
  /** Which desired state, in a word: `etcd`, or `etcd@controller-0`. Reports of the same name replace each other. */
  readonly name: string;
  readonly evaluatedAt: Instant;
  readonly exitCode: number;
  /** Whether the command could do its work, whatever it found. */
  readonly completed: boolean;
  readonly problems: readonly ReportedProblem[];
  /** Everything that was judged, in order or not. */
  readonly resources: readonly { readonly address: string; readonly place?: Place | undefined }[];
  /** What was read, by the names that places carry; the first is where a problem without a place is pinned to. */
  readonly texts: ReadonlyMap<string, string>;
  /** Where the files can be looked at as they were read, ended by a slash: `https://github.com/o/r/blob/SHA/`. */
  readonly web?: string | undefined;
  /** Of the commands that make one: not of `validate`, and not where the text is broken. */
  readonly plan?: ReportedPlan | undefined;
  /** What stands, for the commands that look at it. */
  readonly conditions?: ShownConditions | undefined;
}

export interface ReportedPlan extends Pick<PlanContext, 'desired' | 'observed' | 'options' | 'flags' | 'requests' | 'inventory'> {
  readonly plan: Plan;
}
