/** A plan in a few lines, change by change: with only the id of another one to go by, nobody can say which of its changes is new. */
import { type Change, isChange, type Plan } from '../domain/plan.ts';
import { formatPlace } from './difference-sentences.ts';
import { countText, shortPlanId } from './plan-summary.ts';
import { someOf } from './some-of.ts';

const listedAtMost = 10;

/** The lines below a refusal: which plan it is now, what it does to what and why, and how many more there are. */
export function plannedNow(plan: Plan): readonly string[] {
  const lines = [
    ...plan.changes.filter(isChange).map(changeLine),
    ...plan.reloads.map(({ service, because }) => `reload service/${service} (${because})`),
  ];
  if (lines.length === 0) return ['note: now there is nothing to do'];
  const rest = lines.length - listedAtMost;
  return [
    `note: now it is plan ${shortPlanId(plan)}: ${countText(plan)}`,
    ...lines.slice(0, listedAtMost).map((line) => `planned: ${line}`),
    ...(rest > 0 ? [`note: and ${rest} more`] : []),
  ];
}

/** `reissue cert/web (dns-names pki.yaml:12)`. */
function changeLine({ action, address, differences }: Change): string {
  const why = differences.map(({ code, place, file }) =>
    [code, file ?? (place ? formatPlace(place) : '')].filter((word) => word !== '').join(' '),
  );
  return `${action} ${address}${why.length === 0 ? '' : ` (${someOf([...new Set(why)])})`}`;
}
