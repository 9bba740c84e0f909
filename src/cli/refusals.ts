/** How a command ends when the text of the desired state is wrong, and how warnings are said. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import { diagnosticProblems } from '../report/diagnostic-problems.ts';
import { diagnosticText } from '../report/diagnostic-text.ts';
import { diagnosticsJson } from '../report/validate-json.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { report } from './reports.ts';
import type { Run } from './run.ts';
import { nowOf, scopeOf } from './scope.ts';
import { tool } from './tool.ts';

type Texts = ReadonlyMap<string, string>;

/** All problems with their frames on stderr, or one JSON object on stdout, and in every report that was asked for; exit code 65. */
export function refuse(run: Run, diagnostics: readonly Diagnostic[], texts: Texts, consequence: string): Promise<ExitCode> {
  return report(run, {
    exit: exitCodes.config,
    // Judging the text was all there was to do, or else nothing was done.
    completed: run.command === 'validate',
    evaluatedAt: nowOf(run),
    from: scopeOf(run, run.command === 'validate' && run.arguments.length > 0 ? run.arguments : run.options.file).paths,
    text: (style) => diagnosticText(diagnostics, { style, texts, consequence }),
    stream: 'err',
    json: () => diagnosticsJson(diagnostics, { tool, files: [...texts.keys()], resources: null }),
    found: () => ({ problems: diagnosticProblems(diagnostics), resources: [], texts }),
  });
}

/** Warnings go to stderr, before the result; in JSON they are part of it. */
export function warn({ terminal, options }: Run, diagnostics: readonly Diagnostic[], texts: Texts): void {
  if (!options.json && diagnostics.length > 0) terminal.err(`${diagnosticText(diagnostics, { style: terminal.errStyle, texts })}\n`);
}
