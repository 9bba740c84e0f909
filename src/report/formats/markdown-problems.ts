/** Lists of problems as Markdown, shared by the plan and the verdict. */
import type { ReportedProblem } from '../reported.ts';
import { fold, type Piece } from './markdown-pieces.ts';
import { codeSpan, escaped, shortened } from './markdown-text.ts';
import { sentenceOf } from './problem-words.ts';

/** Long enough for a sentence, short enough that one problem does not fill the page. */
export const longestCell = 400;

export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** Each hint once, with the codes that have it. */
export function hintLines(problems: readonly ReportedProblem[]): readonly string[] {
  const byHint = new Map<string, Set<string>>();
  for (const { hint, code } of problems) {
    if (hint !== undefined) byHint.set(hint, (byHint.get(hint) ?? new Set()).add(code));
  }
  return [...byHint].map(([hint, codes]) => `- ${[...codes].map(codeSpan).join(', ')}: ${escaped(shortened(hint, longestCell))}`);
}

/** What is known and tolerated, with its reason. */
export const acceptedFold = (problems: readonly ReportedProblem[]): Piece => {
  const accepted = problems.flatMap((problem) => (problem.accepted ? [{ problem, accepted: problem.accepted }] : []));
  return fold(
    `${accepted.length} accepted`,
    accepted.map(
      ({ problem, accepted: { reason, until } }) =>
        `- ${codeSpan(problem.code)} ${escaped(shortened(sentenceOf(problem), longestCell))}; accepted until ${escaped(until)}: ${escaped(shortened(reason, longestCell))}`,
    ),
  );
};
