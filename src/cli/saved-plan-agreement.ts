/** `apply PLAN`: the plan that was saved is carried out if it is, fact for fact, the one that is made of this host now. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Plan } from '../domain/plan.ts';
import { formatInstant, later, minutes, parseInstant } from '../domain/time.ts';
import { nothingToAgreeTo } from '../plan/plan-id.ts';
import { filesAt } from '../plan/preconditions.ts';
import { appliedBefore } from '../reconcile/history.ts';
import type { PlanPass } from '../reconcile/plan-pass.ts';
import { doTheSame, placeDifferences, planDifferences } from '../report/plan-comparison.ts';
import type { PlanJson } from '../report/plan-json.ts';
import { formatMinute } from '../report/relative-time.ts';
import type { AgreementReading, Judgement } from './agreement.ts';
import { planDocument } from './plan-document.ts';
import type { Run } from './run.ts';
import type { SavedPlan } from './saved-plan.ts';
import { scopeOf } from './scope.ts';

/** Before anything is looked at: the plan of another host, or of another time, says nothing about this one. */
export function bySavedPlan(given: Run, saved: SavedPlan): AgreementReading {
  const { document, name } = saved;
  const { host, root } = scopeOf(given);
  const elsewhere = placeDifferences(document, { host: { name: host, root: root === '' ? '/' : root } });
  if (elsewhere.length > 0) return { state: 'stale', diagnostic: stale(saved, elsewhere, wayHere(document, host)) };
  if (document.evaluated_at !== document.created_at)
    return {
      state: 'stale',
      diagnostic: stale(saved, [`it says what would be done at ${document.evaluated_at} (--now), not what is to be done`]),
    };
  const { targets, excludes, renew, rekey } = document.options;
  const run: Run = { ...given, options: { ...given.options, ...asked({ target: targets, exclude: excludes, renew, rekey }) } };
  const patterns = [...targets, ...excludes, ...renew, ...rekey];
  return {
    state: 'agreed',
    agreement: {
      run,
      words: [name],
      outdated: ({ about, message }) => (about !== undefined && patterns.includes(about) ? stale(saved, [message]) : undefined),
      judge: (pass, plan) => judge(run, saved, pass, plan),
    },
  };
}

const asked = (lists: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));

/** `--root` is the one that is forgotten; a plan for another machine is for another machine. */
const wayHere = ({ host }: PlanJson, here: string): string | undefined =>
  host.name !== here
    ? `apply it on ${host.name}, or plan for this host`
    : host.root === '/'
      ? 'leave --root out'
      : `add --root ${host.root}`;

function judge(run: Run, saved: SavedPlan, pass: PlanPass, plan: Plan): Judgement {
  const { document } = saved;
  const refuse = (reasons: readonly string[], hint?: string): Judgement => ({ ok: false, diagnostic: stale(saved, reasons, hint) });
  const created = parseInstant(document.created_at);
  const known =
    document.id === nothingToAgreeTo
      ? undefined
      : appliedBefore(run.outside.reader, scopeOf(run).stateFolder, document.id.slice('sha256:'.length), created);
  if (known !== undefined) return { ok: false, diagnostic: alreadyApplied(saved, formatMinute(known)) };
  const now = run.outside.clock.now();
  const end = document.valid_until === null ? undefined : parseInstant(document.valid_until);
  const late =
    end === undefined || now > end ? [`it could be applied until ${document.valid_until ?? 'never'}, and it is ${formatInstant(now)}`] : [];
  const early =
    created === undefined || later(now, clockTolerance) < created
      ? [`it was made at ${document.created_at}, and here it is ${formatInstant(now)}`]
      : [];
  // Under the consents that were given when it was made: what they made of it was reviewed.
  const options = { ...pass.options, confirm: document.options.confirm, acceptClock: document.options.accept_clock };
  const reviewed = withFilesOf(document, pass, pass.replan(options));
  const differences = [...late, ...early, ...planDifferences(document, asRead(planDocument(run, pass, reviewed, options)))];
  if (differences.length > 0) return refuse(differences);
  if (!doTheSame(document, asRead(planDocument(run, pass, plan))))
    return refuse(['with the consents that are given now, something else would be done'], consentsHint(document));
  return { ok: true, plan, notices: [] };
}

/** Also what became of files on which nothing rests any more: why nothing is to be done to them is the question. */
function withFilesOf(document: PlanJson, { observed }: PlanPass, plan: Plan): Plan {
  const known = new Set(plan.preconditions.map(({ path }) => path));
  const others = document.preconditions.map(({ path }) => path).filter((path) => !known.has(path));
  return { ...plan, preconditions: [...plan.preconditions, ...filesAt(others, observed)] };
}

/** Clocks of two machines differ by that much and are still right. */
const clockTolerance = minutes(5);

/** Through text and back, as the saved one came. */
const asRead = (document: PlanJson): PlanJson => JSON.parse(JSON.stringify(document)) as PlanJson;

const consentsHint = ({ options: { confirm } }: PlanJson): string =>
  confirm.length === 0
    ? 'plan with the same --confirm, and have that reviewed'
    : `it was made with ${confirm.map((address) => `--confirm ${address}`).join(' ')}: consent to that here too, or have a plan without it reviewed`;

const planAgain = 'run certstate plan -o again, and have that reviewed';

function stale({ name, document }: SavedPlan, reasons: readonly string[], hint = planAgain): Diagnostic {
  const listed = reasons.length <= 20 ? reasons : [...reasons.slice(0, 19), `and ${reasons.length - 19} more`];
  return {
    code: 'stale-plan',
    severity: 'error',
    message: `${name} is no longer what would be done on this host; nothing was changed`,
    hint,
    notes: [`saved: ${savedAt(document)}`, ...listed.map((reason) => `changed: ${reason}`)],
  };
}

/** `2026-11-23 15:02Z for controller-0, plan b49a82f416a4`. */
const savedAt = ({ created_at: at, host, id }: PlanJson): string =>
  `${at.slice(0, 16).replace('T', ' ')}Z for ${host.name}, plan ${id.slice('sha256:'.length, 'sha256:'.length + 12)}`;

const alreadyApplied = ({ name, document }: SavedPlan, when: string): Diagnostic => ({
  code: 'plan-applied',
  severity: 'error',
  message: `${name} was already applied here at ${when}; nothing was changed`,
  hint: planAgain,
  notes: [`saved: ${savedAt(document)}`],
});
