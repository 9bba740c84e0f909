/** What `--report` and `--json` ask for: which formats, and where each goes. */
import { posix } from 'node:path';
import { nearest } from '../domain/names.ts';
import { type FormatName, formatNames, formatRow, formatsOf, isFormatName } from '../report/formats/format-table.ts';
import { type ReportingCommand, reportingCommands } from '../report/reported.ts';
import type { Options, WantedReport } from './run.ts';
import { UsageError } from './usage-error.ts';

export const isReporting = (command: string): command is ReportingCommand => (reportingCommands as readonly string[]).includes(command);

/** In the order given, `--json` among them; throws a `UsageError` for what is unknown, does not fit the command, or meets in one place. */
export function wantedReports(
  command: string,
  { report = [], json, out }: Pick<Options, 'report' | 'json' | 'out'>,
  workingFolder: string,
): readonly WantedReport[] {
  if (!isReporting(command)) return json ? [{ format: 'json', file: undefined }] : [];
  const wanted = [...(json ? ['json'] : []), ...report].map((word) => wantedReport(word, command));
  const distinct = wanted.filter(
    ({ format, file }, index) => wanted.findIndex((other) => other.format === format && other.file === file) === index,
  );
  const toStdout = distinct.filter(({ file }) => file === undefined);
  if (toStdout.length > 1)
    throw new UsageError(
      `only one report can go to stdout, not ${toStdout.map(({ format }) => format).join(' and ')}`,
      `give the others a file, for example ${exampleOf(toStdout[1]?.format as FormatName)}`,
    );
  const files = distinct.flatMap(({ file }) => file ?? []);
  const pathOf = (file: string): string => posix.resolve(workingFolder, file);
  const twice = files.find((file, index) => files.findIndex((other) => pathOf(other) === pathOf(file)) !== index);
  if (twice !== undefined) throw new UsageError(`two reports cannot be one file: ${twice}`, 'give each a file of its own');
  if (out !== undefined && out !== '-' && files.some((file) => pathOf(file) === pathOf(out)))
    throw new UsageError(`the plan and a report cannot be one file: ${out}`, 'give each a file of its own');
  return distinct;
}

/** What is printed on stdout: text, unless another format is to go there. */
export const stdoutFormat = (wanted: readonly WantedReport[]): FormatName =>
  wanted.find(({ file }) => file === undefined)?.format ?? 'text';

const exampleOf = (format: FormatName): string => `--report ${format}=certstate.${formatRow(format).extension}`;

function wantedReport(word: string, command: ReportingCommand): WantedReport {
  const [, name = word, file] = /^([^=]*)=(.*)$/s.exec(word) ?? [];
  const possible = formatsOf(command);
  if (!isFormatName(name)) {
    const meant = nearest(name, formatNames);
    throw new UsageError(
      `there is no report format "${name}"`,
      meant ? `did you mean ${meant}?` : `certstate ${command} knows ${possible.join(', ')}`,
    );
  }
  if (!possible.includes(name))
    throw new UsageError(
      `certstate ${command} has no report "${name}": that is for ${formatRow(name).commands.join(', ')}`,
      `certstate ${command} knows ${possible.join(', ')}`,
    );
  if (file === '') throw new UsageError(`--report ${word} names no file`, `for example ${exampleOf(name)}, or --report ${name} for stdout`);
  return { format: name, file: file === '-' ? undefined : file };
}
