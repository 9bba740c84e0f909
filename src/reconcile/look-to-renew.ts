/** What a timer has to do: the YAML as it stands, or the last good one; of it what was last applied; and of that what a timer may carry out. Writes nothing. */
import type { DesiredState } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Change, Plan, PlanOptions, Standing, Waiting } from '../domain/plan.ts';
import { formatInstant, type Instant } from '../domain/time.ts';
import { asLastApplied } from '../plan/as-last-applied.ts';
import { waitingForApply } from '../plan/scheduled.ts';
import type { Scope, WritingEnvironment } from './environment.ts';
import { type KeptReading, keptStates, type ReadState } from './keep-state.ts';
import { loadDesiredState } from './load-desired-state.ts';
import { type PlanPass, planState, type StateRead } from './plan-pass.ts';

export interface RenewLook {
  /** Made from what was last applied; its plan is of every resource. */
  readonly pass: PlanPass;
  /** Of the YAML as it stands, whatever was last applied: what conditions are judged by. */
  readonly today: PlanPass;
  /** What a timer carries out, and what it finds in order. */
  readonly plan: Plan;
  /** The desired state as it was read, to be kept. */
  readonly read: ReadState;
  /** What an apply would do beyond that. */
  readonly waiting: readonly Waiting[];
  /** What protects other things than this change, and gives way where its certificate runs out. */
  readonly standingFor: (change: Change) => readonly Standing[];
  /** What is wrong with the text as it stands, where the last good one is in force instead. */
  readonly broken: Broken | undefined;
}

export interface Broken {
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: ReadonlyMap<string, string>;
}

export type RenewLookResult = ({ readonly ok: true } & RenewLook) | ({ readonly ok: false } & Broken);

/** Not ok where the text is broken and no good one was ever kept. */
export async function lookToRenew(
  environment: WritingEnvironment,
  scope: Scope,
  options: PlanOptions,
  now: Instant,
): Promise<RenewLookResult> {
  let reading: KeptReading | undefined;
  const kept = () => (reading ??= keptStates(environment, scope, now));
  const source = sourceOf(environment, scope, kept, now);
  if (!source.ok) return source;
  const { read, broken } = source;
  const today = await planState(environment, scope, read, { options, now });
  const { does } = options;
  const states = () => kept().states.map((state) => state.desired);
  const desired = asLastApplied({ ...today, records: today.records.records, kept: states, does, now });
  const timed: PlanOptions = { ...options, scheduled: true };
  const pass =
    desired === today.desired
      ? { ...today, options: timed, plan: today.replan(timed) }
      : await planState(environment, scope, { ...read, desired }, { options: timed, now, cache: today.cache });
  return {
    ok: true,
    today,
    pass: { ...pass, diagnostics: [...pass.diagnostics, ...(broken ? [] : (reading?.diagnostics ?? []))] },
    plan: { ...pass.plan, changes: pass.plan.changes.filter(isOurs(today.plan)) },
    read,
    waiting: waitingForApply(today.plan, pass.plan),
    standingFor: ({ inSpiteOf = [] }) => (broken ? [textIsBroken, ...inSpiteOf] : inSpiteOf),
    broken,
  };
}

/** The same look with other options: what it does is decided anew, from what was seen. */
export function decidedAgain(look: RenewLook, options: PlanOptions, diagnostics: readonly Diagnostic[]): RenewLook {
  const plan = look.pass.replan(options);
  return {
    ...look,
    pass: { ...look.pass, options, plan, diagnostics: [...look.pass.diagnostics, ...diagnostics] },
    plan: { ...plan, changes: plan.changes.filter(isOurs(look.today.plan)) },
  };
}

const textIsBroken: Standing = { protection: 'desired-state-broken', detail: '', until: null };

/** What is in order only as it was once applied is left out, so that it is not remembered as what the YAML of now wants. */
const isOurs = ({ changes }: Plan): ((change: Plan['changes'][number]) => boolean) => {
  const inOrder = new Set(changes.filter(({ action }) => action === 'noop').map(({ address }) => address));
  return ({ action, address, blocked }) => action !== 'noop' || blocked !== null || inOrder.has(address);
};

type Source = { readonly ok: true; readonly read: StateRead; readonly broken: Broken | undefined } | ({ readonly ok: false } & Broken);

function sourceOf({ reader, process }: WritingEnvironment, scope: Scope, kept: () => KeptReading, now: Instant): Source {
  const { state: desired, texts, diagnostics } = loadDesiredState({ ...scope, reader, now, process });
  if (desired) return { ok: true, read: { desired, texts, diagnostics }, broken: undefined };
  const { states, diagnostics: unreadable } = kept();
  const [good] = states;
  if (!good) return { ok: false, diagnostics: [...diagnostics, ...unreadable], texts };
  const said = [...diagnostics, workingFrom(good.desired, good.keptAt)];
  return { ok: true, read: { ...good, diagnostics: [] }, broken: { diagnostics: said, texts } };
}

/** Said every time, until somebody mends the text. */
const workingFrom = ({ from }: DesiredState, keptAt: Instant): Diagnostic => ({
  code: 'desired-state-broken',
  severity: 'error',
  message: `${from.join(', ')} cannot be used: the desired state that was in order on ${formatInstant(keptAt)} is in force`,
  hint: 'mend the text (certstate validate says when it is right); until then only that is kept which was applied before',
  notes: ['renewals go on'],
});

/** What waits for a person, one notice per resource. */
export const waitingNotices = ({ waiting }: Pick<RenewLook, 'waiting'>): readonly Diagnostic[] =>
  waiting.map(({ address, place, codes }) => ({
    code: 'waits-for-apply',
    severity: 'notice',
    address,
    place: place ?? undefined,
    message: `${address} waits for certstate apply: ${codes.join(', ')}`,
    hint: `certstate plan --target ${address} shows what it would do`,
  }));
