/** reviewdog's DiagnosticResult. */

import type { Place } from '../../domain/diagnostic.ts';
import { jsonText } from '../json-text.ts';
import type { Reported, ReportedProblem } from '../reported.ts';
import { placeOf, plain, sentenceOf } from './problem-words.ts';

// biome-ignore format: table
const severities = { error: 'ERROR', warning: 'WARNING', notice: 'INFO' } as const satisfies Record<ReportedProblem['level'], string>;

/** The problems as diagnostics at lines of the YAML. What is accepted is left out: every diagnostic becomes a comment. */
export function rdjsonReport(reported: Reported): string {
  const problems = reported.problems.filter(({ accepted }) => accepted === undefined);
  const lines = new Map([...reported.texts].map(([file, text]) => [file, text.split(/\r\n|\n|\r/)]));
  const result = {
    source: { name: 'certstate' },
    diagnostics: problems.map((problem) => {
      const place = placeOf(problem, reported);
      return {
        message: problem.hint === undefined ? sentenceOf(problem) : `${sentenceOf(problem)}\n${plain(problem.hint)}`,
        location: place ? { path: place.file, range: rangeOf(place, lines.get(place.file)) } : { path: 'desired-state' },
        severity: severities[problem.level],
        code: { value: problem.code },
      };
    }),
  };
  return jsonText(result);
}

/** Columns count octets of UTF-8 from 1, the end is exclusive (reviewdog.proto); ours count UTF-16 units. */
function rangeOf(place: Place, lines: readonly string[] | undefined) {
  const position = (line: number, column: number) => ({
    line,
    column:
      1 + Buffer.byteLength((lines?.[line - 1] ?? '').slice(0, column - 1)) + Math.max(0, column - 1 - (lines?.[line - 1] ?? '').length),
  });
  return { start: position(place.line, place.column), end: position(place.endLine, place.endColumn) };
}
