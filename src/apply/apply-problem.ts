import type { Code } from '../domain/codes.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';

/** Ends the preparation of one resource; `applyPlan` turns it into that resource's outcome. Never holds content of a file. */
export class ApplyProblem extends Error {
  readonly diagnostic: Diagnostic;
  constructor(code: Code, message: string, hint: string, notes: readonly string[] = []) {
    super(message);
    this.diagnostic = { code, severity: 'error', message, hint, notes };
  }
}

/** The run was told to stop before this resource was published. */
export class Interrupted extends Error {}

export const nothingWritten = 'nothing was written; the old files, if any, are untouched';

export const issueFailed = (message: string, hint: string): ApplyProblem =>
  new ApplyProblem('issue-failed', message, hint, [nothingWritten]);
export const changedSincePlan = (message: string): ApplyProblem =>
  new ApplyProblem('changed-since-plan', message, 'plan again and look at what differs now', [nothingWritten]);
export const selfCheckFailed = (message: string): ApplyProblem =>
  new ApplyProblem('self-check-failed', message, 'this is a fault of certstate or of the desired state: please report it with the plan', [
    nothingWritten,
  ]);
