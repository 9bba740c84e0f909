/** The end of a command that looks: prints its result in the form that was asked for, and writes every other form into its file. */

import { posix } from 'node:path';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Plan } from '../domain/plan.ts';
import type { Instant } from '../domain/time.ts';
import { diagnosticProblems } from '../report/diagnostic-problems.ts';
import { diagnosticText } from '../report/diagnostic-text.ts';
import { type FormatName, formatRow } from '../report/formats/format-table.ts';
import { jsonLine, jsonText } from '../report/json-text.ts';
import type { Reported, ReportedProblem } from '../report/reported.ts';
import { plainStyle, type Style } from '../report/style.ts';
import { diagnosticsJson } from '../report/validate-json.ts';
import { commandNames, commandRow } from './command-table.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { appendReport, writeReport } from './report-file.ts';
import { reportRefused } from './report-place.ts';
import { reportName, repositoryPath, repositoryPlace, webFolder } from './repository.ts';
import type { Run } from './run.ts';
import { tellPlan } from './step-outputs.ts';
import { tool } from './tool.ts';
import { sayUnwritten } from './unwritten-reports.ts';
import { isReporting, stdoutFormat } from './wanted-reports.ts';

/** What a command has found, and how it says so itself. */
export interface Result {
  readonly exit: ExitCode;
  /** Whether it could do its work; so unless it says otherwise. */
  readonly completed?: boolean;
  readonly evaluatedAt: Instant;
  /** The files and folders of the desired state, as named. */
  readonly from: readonly string[];
  readonly text: (style: Style) => string;
  readonly json: () => object;
  /** For every other format; asked for only where one is wanted. */
  readonly found: () => Pick<Reported, 'problems' | 'resources' | 'texts' | 'plan' | 'conditions'>;
  readonly plan?: Plan | undefined;
  /** Where its text goes: what was found to stdout, why nothing could be found to stderr. */
  readonly stream?: 'out' | 'err';
}

/** Resolves with the exit code: that of the result, or 1 where a report could not be written. */
export async function report(run: Run, result: Result): Promise<ExitCode> {
  const { terminal, reports } = run;
  const onStdout = stdoutFormat(reports);
  if (result.stream === 'err' && onStdout !== 'json') terminal.err(result.text(terminal.errStyle));
  if (result.stream !== 'err' || onStdout !== 'text') terminal.out(await rendered(run, onStdout, result, terminal.outStyle));
  if (annotatesUnasked(run)) terminal.out(await rendered(run, 'github', result, plainStyle));
  const problems = [...(await writeReports(run, result)), ...present(result.plan && tellPlan(run, result.plan))];
  return problems.length === 0 ? result.exit : sayUnwritten(run, problems, result.exit);
}

async function writeReports(run: Run, result: Result): Promise<readonly Diagnostic[]> {
  const { reports, environment, outside } = run;
  const problems: Diagnostic[] = [];
  const from = result.from.map((named) => posix.resolve(run.workingFolder, named));
  for (const { format, file } of reports) {
    if (file === undefined) continue;
    const path = posix.resolve(run.workingFolder, file);
    const text = await rendered(run, format, result, plainStyle);
    // What the runner collects from several steps is added to; any other file is replaced.
    const problem =
      path === environment['GITHUB_STEP_SUMMARY']
        ? appendReport(outside.writer, path, text)
        : (reportRefused(outside.reader, path, from) ?? writeReport(outside.writer, path, text));
    problems.push(...present(problem));
  }
  return problems;
}

/** A command that broke off: its reports say so, rather than that yesterday's stay in their places. What is said on the terminal is others' to say. */
export async function reportFailure(run: Run, error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  const diagnostic: Diagnostic = {
    code: 'internal-error',
    severity: 'error',
    message,
    hint: 'run it again with --debug, and please report it',
  };
  await writeReports(run, {
    exit: exitCodes.error,
    completed: false,
    evaluatedAt: run.outside.clock.now(),
    from: run.options.file ?? [],
    text: (style) => diagnosticText([diagnostic], { style, texts: new Map() }),
    json: () => diagnosticsJson([diagnostic], { tool, files: [], resources: null }),
    found: () => ({ problems: diagnosticProblems([diagnostic]), resources: [], texts: new Map() }),
  });
}

const present = (diagnostic: Diagnostic | undefined): readonly Diagnostic[] => (diagnostic ? [diagnostic] : []);

/** In GitHub Actions a verdict annotates the files by itself, where its text is read by people; any word about `text` or `github` decides otherwise. */
function annotatesUnasked({ command, reports, environment }: Run): boolean {
  return (
    (command === 'check' || command === 'validate') &&
    environment['GITHUB_ACTIONS'] === 'true' &&
    stdoutFormat(reports) === 'text' &&
    !reports.some(({ format }) => format === 'text' || format === 'github')
  );
}

async function rendered(run: Run, format: FormatName, result: Result, style: Style): Promise<string> {
  if (format === 'text') return result.text(style);
  if (format === 'json') return (streamsEvents(run) ? jsonLine : jsonText)(result.json());
  const render = await formatRow(format).load?.();
  return render?.(reportedOf(run, result)) ?? '';
}

/** Whoever reads events reads line by line: what takes the place of the stream is one line too. */
const streamsEvents = ({ command, options }: Run): boolean =>
  command === 'watch' ||
  (commandNames.some((name) => name === command && commandRow(name).writes === 'files') && !options.dryRun && !options.list);

/** The result for every format: with the paths that reviewers know. */
function reportedOf(run: Run, result: Result): Reported {
  const { command } = run;
  if (!isReporting(command)) throw new RangeError(`${command} makes no reports`);
  const placed = <Placed extends Pick<ReportedProblem, 'place'>>(of: Placed): Placed =>
    of.place ? { ...of, place: repositoryPlace(run, of.place) } : of;
  const { problems, resources, texts, plan, conditions } = result.found();
  return {
    command,
    tool,
    name: reportName(result.from, run),
    evaluatedAt: result.evaluatedAt,
    exitCode: result.exit,
    completed: result.completed ?? true,
    problems: problems.map(placed),
    resources: resources.map(placed),
    texts: new Map([...texts].map(([file, text]) => [repositoryPath(run, file), text])),
    web: webFolder(run),
    plan,
    conditions,
  };
}
