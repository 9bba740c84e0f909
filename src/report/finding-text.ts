/** What stands beside a plan: findings that no change of it mends, the same one about many resources told once. */

import { certificateProblemCodes } from '../domain/codes/findings.ts';
import { type Change, type Finding, isPending, type Plan } from '../domain/plan.ts';
import { severityOf, worstOf } from '../domain/severity.ts';
import { planColumns } from './change-text.ts';
import { diagnosticLines } from './diagnostic-text.ts';
import { formatPlace } from './difference-sentences.ts';
import { findingAdvice, findingSentence } from './finding-sentences.ts';
import { grouped } from './grouped.ts';
import { type PlanContext, withFlags } from './plan-context.ts';
import { formatMinute } from './relative-time.ts';
import { type Line, toned } from './style.ts';
import { wrap } from './text-width.ts';

interface Found {
  readonly change: Change;
  readonly finding: Finding;
}

/** More resources than this with the same finding are counted, not listed. */
const listedAtMost = 5;

/** Notices are told where everything is asked for, and for everything else there is `show`. */
export function findingLines(plan: Plan, context: PlanContext): readonly Line[] {
  const all = plan.changes.flatMap((change) => change.findings.map((finding) => ({ change, finding })));
  const reloaded = new Set(plan.reloads.flatMap(({ of }) => of));
  const isReloaded = ({ change, finding }: Found) => finding.code === 'service-stale' && reloaded.has(change.address);
  const told = all.filter(
    (found) => !isMended(found) && !isReloaded(found) && (context.show.all === true || severityOf(found.finding) !== 'notice'),
  );
  const blocks = [...grouped(told, ({ finding }) => finding.code)].map(([, same]) => findingBlock(same, plan, context));
  const diagnostics = plan.diagnostics.map((diagnostic) => diagnosticLines(diagnostic, { style: context.style, texts: new Map() }));
  return [...blocks, ...diagnostics].flatMap((block, index) => (index === 0 ? block : [[], ...block]));
}

/** A fault of a certificate that this plan replaces is gone with it. */
const isMended = ({ change, finding }: Found): boolean =>
  Object.hasOwn(certificateProblemCodes, finding.code) && change.replaces.certificate && isPending(change);

function findingBlock(same: readonly Found[], plan: Plan, context: PlanContext): readonly Line[] {
  const [first] = same as readonly [Found];
  const columns = planColumns(context);
  const severity = worstOf(same.map(({ finding }) => severityOf(finding)));
  const listed = same.length <= listedAtMost ? same : same.slice(0, listedAtMost - 1);
  const { note } = findingAdvice(first.finding.code, first.change);
  // What mends one resource does not mend the others: each its own command, and one line where it is the same for all.
  const helps = new Set(listed.map(({ finding, change }) => findingAdvice(finding.code, change).help));
  const rest = same.length - listed.length;
  const head = `: ${findingSentence(first.finding, first.change, plan.evaluatedAt)}`;
  const remark = (word: string, text: string): readonly Line[] =>
    wrap(text, columns - 10).map((piece, index) => [index === 0 ? `  = ${word}: ${piece}` : `          ${piece}`]);
  return [
    [toned(severity, `${severity}[${first.finding.code}]`), head],
    ...whereLines(first, context),
    ...listed
      .slice(1)
      .flatMap((found) => [[`  and ${findingSentence(found.finding, found.change, plan.evaluatedAt)}`], ...whereLines(found, context)]),
    ...(rest > 0 ? [[`  and ${rest} more`]] : []),
    ...(note === undefined ? [] : remark('note', note)),
    ...[...helps].flatMap((help) => remark('help', withFlags(help, context.flags))),
  ];
}

/** The file on disk, and since when it is as it is; else the line of the YAML. */
function whereLines({ finding, change }: Found, { observed }: PlanContext): readonly Line[] {
  if (finding.file === undefined) return finding.place && change.place === null ? [[`  --> ${formatPlace(finding.place)}`]] : [];
  const file = observed.files.get(finding.file);
  const status = file && file.state !== 'absent' ? file.status : undefined;
  const since =
    status && finding.code === 'key-exposed' ? ` (${finding.detail}, file status last changed ${formatMinute(status.changedAt)})` : '';
  return [[`  --> ${finding.file}${since}`]];
}
