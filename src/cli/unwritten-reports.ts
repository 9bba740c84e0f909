import type { Diagnostic } from '../domain/diagnostic.ts';
import { diagnosticText } from '../report/diagnostic-text.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Run } from './run.ts';

/** The command did its work, and its exit code is not lost with its report: it is said. Always on stderr, since stdout has its document already. */
export function sayUnwritten({ terminal }: Pick<Run, 'terminal'>, problems: readonly Diagnostic[], exit: ExitCode): ExitCode {
  const diagnostics = problems.map((problem) => ({
    ...problem,
    notes: [...(problem.notes ?? []), `note: otherwise the exit code would be ${exit}`],
  }));
  terminal.err(diagnosticText(diagnostics, { style: terminal.errStyle, texts: new Map() }));
  return exitCodes.error;
}
