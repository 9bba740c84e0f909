/** What of a look raises a condition: by the table in `domain/condition.ts`, each condition once however many things say it. */
import type { Code } from '../domain/codes.ts';
import {
  type Condition,
  type ConditionCertificate,
  type ConditionType,
  conditionKey,
  conditionRow,
  conditionSeverity,
  conditionTypeNames,
} from '../domain/condition.ts';
import type { AcceptedFinding } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import { type Change, isByCalendar } from '../domain/plan.ts';
import { type Severity, severityOf, worstOf } from '../domain/severity.ts';
import type { Found } from '../domain/verdict.ts';
import { type ConditionLook, type ConditionWords, isClockInDoubt } from './condition-look.ts';
import { waiverFor } from './waivers.ts';

export type SeenCondition = Omit<Condition, 'since' | 'changedAt'>;

export interface ConditionSigns {
  readonly seen: readonly SeenCondition[];
  /** Keys of conditions that would stand if the YAML did not tolerate what raises them. */
  readonly accepted: ReadonlySet<string>;
  /** By key, codes that raise nothing by themselves as they were found, and speak for what stands because of them. */
  readonly upheld: ReadonlyMap<string, ReadonlySet<Code>>;
}

interface Sign extends Pick<SeenCondition, 'type' | 'address' | 'severity' | 'certificate'> {
  readonly code: Code;
  readonly reason: string;
  readonly hint: string;
}

export function signsOf(look: ConditionLook): ConditionSigns {
  const { from } = look.desired;
  const groups = new Map<string, Sign[]>();
  const accepted = new Set<string>();
  const upheld = new Map<string, ReadonlySet<Code>>();
  for (const judged of [...signsOfResources(look), ...signsOfDiagnostics(look)]) {
    const { type, address, code } = judged.sign;
    const key = conditionKey({ type, address, source: from });
    if (judged.says === 'raise') groups.set(key, [...(groups.get(key) ?? []), judged.sign]);
    else if (judged.says === 'uphold') upheld.set(key, new Set([...(upheld.get(key) ?? []), code]));
    else accepted.add(key);
  }
  return { seen: [...groups.values()].map((signs) => merged(signs, look)), accepted, upheld };
}

/**
 * What somebody asks for, in the YAML or by a flag, is nothing that has gone wrong, nor is what follows from a change that is planned. It upholds what stands
 * already: an edit of the YAML hides whether the disk was as it had been left. What the YAML tolerates is accepted.
 */
type Judged =
  | { readonly says: 'raise'; readonly sign: Sign }
  | { readonly says: 'uphold' | 'accept'; readonly sign: Pick<Sign, 'type' | 'address' | 'code'> };

function signsOfResources(look: ConditionLook): readonly Judged[] {
  const { changes, desired, now, say } = look;
  const isDoubted = isClockInDoubt(look);
  const waiving = desired.resources.filter(({ accept }) => accept.length > 0);
  const waivers = new Map<string, readonly AcceptedFinding[]>(waiving.map(({ address, accept }) => [address, accept]));
  return changes.filter(saysSomething).flatMap((change) =>
    foundOf(change).flatMap((found): readonly Judged[] => {
      const type = typeOf(found);
      if (type === undefined) return [];
      const { about, standing } = found;
      const { address } = change;
      const { code } = standing;
      const isAccepted = waiverFor(code, waivers.get(address) ?? [], now) !== undefined;
      if (isAccepted) return [{ says: 'accept', sign: { type, address, code } }];
      if (isWanted(about) || (isDoubted && restsOnDates(type, code))) return [{ says: 'uphold', sign: { type, address, code } }];
      const [severity, certificate] = [severityOf(standing), certificateIn(change)];
      return [{ says: 'raise', sign: { type, address, code, severity, certificate, ...say(about) } }];
    }),
  );
}

interface FoundOfChange {
  readonly about: Exclude<Found, { readonly diagnostic: Diagnostic }>;
  readonly standing: { readonly code: Code; readonly overdue?: true | undefined };
}

/** Of thousands of resources hardly any does. */
const saysSomething = ({ differences, findings, blocked }: Change): boolean =>
  differences.length > 0 || findings.length > 0 || blocked !== null;

/** Of blocks only the one that is a condition by itself: any other is about a difference, which speaks for itself. */
const foundOf = (change: Change): readonly FoundOfChange[] => [
  ...change.differences.map((difference) => ({ about: { change, difference }, standing: difference })),
  ...change.findings.map((finding) => ({ about: { change, finding }, standing: finding })),
  ...(change.blocked?.code === 'not-converging' ? [{ about: { change, blocked: change.blocked }, standing: change.blocked }] : []),
];

/** To a wrong clock everything may seem expired, or not valid yet. */
const restsOnDates = (type: ConditionType, code: Code): boolean => conditionRow(type).clearedBy === 'dates' || code === 'not-yet-valid';

function isWanted(about: FoundOfChange['about']): boolean {
  if (!('difference' in about)) return false;
  const { origin, becauseOf } = about.difference;
  return origin === 'config' || origin === 'request' || becauseOf !== undefined;
}

