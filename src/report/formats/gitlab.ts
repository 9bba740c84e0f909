/** GitLab's code quality report: `artifacts:reports:codequality`. */

import { createHash } from 'node:crypto';
import type { FailClass } from '../../domain/codes/code-row.ts';
import { jsonText } from '../json-text.ts';
import type { Reported, ReportedProblem } from '../reported.ts';
import { fingerprints, placeOf, sentenceOf } from './problem-words.ts';

// biome-ignore format: table
const byClass: Readonly<Record<FailClass, (problem: ReportedProblem) => string>> = {
  expired:  () => 'blocker',
  insecure: () => 'critical',
  drift:    () => 'critical',
  error:    ({ level }) => level === 'error' ? 'critical' : 'minor',
  overdue:  () => 'critical',
  due:      () => 'major',
  orphan:   ({ level }) => level === 'notice' ? 'info' : 'minor',
  warning:  ({ level }) => level === 'notice' ? 'info' : 'minor',
};

/** An array of issues, each with a fingerprint of its own. What is accepted is left out: the format has no word for it, and would call it new. */
export function gitlabReport(reported: Reported): string {
  const problems = reported.problems.filter(({ accepted }) => accepted === undefined);
  const names = fingerprints(problems);
  const issues = problems.map((problem, index) => {
    const place = placeOf(problem, reported);
    return {
      description: sentenceOf(problem),
      check_name: problem.code,
      fingerprint: createHash('sha256')
        .update(names[index] as string)
        .digest('hex'),
      severity: byClass[problem.failClass](problem),
      location: { path: place?.file ?? 'desired-state', lines: { begin: place?.line ?? 1 } },
    };
  });
  return jsonText(issues);
}
