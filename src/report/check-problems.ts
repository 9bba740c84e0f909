/** The lines of a verdict as problems: what every report format is made of. */
import type { CheckLine } from './check-lines.ts';
import type { ReportedProblem } from './reported.ts';

/** In the order of the verdict, none left out: what is accepted carries the reason, and fails nothing. */
export const reportedProblems = (lines: readonly CheckLine[]): readonly ReportedProblem[] =>
  lines.map(({ code, failClass, severity, fails, sentence, hint, address, place, file, accepted }) => ({
    code,
    failClass,
    level: severity,
    fails,
    message: sentence,
    hint,
    address: address ?? undefined,
    place,
    file,
    accepted: accepted && { reason: accepted.reason, until: accepted.until },
  }));
