/** What a step of GitHub Actions tells those after it. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import { isChange, type Plan } from '../domain/plan.ts';
import { shortPlanId } from '../report/plan-summary.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { appendReport } from './report-file.ts';
import type { Run } from './run.ts';

/** Of each exit code its name; empty where nothing failed. */
const reasonOf = (exit: ExitCode): string => {
  const [name] = Object.entries(exitCodes).find(([, code]) => code === exit) ?? [''];
  return name === 'ok' ? '' : name;
};

/** Adds `exit-code`, `failure-reason` and, where there is a plan, `changes` and `plan-id` to `$GITHUB_OUTPUT`, if the runner has set it. */
export function writeStepOutputs({ environment, outside }: Run, exit: ExitCode, plan: Plan | undefined): Diagnostic | undefined {
  const path = environment['GITHUB_OUTPUT'];
  if (!path?.startsWith('/')) return undefined;
  const outputs = {
    ...(plan && {
      changes: String(plan.changes.some((change) => isChange(change) || change.blocked !== null)),
      'plan-id': shortPlanId(plan),
    }),
    'exit-code': String(exit),
    'failure-reason': reasonOf(exit),
  };
  const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value}\n`);
  return appendReport(outside.writer, path, lines.join(''));
}
