/** `--diff`: what a change makes of a certificate, as a unified diff of its decoded facts. Public data on both sides. */
import type { Address } from '../domain/names.ts';
import type { Change, Plan } from '../domain/plan.ts';
import { summaryLines } from './certificate-text.ts';
import { issues } from './change-nature.ts';
import { visible } from './escape.ts';

/** The diff of one change; undefined where no certificate comes out of it, or its facts stay the same. */
export async function certificateDiff(change: Change): Promise<string | undefined> {
  if (change.after === null || !issues(change)) return undefined;
  const text = (summary: Change['before']) =>
    summary === null
      ? ''
      : `${summaryLines(summary)
          .map((line) => visible(line))
          .join('\n')}\n`;
  // Loaded here and not at the top: only --diff needs it.
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import('diff');
  const patch = createTwoFilesPatch(
    change.before === null ? '/dev/null' : `${change.address} on disk`,
    `${change.address} after apply`,
    text(change.before),
    text(change.after),
    undefined,
    undefined,
    { context: 3, headerOptions: FILE_HEADERS_ONLY },
  );
  return patch.includes('\n@@') ? patch : undefined;
}

/** The diffs of a plan by address, for `planText`. */
export async function certificateDiffs(plan: Plan): Promise<ReadonlyMap<Address, string>> {
  const diffs = new Map<Address, string>();
  for (const change of plan.changes) {
    const diff = await certificateDiff(change);
    if (diff !== undefined) diffs.set(change.address, diff);
  }
  return diffs;
}
