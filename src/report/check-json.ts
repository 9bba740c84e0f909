/** `check --json`: the verdict for programs, finding by finding, none left out. */
import { formatInstant, type Instant } from '../domain/time.ts';
import type { CheckLine } from './check-lines.ts';
import { placeJson } from './diagnostic-json.ts';
import { type InventoryWords, inventoryWordsJson } from './inventory-words.ts';
import type { Tool } from './plan-json.ts';

export const checkFormatVersion = '1.1';

export interface CheckJsonContext {
  readonly tool: Tool;
  readonly evaluatedAt: Instant;
  /** How many resources were judged, in order or not. */
  readonly total: number;
  /** How many `--target` and `--exclude` left out. */
  readonly leftOut: number;
  /** The inventory that stood for the host. */
  readonly inventory?: InventoryWords | undefined;
}

export const checkJson = (lines: readonly CheckLine[], { tool, evaluatedAt, total, leftOut, inventory }: CheckJsonContext) => ({
  format: 'certstate.check' as const,
  format_version: checkFormatVersion,
  tool,
  evaluated_at: formatInstant(evaluatedAt),
  inventory: inventoryWordsJson(inventory),
  total,
  left_out: leftOut,
  ok: !lines.some(({ fails }) => fails),
  findings: lines.map(findingJson),
});

const findingJson = ({ address, code, severity, failClass, fails, accepted, sentence, hint, file, place }: CheckLine) => ({
  address,
  code,
  severity,
  class: failClass,
  fails,
  accepted: accepted ? { reason: accepted.reason, until: formatInstant(accepted.untilInstant) } : null,
  message: sentence,
  hint,
  file: file ?? null,
  where: placeJson(place),
});
