/** `check --json`: the verdict for programs, finding by finding. */
import { formatInstant, type Instant } from '../domain/time.ts';
import type { CheckLine } from './check-text.ts';
import { placeJson } from './diagnostic-json.ts';
import type { Tool } from './plan-json.ts';

export const checkFormatVersion = '1.0';

/** `total` counts the resources that were judged, in order or not. */
export const checkJson = (
  lines: readonly CheckLine[],
  context: { readonly tool: Tool; readonly evaluatedAt: Instant; readonly total: number },
) => ({
  format: 'certstate.check' as const,
  format_version: checkFormatVersion,
  tool: context.tool,
  evaluated_at: formatInstant(context.evaluatedAt),
  total: context.total,
  ok: !lines.some(({ fails }) => fails),
  findings: lines.map(({ change, code, failClass, fails, sentence }) => ({
    address: change.address,
    code,
    class: failClass,
    fails,
    message: sentence,
    where: placeJson(change.place),
  })),
});
