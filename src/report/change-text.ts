/** One change as a block: symbol, verb, address and place, then its details. */
import type { Action, Change, Plan } from '../domain/plan.ts';
import { isWaiting } from './block-sentences.ts';
import { changeDetails } from './change-details.ts';
import type { Detail } from './detail.ts';
import { formatPlace } from './difference-sentences.ts';
import type { PlanContext } from './plan-context.ts';
import { type PlanIndex, planIndex } from './plan-index.ts';
import { type Line, type Tone, toned } from './style.ts';
import { padTo, widest, wrap } from './text-width.ts';

/** The symbol stands in column 0 so that a `diff` fence of Markdown colours the line; the verb is always written out. */
// biome-ignore format: table
const verbs = {
  create:  { symbol: '+',   tone: 'create' },
  renew:   { symbol: '~',   tone: 'change' },
  reissue: { symbol: '~',   tone: 'change' },
  rekey:   { symbol: '-/+', tone: 'danger' },
  fix:     { symbol: '~',   tone: 'change' },
  forget:  { symbol: '.',   tone: 'forget' },
  delete:  { symbol: '-',   tone: 'danger' },
  noop:    { symbol: ' ',   tone: 'dim' },
} as const satisfies Record<Action, { symbol: string; tone: Tone }>;

const labelColumns = 9;
const indent = 4;

/** Plans are read in reviews and tickets: never wider than 100 columns. */
export const planColumns = (context: PlanContext): number => Math.max(60, Math.min(100, context.style.width));

export interface Layout {
  readonly addressColumns: number;
  readonly columns: number;
  readonly index: PlanIndex;
}

export const layoutOf = (plan: Plan, context: PlanContext): Layout => ({
  addressColumns: Math.min(48, widest(plan.changes.map(({ address }) => address))) + 2,
  columns: planColumns(context),
  index: planIndex(plan),
});

/** `~   renew    cert/etcd-client            pki.yaml:37`. */
export function headLine(change: Change, layout: Layout, said = ''): Line {
  const blocked = change.blocked !== null && !isWaiting(change);
  const { symbol, tone } = blocked ? { symbol: '!', tone: 'danger' as const } : verbs[change.action];
  const verb = blocked ? 'BLOCKED' : change.action;
  const subject = blocked && change.action !== 'noop' ? `${change.action} ${change.address}` : change.address;
  const place = change.place ? formatPlace(change.place) : '';
  const waits = isWaiting(change) ? `     waits for ${change.blocked?.detail || change.issuer || 'its issuer'}` : '';
  const rest = `${waits}${said}`;
  return [
    toned(tone, `${padTo(symbol, indent)}${padTo(verb, labelColumns)}`),
    place || rest ? `${padTo(subject, layout.addressColumns - 2)}  ` : subject,
    ...(place || rest ? [toned('dim', place), rest] : []),
  ];
}

/** The block of one change; where an earlier change has the same lines but for its own files, it says so instead of repeating them. */
export function changeBlock(
  change: Change,
  plan: Plan,
  context: PlanContext,
  layout: Layout,
  earlier: Map<string, string>,
): readonly Line[] {
  const details = changeDetails(change, plan, layout.index, context);
  const twin = twinOf(change, details, earlier);
  const shown = twin === undefined ? details : details.filter(({ own }) => own);
  return [
    headLine(change, layout),
    ...(twin === undefined ? [] : [[`    (same change as ${twin})`]]),
    ...shown.flatMap((detail) => detailLines(detail, layout.columns)),
  ];
}

/** Only what follows from an issuer is folded: there the cause is one and the lines are many. */
function twinOf(change: Change, details: readonly Detail[], earlier: Map<string, string>): string | undefined {
  if (!change.differences.some(({ becauseOf }) => becauseOf !== undefined)) return undefined;
  const key = JSON.stringify([change.action, change.blocked?.code ?? null, details.filter(({ own }) => !own)]);
  const twin = earlier.get(key);
  if (twin === undefined) earlier.set(key, change.address);
  return twin;
}

/** A label and its lines, wrapped with a hanging indent. */
export function detailLines({ label, lines }: Pick<Detail, 'label' | 'lines'>, columns: number): readonly Line[] {
  const margin = ' '.repeat(indent + labelColumns);
  const pieces = lines.flatMap((line) => {
    const [first = '', ...more] = wrap(line, columns - margin.length);
    const hanging = /^[ +~/-]* /.exec(line)?.[0].length ?? 0;
    return [first, ...more.flatMap((piece) => wrap(piece, columns - margin.length - hanging).map((text) => ' '.repeat(hanging) + text))];
  });
  return pieces.map((piece, index) => [index === 0 ? `${' '.repeat(indent)}${padTo(label, labelColumns)}${piece}` : `${margin}${piece}`]);
}
