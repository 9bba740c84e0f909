/** `status`: every managed certificate with its dates, authorities included, as a table or as tab-separated values. */
import type { DesiredState } from '../domain/desired-state.ts';
import type { Hold } from '../domain/hold.ts';
import { formatKey } from '../domain/keys.ts';
import type { ObservedState } from '../domain/observed-state.ts';
import type { Change, Plan } from '../domain/plan.ts';
import { earlier, formatDay, formatInstant, type Instant } from '../domain/time.ts';
import { bracePaths } from './brace-paths.ts';
import { type StandingWords, standingLines } from './condition-text.ts';
import { visible } from './escape.ts';
import { holdLines } from './hold-text.ts';
import type { DesiredContext } from './plan-context.ts';
import { timeLeft } from './relative-time.ts';
import { stateOf, stateTone } from './resource-state.ts';
import { type Line, renderLines, toned } from './style.ts';
import { cut, padLeft, padTo, widest } from './text-width.ts';
import { windowLines } from './window-text.ts';

export interface StatusContext extends Pick<DesiredContext, 'desired' | 'style'> {
  readonly observed?: Pick<ObservedState, 'served'> | undefined;
  /** What is on hold, also of what the desired state no longer names. */
  readonly holds?: readonly Hold[] | undefined;
  /** Certificates and keys in the same folders that no resource names, with a word about each. */
  /** What stands, below the table. */
  readonly standing?: StandingWords | undefined;
  readonly unmanaged?: readonly { readonly path: string; readonly note: string }[] | undefined;
}

/** Below this many columns the paths are left out: they are what wraps. */
const filesFrom = 120;

interface Column {
  readonly head: string;
  readonly text: (
    change: Change,
    now: Instant,
    files: ReadonlyMap<string, readonly string[]>,
    observed: StatusContext['observed'],
  ) => string;
  readonly right?: true;
}

const dated = (instant: Instant | null | undefined): string =>
  instant === null || instant === undefined || Number.isNaN(instant) ? '-' : formatDay(instant);

/** The first set of files of every resource; copies are the same bytes elsewhere and stand in `show`. */
export const masterFiles = ({ resources }: DesiredState): ReadonlyMap<string, readonly string[]> =>
  new Map(resources.map(({ address, fileSets: [master] }) => [address, master.files.map(({ path }) => path)]));

// biome-ignore format: table
const columns: readonly Column[] = [
  { head: 'RESOURCE',    text: ({ address }) => address },
  { head: 'STATE',       text: stateOf },
  { head: 'EXPIRES',     text: ({ before }) => dated(before?.notAfter) },
  { head: 'LEFT',        text: ({ before }, now) => before === null || before.notAfter === null || Number.isNaN(before.notAfter) ? '-' : timeLeft(before.notAfter, now), right: true },
  { head: 'RENEWS FROM', text: (change) => dated(renewsFrom(change)) },
  { head: 'KEY',         text: ({ before }) => before?.key ? formatKey(before.key) : '-' },
  { head: 'ISSUER',      text: ({ issuer }) => issuer ?? 'self' },
  { head: 'SERVED',      text: (change, _, __, observed) => servedWord(change, observed) },
  { head: 'FILES',       text: ({ address }, _, files) => bracePaths(files.get(address) ?? []) },
];

/** Whether what is on disk is what was seen at the probe: `yes`, `other`, `unseen` (nobody answered), `-` where nobody looked. */
export function servedWord({ address, before }: Change, observed: StatusContext['observed']): 'yes' | 'other' | 'unseen' | '-' {
  const served = observed?.served?.get(address);
  if (served === undefined) return '-';
  if (served.state === 'failed') return 'unseen';
  return served.certificate.sha256 === before?.sha256 ? 'yes' : 'other';
}

/** Of what is on disk: what a change would issue renews later, and is not there yet. */
export function renewsFrom({ before, renewFrom, renewBefore, replaces }: Change): Instant | null {
  if (!replaces.certificate) return before && renewFrom;
  return before === null || before.notAfter === null || renewBefore === null ? null : earlier(before.notAfter, renewBefore);
}

export function statusText(plan: Plan, context: StatusContext): string {
  const looked = (context.observed?.served?.size ?? 0) > 0;
  const shown = columns.filter(({ head }) => (head !== 'FILES' || context.style.width >= filesFrom) && (head !== 'SERVED' || looked));
  const files = masterFiles(context.desired);
  const cells = plan.changes.map((change) => shown.map(({ text }) => text(change, plan.evaluatedAt, files, context.observed)));
  const widths = shown.map(({ head }, index) => widest([head, ...cells.map((row) => row[index] ?? '')]));
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  /** The last column takes what is left of the terminal; the others are as wide as they need to be. */
  const fitted = (cell: string, index: number): string => {
    if (index === shown.length - 1) return cut(cell, Math.max(12, context.style.width - before));
    const width = widths[index] as number;
    return `${shown[index]?.right ? padLeft(cell, width) : padTo(cell, width)}  `;
  };
  const head: Line = shown.map(({ head: word }, index) => (index === shown.length - 1 ? word : padTo(word, (widths[index] as number) + 2)));
  const rows = plan.changes.map(
    (change, row): Line =>
      (cells[row] as readonly string[]).map((cell, index) => {
        const text = fitted(cell, index);
        return shown[index]?.head === 'STATE' ? toned(stateTone(stateOf(change)), text) : text;
      }),
  );
  return renderLines(
    [
      head,
      ...rows,
      ...holdLines(context.holds ?? [], plan.evaluatedAt),
      ...windowLines(context.desired, plan.evaluatedAt),
      ...unmanagedLines(context),
      ...standingOf(context, plan.evaluatedAt),
    ],
    context.style,
  );
}

function standingOf({ standing }: StatusContext, now: Instant): readonly Line[] {
  if (!standing || standing.conditions.length === 0) return [];
  return [[], ...standingLines(standing, now)];
}

function unmanagedLines({ unmanaged = [] }: StatusContext): readonly Line[] {
  if (unmanaged.length === 0) return [];
  return [[], [`Not managed, same folders: ${unmanaged.map(({ path, note }) => `${path}${note === '' ? '' : ` (${note})`}`).join(', ')}`]];
}

/** `status --plain`: a line per resource, tab-separated, nothing cut, whole instants; `-` where there is nothing. */
export function statusPlain(plan: Plan, context: StatusContext): string {
  const exact = (instant: Instant | null | undefined): string =>
    instant === null || instant === undefined || Number.isNaN(instant) ? '-' : formatInstant(instant);
  const files = masterFiles(context.desired);
  const rows = plan.changes.map((change) => {
    const { before } = change;
    const cells = [
      change.address,
      stateOf(change),
      exact(before?.notAfter),
      exact(renewsFrom(change)),
      before?.key ? formatKey(before.key) : '-',
      change.issuer ?? 'self',
      (files.get(change.address) ?? []).join(','),
      servedWord(change, context.observed),
    ];
    return `${cells.map((cell) => visible(cell, context.style.ascii)).join('\t')}\n`;
  });
  return rows.join('');
}
