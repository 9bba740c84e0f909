/** How a command ends when the text of the desired state is wrong, and how warnings are said. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import { diagnosticText } from '../report/diagnostic-text.ts';
import { diagnosticsJson } from '../report/validate-json.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Run } from './run.ts';
import { tool } from './tool.ts';

type Texts = ReadonlyMap<string, string>;

/** All problems with their frames on stderr, or one JSON object on stdout; exit code 65. */
export function refuse({ terminal, options }: Run, diagnostics: readonly Diagnostic[], texts: Texts, consequence: string): ExitCode {
  if (options.json)
    terminal.out(`${JSON.stringify(diagnosticsJson(diagnostics, { tool, files: [...texts.keys()], resources: null }), null, 2)}\n`);
  else terminal.err(diagnosticText(diagnostics, { style: terminal.errStyle, texts, consequence }));
  return exitCodes.config;
}

/** Warnings go to stderr, before the result; in JSON they are part of it. */
export function warn({ terminal, options }: Run, diagnostics: readonly Diagnostic[], texts: Texts): void {
  if (!options.json && diagnostics.length > 0) terminal.err(`${diagnosticText(diagnostics, { style: terminal.errStyle, texts })}\n`);
}
