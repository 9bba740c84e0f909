/** Markdown for a comment on a pull request and for a step summary: the same text for both. */

import { formatMinute } from '../relative-time.ts';
import type { Reported, ReportedProblem } from '../reported.ts';
import { fold, headed, placeLink, table, within } from './markdown-pieces.ts';
import { planMarkdown } from './markdown-plan.ts';
import { acceptedFold, counted, hintLines, longestCell } from './markdown-problems.ts';
import { codeCell, codeSpan, escaped, shortened } from './markdown-text.ts';
import { placeOf, worstFirst } from './problem-words.ts';

/** Never longer than a comment may be; begins with a hidden mark by which the next one replaces it. */
export function markdownReport(reported: Reported): string {
  if (reported.plan && reported.command === 'plan' && reported.completed) return planMarkdown(reported, reported.plan);
  const problems = worstFirst(reported.problems.filter(({ accepted }) => accepted === undefined));
  return within([
    headed(reported, headingOf(reported, problems)),
    table(
      ['', 'Resource', 'What', 'Code', 'Where'],
      problems.map((problem) => problemRow(problem, reported)),
    ),
    fold('What to do', hintLines(problems)),
    acceptedFold(reported.problems),
    footer(reported),
  ]);
}

function headingOf({ command, completed, exitCode, resources }: Reported, problems: readonly ReportedProblem[]): string {
  const failing = problems.filter(({ fails }) => fails).length;
  if (exitCode === 65)
    return `${counted(failing, 'problem')} in the text of the desired state${command === 'validate' ? '' : '; nothing else was looked at'}`;
  if (!completed) return 'could not finish, so this is no verdict';
  if (problems.length === 0) return `all good, ${counted(resources.length, 'resource')}`;
  return `${counted(problems.length, 'finding')} in ${counted(resources.length, 'resource')}, ${failing === 0 ? 'none of which fails' : `${failing} of which ${failing === 1 ? 'fails' : 'fail'}`}`;
}

function problemRow(problem: ReportedProblem, reported: Reported): readonly string[] {
  const { failClass, level, fails, address, code } = problem;
  const kind = reported.command === 'validate' || failClass === 'error' ? level : failClass;
  const place = placeOf(problem, reported);
  return [
    fails ? `**${kind}**` : kind,
    address === undefined ? '' : codeCell(address),
    escaped(shortened(besideAddress(problem), longestCell)),
    codeCell(code),
    place ? placeLink(place, reported) : '',
  ];
}

/** The sentence without the address that stands beside it. */
const besideAddress = ({ message, address }: ReportedProblem): string =>
  address !== undefined && message.startsWith(`${address}: `) ? message.slice(address.length + 2) : message;

const footer = ({ evaluatedAt }: Reported): readonly string[] => [
  `Evaluated ${formatMinute(evaluatedAt)}. ${codeSpan('certstate explain CODE')} says more.`,
];
