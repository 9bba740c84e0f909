/** `validate --json`, and what any command prints with `--json` when it cannot begin. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import { diagnosticJson } from './diagnostic-json.ts';
import type { Tool } from './plan-json.ts';

export const reportFormatVersion = '1.0';

/** `files` are those that were read, as named; `resources` is null where the text was too wrong to count them. */
export function diagnosticsJson(
  diagnostics: readonly Diagnostic[],
  context: { readonly tool: Tool; readonly files: readonly string[]; readonly resources: number | null },
) {
  const count = (severity: Diagnostic['severity']) => diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  return {
    format: 'certstate.report' as const,
    format_version: reportFormatVersion,
    tool: context.tool,
    ok: count('error') === 0,
    files: context.files,
    resources: context.resources,
    summary: { errors: count('error'), warnings: count('warning'), notices: count('notice') },
    diagnostics: diagnostics.map(diagnosticJson),
  };
}