/** The type that something found of a resource raises. */
function typeOf({ about, standing }: FoundOfChange): ConditionType | undefined {
  const { findings, kind } = about.change;
  const isExposed = (file: string | undefined) => findings.some((finding) => finding.code === 'key-exposed' && finding.file === file);
  // One cause, one condition: the key that everybody can read has the wrong mode.
  if ('difference' in about && standing.code === 'private-key-mode' && isExposed(about.difference.file)) return undefined;
  return conditionTypeNames.find((type) =>
    conditionRow(type).raisedBy.some(
      (raising) =>
        raising.code === standing.code &&
        (raising.kind === undefined || raising.kind === kind) &&
        (raising.overdue === undefined || standing.overdue === true),
    ),
  );
}

export function certificateIn({ before }: Pick<Change, 'before'>): ConditionCertificate | null {
  if (before === null) return null;
  const { sha256, notBefore, notAfter } = before;
  const isDated = notBefore !== null && notAfter !== null && !Number.isNaN(notBefore) && !Number.isNaN(notAfter);
  return sha256 !== null && isDated ? { sha256, notBefore, notAfter } : null;
}

function signsOfDiagnostics(look: ConditionLook): readonly Judged[] {
  const failed = (look.tried?.outcome.resources ?? []).flatMap((resource) =>
    resource.result === 'failed' ? [{ ...resource.diagnostic, address: resource.address }] : [],
  );
  const diagnostics = [...look.diagnostics, ...failed];
  const named = new Set(diagnostics.map(({ address }) => address));
  const changes = new Map<string, Change>(
    look.changes.filter(({ address }) => named.has(address)).map((change) => [change.address, change]),
  );
  const said = diagnostics.flatMap((diagnostic): readonly Sign[] => {
    const { code, severity } = diagnostic;
    const type = conditionTypeNames.find((name) => conditionRow(name).raisedBy.some((raising) => raising.code === code));
    if (type === undefined) return [];
    const address = conditionRow(type).of === 'resource' ? (diagnostic.address ?? null) : null;
    const change = address === null ? undefined : changes.get(address);
    return [{ type, address, code, severity, certificate: change ? certificateIn(change) : null, ...look.say({ diagnostic }) }];
  });
  return [...said, ...failedRenewals(look)].map((sign) => ({ sign, says: 'raise' }));
}

/** Holds that somebody wants, and a clock that is in doubt: that a renewal waits for these is no failure of it. */
const waitsOnPurpose: ReadonlySet<string> = new Set(['time', 'hold', 'window', 'gate']);

/** A renewal that was due and tried, and did not come about; what was interrupted was not tried. */
function failedRenewals({ tried, say }: ConditionLook): readonly Sign[] {
  if (!tried) return [];
  const results = new Map(tried.outcome.resources.map((resource) => [resource.address, resource]));
  return tried.changes.flatMap((change): readonly Sign[] => {
    const due = change.differences.filter(isByCalendar);
    if (change.kind !== 'cert' || due.length === 0) return [];
    const { address, blocked } = change;
    const result = results.get(address);
    const sign = (code: Code, words: ConditionWords): readonly Sign[] => [
      {
        type: 'renewal-failed',
        address,
        code,
        severity: renewalSeverity(due.map(severityOf)),
        certificate: certificateIn(change),
        ...words,
      },
    ];
    if (result?.result === 'failed') return sign(result.diagnostic.code, say({ diagnostic: withCause({ ...result.diagnostic, address }) }));
    if (result?.result === 'held-back')
      return result.because === 'interrupted'
        ? []
        : sign('renewal-failed', { reason: `${result.because}, which signs it, could not be changed first`, hint: '' });
    return blocked === null || waitsOnPurpose.has(blocked.by) ? [] : sign(blocked.code, say({ change, blocked }));
  });
}

const renewalSeverity = (due: readonly Severity[]): Severity => worstOf(['warning', ...due]);

/** `cannot write /etc/etcd/server.crt: no space left on device (ENOSPC)`. */
function withCause(diagnostic: Diagnostic): Diagnostic {
  const cause = diagnostic.notes?.find((note) => note.startsWith('cause: '));
  return cause === undefined ? diagnostic : { ...diagnostic, message: `${diagnostic.message}: ${cause.slice('cause: '.length)}` };
}

/** So many reasons stand in one condition; `plan` and `check` list them all. */
const mostReasons = 3;

function merged(signs: readonly Sign[], { desired: { from }, now }: ConditionLook): SeenCondition {
  const [first] = signs as readonly [Sign, ...Sign[]];
  const { type, address, certificate } = first;
  const reasons = [...new Set(signs.map(({ reason }) => reason))];
  const more = reasons.length - mostReasons;
  return {
    type,
    address,
    severity: conditionSeverity(type, worstOf(signs.map(({ severity }) => severity)), certificate, now),
    codes: [...new Set(signs.map(({ code }) => code))],
    reason: `${reasons.slice(0, mostReasons).join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
    repair: conditionRow(type).repair(address ?? '', first.hint),
    source: from,
    certificate,
  };
}
