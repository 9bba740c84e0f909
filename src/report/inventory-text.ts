/** What a plan says of itself that was made from an inventory: of which host and when, and how it is carried out there. */
import { isAgreedTo, isChange, type Plan } from '../domain/plan.ts';
import { formatInstant } from '../domain/time.ts';
import type { InventoryWords } from './inventory-words.ts';
import { withFlags } from './plan-context.ts';
import { shortPlanId } from './plan-summary.ts';
import { shellWords } from './shell-words.ts';
import { renderLines, type Style, toned } from './style.ts';

/** `From an inventory of controller-0, taken 2026-11-23T16:30:00Z.` */
export const inventoryHead = ({ host, takenAt }: InventoryWords): string =>
  `From an inventory of ${host}, taken ${formatInstant(takenAt)}.`;

export interface InventoryHintWords {
  readonly host: string;
  readonly flags?: readonly string[] | undefined;
  readonly requests?: readonly string[] | undefined;
}

/** Stands below the plan: how to carry it out, said always, since whoever reviews it is not on the host. Empty where there is nothing to be done. */
export function inventoryHints(plan: Plan, { host, flags, requests = [] }: InventoryHintWords, style: Style): string {
  const pending = plan.changes.filter(isChange);
  if (pending.length === 0) return '';
  const given = requests.filter((word, index) => word !== '--confirm' && requests[index - 1] !== '--confirm');
  const consents = pending.flatMap(({ consent }) => (consent === null ? [] : ['--confirm', consent]));
  const expect = pending.some(isAgreedTo) ? ['--expect', shortPlanId(plan)] : [];
  const command = withFlags(shellWords(['certstate', 'apply', ...expect, ...given, ...consents]), flags);
  const meaning = expect.length > 0 ? `on ${host}: does exactly this, or nothing` : `on ${host}: what is due there by then`;
  return renderLines([[], [toned('dim', `  ${command}`)], [toned('dim', `      ${meaning}`)]], style);
}
