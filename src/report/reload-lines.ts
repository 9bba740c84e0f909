/** The action `reload service/NAME` of a plan: services that are told although nothing changes. */
import type { Plan, PlannedReload } from '../domain/plan.ts';
import { detailLines } from './change-text.ts';
import { findingSentence } from './finding-sentences.ts';
import { toRunText } from './shell-words.ts';
import { type Line, toned } from './style.ts';

/** Told once each, in the order of the YAML; without details one line is all. */
export const reloadBlocks = (plan: Plan, columns: number, summary: boolean | undefined): readonly (readonly Line[])[] => {
  const heads = plan.reloads.map((reload) => headLine(reload));
  if (summary) return heads.length === 0 ? [] : [heads];
  return plan.reloads.map((reload, index) => [
    heads[index] as Line,
    ...detailLines({ label: 'because', lines: reasonsOf(reload, plan) }, columns),
    ...detailLines({ label: 'then', lines: [toRunText(reload)] }, columns),
  ]);
};

const headLine = ({ service }: PlannedReload): Line => [toned('change', '~   reload   '), `service/${service}`];

/** In words of the findings that it mends. */
export function reasonsOf({ because, of }: PlannedReload, plan: Plan): readonly string[] {
  const stale = plan.changes.flatMap((change) =>
    of.includes(change.address)
      ? change.findings.filter(({ code }) => code === 'service-stale').map((finding) => findingSentence(finding, change, plan.evaluatedAt))
      : [],
  );
  return because === 'pending' ? ['it has still to be told of a change that is on disk', ...stale] : stale;
}
