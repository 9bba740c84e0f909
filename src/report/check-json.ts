/** `check --json`: the verdict for programs, finding by finding, none left out. */
import type { Condition } from '../domain/condition.ts';
import { formatInstant, type Instant } from '../domain/time.ts';
import { instantJson } from './change-json.ts';
import type { CheckLine } from './check-lines.ts';
import type { ShownConditions } from './condition-words.ts';
import { placeJson } from './diagnostic-json.ts';
import { grouped } from './grouped.ts';
import { type InventoryWords, inventoryWordsJson } from './inventory-words.ts';
import type { Tool } from './plan-json.ts';

export const checkFormatVersion = '1.2';

export interface CheckJsonContext {
  readonly tool: Tool;
  readonly evaluatedAt: Instant;
  /** How many resources were judged, in order or not. */
  readonly total: number;
  /** How many `--target` and `--exclude` left out. */
  readonly leftOut: number;
  /** The inventory that stood for the host. */
  readonly inventory?: InventoryWords | undefined;
  /** What stands, and which of it is on record. */
  readonly standing: ShownConditions;
}

export function checkJson(lines: readonly CheckLine[], { tool, evaluatedAt, total, leftOut, inventory, standing }: CheckJsonContext) {
  // Once for all findings: of ten thousand resources each may have both.
  const onRecord = grouped(standing.conditions.filter(standing.isKept), ({ address }) => address);
  return {
    format: 'certstate.check' as const,
    format_version: checkFormatVersion,
    tool,
    evaluated_at: formatInstant(evaluatedAt),
    inventory: inventoryWordsJson(inventory),
    total,
    left_out: leftOut,
    ok: !lines.some(({ fails }) => fails),
    findings: lines.map((line) => findingJson(line, conditionOf(line, onRecord.get(line.address)))),
  };
}

/** The condition on record that a finding is a part of, or shows although this look could not see it. */
const conditionOf = ({ code }: CheckLine, ofAddress: readonly Condition[] = []): Condition | undefined =>
  ofAddress.find(({ type, codes }) => type === code || codes.includes(code));

const findingJson = (
  { address, code, severity, failClass, fails, accepted, sentence, hint, file, place }: CheckLine,
  condition: Condition | undefined,
) => ({
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
  condition: condition?.type ?? null,
  since: instantJson(condition?.since),
});
