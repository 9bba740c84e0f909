/** What a step of GitHub Actions tells those after it, in the file that the runner names. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import { isChange, type Plan } from '../domain/plan.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { appendReport } from './report-file.ts';
import type { Run } from './run.ts';
import { sayUnwritten } from './unwritten-reports.ts';

interface Step extends Pick<Run, 'environment'> {
  readonly outside: Pick<Run['outside'], 'writer'>;
}

/** Of each exit code its name; empty where nothing failed. */
function reasonOf(exit: ExitCode): string {
  const [name] = Object.entries(exitCodes).find(([, code]) => code === exit) ?? [''];
  return name === 'ok' ? '' : name;
}

/** `changes`, and `plan-id` whole: a program reads it, and two plans that begin with the same twelve digits can be found by whoever looks for them. */
export const tellPlan = (step: Step, plan: Plan): Diagnostic | undefined =>
  tell(step, {
    changes: String(plan.reloads.length > 0 || plan.changes.some((change) => isChange(change) || change.blocked !== null)),
    'plan-id': plan.id,
  });

/** `exit-code` and `failure-reason`, of every command. Comes back with the exit code, 1 where they could not be written. */
export function tellExit(run: Step & Pick<Run, 'terminal'>, exit: ExitCode): ExitCode {
  const problem = tell(run, { 'exit-code': String(exit), 'failure-reason': reasonOf(exit) });
  return problem ? sayUnwritten(run, [problem], exit) : exit;
}

/** Names and values are ours, on one line each: nothing of others can add a line. */
function tell({ environment, outside }: Step, outputs: Readonly<Record<string, string>>): Diagnostic | undefined {
  const path = environment['GITHUB_OUTPUT'];
  if (!path?.startsWith('/')) return undefined;
  const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value}\n`);
  return appendReport(outside.writer, path, lines.join(''));
}
