/** The verdict that `check` gives: everything that was found, whether or not a plan would act, each with the class that decides about the exit code. */
import type { FailClass } from '../domain/codes/code-row.ts';
import { codes } from '../domain/codes.ts';
import { type Condition, conditionRow } from '../domain/condition.ts';
import type { AcceptedFinding, DesiredState } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import { parseAddress } from '../domain/names.ts';
import type { Blocked, Change, Plan } from '../domain/plan.ts';
import { failClassOf, severityOf } from '../domain/severity.ts';
import type { Instant } from '../domain/time.ts';
import type { Found, VerdictLine } from '../domain/verdict.ts';
import { dueAhead } from './due-ahead.ts';
import { unusedWaivers, waiverFor } from './waivers.ts';

export interface VerdictInput {
  readonly plan: Plan;
  readonly desired: Pick<DesiredState, 'resources'>;
  /** What is wrong with the host or with the text, apart from what the plan says of each resource. */
  readonly diagnostics?: readonly Diagnostic[];
  /** The same look decided as of a later time (`--within`): what is due then, and is not now, fails too. */
  readonly ahead?: Plan | undefined;
  readonly failOn?: ReadonlySet<FailClass>;
  /** What stands from before, and of whose end this look knows nothing. */
  readonly standing?: readonly Condition[] | undefined;
}

/** What fails a check unless somebody says otherwise. What is due is a notice: renewing it is a timer's work. What is overdue tells that no timer does it. */
export const failsByDefault: ReadonlySet<FailClass> = new Set(['expired', 'overdue', 'drift', 'insecure']);

/** In plan order, what concerns no resource last. Nothing is left out: what is accepted is among the lines, and fails nothing. */
export function verdictOf({
  plan,
  desired,
  diagnostics = [],
  ahead,
  failOn = failsByDefault,
  standing = [],
}: VerdictInput): readonly VerdictLine[] {
  const waivers = new Map(desired.resources.map(({ address, accept }) => [address, accept]));
  const then = new Map(ahead?.changes.map((change) => [change.address, change]));
  const judge = judgeBy(failOn);
  const ofResources = new Map<string, Condition[]>();
  for (const condition of standing) {
    const { address } = condition;
    if (address === null || !parseAddress(address)) continue;
    ofResources.set(address, [...(ofResources.get(address) ?? []), condition]);
  }
  const ofHost = standing.filter(({ address }) => address === null || !parseAddress(address));
  const lines = plan.changes.flatMap((change) => {
    const accept = waivers.get(change.address) ?? [];
    const stands = (ofResources.get(change.address) ?? []).map(
      (condition): Found => ({ diagnostic: { ...conditionDiagnostic(condition), place: change.place ?? undefined }, standing: condition }),
    );
    const found = [...foundOf(change, then.get(change.address), plan.evaluatedAt), ...stands].map((about) =>
      tolerated(judge(about), accept, plan.evaluatedAt),
    );
    const unused = unusedWaivers(accept, found, plan.evaluatedAt);
    return [...found, ...unused.map((finding) => judge({ change, finding }))];
  });
  return [
    ...lines,
    ...diagnostics.map((diagnostic) => judge({ diagnostic })),
    ...ofHost.map((condition) => judge({ diagnostic: conditionDiagnostic(condition), standing: condition })),
  ];
}

const conditionDiagnostic = ({ type, severity, address, reason, repair }: Condition): Diagnostic => ({
  code: type,
  severity,
  address: address ?? undefined,
  message: `${address === null ? '' : `${address} `}${conditionRow(type).title}: ${reason}`,
  hint: repair,
});

function foundOf(change: Change, then: Change | undefined, now: Instant): readonly Found[] {
  const { differences, findings, blocked } = change;
  const soon = dueAhead(change, then, now);
  return [
    ...differences.map((difference) => ({ change, difference })),
    ...findings.map((finding) => ({ change, finding })),
    ...(soon ? [{ change, finding: soon }] : []),
    ...(blocked && speaksForItself(blocked, change) ? [{ change, blocked }] : []),
  ];
}

/**
 * The difference that is held back speaks for its block too. But one that is a notice only because it goes away by itself
 * does not go away while it is blocked; and a block without a difference has nobody else to speak for it.
 */
const speaksForItself = (blocked: Blocked, { differences, findings }: Change): boolean =>
  differences.every((difference) => !failsByDefault.has(failClassOf(difference))) && findings.every(({ code }) => code !== blocked.code);

function judgeBy(failOn: ReadonlySet<FailClass>): (about: Found) => VerdictLine {
  // What is due is no better for being overdue; what has no class of its own always counts.
  const counts = (failClass: FailClass) => failOn.has(failClass) || failClass === 'error' || (failClass === 'overdue' && failOn.has('due'));
  return (about) => {
    const weight = weightOf(about);
    return { ...weight, fails: weight.code === 'due-within' || counts(weight.failClass), about };
  };
}

function weightOf(about: Found): Pick<VerdictLine, 'code' | 'severity' | 'failClass'> {
  if ('diagnostic' in about) {
    const { code, severity } = about.diagnostic;
    // Of one code, a notice may tell of what is in order for now: another certstate in the middle of a change, not one that died there.
    const isMild = severity === 'notice' && codes[code].severity !== 'notice';
    return { code, severity, failClass: isMild ? 'warning' : codes[code].failOn };
  }
  const standing = 'difference' in about ? about.difference : 'finding' in about ? about.finding : about.blocked;
  return { code: standing.code, severity: severityOf(standing), failClass: failClassOf(standing) };
}

function tolerated(line: VerdictLine, accept: readonly AcceptedFinding[], now: Instant): VerdictLine {
  const accepted = waiverFor(line.code, accept, now);
  return accepted ? { ...line, fails: false, accepted } : line;
}
