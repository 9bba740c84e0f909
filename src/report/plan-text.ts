/** A plan for people: what was looked at, what will change and why, what stays, and what to type next. */
import { type Change, isApplyable, isChange, type Plan } from '../domain/plan.ts';
import { formatDay } from '../domain/time.ts';
import { changeBlock, headLine, type Layout, layoutOf } from './change-text.ts';
import { findingLines } from './finding-text.ts';
import { inventoryHead } from './inventory-text.ts';
import { formatSources, type PlanContext, withFlags } from './plan-context.ts';
import { countText, nextDue, nextDueText, shortPlanId } from './plan-summary.ts';
import { reloadBlocks } from './reload-lines.ts';
import { shellWords } from './shell-words.ts';
import { type Line, renderLines, toned } from './style.ts';
import { padTo, widest, widthOf, wrap } from './text-width.ts';
import { wayLines, waysOut } from './ways-out.ts';

/** The whole text of a plan, ended by a line feed. */
export function planText(plan: Plan, context: PlanContext): string {
  const layout = layoutOf(plan, context);
  const blocks = [...changeBlocks(plan, context, layout), ...reloadBlocks(plan, layout.columns, context.show.summary)];
  const findings = findingLines(plan, context);
  if (!plan.changes.some(isTold) && plan.reloads.length === 0) {
    const all = context.show.all ? blocks : [];
    return renderLines(
      [...headOf(context), [noChangesText(plan, context)], ...spaced(all), ...(findings.length > 0 ? [[], ...findings] : [])],
      context.style,
    );
  }
  return renderLines(
    [
      ...headOf(context),
      ...wrap(headerText(plan, context), layout.columns).map((text) => [text]),
      ...spaced(blocks),
      [],
      ...(findings.length > 0 ? [...findings, []] : []),
      ...footer(plan, context, layout),
    ],
    context.style,
  );
}

const headOf = ({ inventory }: PlanContext): readonly Line[] => (inventory ? [[inventoryHead(inventory)]] : []);

/** Something is to be done, or cannot be judged: a file that cannot be read is no good news. */
const isTold = (change: Change): boolean => isChange(change) || change.blocked !== null;

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
const spaced = (blocks: readonly (readonly Line[])[]): readonly Line[] => blocks.flatMap((block) => [[], ...block]);

/** `pki.yaml: 1 CA, 3 certs. Looked at 8 files in 2 folders; none exists yet.` Answers "did it look in the right place?" before anything else. */
function headerText(plan: Plan, context: PlanContext): string {
  const { resources } = context.desired;
  const authorities = resources.filter(({ kind }) => kind === 'ca').length;
  const certificates = resources.length - authorities;
  const counts =
    [...(authorities > 0 ? [counted(authorities, 'CA')] : []), ...(certificates > 0 ? [counted(certificates, 'cert')] : [])].join(', ') ||
    'nothing';
  const { files, folders, present } = plan.looked;
  const there = present === 0 ? '; none exists yet' : present < files ? `; ${present} of them exist` : '';
  return `${formatSources(context.desired)}: ${counts}. Looked at ${counted(files, 'file')} in ${counted(folders, 'folder')}${there}.`;
}

/** The verdict first, then the one fact people open the tool for. */
function noChangesText(plan: Plan, context: PlanContext): string {
  const next = nextDue(plan);
  const due = next ? ` Next due: ${nextDueText(next, plan.evaluatedAt)}.` : '';
  const count = plan.changes.length;
  const option = context.options.targets.length > 0 ? '--target' : '--exclude';
  const verdict =
    plan.leftOut > 0
      ? `No changes in ${count} of ${count + plan.leftOut} resources (${option}); ${plan.leftOut} not looked at.`
      : `No changes. ${counted(count, 'resource')} ${count === 1 ? 'matches' : 'match'} ${formatSources(context.desired)}.`;
  return `${verdict}${due}`;
}

function changeBlocks(plan: Plan, context: PlanContext, layout: Layout): readonly (readonly Line[])[] {
  const shown = plan.changes.filter((change) => isTold(change) || context.show.all === true);
  if (context.show.summary)
    return shown.length === 0
      ? []
      : [shown.map((change) => headLine(change, layout, codesText(change.differences.map(({ code }) => code))))];
  const earlier = new Map<string, string>();
  return shown.map((change) => {
    const diff = context.show.diffs?.get(change.address);
    return [
      ...changeBlock(change, plan, context, layout, earlier),
      ...(diff
        ? diff
            .trimEnd()
            .split('\n')
            .map((line) => [`    ${line}`])
        : []),
    ];
  });
}

const codesText = (codes: readonly string[]): string => (codes.length === 0 ? '' : `  ${[...new Set(codes)].join(', ')}`);

function footer(plan: Plan, context: PlanContext, layout: Layout): readonly Line[] {
  const ways = waysOut(plan, context);
  const created = plan.changes.some(({ action }) => action === 'create') ? ' Serial numbers and keys are chosen at apply.' : '';
  const left = plan.leftOut > 0 ? ` ${counted(plan.leftOut, 'resource')} left out.` : '';
  return [
    ...unchangedLines(plan, layout),
    ...wrap(`Plan ${shortPlanId(plan)}: ${countText(plan)}.${created}${left}`, layout.columns).map((text) => [text]),
    ...(ways.length === 0 ? [] : [[], ...wayLines(ways, layout.columns)]),
    ...hints(plan, context),
  ];
}

function unchangedLines(plan: Plan, { columns }: Layout): readonly Line[] {
  const unchanged = plan.changes.filter((change) => !isTold(change));
  if (unchanged.length === 0) return [];
  const named = `${unchanged.length} unchanged: ${unchanged.map(({ address }) => address).join(', ')}.`;
  const verdict = widthOf(named) <= columns * 2 ? named : `${unchanged.length} unchanged.`;
  const next = nextDue(plan);
  const due = next ? `Next due: ${next.change.address}, ${formatDay(next.at)}.` : '';
  const together = `${verdict} ${due}`.trimEnd();
  return (widthOf(together) <= columns ? [together] : [...wrap(verdict, columns), due]).filter((text) => text !== '').map((text) => [text]);
}

function hints(plan: Plan, { style, flags, requests = [] }: PlanContext): readonly Line[] {
  if (!style.hints || !isApplyable(plan)) return [];
  const command = (verb: string, ...more: readonly string[]) => withFlags(shellWords(['certstate', verb, ...requests, ...more]), flags);
  const [apply, save] = [command('apply'), command('plan', '-o', 'plan.json')];
  const columns = widest([apply, save]);
  return [
    [],
    [toned('dim', `  ${padTo(apply, columns)}   make these changes`)],
    [toned('dim', `  ${padTo(save, columns)}   save this plan for review`)],
  ];
}
