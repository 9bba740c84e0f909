/** Workflow commands of GitHub Actions: annotations at lines of the YAML. */
import { explanations } from '../explanations.ts';
import type { Reported, ReportedProblem } from '../reported.ts';
import { placeOf, plain, sentenceOf, worstFirst } from './problem-words.ts';

/** GitHub drops what is beyond ten of a kind in a step (actions/toolkit #734); the tenth notice is ours, to say that there is more. */
const mostOfAKind = 9;

// biome-ignore format: table
const commands = { error: 'error', warning: 'warning', notice: 'notice' } as const satisfies Record<ReportedProblem['level'], string>;

/** One line per annotation, at most nine of each kind, the worst first; then how many are left. Empty where there is nothing to say. */
export function githubReport(reported: Reported): string {
  const sorted = worstFirst(reported.problems);
  const shown = new Map<string, number>();
  const lines = sorted.flatMap((problem) => {
    const command = kindOf(problem);
    const count = (shown.get(command) ?? 0) + 1;
    shown.set(command, count);
    return count > mostOfAKind ? [] : [annotation(command, problem, reported)];
  });
  const rest = sorted.length - lines.length;
  const more = `${rest} more finding${rest === 1 ? '' : 's'} not shown here, see the log or the summary of the job`;
  return [...lines, ...(rest > 0 ? [workflowCommand('notice', { title: 'certstate' }, more)] : [])].map((line) => `${line}\n`).join('');
}

const kindOf = ({ level, accepted }: ReportedProblem): string => (accepted ? commands.notice : commands[level]);

function annotation(command: string, problem: ReportedProblem, reported: Reported): string {
  const { code, hint, accepted } = problem;
  const place = placeOf(problem, reported);
  const properties = {
    // Without a line the annotation is missing from "Files changed" (conftest #1173).
    ...(place && {
      file: place.file,
      line: String(place.line),
      endLine: String(place.endLine),
      // GitHub takes columns of a single line only.
      ...(place.line === place.endLine &&
        place.endColumn > place.column && { col: String(place.column), endColumn: String(place.endColumn) }),
    }),
    title: `${code} ${explanations[code].title}`,
  };
  const acceptance = accepted ? `accepted until ${accepted.until}: ${accepted.reason}` : undefined;
  const lines = [sentenceOf(problem), ...[acceptance, hint].flatMap((text) => (text === undefined ? [] : [plain(text)]))];
  return workflowCommand(command, properties, lines.join('\n'));
}

function workflowCommand(command: string, properties: Readonly<Record<string, string>>, message: string): string {
  const given = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  return `::${command} ${given.join(',')}::${escapeData(message)}`;
}

const escapeData = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
