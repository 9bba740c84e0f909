/** A plan as Markdown: what changes in a table, everything else about it folded away, and how to apply exactly this. */
import type { Place } from '../../domain/diagnostic.ts';
import { type Change, type Difference, isChange, isPending, isSaidById, type Plan, type PlannedReload } from '../../domain/plan.ts';
import { blockSentence, isWaiting } from '../block-sentences.ts';
import { differenceSentence } from '../difference-sentences.ts';
import { withFlags } from '../plan-context.ts';
import { countText, shortPlanId } from '../plan-summary.ts';
import { formatMinute } from '../relative-time.ts';
import { reasonsOf } from '../reload-lines.ts';
import type { Reported, ReportedPlan } from '../reported.ts';
import { shellWords } from '../shell-words.ts';
import { fold, headed, mostCharacters, type Piece, placeLink, table, within } from './markdown-pieces.ts';
import { acceptedFold, counted, hintLines, longestCell } from './markdown-problems.ts';
import { codeCell, codeSpan, escaped, fenceFor, shortened } from './markdown-text.ts';
import { diffSymbol, planDiff } from './plan-diff.ts';
import { plain, sentenceOf } from './problem-words.ts';

export function planMarkdown(reported: Reported, planned: ReportedPlan): string {
  const { plan } = planned;
  const told = plan.changes.filter((change) => isChange(change) || change.blocked !== null);
  // A plan names its places as they were read; these are those that reviewers know.
  const places = new Map(reported.resources.map(({ address, place }) => [address, place]));
  const unchanged = plan.changes.length - told.length;
  const counts = [countText(plan), ...(unchanged > 0 ? [`${unchanged} unchanged`] : [])].filter((text) => text !== '').join(', ');
  return within([
    headed(
      reported,
      `${told.length + plan.reloads.length === 0 ? `no changes, ${counted(plan.changes.length, 'resource')}` : counts} &nbsp; ${codeSpan(shortPlanId(plan))}`,
    ),
    table(
      ['', 'Resource', 'Why', 'Key', 'Trust'],
      [...told.map((change) => changeRow(change, places, reported, planned)), ...plan.reloads.map((reload) => reloadRow(reload, plan))],
    ),
    ...findingSections(reported, plan.changes),
    footerLines(reported, planned),
    detailsFold(planned, told),
    acceptedFold(reported.problems),
  ]);
}

function changeRow(
  change: Change,
  places: ReadonlyMap<string, Place | undefined>,
  reported: Reported,
  { plan }: ReportedPlan,
): readonly string[] {
  const place = places.get(change.address);
  const where = place ? ` (${placeLink(place, reported)})` : '';
  const why = change.differences.map((difference) => whyText(difference, change, plan.evaluatedAt));
  const blocked =
    change.blocked && !isWaiting(change) ? [`**blocked**: ${escaped(shortened(blockSentence(change.blocked, change), longestCell))}`] : [];
  const waits = isWaiting(change) ? [`waits for ${escaped(change.blocked?.detail || change.issuer || 'its issuer')}`] : [];
  return [
    `${codeCell(diffSymbol(change))} ${change.action === 'noop' ? '' : change.action}`.trimEnd(),
    `${codeCell(change.address)}${where}`,
    [...new Set(why), ...blocked, ...waits].join('; '),
    change.key === 'new' ? '**new**' : change.key === 'kept' ? 'kept' : '',
    isNewAnchor(change) ? '**new trust anchor**' : 'unaffected',
  ];
}

const reloadRow = (reload: PlannedReload, plan: Plan): readonly string[] => [
  `${codeCell('~')} reload`,
  codeCell(`service/${reload.service}`),
  reasonsOf(reload, plan)
    .map((reason) => escaped(shortened(reason, longestCell)))
    .join('; '),
  '',
  'unaffected',
];

const isNewAnchor = ({ replaces, effects }: Change): boolean =>
  replaces.trustAnchor || effects.some(({ code }) => code === 'new-trust-anchor');

/** As long as a name of DNS may be. */
const longestName = 253;

/** Names beyond these stand in the details. */
const mostNames = 12;

/** Of a set what comes and what goes, which is the risky half; of anything else the sentence. Markdown already. */
function whyText(difference: Difference, change: Change, now: Reported['evaluatedAt']): string {
  const { added = [], removed = [], path } = difference;
  if (added.length + removed.length === 0) return escaped(shortened(differenceSentence(difference, { change, now }), longestCell));
  const names = [
    ...removed.map((name) => `**-${escaped(shortened(name, longestName))}**`),
    ...added.map((name) => `+${escaped(shortened(name, longestName))}`),
  ];
  const more = names.length > mostNames ? [`and ${names.length - mostNames} more`] : [];
  return [escaped(path.join('.')), ...names.slice(0, mostNames), ...more].join(' ');
}

/** What was found beside the differences, which stand in the table. */
function findingSections({ problems }: Reported, changes: readonly Change[]): readonly (Piece | readonly string[])[] {
  const differences = new Set(changes.flatMap(({ address, differences }) => differences.map(({ code }) => `${code} ${address}`)));
  const found = problems.filter(({ code, address, accepted }) => accepted === undefined && !differences.has(`${code} ${address}`));
  const lines = found.map(
    (problem) => `- **${problem.level}** ${codeSpan(problem.code)}: ${escaped(shortened(sentenceOf(problem), longestCell))}`,
  );
  return lines.length === 0 ? [] : [{ before: [], lines, after: [] }, fold('What to do', hintLines(found))];
}

/** All changes in one fence that nothing in them can close; as many as fit, none of them cut in two. */
function detailsFold(planned: ReportedPlan, told: readonly Change[]): Piece {
  // No block is shorter than this.
  const possible = told.slice(0, mostCharacters / 40);
  const blocks = planDiff(planned, possible).map((lines) => `${lines.map(plain).join('\n')}\n`);
  const fence = fenceFor(blocks.join(''), 3);
  const { before, after } = fold('Details', []);
  return { before: [...before, `${fence}diff`], lines: blocks, after: [fence, ...after], total: told.length };
}

/** When, of which host, for how long, and how to apply it: by its id, where that says all of it. */
function footerLines({ evaluatedAt }: Reported, { plan, options, inventory, flags = [], requests = [] }: ReportedPlan): readonly string[] {
  const pending = plan.changes.filter(isPending);
  const from = inventory ? `, from the inventory of ${codeSpan(inventory.host)} of ${formatMinute(inventory.takenAt)}` : '';
  const until = plan.validUntil === undefined || pending.length === 0 ? '' : `, valid until ${formatMinute(plan.validUntil)}`;
  const facts = `Evaluated ${formatMinute(evaluatedAt)}${from}${until}.`;
  if (pending.length === 0) return [facts];
  const consents = pending.flatMap(({ consent }) => (consent === null ? [] : ['--confirm', consent]));
  const command = (...words: readonly string[]) => codeSpan(withFlags(shellWords(['certstate', 'apply', ...words]), flags));
  const how = isSaidById(plan, options)
    ? `Apply exactly this: ${command('--expect', shortPlanId(plan), ...consents)}`
    : `Apply it: ${command(...requests)}`;
  return [`${facts} ${how}`];
}
