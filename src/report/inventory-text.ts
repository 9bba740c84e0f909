/** What a plan says of itself that was made from an inventory: of which host and when, and how it is carried out there. */
import { asksBesides, isAgreedTo, isChange, type Plan } from '../domain/plan.ts';
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
  readonly options: Parameters<typeof asksBesides>[0];
}

/** Stands below the plan: how to carry it out, said always, since whoever reviews it is not on the host. Empty where there is nothing to be done. */
export function inventoryHints(plan: Plan, { host, flags, options }: InventoryHintWords, style: Style): string {
  const pending = plan.changes.filter(isChange);
  if (pending.every(({ blocked }) => blocked !== null && blocked.confirm === null)) return '';
  const command = (...words: readonly string[]) => withFlags(shellWords(['certstate', 'apply', ...words]), flags);
  const consents = pending.flatMap(({ consent }) => (consent === null ? [] : ['--confirm', consent]));
  const [words, meaning] = wayOf(plan, options);
  return renderLines([[], [toned('dim', `  ${command(...words, ...consents)}`)], [toned('dim', `      on ${host}: ${meaning}`)]], style);
}

/** The id speaks neither for what was asked for by flags (a saved plan does), nor for what only the calendar asks for: that is done besides. */
function wayOf(plan: Plan, options: InventoryHintWords['options']): readonly [words: readonly string[], meaning: string] {
  const pending = plan.changes.filter(isChange);
  const expect = ['--expect', shortPlanId(plan)];
  if (asksBesides(options)) return [['FILE'], 'does exactly this, where FILE is what plan -o FILE saves'];
  if (pending.every(isAgreedTo)) return [expect, 'does exactly this, or nothing'];
  return pending.some(isAgreedTo) ? [expect, 'does this, or nothing; renewals are left to a timer'] : [[], 'renews what is due by then'];
}
