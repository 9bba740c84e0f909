/**
 * Which check has to pass before a condition is cleared, and whether it was made and did. That nothing is due today, that nobody looked, or that something
 * could not be seen is no reason to clear anything: an alarm that clears itself while the fault persists is worse than none.
 */
import { readProblemCodes } from '../domain/codes/read-problems.ts';
import {
  type ClearedBecause,
  type Condition,
  type ConditionCheck,
  conditionKey,
  conditionRow,
  type HostCheck,
} from '../domain/condition.ts';
import type { DesiredResource } from '../domain/desired-state.ts';
import { parseAddress } from '../domain/names.ts';
import { type Change, isByCalendar } from '../domain/plan.ts';
import { type ConditionLook, isClockInDoubt } from './condition-look.ts';
import { type ConditionSigns, certificateIn } from './condition-signs.ts';
import { isSeenServed } from './seen-served.ts';

/** What the condition is of, as it is wanted and as it was looked at; each undefined where it is not. */
interface Subject {
  readonly resource: DesiredResource | undefined;
  readonly change: Change | undefined;
}

type Check = (condition: Condition, look: ConditionLook, subject: Subject) => boolean;

const ofHost =
  (check: HostCheck): Check =>
  (_, { passed }) =>
    passed.has(check);

/** Whether the check was made in this look. Asked only where nothing was seen that raises the condition, so that a check that was made has passed. */
// biome-ignore format: table
const checks: Readonly<Record<ConditionCheck, Check>> = {
  files:       (_, __, { change }) => change !== undefined,
  dates:       (_, look, { change }) => !isClockInDoubt(look) && change !== undefined && certificateIn(change) !== null,
  keys:        (_, __, { change }) => change !== undefined && !hasNoKeyToSee(change),
  served:      ({ address }, look, { resource, change }) => address?.startsWith('service/') ? look.passed.has('services') : isSeenServed(look.served, resource, change),
  renewed:     ({ certificate }, look, { change }) => !isClockInDoubt(look) && change !== undefined && isInOrder(change) && change.before?.sha256 !== certificate?.sha256,
  convergence: (_, __, { change }) => change !== undefined && isInOrder(change) && change.differences.every(({ origin }) => origin !== 'drift'),
  clock:       ofHost('clock'),
  listening:   ofHost('listening'),
  journal:     ofHost('journal'),
  services:    ofHost('services'),
  text:        ofHost('text'),
};

export interface ConditionChecks {
  /** Whether this desired state can speak of it: it names what it is of, or is the one it was seen under. What is of the host concerns all. */
  readonly concerns: (condition: Condition) => boolean;
  /** What the look says of a condition that stands and was not seen in it. */
  readonly check: (condition: Condition) => ClearedBecause | 'not-made';
}

export function checksOf(look: ConditionLook, { accepted, upheld }: Pick<ConditionSigns, 'accepted' | 'upheld'>): ConditionChecks {
  const { desired, passed } = look;
  const resourceAt = byAddress<DesiredResource>(desired.resources);
  const services = new Set(desired.services.map(({ name }) => `service/${name}`));
  const changeAt = byAddress<Change>(look.changes);
  const from = sourceText(desired.from);
  const concerns = ({ type, address, source }: Condition): boolean =>
    conditionRow(type).of === 'host' ||
    sourceText(source) === from ||
    (address !== null && (resourceAt(address) !== undefined || services.has(address)));
  return {
    concerns,
    check(condition) {
      if (!concerns(condition)) return 'not-made';
      const { type, address, source, codes } = condition;
      const still = upheld.get(conditionKey(condition));
      if (codes.some((code) => still?.has(code))) return 'not-made';
      if (accepted.has(conditionKey(condition))) return 'accepted';
      const resource = address === null ? undefined : resourceAt(address);
      if (passed.has('text') && sourceText(source) === from && !isAskedFor(condition, resource)) return 'not-managed';
      const subject = { resource, change: address === null ? undefined : changeAt(address) };
      return checks[conditionRow(type).clearedBy](condition, look, subject) ? 'passed' : 'not-made';
    },
  };
}

/** Sorted out when it is first asked: most looks have no condition to check. */
function byAddress<Value extends { readonly address: string }>(all: readonly Value[]): (address: string) => Value | undefined {
  let known: ReadonlyMap<string, Value> | undefined;
  return (address) => {
    known ??= new Map(all.map((value) => [value.address, value]));
    return known.get(address);
  };
}

const sourceText = (from: readonly string[]): string => from.toSorted().join('\n');

/** Of a resource that the YAML no longer names, or a probe that it no longer has, nobody will ever look again. */
const isAskedFor = ({ type, address }: Condition, resource: DesiredResource | undefined): boolean =>
  address === null ||
  parseAddress(address) === undefined ||
  (resource !== undefined && (type !== 'service-stale' || (resource.kind === 'cert' && resource.probe !== undefined)));

const isReadProblem = ({ code }: { readonly code: string }): boolean => Object.hasOwn(readProblemCodes, code);

const hasNoKeyToSee = ({ differences, findings }: Change): boolean =>
  [...differences, ...findings].some(
    (standing) => isReadProblem(standing) || standing.code === 'missing' || standing.code === 'private-key-missing',
  );

/** The pair that is there is the one that should be, readable, whole, and within its dates. */
const isInOrder = ({ before, blocked, differences, findings }: Change): boolean =>
  before !== null &&
  blocked === null &&
  differences.every((difference) => difference.forces === null && !isByCalendar(difference) && !isReadProblem(difference)) &&
  findings.every((finding) => !isReadProblem(finding) && finding.code !== 'expired' && finding.code !== 'not-yet-valid');
